// SPDX-License-Identifier: MIT
// What fails on the way of a delivery, and what may be left of it then.
#include "deliver/deadline.h"
#include "deliver/record_file.h"
#include "site.h"

#include <catch2/catch.hpp>

#include <cerrno>
#include <filesystem>
#include <unistd.h>

using deliver::Disposition;

namespace {

constexpr std::string_view with_sieve = "protocol lda {\n  mail_plugins = $mail_plugins sieve\n}\n";

// Plays sendmail: what is sent to "later@" is not taken for now.
constexpr std::string_view choosy_sendmail =
    "#!/bin/sh\n"
    "for to; do :; done\n"
    "[ \"$to\" = later@example.net ] && exit 75\n"
    "{ echo \"TO $to\"; cat > /dev/null; } >> @D@/sent\n";

// Fails the n-th call of that name.
std::function<int(std::string_view)> failing(std::string_view call, int number, int error) {
    return [=, seen = 0](std::string_view name) mutable {
        return name == call && ++seen == number ? error : 0;
    };
}

}  // namespace

TEST_CASE("a keep that fails after a forward takes the stores back, and nothing goes out twice") {
    const std::string id = GENERATE(as<std::string>(), "Message-ID: <1@x>\n", "");
    const std::string message = "From: a@example.org\nSubject: x\n" + id + "\nbody\n";
    Site site{std::string(with_sieve) + "lda_mailbox_autocreate = yes\n"};
    site.sendmail(choosy_sendmail);
    site.script(
        "require \"fileinto\"; fileinto \"F\"; redirect \"one@example.net\"; redirect "
        "\"later@example.net\";\n");
    site.files.before_call = failing("rename", 2, ENOSPC);
    CHECK(site.deliver(message).result == Disposition::Result::temporary);
    CHECK(site.folders().empty());
    CHECK(site.log().find("was sent to <one@example.net> before the failure; the next attempt will "
                          "not send it there again") != std::string::npos);
    for (int retry = 0; retry < 2; ++retry) {
        site.files.before_call = failing("rename", 2, ENOSPC);
        CHECK(site.deliver(message).result == Disposition::Result::temporary);
        CHECK(site.folders().empty());
    }
    site.files.before_call = nullptr;
    site.sendmail("#!/bin/sh\nfor to; do :; done\necho \"TO $to\" >> @D@/sent\n");
    CHECK(site.deliver(message).result == Disposition::Result::delivered);
    CHECK(site.folders() == "F:1");
    CHECK(site.sent() == "TO one@example.net\nTO later@example.net\n");
}

TEST_CASE("with a full disk nothing goes out: the keep is written before") {
    Site site{std::string(with_sieve)};
    site.sendmail(choosy_sendmail);
    site.script("redirect \"one@example.net\"; redirect \"later@example.net\";\n");
    site.files.before_call = failing("write", 1, ENOSPC);
    CHECK(site.deliver().result == Disposition::Result::temporary);
    CHECK(site.sent().empty());
    site.files.before_call = nullptr;
    CHECK(site.deliver().result == Disposition::Result::delivered);
    CHECK(site.folders() == "INBOX:1");
    CHECK(site.sent() == "TO one@example.net\n");
}

TEST_CASE("the copy that was written in case is gone when all went out") {
    Site site{std::string(with_sieve)};
    site.script("redirect \"one@example.net\"; redirect \"two@example.net\";\n");
    CHECK(site.deliver().result == Disposition::Result::delivered);
    CHECK(site.folders().empty());
    CHECK(std::filesystem::is_empty(site.directory.at("home/M/tmp")));
}

TEST_CASE("a forward whose time is over takes the stores back; a vacation reply is not sent") {
    Site site{std::string(with_sieve)};
    site.sendmail("#!/bin/sh\nsleep 60\n");
    const std::chrono::milliseconds time(100);
    SECTION("redirect") {
        site.script("require \"copy\"; redirect :copy \"one@example.net\";\n");
        deliver::Deadline deadline(time);
        const Disposition disposition = site.deliver(Site::plain_message, &deadline);
        CHECK(disposition.result == Disposition::Result::temporary);
        CHECK(site.folders().empty());
    }
    SECTION("vacation") {
        site.script("require \"vacation\"; vacation :addresses \"b@example.com\" \"gone\";\n");
        deliver::Deadline deadline(time);
        CHECK(site.deliver(Site::plain_message, &deadline).result ==
              Disposition::Result::delivered);
        CHECK(site.folders() == "INBOX:1");
    }
}

TEST_CASE("a delivery whose time has expired before its first effect does nothing") {
    Site site{std::string(with_sieve)};
    deliver::Deadline deadline(std::chrono::hours(1));
    SECTION("expired") {
        CHECK(deadline.expire());
        CHECK(site.deliver(Site::plain_message, &deadline).result ==
              Disposition::Result::temporary);
        CHECK(site.folders().empty());
    }
    SECTION("afterwards it cannot expire") {
        CHECK(site.deliver(Site::plain_message, &deadline).result ==
              Disposition::Result::delivered);
        CHECK_FALSE(deadline.expire());
    }
}

TEST_CASE("a vacation reply that cannot be remembered is not sent") {
    Site site{std::string(with_sieve)};
    site.script("require \"vacation\"; vacation :addresses \"b@example.com\" \"gone\";\n");
    std::filesystem::create_directories(site.directory.at("home/M/tamis-memory.sqlite"));
    CHECK(site.deliver().result == Disposition::Result::delivered);
    CHECK(site.folders() == "INBOX:1");
    CHECK(site.sent().empty());
    CHECK(site.log().find("it cannot be remembered") != std::string::npos);
}

TEST_CASE("while too many are sending, a forward fails for now and a reply is left out") {
    Site site{std::string(with_sieve)};
    const auto first = site.sending_slots.take();
    auto second = site.sending_slots.take();
    REQUIRE(second);
    CHECK_FALSE(site.sending_slots.take());
    SECTION("redirect") {
        site.script("require \"copy\"; redirect :copy \"one@example.net\";\n");
        CHECK(site.deliver().result == Disposition::Result::temporary);
        CHECK(site.folders().empty());
        CHECK(site.log() == "Error: sieve: msgid=<1@x>: too many deliveries are sending at once");
        second.reset();
        CHECK(site.deliver().result == Disposition::Result::delivered);
    }
    SECTION("vacation") {
        site.script("require \"vacation\"; vacation :addresses \"b@example.com\" \"gone\";\n");
        CHECK(site.deliver().result == Disposition::Result::delivered);
        CHECK(site.sent().empty());
        second.reset();
        CHECK(site.deliver().result == Disposition::Result::delivered);
        CHECK_FALSE(site.sent().empty());
    }
    CHECK(site.sending_slots.take());
}

TEST_CASE("a record that the mail directory does not take goes to a file below state_dir") {
    Site site{std::string(with_sieve)};
    site.script("discard;\n");
    site.directory.write("home/M", "a file");
    CHECK(site.deliver().result == Disposition::Result::delivered);
    const std::string path =
        "state/deliveries/" + std::to_string(::geteuid()) + "/nobody@example.com.jsonl";
    const std::string text = site.directory.read(path);
    const auto record = deliver::parse_record(text);
    REQUIRE(record);
    CHECK(record->message_id == "<1@x>");
    CHECK(site.log().find("the delivery record is in @D@/" + path) != std::string::npos);
    const auto permissions = std::filesystem::status(site.directory.at(path)).permissions();
    CHECK(permissions ==
          (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write));
}

TEST_CASE("a record that no file takes is a warning") {
    Site site{std::string(with_sieve)};
    site.script("discard;\n");
    site.directory.write("home/M", "a file");
    site.directory.write("state", "a file");
    CHECK(site.deliver().result == Disposition::Result::delivered);
    CHECK(site.log().find("Warning: cannot write the delivery record: ") != std::string::npos);
}

TEST_CASE("the spare record file is named after the user") {
    CHECK(deliver::spare_record_path("/s", 5, "a@b") == "/s/deliveries/5/a@b.jsonl");
    CHECK(deliver::spare_record_path("/s", 5, "../a b") == "/s/deliveries/5/%2E.%2Fa%20b.jsonl");
    CHECK(deliver::spare_record_path("", 5, "a").empty());
    CHECK(deliver::spare_record_path("/s", 5, std::string(1000, 'x')).size() < 255);
}
