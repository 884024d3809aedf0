// SPDX-License-Identifier: MIT
#include "base/file.h"
#include "config/configuration.h"

#include <catch2/catch.hpp>

#include <unistd.h>

namespace {

config::Configuration load(const std::string& text, const config::Overrides& overrides = {}) {
    std::string path = "/tmp/tamis-settings-test." + std::to_string(::getpid());
    base::replace_file(path, text, 0600);
    auto loaded = config::Configuration::load(path, overrides);
    ::unlink(path.c_str());
    if (!loaded) {
        for (const auto& problem : loaded.error())
            UNSCOPED_INFO(problem.message());
    }
    REQUIRE(loaded);
    return *loaded;
}

}  // namespace

TEST_CASE("the more specific filter wins, whatever the order in the file") {
    auto configuration = load(
        "protocol lmtp {\n mail_home = /protocol\n}\n"
        "local 10.0.0.0/8 {\n mail_home = /net\n local 10.1.0.0/16 {\n mail_home = /narrow\n }\n}\n"
        "local_name \"a.example *.b.example\" {\n mail_home = /name\n}\nmail_home = /global\n"
        "protocol !lmtp {\n mail_temp_dir = /not\n}\n");
    CHECK(configuration.settings().mail_home == "/global");
    CHECK(configuration.settings({.protocol = "lda"}).mail_home == "/global");
    CHECK(configuration.settings({.protocol = "lda"}).mail_temp_dir == "/not");
    CHECK(configuration.settings({.protocol = "lmtp"}).mail_home == "/protocol");
    CHECK(configuration.settings({.protocol = "lmtp"}).mail_temp_dir == "/tmp");
    CHECK(configuration.settings({.protocol = "lmtp", .local_ip = "10.9.0.1"}).mail_home == "/net");
    CHECK(configuration.settings({.local_ip = "10.1.0.1"}).mail_home == "/narrow");
    CHECK(configuration.settings({.local_ip = "10.1.0.1", .local_name = "x.b.example"}).mail_home ==
          "/name");
    CHECK(configuration.settings({.local_name = "x.y.b.example"}).mail_home == "/global");
}

TEST_CASE("sections become lists of structs; same names merge, unnamed blocks keep their order") {
    auto settings =
        load(
            "service lmtp {\n unix_listener /x/private/lmtp {\n mode = 0660\n user = postfix\n "
            "}\n}\n"
            "service lmtp {\n inet_listener lmtp {\n address = 127.0.0.1, ::1\n port = 24\n }\n "
            "client_limit = 7\n}\n"
            "userdb {\n driver = prefetch\n}\nuserdb sql {\n driver = static\n args = uid=5\n}\n"
            "namespace inbox {\n inbox = yes\n separator = .\n mailbox \"Sent Messages\" {\n "
            "special_use = \\Sent\n auto = subscribe\n }\n}\n"
            "namespace inbox {\n prefix = INBOX.\n}\nplugin {\n sieve = ~/.dovecot.sieve\n}\n")
            .settings();
    const auto* lmtp = settings.service("lmtp");
    REQUIRE(lmtp);
    CHECK(lmtp->client_limit == 7);
    REQUIRE(lmtp->unix_listeners.size() == 1);
    CHECK(lmtp->unix_listeners[0].path == "/x/private/lmtp");
    CHECK(lmtp->unix_listeners[0].mode == 0660);
    REQUIRE(lmtp->inet_listeners.size() == 1);
    CHECK(lmtp->inet_listeners[0].addresses == std::vector<std::string>{"127.0.0.1", "::1"});
    REQUIRE(settings.userdbs.size() == 2);
    CHECK(settings.userdbs[0].driver == "prefetch");
    CHECK(settings.userdbs[1].args == "uid=5");
    CHECK(settings.userdbs[1].name == "sql");
    REQUIRE(settings.namespaces.size() == 1);
    CHECK(settings.namespaces[0].prefix == "INBOX.");
    REQUIRE(settings.namespaces[0].mailboxes.size() == 1);
    CHECK(settings.namespaces[0].mailboxes[0].name == "Sent Messages");
    CHECK(settings.plugin_value("sieve") == "~/.dovecot.sieve");
}

TEST_CASE("userdb fields override settings, reach into sections, or land in plugin") {
    auto configuration =
        load("namespace inbox {\n inbox = yes\n separator = /\n}\nmail_fsync = always\n");
    auto settings = configuration.settings({}, {{"mail_fsync", "never"},
                                                {"namespace/inbox/separator", "."},
                                                {"quota_rule", "*:storage=1G"},
                                                {"plugin/x", "y"}});
    CHECK(settings.mail_fsync == config::Fsync::never);
    CHECK(settings.namespaces[0].separator == ".");
    CHECK(settings.plugin_value("quota_rule") == "*:storage=1G");
    CHECK(settings.plugin_value("x") == "y");
    CHECK_THROWS_AS(configuration.settings({}, {{"mail_save_crlf", "perhaps"}}),
                    std::invalid_argument);
}

TEST_CASE("-o overrides the file, also inside its filters") {
    auto settings =
        load("protocol lda {\n mail_fsync = always\n}\n",
             {{"mail_fsync", "never"}, {"plugin/sieve", "/x"}, {"service/lmtp/client_limit", "3"}})
            .settings({.protocol = "lda"});
    CHECK(settings.mail_fsync == config::Fsync::never);
    CHECK(settings.plugin_value("sieve") == "/x");
    CHECK(settings.service("lmtp")->client_limit == 3);
    CHECK(!config::Configuration::built_in({{"nonsense", "1"}}));
}

TEST_CASE("rules between settings are checked after reading") {
    for (const char* text :
         {"first_valid_uid = 9\nlast_valid_uid = 5\n", "listen =\n",
          "namespace a {\n inbox = yes\n mailbox Junk {\n special_use = \\\\Junk\n }\n}\n",
          "namespace a {\n inbox = yes\n}\nnamespace b {\n inbox = yes\n}\n",
          "namespace a {\n}\n"}) {
        CAPTURE(text);
        std::string path = "/tmp/tamis-settings-test." + std::to_string(::getpid());
        base::replace_file(path, text, 0600);
        CHECK(!config::Configuration::load(path));
        ::unlink(path.c_str());
    }
    auto missing = config::Configuration::load("/nonexistent/x.conf");
    REQUIRE(!missing);
    CHECK(missing.error()[0].text == "open(/nonexistent/x.conf) failed: No such file or directory");
}

TEST_CASE("without a file the built-in defaults serve one user") {
    auto built_in = config::Configuration::built_in();
    REQUIRE(built_in);
    CHECK(built_in->settings().mail_location == "maildir:~/Maildir");
    CHECK(built_in->settings({.protocol = "lda"}).has_plugin("sieve"));
}

TEST_CASE("a value written as a path is the file's content, a quoted one stays text") {
    std::string path = "/tmp/tamis-settings-file." + std::to_string(::getpid());
    base::replace_file(path, "two\nlines\n", 0600);
    auto configuration = load("rejection_reason = <" + path + "\nssl_cert = <" + path +
                              "\nplugin {\n a = < " + path + "\n b = \"<x@y>\"\n}\n");
    config::Settings settings = configuration.settings();
    CHECK(settings.rejection_reason == "two\nlines\n");
    CHECK(settings.plugin_value("a") == "two\nlines\n");
    CHECK(settings.plugin_value("b") == "<x@y>");
    CHECK(settings.ssl_cert == "<" + path);
    CHECK(config::read_file_value(settings.ssl_cert) == "two\nlines\n");
    CHECK(configuration.settings({}, {{"a", "<z"}}).plugin_value("a") == "<z");
    ::unlink(path.c_str());
    CHECK_THROWS_WITH(configuration.settings(),
                      "rejection_reason: Can't open file " + path + ": No such file or directory");
}
