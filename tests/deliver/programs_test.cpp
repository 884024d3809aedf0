// SPDX-License-Identifier: MIT
// Programs that run while a script does: vnd.dovecot.filter and vnd.dovecot.execute (sieve-compat
// 3.14).
#include "site.h"

#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>
#include <sstream>

using deliver::Disposition;

namespace {

constexpr std::string_view settings = R"(
mail_plugins = sieve
lda_mailbox_autocreate = yes
plugin {
  sieve = file:~/.dovecot.sieve
  sieve_extensions = +vnd.dovecot.filter +vnd.dovecot.execute +editheader
  sieve_filter_bin_dir = @D@/bin
  sieve_filter_exec_timeout = 2s
  sieve_execute_bin_dir = @D@/bin
  sieve_execute_input_eol = lf
}
)";

void make_program(const Site& site, const std::string& name, const std::string& text) {
    site.directory.write("bin/" + name, "#!/bin/sh\n" + text);
    std::filesystem::permissions(site.directory.at("bin/" + name),
                                 std::filesystem::perms::owner_all);
}

std::string stored(const Site& site, const std::string& folder) {
    std::string text;
    for (const auto& entry : std::filesystem::directory_iterator(
             site.directory.at("home/M/" + (folder.empty() ? "" : '.' + folder + '/') + "new"))) {
        std::ifstream in(entry.path());
        std::ostringstream all;
        all << in.rdbuf();
        text += all.str();
    }
    return text;
}

const std::string require =
    "require [\"vnd.dovecot.filter\", \"vnd.dovecot.execute\", \"variables\", \"fileinto\", "
    "\"copy\", \"editheader\", \"body\"];\n";

}  // namespace

TEST_CASE("what a filter gives back is the message from then on") {
    Site site{std::string(settings)};
    make_program(site, "f", "echo \"X-Filtered: $1\"; /bin/cat; echo more; echo noise >&2\n");
    site.script(require +
                "fileinto :copy \"Before\";\n"
                "addheader \"X-Added\" \"1\";\n"
                "filter \"f\" [\"one\"];\n"
                "if allof(header \"X-Filtered\" \"one\", body :contains \"more\") {\n"
                "  addheader :last \"X-Last\" \"2\"; fileinto \"After\"; }\n");
    CHECK(site.deliver().result == Disposition::Result::delivered);
    CHECK(stored(site, "Before") == Site::plain_message);
    const std::string plain(Site::plain_message);
    const std::size_t end = plain.find("\n\n") + 1;
    CHECK(stored(site, "After") == "X-Filtered: one\nX-Added: 1\n" + plain.substr(0, end) +
                                       "X-Last: 2\n" + plain.substr(end) + "more\n");
}

TEST_CASE("a filter that fails, gives nothing back or takes too long leaves the message alone") {
    Site site{std::string(settings)};
    make_program(site, "fails", "/bin/cat > /dev/null; echo \"X: y\"; exit 1\n");
    make_program(site, "empty", "/bin/cat > /dev/null\n");
    make_program(site, "hangs", "echo half; exec /bin/sleep 60\n");
    site.script(require +
                "filter \"fails\";\nfilter \"empty\";\n"
                "if not filter \"fails\" { addheader :last \"X-A\" \"false\"; }\n"
                "if not filter \"missing\" { addheader :last \"X-B\" \"false\"; }\n"
                "if not filter \"hangs\" { addheader :last \"X-C\" \"false\"; }\n");
    CHECK(site.deliver().result == Disposition::Result::delivered);
    const std::string plain(Site::plain_message);
    const std::size_t end = plain.find("\n\n") + 1;
    CHECK(stored(site, "") ==
          plain.substr(0, end) + "X-A: false\nX-B: false\nX-C: false\n" + plain.substr(end));
    CHECK(site.user_log().find("program 'empty' gave no message back") != std::string::npos);
    CHECK(site.log().find("Terminated with non-zero exit code 1") != std::string::npos);
}

TEST_CASE("a program that cannot be run is an error of the command") {
    Site site{std::string(settings)};
    site.script(require + "fileinto \"X\";\nfilter \"missing\";\n");
    CHECK(site.deliver().result == Disposition::Result::delivered);
    CHECK(site.folders() == "INBOX:1");
    CHECK(site.user_log().find("line 3: error: program 'missing': ") != std::string::npos);
}

TEST_CASE("execute takes a text or the message and gives its output to a variable") {
    Site site{std::string(settings)};
    make_program(site, "ex", "echo \"$#:$1\"; /bin/cat; echo \"from $SENDER\"; echo noise >&2\n");
    make_program(site, "fails", "echo out; exit 3\n");
    site.script(require +
                "execute :input \"some text\" :output \"o\" \"ex\" [\"a b\"];\n"
                "if string :matches \"${o}\" \"1:a b?some textfrom s@example.org?\" {\n"
                "  addheader :last \"X-Text\" \"yes\"; }\n"
                "execute :pipe :output \"o\" \"ex\";\n"
                "if string :matches \"${o}\" \"0:*Subject: x*body*\" {\n"
                "  addheader :last \"X-Message\" \"yes\"; }\n"
                "set \"o\" \"kept\";\n"
                "execute :output \"o\" \"fails\";\n"
                "if not execute \"fails\" { addheader :last \"X-Fails\" \"${o}\"; }\n");
    CHECK(site.deliver().result == Disposition::Result::delivered);
    CHECK(stored(site, "").find("\nX-Text: yes\nX-Message: yes\nX-Fails: kept\n") !=
          std::string::npos);
}
