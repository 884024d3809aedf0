// SPDX-License-Identifier: MIT
// External lists (RFC 6134): where they are found, and whole deliveries that ask them.
#include "deliver/external_lists.h"
#include "memory/memory.h"
#include "site.h"

#include <catch2/catch.hpp>

#include <map>
#include <string>
#include <sys/stat.h>
#include <unistd.h>

namespace {

using Settings = std::map<std::string, std::string, std::less<>>;

class Lists {
  public:
    explicit Lists(Settings settings)
        : settings_(std::move(settings)),
          lists_(
              [this](std::string_view key) -> std::optional<std::string> {
                  const auto found = settings_.find(key);
                  if (found == settings_.end()) return std::nullopt;
                  return found->second;
              },
              directory.at("home"), [this](std::string_view id) { return remembered == id; },
              [this](const std::string& text) { told += text + '\n'; }) {}

    // The member, or "-", or what the trouble is.
    std::string find(std::string_view list, std::string_view value) {
        if (std::string trouble = lists_.trouble(list); !trouble.empty()) return trouble;
        return lists_.find(list, value).member.value_or("-");
    }
    deliver::ExternalLists& lists() { return lists_; }

    TemporaryDirectory directory;
    std::string told;
    std::string remembered;

  private:
    Settings settings_;
    deliver::ExternalLists lists_;
};

const std::string default_book = "urn:ietf:params:sieve:addrbook:default";
constexpr std::string_view nowhere = "there is no such list";

}  // namespace

TEST_CASE("lists are files, files of a directory, or in the memory") {
    Lists lists({{"sieve_extlist", ":ADDRBOOK: ~/lists/"},
                 {"sieve_extlist2", "TAG:example.com,2026:words words"},
                 {"sieve_extlist3", "tag:example.com,2026:known: memory"},
                 {"sieve_extlist4", "no-name /x"},
                 {"sieve_extlist5", "tag:x:nowhere"},
                 {"sieve_extlist6", "tag:x:gone /nowhere/at/all"},
                 {"sieve_extlist7", "tag:x:directory lists"},
                 {"sieve_extlist9", "tag:x:y words"}});
    lists.directory.write("home/lists/default",
                          "# friends\n\n  Joe@Example.org \r\njoe@example.org\nann@example.org");
    lists.directory.write("home/lists/.hidden", "x\n");
    lists.directory.write("home/words", "frop\n");
    CHECK(lists.find(default_book, "JOE@EXAMPLE.ORG") == "Joe@Example.org");
    CHECK(lists.find(default_book, "bob@example.org") == "-");
    CHECK(lists.find(default_book, "# friends") == "-");
    CHECK(lists.find(default_book, "") == "-");
    CHECK(lists.lists().members(default_book) ==
          std::vector<std::string>{"Joe@Example.org", "ann@example.org"});
    CHECK(lists.find("urn:ietf:params:sieve:addrbook:friends", "x") == nowhere);
    CHECK(lists.find("urn:ietf:params:sieve:addrbook:.hidden", "x") == nowhere);
    CHECK(lists.find("urn:ietf:params:sieve:addrbook:../words", "frop") == nowhere);
    CHECK(lists.find("tag:example.com,2026:words", "Frop") == "frop");
    CHECK(lists.find("tag:example.com,2026:wordsx", "Frop") == nowhere);
    CHECK(lists.find("tag:x:gone", "Frop") == nowhere);
    CHECK(lists.find("tag:x:y", "Frop") == nowhere);  // behind a gap in the numbers
    lists.remembered = deliver::list_memory_id("tag:example.com,2026:known:a", "joe");
    CHECK(lists.find("tag:example.com,2026:known:a", "Joe") == "joe");
    CHECK(lists.find("tag:example.com,2026:known:b", "Joe") == "-");
    CHECK(lists.lists().members("tag:example.com,2026:known:a") == std::nullopt);
    CHECK(lists.find("tag:x:directory", "Frop") == "it cannot be read");
    CHECK(lists.told ==
          "sieve_extlist4: 'no-name' is no name of a list; the setting is ignored\n"
          "sieve_extlist5: there is no place for 'tag:x:nowhere'; the setting is ignored\n"
          "external list " +
              lists.directory.at("home/lists") + ": Is a directory\n");
    CHECK(lists.find("urn:ietf:params:sieve:addrbook:" + std::string(300, 'x'), "y") ==
          "it cannot be read");
    REQUIRE(::mkfifo(lists.directory.at("home/lists/pipe").c_str(), 0600) == 0);
    CHECK(lists.find("urn:ietf:params:sieve:addrbook:pipe", "x") == "it cannot be read");
}

TEST_CASE("the default address book is there and empty without any setting") {
    Lists lists(Settings{});
    CHECK(lists.find(default_book, "x") == "-");
    CHECK(lists.lists().members(default_book) == std::vector<std::string>{});
    CHECK(lists.find("tag:x:y", "x") == nowhere);
}

TEST_CASE("lists are limited in size and number") {
    Lists lists(Settings{{"sieve_extlist", "tag:x: lists/"}});
    lists.directory.write("home/lists/full",
                          std::string(deliver::ExternalLists::max_file_bytes, 'x'));
    lists.directory.write("home/lists/over",
                          std::string(deliver::ExternalLists::max_file_bytes + 1, 'x'));
    CHECK(lists.find("tag:x:full", "x") == "-");
    CHECK(lists.find("tag:x:over", "x") == "it cannot be read");
    for (std::size_t i = 2; i < deliver::ExternalLists::max_lists; ++i)
        CHECK(lists.find("tag:x:" + std::to_string(i), "x") == nowhere);
    CHECK(lists.find("tag:x:full", "x") == "-");
    CHECK(lists.find("tag:x:one-more", "x") == "more than 64 lists are asked");
}

TEST_CASE("a delivery asks lists and redirects to them") {
    Site site(R"(
mail_plugins = sieve
lda_mailbox_autocreate = yes
plugin {
  sieve = file:~/sieve;active=~/.dovecot.sieve
  sieve_extensions = +extlists
  sieve_extlist = :addrbook: ~/lists/
  sieve_extlist2 = tag:example.com,2026:known memory
}
)");
    site.directory.write("home/lists/default", "A@example.org\n");
    site.directory.write("home/lists/team", "x@example.net\ny@example.net\n");
    site.script(
        "require [\"extlists\", \"fileinto\"];\n"
        "if address :list \"from\" \":addrbook:default\" { fileinto \"Known\"; }\n"
        "if address :list \"from\" \"tag:example.com,2026:known\" { fileinto \"No\"; }\n"
        "redirect :list \":addrbook:team\";\n");
    CHECK(site.deliver().result == deliver::Disposition::Result::delivered);
    CHECK(site.folders() == "Known:1");
    CHECK(site.sent().find("x@example.net") != std::string::npos);
    CHECK(site.sent().find("y@example.net") != std::string::npos);

    // A list that cannot be read for now: the message waits (RFC 6134 §3). ELOOP, as root reads
    // all.
    ::unlink(site.directory.at("home/lists/default").c_str());
    REQUIRE(::symlink("default", site.directory.at("home/lists/default").c_str()) == 0);
    CHECK(site.deliver().result == deliver::Disposition::Result::temporary);
    CHECK(site.folders() == "Known:1");

    // One that is not there: the script fails, and the message is kept.
    site.script("require \"extlists\";\nredirect :list \":addrbook:nobody\";\n");
    CHECK(site.deliver().result == deliver::Disposition::Result::delivered);
    CHECK(site.folders() == "INBOX:1 Known:1");
    CHECK(site.user_log().find(
              "line 2: error: external list ':addrbook:nobody': there is no such list") !=
          std::string::npos);
}
