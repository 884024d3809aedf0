// SPDX-License-Identifier: MIT
#include "store/mailbox_name.h"
#include "store/message_name.h"
#include "store/modified_utf7.h"
#include "tests/store/scratch.h"

#include <catch2/catch.hpp>

#include <set>
#include <thread>
#include <unistd.h>

namespace store {

TEST_CASE("modified UTF-7 goes both ways") {
    struct Case {
        std::string utf8;
        std::string encoded;
    };
    auto [utf8, encoded] = GENERATE(values<Case>({
        {"", ""},
        {"Work", "Work"},
        {"Envoyés", "Envoy&AOk-s"},
        {"a&b", "a&-b"},
        {"&", "&-"},
        {"~peter/mail/台北/日本語", "~peter/mail/&U,BTFw-/&ZeVnLIqe-"},  // RFC 3501 §5.1.3
        {"😀", "&2D3eAA-"},
        {"é&é", "&AOk-&-&AOk-"},
        {"a\tb", "a&AAk-b"},
        {"\x7f", "&AH8-"},
        {"ü-ö", "&APw--&APY-"},
    }));
    CAPTURE(utf8);
    CHECK(to_modified_utf7(utf8) == encoded);
    CHECK(from_modified_utf7(encoded) == utf8);
}

TEST_CASE("modified UTF-7 that says nothing, or says it in a second way, is refused") {
    auto encoded = GENERATE(
        values<std::string>({"&", "&AOk", "&AOk-&AOk-", "&AGE-", "Envoyés", "a\tb", "&2D0-",
                             "&3gA-", "&AOl-", "&A-", "&AO/-", "&AOkA-", "&====-"}));
    CAPTURE(encoded);
    CHECK_FALSE(from_modified_utf7(encoded));
}

TEST_CASE("what is no UTF-8 has no modified UTF-7") {
    auto bytes = GENERATE(values<std::string>({"\xff", "\xc3", "\xc0\xaf", "\xed\xa0\x80",
                                               "\xf5\x80\x80\x80", "a\x80", "\xf0\x80\x80\x80"}));
    CHECK_FALSE(to_modified_utf7(bytes));
    CHECK_FALSE(valid_utf8(bytes));
}

namespace {

Namespace space(std::string location, std::string prefix = "", char separator = '.') {
    Namespace made{.prefix = std::move(prefix), .separator = separator};
    made.location = parse_location(location, "/home/u").value();
    return made;
}

std::string where(const std::vector<Namespace>& namespaces, std::string_view name) {
    auto path = locate_mailbox(namespaces, name);
    return path ? path->directory : path.error().text;
}

}  // namespace

TEST_CASE("a mailbox name leads to its directory as in Dovecot") {
    struct Case {
        std::string location;
        std::string prefix;
        char separator;
        std::string name;
        std::string directory;
    };
    const std::string pp = "maildir:~/M";
    const std::string fs = "maildir:~/M:LAYOUT=fs";
    const std::string root = "/home/u/M";
    auto [location, prefix, separator, name, directory] = GENERATE_COPY(values<Case>({
        {pp, "", '.', "INBOX", root},
        {pp, "", '.', "inbox", root},
        {pp, "", '.', "Work", root + "/.Work"},
        {pp, "", '.', "a.b", root + "/.a.b"},
        {pp, "", '.', "inbox.x", root + "/.INBOX.x"},
        {pp, "", '.', "Envoyés", root + "/.Envoy&AOk-s"},
        {pp + ":UTF-8", "", '.', "Envoyés", root + "/.Envoyés"},
        {pp, "", '.', "&AOk-", root + "/.&-AOk-"},
        {pp, "", '.', "cur", root + "/.cur"},
        {pp, "INBOX.", '.', "INBOX", root},
        {pp, "INBOX.", '.', "INBOX.", root},
        {pp, "INBOX.", '.', "INBOX.INBOX", root},
        {pp, "INBOX.", '.', "InBox.work", root + "/.work"},
        {pp, "INBOX.", '.', "INBOX.a.b", root + "/.a.b"},
        {pp, "INBOX.", '.', "INBOX.a.~x", root + "/.a.~x"},
        {pp, "Mail/", '/', "Mail/a/b", root + "/.a.b"},
        {pp, "Mail/", '/', "Mail", root},
        {pp, "Mail/", '/', "Mail/INBOX", root},
        {pp, "Mail/", '/', "Mail/inbox", root + "/.inbox"},
        {pp, "Mail/", '/', "Mail/INBOX/x", root + "/.INBOX.x"},
        {pp + ":INBOX=~/in", "", '.', "INBOX", "/home/u/in"},
        {fs, "", '/', "INBOX", root},
        {fs, "", '/', "a/b", root + "/a/b"},
        {fs, "", '/', "a.b", root + "/a.b"},
        {fs, "", '/', ".hidden", root + "/.hidden"},
        {fs, "", '/', "inbox/x", root + "/INBOX/x"},
        {fs, "", '/', "a/~x", root + "/a/~x"},
        {fs, "", '.', "a.b", root + "/a/b"},
        {fs + ":INBOX=~/M/INBOX", "", '/', "INBOX", root + "/INBOX"},
        {fs + ":DIRNAME=mbx", "", '/', "INBOX", root + "/INBOX/mbx"},
        {fs + ":DIRNAME=mbx", "", '/', "a/b", root + "/a/b/mbx"},
        {fs + ":DIRNAME=mbx:MAILBOXDIR=boxes", "", '/', "a/b", root + "/boxes/a/b/mbx"},
    }));
    CAPTURE(location, name);
    CHECK(where({space(location, prefix, separator)}, name) == directory);
}

TEST_CASE("a mailbox name that cannot be is refused in Dovecot's words") {
    struct Case {
        std::string location;
        char separator;
        std::string name;
        std::string text;
    };
    const std::string pp = "maildir:~/M";
    const std::string fs = "maildir:~/M:LAYOUT=fs";
    auto [location, separator, name, text] = GENERATE_COPY(values<Case>({
        {pp, '.', "a/b", "Invalid mailbox name: Name must not have '/' characters"},
        {pp, '.', "a..b", "Invalid mailbox name: Has adjacent hierarchy separators"},
        {pp, '.', ".a", "Invalid mailbox name: Begins with hierarchy separator"},
        {pp, '.', "..", "Invalid mailbox name: Begins with hierarchy separator"},
        {pp, '.', "a.", "Invalid mailbox name: Ends with hierarchy separator"},
        {pp, '.', "~x", "Invalid mailbox name: Begins with '~'"},
        {pp, '.', "", "Invalid mailbox name: Name is empty"},
        {pp, '.', std::string("a\0b", 3), "Invalid mailbox name: Has a NUL character"},
        {pp, '.', "bad\xff", "Mailbox name not UTF-8: bad\xff"},
        {pp, '.', std::string(255, 'x'), "Mailbox name too long"},
        {pp, '.', std::string(4097, 'x'), "Mailbox name too long"},
        {pp, '/', "a.b", "Character not allowed in mailbox name: '.'"},
        {fs, '/', "a//b", "Invalid mailbox name: Has adjacent hierarchy separators"},
        {fs, '/', "/a", "Invalid mailbox name: Begins with hierarchy separator"},
        {fs, '/', "a/", "Invalid mailbox name: Ends with hierarchy separator"},
        {fs, '/', "..", "Invalid mailbox name: Contains '..' part"},
        {fs, '/', "a/../b", "Invalid mailbox name: Contains '..' part"},
        {fs, '/', "a/.", "Invalid mailbox name: Contains '.' part"},
        {fs, '/', "x/tmp/y", "Invalid mailbox name: Contains reserved name"},
        {fs, '/', "cur", "Invalid mailbox name: Contains reserved name"},
        {fs + ":DIRNAME=mbx", '/', "a/mbx", "Invalid mailbox name: Contains reserved name"},
        {fs, '/', std::string(256, 'x'), "Mailbox name too long"},
        {fs, '.', "a/b", "Character not allowed in mailbox name: '/'"},
    }));
    CAPTURE(location, name);
    CHECK(where({space(location, "", separator)}, name) == text);
}

TEST_CASE("a mailbox name is at most as long as a file name") {
    CHECK(where({space("maildir:/m")}, std::string(254, 'x')) == "/m/." + std::string(254, 'x'));
    CHECK(where({space("maildir:/m:LAYOUT=fs", "", '/')}, std::string(255, 'x')) ==
          "/m/" + std::string(255, 'x'));
    std::string deep = "x";
    for (std::size_t i = 1; i < max_name_parts; ++i)
        deep += "/x";
    CHECK(where({space("maildir:/m:LAYOUT=fs", "", '/')}, deep).starts_with("/m/x/x/"));
    CHECK(where({space("maildir:/m:LAYOUT=fs", "", '/')}, deep + "/x") ==
          "Invalid mailbox name: Has too many parts");
    std::string far = std::string(250, 'x');
    for (int i = 0; i < 14; ++i)
        far += "/" + std::string(250, 'x');
    CHECK(where({space("maildir:/m:LAYOUT=fs", "", '/')}, far).starts_with("/m/x"));
    CHECK(where({space("maildir:/m:LAYOUT=fs", "", '/')}, far + "/" + std::string(40, 'x')) ==
          "Mailbox name too long");
}

TEST_CASE("the namespace with the longest prefix has the mailbox") {
    std::vector<Namespace> namespaces = {space("maildir:/m", "INBOX."),
                                         space("maildir:/shared", "Public.")};
    namespaces[1].inbox = false;
    CHECK(where(namespaces, "INBOX.x") == "/m/.x");
    CHECK(where(namespaces, "Public.x") == "/shared/.x");
    CHECK(where(namespaces, "Public.INBOX") == "/shared/.INBOX");
    CHECK(where(namespaces, "public.x") ==
          "Mailbox doesn't exist: public.x (Missing namespace prefix 'INBOX.')");
    CHECK(where(namespaces, "Public.") == "Invalid mailbox name: It is a namespace's prefix");
    namespaces.push_back(space("maildir:/deep", "Public.deep."));
    namespaces[2].inbox = false;
    CHECK(where(namespaces, "Public.deep.x") == "/deep/.x");
    CHECK(where(namespaces, "Public.deeper") == "/shared/.deeper");
}

TEST_CASE("control files lie where CONTROL says") {
    struct Case {
        std::string location;
        std::string name;
        std::string control;
    };
    auto [location, name, control] = GENERATE(values<Case>({
        {"maildir:/m", "INBOX", "/m"},
        {"maildir:/m", "a.b", "/m/.a.b"},
        {"maildir:/m:CONTROL=/c", "INBOX", "/c/.INBOX"},
        {"maildir:/m:CONTROL=/c", "a.b", "/c/.a.b"},
        {"maildir:/m:LAYOUT=fs:MAILBOXDIR=boxes:DIRNAME=mbx:CONTROL=/c", "a", "/c/boxes/a"},
        {"maildir:/m:LAYOUT=fs:DIRNAME=mbx:CONTROL=/c", "INBOX", "/c/INBOX"},
        {"maildir:/m:LAYOUT=fs:FULLDIRNAME=mbx:CONTROL=/c", "INBOX", "/c/INBOX/mbx"},
    }));
    CAPTURE(location, name);
    CHECK(locate_mailbox({space(location)}, name)->control_directory == control);
}

TEST_CASE("a part of a path is nothing that leads elsewhere") {
    CHECK(safe_path_part("jdoe"));
    CHECK(safe_path_part("..."));
    CHECK_FALSE(safe_path_part(""));
    CHECK_FALSE(safe_path_part("."));
    CHECK_FALSE(safe_path_part(".."));
    CHECK_FALSE(safe_path_part("a/b"));
    CHECK_FALSE(safe_path_part(std::string_view("a\0", 2)));
}

// SECS.M<usecs> of a name.
std::string time_of(const std::string& name) {
    return name.substr(0, name.find('P'));
}

TEST_CASE("message names rise while the clock stands and steps back") {
    testing::SetClock clock;
    MessageNames names(clock, "host");
    std::string name = names.next();
    CHECK(name.starts_with("1795300031.M0P" + std::to_string(::getpid()) + "R"));
    CHECK(name.ends_with(".host"));
    CHECK(time_of(names.next()) == "1795300031.M1");
    clock.time -= std::chrono::hours(1);
    CHECK(time_of(names.next()) == "1795300031.M2");
    clock.time += std::chrono::hours(2);
    CHECK(time_of(names.next()) == "1795303631.M0");
}

TEST_CASE("message names of two processes with the same pid, host and time differ") {
    testing::SetClock clock;
    CHECK(MessageNames(clock, "host").next() != MessageNames(clock, "host").next());
}

TEST_CASE("message names differ between threads") {
    testing::SetClock clock;
    MessageNames names(clock, "host");
    std::vector<std::vector<std::string>> made(4);
    std::vector<std::thread> threads;
    for (auto& own : made) {
        threads.emplace_back([&] {
            for (int i = 0; i < 1000; ++i)
                own.push_back(names.next());
        });
    }
    for (auto& thread : threads)
        thread.join();
    std::set<std::string> all;
    for (auto& own : made)
        all.insert(own.begin(), own.end());
    CHECK(all.size() == 4000);
}

TEST_CASE("the host in message names has nothing that file names or uidlists could not hold") {
    ::setenv("DOVECOT_HOSTNAME", "a/b:c d", 1);
    CHECK(MessageNames::local_host() == "a\\057b\\072c_d");
    ::unsetenv("DOVECOT_HOSTNAME");
    CHECK_FALSE(MessageNames::local_host().empty());
}

}  // namespace store
