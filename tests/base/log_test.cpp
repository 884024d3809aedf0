// SPDX-License-Identifier: MIT
#include "base/log.h"

#include "base/file.h"

#include <catch2/catch.hpp>

#include <unistd.h>

TEST_CASE("lines have Dovecot's shape, and syslog's info lines no level word") {
    using base::LogLevel;
    CHECK(base::log_line("lda(u)<1><s>: ", LogLevel::info, "msgid=<x>: saved", true) ==
          "lda(u)<1><s>: Info: msgid=<x>: saved");
    CHECK(base::log_line("lda(u)<1><s>: ", LogLevel::info, "msgid=<x>: saved", false) ==
          "lda(u)<1><s>: msgid=<x>: saved");
    CHECK(base::log_line("a: ", LogLevel::fatal, "b\nc", false) == "a: Fatal: b?c");
}

TEST_CASE("info goes to its own file where one is set") {
    std::string path = "/tmp/tamis-log-test." + std::to_string(::getpid());
    base::open_log({.path = path, .info_path = path + ".info", .timestamp_format = ""});
    base::Log log("test: ");
    log.error("one");
    log.info("two");
    log.debug("three");
    CHECK(base::read_file(path, 1000) == "test: Error: one\n");
    CHECK(base::read_file(path + ".info", 1000) == "test: Info: two\ntest: Debug: three\n");
    base::open_log({});
    ::unlink(path.c_str());
    ::unlink((path + ".info").c_str());
}
