// SPDX-License-Identifier: MIT
#include "config/unheeded.h"

#include "config/parser.h"
#include "config/table.h"

#include <catch2/catch.hpp>

#include <set>

namespace {

std::set<std::string> names(const std::string& text, std::string_view protocol = {}) {
    auto outcome = config::parse_text(text + "\n", "x.conf");
    REQUIRE(outcome.problems.empty());
    std::set<std::string> found;
    for (const config::Unheeded& one : config::unheeded(outcome.document, protocol))
        found.insert(one.name);
    return found;
}

using Names = std::set<std::string>;

}  // namespace

TEST_CASE("settings that nothing acts on are named once, under the filters that hold") {
    struct Case {
        const char* text;
        const char* protocol;
        Names found;
    };
    auto [text, protocol, found] = GENERATE(values<Case>({
        {"mail_fsync = always", "", {}},
        {"pop3_lock_session = yes", "", {"pop3_lock_session"}},
        {"pop3_lock_session = no", "", {}},  // the default asks for nothing
        {"plugin {\n quota_rule = *:bytes=10\n acl = vfile\n sieve = ~/a\n}",
         "",
         {"quota_rule", "acl"}},
        {"mail_plugins = quota sieve,acl", "", {"mail_plugins = quota", "mail_plugins = acl"}},
        {"mail_plugins = quotta", "", {"quotta"}},
        {"plugin {\n quotta = x\n}", "", {"quotta"}},
        {"protocol imap {\n mail_plugins = zlib\n}", "lda", {}},
        {"protocol imap {\n mail_plugins = zlib\n}", "imap", {"mail_plugins = zlib"}},
        {"protocol !imap {\n mail_plugins = zlib\n}", "lda", {"mail_plugins = zlib"}},
        {"protocol lda {\n mail_plugins = zlib\n}", "lda", {"mail_plugins = zlib"}},
        {"service imap-login {\n process_limit = 5\n user = x\n}\nservice lmtp {\n user = y\n}",
         "",
         {"service imap-login"}},
        {"service lmtp {\n chroot = x\n}", "", {"service/chroot"}},
        {"dict {\n quota = mysql:/x\n}", "", {"dict quota"}},
        {"namespace a {\n inbox = yes\n mailbox b {\n autoexpunge = 30d\n }\n"
         " mailbox c {\n autoexpunge = 60d\n }\n}",
         "",
         {"namespace/autoexpunge"}},
        {"passdb {\n driver = pam\n override_fields = a=b\n result_success = continue\n"
         " skip = authenticated\n}",
         "",
         {"passdb/override_fields", "passdb/result_success", "passdb/skip"}},
    }));
    CAPTURE(text, protocol);
    CHECK(names(text, protocol) == found);
}

TEST_CASE("what would change a delivery is told apart") {
    auto outcome = config::parse_text(
        "mail_plugins = quota\nplugin {\n fts = x\n quota_rule = *:bytes=10\n}\n", "x.conf");
    std::set<std::string> matters;
    for (const config::Unheeded& one : config::unheeded(outcome.document)) {
        REQUIRE(one.setting);
        if (one.setting->effect == config::Effect::later_delivery) matters.insert(one.name);
    }
    CHECK(matters == Names{"mail_plugins = quota", "quota_rule"});
}
