// SPDX-License-Identifier: MIT
#include "config/listing.h"

#include "config/parser.h"

#include <catch2/catch.hpp>

#include <algorithm>

namespace {

using Scope = config::ListingOptions::Scope;

// Without the two lines that every listing has.
std::string listed(const std::string& text, config::ListingOptions options) {
    auto outcome = config::parse_text(text, "x.conf");
    REQUIRE(outcome.problems.empty());
    std::string all = config::list_configuration(outcome.document, options), kept;
    for (std::size_t begin = 0; begin < all.size();) {
        std::size_t end = all.find('\n', begin) + 1;
        if (all.compare(begin, 12, "managesieve_") != 0) kept += all.substr(begin, end - begin);
        begin = end;
    }
    return kept;
}

std::string changed(const std::string& text) {
    return listed(text, {.scope = Scope::changed});
}

std::string asked(const std::string& text, std::string_view name, bool value_only = false,
                  config::Filter filter = {}) {
    auto outcome = config::parse_text(text, "x.conf");
    config::ListingOptions options;
    options.filter = std::move(filter);
    return config::list_setting(outcome.document, name, options, value_only);
}

}  // namespace

TEST_CASE("a value is shown in its largest unit, and only where it differs from the default") {
    struct Case {
        const char* written;
        const char* shown;
    };
    auto [written, shown] = GENERATE(values<Case>({
        {"auth_cache_size = 1024", "auth_cache_size = 1 k\n"},
        {"auth_cache_ttl = 90 min", "auth_cache_ttl = 90 mins\n"},
        {"auth_cache_ttl = 3600s", ""},
        {"auth_cache_ttl = 48 hours", "auth_cache_ttl = 2 days\n"},
        {"login_proxy_timeout = 1500 msecs", "login_proxy_timeout = 1500 ms\n"},
        {"imap_max_line_length = 1000", "imap_max_line_length = 1000 B\n"},
        {"imap_max_line_length = 65536", ""},
        {"mail_debug = Y", "mail_debug = yes\n"},
        {"mail_debug = no", ""},
        {"first_valid_uid = 007", "first_valid_uid = 7\n"},
        {"login_greeting = it's # ok", "login_greeting = \"it\\'s # ok\"\n"},
        {"login_greeting = ' x '", "login_greeting = \" x \"\n"},
        {"imap_id_log = a\\b", "imap_id_log = a\\b\n"},
    }));
    CAPTURE(written);
    CHECK(changed(written) == shown);
}

TEST_CASE("only a setting's own $name is put in; the rest is shown as written") {
    CHECK(changed("mail_plugins = $mail_plugins quota") == "mail_plugins = \" quota\"\n");
    CHECK(changed("hostname = x\nimap_capability = a  $hostname") ==
          "hostname = x\nimap_capability = a $hostname\n");
    CHECK(listed("hostname = x\nimap_capability = a $hostname",
                 {.scope = Scope::changed, .expand = true}) ==
          "hostname = x\nimap_capability = a x\n");
}

TEST_CASE("sections are sorted among the settings, filters follow, the less specific first") {
    CHECK(
        changed("local 10.1.0.0/16 {\n protocol imap {\n mail_debug = yes\n }\n mail_debug = "
                "yes\n}\nlocal 10.0.0.0/8 {\n mail_debug = yes\n}\nprotocol lda {\n mail_fsync = "
                "always\n}\nservice auth {\n user = root\n}\nservice auth-worker {\n user = x\n}\n"
                "passdb {\n driver = pam\n}\npassdb b {\n driver = sql\n}\n"
                "protocol imap {\n}\n") ==
        "passdb {\n  driver = pam\n}\npassdb {\n  driver = sql\n  name = b\n}\n"
        "service auth-worker {\n  user = x\n}\nservice auth {\n  user = root\n}\n"
        "protocol lda {\n  mail_fsync = always\n}\n"
        "local 10.0.0.0/8 {\n  mail_debug = yes\n}\n"
        "local 10.1.0.0/16 {\n  mail_debug = yes\n}\n"
        "local 10.1.0.0/16 {\n  protocol imap {\n    mail_debug = yes\n  }\n}\n");
}

TEST_CASE("a namespace always shows its location and prefix") {
    CHECK(changed("namespace inbox {\n inbox = yes\n mailbox \"a b\" {\n auto = no\n }\n mailbox c "
                  "{\n }\n}\n") ==
          "namespace inbox {\n  inbox = yes\n  location = \n  mailbox \"a b\" {\n    auto = no\n  "
          "}\n  prefix = \n}\n");
}

TEST_CASE("secrets are hidden unless they are asked for") {
    const std::string text =
        "doveadm_password = x\nssl_key = </k\nssl_dh = </d\npassdb {\n args = pass=a:secret=b "
        "key=c "
        "d\n}\nmail_attribute_dict = http://u:p@h/\nmail_server_admin = mypass=x\n";
    CHECK(changed(text) ==
          "doveadm_password = # hidden, use -P to show it\nmail_attribute_dict = "
          "http://#hidden_use-P_to_show#@h/\nmail_server_admin = mypass=x\npassdb {\n  args = "
          "pass=#hidden_use-P_to_show#:secret=#hidden_use-P_to_show# key=#hidden_use-P_to_show# "
          "d\n}\nssl_dh = # hidden, use -P to show it\nssl_key = # hidden, use -P to show it\n");
    CHECK(listed("doveadm_password = x", {.scope = Scope::changed, .show_secrets = true}) ==
          "doveadm_password = x\n");
    CHECK(asked(text, "doveadm_password") == "doveadm_password = x\n");
}

TEST_CASE("one setting or section is shown under its filter") {
    const std::string text =
        "plugin {\n sieve = ~/a\n}\nprotocol lda {\n mail_plugins = sieve\n plugin {\n sieve = "
        "~/b\n }\n}\nservice lmtp {\n unix_listener a/b {\n mode = 0600\n }\n}\n";
    CHECK(asked(text, "mail_plugins") == "mail_plugins = \n");
    CHECK(asked(text, "mail_plugins", true, {.protocol = "lda"}) == "sieve\n");
    CHECK(asked(text, "plugin/sieve", false, {.protocol = "lda"}) == "plugin/sieve = ~/b\n");
    CHECK(asked(text, "plugin") == "plugin {\n  sieve = ~/a\n}\n");
    CHECK(asked(text, "service/lmtp/unix_listener/a\\sb/mode", true) == "0600\n");
    CHECK(asked(text, "service/lmtp/unix_listener/lmtp/mode", true) == "0666\n");
    CHECK(asked(text, "service/imap/process_limit", true) == "1024\n");
    CHECK(asked(text, "nonsense").empty());
    CHECK(asked(text, "service/nonsense").empty());
}

TEST_CASE("a flat listing has one setting a line and hides nothing") {
    CHECK(listed("doveadm_password = x\nplugin {\n a = b\n}\n",
                 {.scope = Scope::set, .flat = true}) ==
          "doveadm_password=x\nplugin/a=b\nplugin=\n");
    CHECK(
        listed(
            "passdb {\n driver = pam\n}\nnamespace x {\n inbox = yes\n mailbox \"a b\" {\n auto = "
            "create\n }\n}\nservice lmtp {\n inet_listener {\n port = 26\n }\n}\n",
            {.scope = Scope::set, .flat = true}) ==
        "namespace/x/inbox=yes\nnamespace/x/mailbox/a\\_b/auto=create\n"
        "namespace/x/mailbox/a\\_b/name=a b\nnamespace/x/mailbox=a\\_b\nnamespace/x/name=x\n"
        "namespace=x\npassdb/0/driver=pam\npassdb=0\n"
        "service/lmtp/inet_listener/0/port=26\nservice/lmtp/inet_listener=0\n"
        "service/lmtp/name=lmtp\nservice=lmtp\n");
}

TEST_CASE("the environment of a command has every setting in upper case") {
    auto outcome = config::parse_text("mail_debug = yes\nplugin {\n sieve = x\n}\n", "x.conf");
    auto variables = config::list_environment(outcome.document, {});
    auto has = [&](const char* one) {
        return std::find(variables.begin(), variables.end(), one) != variables.end();
    };
    CHECK(has("MAIL_DEBUG=yes"));
    CHECK(has("PLUGIN/SIEVE=x"));
    CHECK(has("FIRST_VALID_UID=500"));
}
