// SPDX-License-Identifier: MIT
#include "auth/check_schemes.h"

#include "base/file.h"
#include "config/parser.h"

#include <catch2/catch.hpp>

#include <unistd.h>

namespace {

struct TemporaryFile {
    std::string path = "/tmp/tamis-check-schemes-test." + std::to_string(::getpid());
    explicit TemporaryFile(std::string_view text) { base::replace_file(path, text, 0600); }
    ~TemporaryFile() { ::unlink(path.c_str()); }
};

std::vector<std::string> said(const std::string& text) {
    auto outcome = config::parse_text(text + "\n", "x.conf");
    REQUIRE(outcome.problems.empty());
    config::Problems problems;
    auth::check_schemes(outcome.document, problems);
    std::vector<std::string> texts;
    for (const config::Problem& problem : problems) {
        CHECK(problem.severity == config::Problem::Severity::warning);
        CHECK(problem.place.line > 0);
        texts.push_back(problem.text);
    }
    return texts;
}

std::string passdb(const std::string& driver, const std::string& args) {
    return "passdb {\n driver = " + driver + "\n args = " + args + "\n}";
}

using Texts = std::vector<std::string>;
const std::string allowed = ", which is weak: easily undone by who gets hold of it";

}  // namespace

TEST_CASE("a weak or unknown scheme of a block is said") {
    CHECK(said(passdb("passwd-file", "/nonexistent/users")).empty());
    CHECK(said(passdb("passwd-file", "scheme=ARGON2ID /nonexistent/%d/users")).empty());
    CHECK(said(passdb("passwd-file", "scheme=plain-md5 username_format=%n /nonexistent/users")) ==
          Texts{"passdb passwd-file: passwords without a {SCHEME} are PLAIN-MD5" + allowed});
    CHECK(said(passdb("passwd-file", "scheme=NOPE /nonexistent/users")) ==
          Texts{"passdb passwd-file: Unknown scheme NOPE"});
    CHECK(said(passdb("static", "password=secret")).empty());
    CHECK(said(passdb("static", "password={PLAIN-MD5}5ebe2294ecd0e0f08eab7690d2a6ee69")) ==
          Texts{"passdb static: the password is PLAIN-MD5" + allowed});
    CHECK(said("auth_allow_weak_schemes = no\n" + passdb("passwd-file", "scheme=SMD5 /none")) ==
          Texts{"passdb passwd-file: passwords without a {SCHEME} are SMD5, which is weak: such "
                "log-ins are refused"});
}

TEST_CASE("the passwords of a passwd-file are counted by weak scheme, and not shown") {
    TemporaryFile file(
        "# {MD5}comment:{MD5}x\n"
        "ana:{PLAIN}secret:1:1::/h::\n"
        "bob:zbeGdyLQZlAcg:1:1::/h::\r\n"
        "carl:{PLAIN-MD5}5ebe2294ecd0e0f08eab7690d2a6ee69\n"
        "dora:{plain-md5.b64}Xr4ilOzQ4PCOq3aQ0qbuaQ==\n"
        "emil:5ebe2294ecd0e0f08eab7690d2a6ee69[34]:1:1::/h::\n"
        "fred:$2y$05$9u8gv3cvT0JQWBBLsDXpxuPQGkUYqHemEkgyafyzcgKEsah6KDAsW\n"
        "gina:{LANMAN}secret\n"
        "hans::1:1::/h::\n"
        "ines\n");
    CHECK(said(passdb("passwd-file", file.path)) ==
          Texts{file.path + ": 1 password of the scheme DES-CRYPT, the first on line 3" + allowed,
                file.path + ": 3 passwords of the scheme PLAIN-MD5, the first on line 4" + allowed,
                file.path + ": 1 password of an unknown scheme, LANMAN, the first on line 8"});
}
