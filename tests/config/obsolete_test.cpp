// SPDX-License-Identifier: MIT
#include "config/configuration.h"
#include "config/listing.h"
#include "config/parser.h"

#include <catch2/catch.hpp>

namespace {

struct Read {
    std::string warnings;  // without the note, one a line
    std::string listing;
};

Read read(const std::string& text) {
    auto outcome = config::parse_text(text, "x.conf");
    for (const config::Problem& problem : outcome.problems)
        FAIL(problem.text);
    Read result;
    for (const config::Problem& warning : outcome.document.warnings) {
        const std::string& line = warning.text;
        if (line.starts_with("NOTE: ")) continue;
        result.warnings += line.substr(line.find(": ") + 2) + "\n";
    }
    config::ListingOptions options;
    options.scope = config::ListingOptions::Scope::set;
    options.flat = true;
    result.listing = config::list_configuration(outcome.document, options);
    std::size_t computed = 0;
    while ((computed = result.listing.find("managesieve_")) != std::string::npos)
        result.listing.erase(computed, result.listing.find('\n', computed) + 1 - computed);
    return result;
}

}  // namespace

TEST_CASE("old names still work, with Dovecot's warnings") {
    struct Case {
        const char* text;
        const char* warnings;
        const char* listing;
    };
    auto [text, warnings, listing] = GENERATE(values<Case>({
        {"protocol imap {\nlogin_max_processes_count = 5\n}",
         "login_max_processes_count has been replaced by service { process_limit }\n",
         "service/imap-login/name=imap-login\nservice/imap-login/"
         "process_limit=5\nservice=imap-login\n"},
        {"login_process_size = 64",
         "login_process_size has been replaced by service { vsz_limit }\n",
         "service/imap-login/name=imap-login\nservice/imap-login/vsz_limit=64 M\n"
         "service/managesieve-login/name=managesieve-login\n"
         "service/managesieve-login/vsz_limit=64 M\nservice/pop3-login/name=pop3-login\n"
         "service/pop3-login/vsz_limit=64 M\nservice=imap-login managesieve-login pop3-login\n"},
        {"protocol imap {\nmail_executable = /r /i\n}",
         "mail_executable has been replaced by service { executable }\n",
         "service/imap/executable=/r /i\nservice/imap/name=imap\nservice=imap\n"},
        {"ssl_disable = yes", "ssl_disable has been renamed to ssl\n", "ssl=no\n"},
        {"ssl_cert_file = /c", "ssl_cert_file has been replaced by ssl_cert = <file\n",
         "ssl_cert=</c\n"},
        {"ssl_parameters_regenerate = 1", "ssl_parameters_regenerate is no longer needed\n", ""},
        {"protocols = imap imaps managesieve",
         "'imaps' protocol is no longer necessary, remove it\nprotocols=managesieve has been "
         "renamed to protocols=sieve\n",
         "protocols=imap sieve\n"},
        {"sieve = ~/x", "sieve has been moved into plugin {} section\n",
         "plugin/sieve=~/x\nplugin=\n"},
        {"dbox_rotate_size = 2M", "dbox_rotate_size has been renamed to mdbox_rotate_size\n",
         "mdbox_rotate_size=2 M\n"},
        {"auth_cache_size = 5", "auth_cache_size value no longer defaults to megabytes. Use 5M\n",
         "auth_cache_size=5 M\n"},
        {"imap_client_workarounds = outlook-idle delay-newmail",
         "imap_client_workarounds=outlook-idle is no longer necessary\n",
         "imap_client_workarounds=delay-newmail\n"},
        {"auth default {\nmechanisms = plain\nuser = root\npassdb sql {\nargs = /x\n}\n}",
         "add auth_ prefix to all settings inside auth {} and remove the auth {} section "
         "completely\nauth_user has been replaced by service auth { user }\npassdb sql {} has been "
         "replaced by passdb { driver=sql }\n",
         "auth_mechanisms=plain\npassdb/0/args=/x\npassdb/0/driver=sql\npassdb=0\nservice/auth/"
         "name=auth\n"
         "service/auth/user=root\nservice=auth\n"},
    }));
    CAPTURE(text);
    Read result = read(text + std::string("\n"));
    CHECK(result.warnings == warnings);
    CHECK(result.listing == listing);
}

TEST_CASE("protocol managesieve is protocol sieve") {
    CHECK(read("protocol managesieve {\n}\n").warnings ==
          "protocol managesieve {} has been replaced by protocol sieve { }\n");
}
