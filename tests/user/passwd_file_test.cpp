// SPDX-License-Identifier: MIT
#include "user/passwd_file.h"

#include "base/file.h"

#include <catch2/catch.hpp>

#include <unistd.h>

namespace {

std::string plain(std::string_view text, const user::Request& request) {
    std::string out(text);
    if (std::size_t at = out.find("%u"); at != std::string::npos) out.replace(at, 2, request.name);
    if (std::size_t at = out.find("%d"); at != std::string::npos) {
        out.replace(at, 2, request.name.substr(request.name.find('@') + 1));
    }
    return out;
}

struct TemporaryFile {
    std::string path = "/tmp/tamis-passwd-file-test." + std::to_string(::getpid());
    explicit TemporaryFile(std::string_view text) { base::replace_file(path, text, 0600); }
    ~TemporaryFile() { ::unlink(path.c_str()); }
};

}  // namespace

TEST_CASE("a line gives uid, gid, home and the userdb_ fields, not the passdb's") {
    TemporaryFile file(
        "# comment\n\n:skipped:x\n"
        "ana@d.example:{PLAIN}x:5000:5001::/home/ana::nopassword=y userdb_mail=maildir:~/otro "
        "userdb_quota_rule=*:storage=1G\r\n"
        "ana@d.example:{PLAIN}x:1:1::/second/one/loses::\n"
        "bare\n");
    user::PasswdFile db("scheme=PLAIN username_format=%u " + file.path, plain);
    for (int round = 0; round < 3; ++round) {  // scanned, then indexed
        auto found = db.find({.name = "ana@d.example"});
        REQUIRE(std::holds_alternative<user::User>(found));
        const auto& ana = std::get<user::User>(found);
        CHECK(ana.uid == 5000u);
        CHECK(ana.gid == 5001u);
        CHECK(ana.home == "/home/ana");
        CHECK(ana.mail == "maildir:~/otro");
        CHECK(ana.fields == std::map<std::string, std::string>{{"quota_rule", "*:storage=1G"}});
        CHECK(std::holds_alternative<user::User>(db.find({.name = "bare"})));
        for (std::string name :
             {"", "#", "an", "ana@d.exampl", "ana@d.example:", "# comment", "nobody"}) {
            CAPTURE(name);
            CHECK(std::holds_alternative<user::NoSuchUser>(db.find({.name = name})));
        }
    }
}

TEST_CASE("the old form has the mail location after an empty eighth column") {
    TemporaryFile file("old:{PLAIN}x:1:1::/home/old:::maildir:/m/old:INBOX=/m/in\n");
    user::PasswdFile db(file.path, plain);
    auto found = db.find({.name = "old"});
    REQUIRE(std::holds_alternative<user::User>(found));
    CHECK(std::get<user::User>(found).home == "/home/old");
    CHECK(std::get<user::User>(found).mail == "maildir:/m/old:INBOX=/m/in");
}

TEST_CASE("a changed file is noticed at the next look-up") {
    TemporaryFile file("a::1:1::/a::\n");
    user::PasswdFile db(file.path, plain);
    CHECK(std::holds_alternative<user::User>(db.find({.name = "a"})));
    base::replace_file(file.path, "b::1:1::/b::\n", 0600);
    CHECK(std::holds_alternative<user::NoSuchUser>(db.find({.name = "a"})));
    CHECK(std::holds_alternative<user::User>(db.find({.name = "b"})));
}

TEST_CASE("a missing file is a failure, but an unknown user where its path has variables") {
    CHECK(std::holds_alternative<user::LookupFailure>(
        user::PasswdFile("/nonexistent/users", plain).find({.name = "a@b"})));
    CHECK(std::holds_alternative<user::NoSuchUser>(
        user::PasswdFile("/nonexistent/%d/users", plain).find({.name = "a@b"})));
    CHECK_THROWS_AS(user::PasswdFile("scheme=PLAIN", plain), std::invalid_argument);
}

TEST_CASE("a bad uid or a relative home is a failure that says so") {
    TemporaryFile file("a::x!:1::/a::\nb::1:1::home::\n");
    user::PasswdFile db(file.path, plain);
    auto a = db.find({.name = "a"});
    REQUIRE(std::holds_alternative<user::LookupFailure>(a));
    CHECK(std::get<user::LookupFailure>(a).text == "passwd-file(a): User a has invalid UID 'x!'");
    CHECK(std::holds_alternative<user::LookupFailure>(db.find({.name = "b"})));
}
