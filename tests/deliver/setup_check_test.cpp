// SPDX-License-Identifier: MIT
#include "deliver/setup_check.h"

#include "config/parser.h"

#include <catch2/catch.hpp>

namespace {

constexpr const char* users = "userdb {\n driver = passwd\n}\n";

config::Problems found(const std::string& text) {
    auto outcome = config::parse_text(text, "x.conf");
    REQUIRE(outcome.problems.empty());
    deliver::check_setup(outcome.document, outcome.problems);
    return outcome.problems;
}

}  // namespace

TEST_CASE("what defers every delivery is an error with its place") {
    struct Case {
        const char* text;
        unsigned line, column;
        const char* error;
        const char* hint;
    };
    auto [text, line, column, error, hint] = GENERATE(values<Case>({
        {"userdb {\n  driver = passwdfile\n}\n", 2, 12, "Unknown userdb driver 'passwdfile'",
         "did you mean 'passwd-file'?"},
        {"userdb {\n  driver = checkpassword\n}\n", 2, 12,
         "userdb driver checkpassword is known, but nothing acts on it yet", ""},
        {"userdb {\n  driver = prefetch\n}\n", 2, 12, "no userdb answers deliveries", "second"},
        {"userdb {\n  driver = passwd-file\n}\n", 1, 1, "passwd-file", ""},
        {"userdb {\n  driver = static\n  args = allow_all_users=yes home=/m/%Q\n}\n", 3, 39,
         "userdb args: Unknown variable '%Q'", "%%"},
        {"mail_location = maildir:/tmp/%{usr}/%Q\nuserdb {\n driver = passwd\n}\n", 1, 31,
         "mail_location: Unknown variable '%usr'", "did you mean 'user'?"},
        {"mail_location = mbox:~/mail\nuserdb {\n driver = passwd\n}\n", 1, 17, "mbox", ""},
        {"mail_location = Maildir\nuserdb {\n driver = passwd\n}\n", 1, 17,
         "Ambiguous mail location", ""},
        {"postmaster_address = p@%{hostnam}\nuserdb {\n driver = passwd\n}\n", 1, 25,
         "postmaster_address: Unknown variable '%hostnam'", "did you mean 'hostname'?"},
        {"postmaster_address =\nuserdb {\n driver = passwd\n}\n", 1, 1,
         "postmaster_address is empty", "default"},
        {"mail_home = /m/%Q\nuserdb {\n driver = passwd\n}\n", 1, 17, "mail_home:", "%%"},
        {"auth_username_format = %h\nuserdb {\n driver = passwd\n}\n", 1, 25,
         "auth_username_format:", "%%"},
        {"plugin {\n  sieve = ~/%Q\n}\nuserdb {\n driver = passwd\n}\n", 2, 14, "sieve:", "%%"},
        {"protocol lda {\n  mail_location = mbox:~/m\n}\nuserdb {\n driver = passwd\n}\n", 2, 19,
         "mbox", ""},
        {"namespace a {\n  inbox = yes\n  location = sdbox:~/x\n}\nuserdb {\n driver = passwd\n}\n",
         3, 14, "sdbox", ""},
    }));
    CAPTURE(text);
    auto problems = found(text);
    REQUIRE(problems.size() == 1);
    CAPTURE(problems[0].text, problems[0].hint);
    CHECK(problems[0].severity == config::Problem::Severity::error);
    CHECK(problems[0].text.find(error) != std::string::npos);
    CHECK(problems[0].hint.find(hint) != std::string::npos);
    CHECK(problems[0].place.line == line);
    CHECK(problems[0].place.column == column);
}

TEST_CASE("the same mistakes are warnings where no delivery meets them") {
    auto text = GENERATE(
        "protocol imap {\n  mail_location = mbox:~/m\n}\n", "plugin {\n  quota_rule = %Q\n}\n",
        "plugin {\n  nobody_knows = %Q\n}\n", "rawlog_dir = /tmp/%Q\n", "deliver_log_format = %Q\n",
        "passdb {\n  driver = pamm\n}\n", "protocol imap {\n  login_greeting = %Q\n}\n");
    CAPTURE(text);
    auto problems = found(std::string(text) + users);
    REQUIRE(problems.size() == 1);
    CHECK(problems[0].severity == config::Problem::Severity::warning);
    CHECK(problems[0].place.line > 0);
}

TEST_CASE("no userdb is a warning: the LDA without -d needs none") {
    auto problems = found("");
    REQUIRE(problems.size() == 1);
    CHECK(problems[0].severity == config::Problem::Severity::warning);
    CHECK(problems[0].text.starts_with("no userdb"));
}

TEST_CASE("sound templates raise nothing") {
    auto text = GENERATE(
        "mail_location = maildir:~/Maildir:INDEX=/i/%d/%n\n", "mail_home = /srv/%d/%n/%2.26Hu\n",
        "postmaster_address = postmaster@%{if;%d;ne;;%d;%{hostname}}\n",
        "mail_log_prefix = \"%s(%u)<%{pid}><%{session}> %i %{gid} %r %l: \"\n",
        "auth_username_format = %Ln@%Ld\n", "login_greeting = %{hostname} at %{pid}\n",
        "deliver_log_format = %$ %m %s %f %e %p %w %{delivery_time} %{to_envelope}\n",
        "plugin {\n  quota_warning = storage=95%% quota-warning 95 %u\n}\n",
        "plugin {\n  sieve_vacation_default_subject_template = %Q\n}\n",
        "plugin {\n  sieve = file:~/sieve;active=~/.dovecot.sieve\n}\n", "mail_location =\n");
    CAPTURE(text);
    CHECK(found(std::string(text) + users).empty());
}
