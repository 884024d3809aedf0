// SPDX-License-Identifier: MIT
#include "deliver/script_sequence.h"

#include "temporary_directory.h"

#include <catch2/catch.hpp>

#include <cerrno>
#include <filesystem>
#include <map>
#include <sys/resource.h>

using deliver::ScriptRole;
using deliver::ScriptSequence;

namespace {

using Values = std::map<std::string, std::string, std::less<>>;

ScriptSequence find(const TemporaryDirectory& directory, Values values) {
    for (auto& [key, value] : values)
        for (std::size_t at = 0; (at = value.find("@D@")) != std::string::npos;)
            value.replace(at, 3, directory.path());
    const deliver::PluginValue plugin = [&](std::string_view key) -> std::optional<std::string> {
        const auto found = values.find(key);
        return found == values.end() ? std::nullopt : std::optional(found->second);
    };
    return deliver::find_scripts(plugin, directory.at("home"));
}

// Paths below the directory, one word each.
std::string names(const TemporaryDirectory& directory, const ScriptSequence& sequence) {
    std::string text;
    for (const deliver::ScriptFile& script : sequence.scripts)
        text += (text.empty() ? "" : " ") + script.path.substr(directory.path().size() + 1);
    return text;
}

}  // namespace

TEST_CASE("a location is a path with options") {
    const auto location =
        deliver::parse_script_location(" file:~/sieve;active=~/.dovecot.sieve;bindir=/b/;name=x");
    CHECK(location.type == "file");
    CHECK(location.path == "~/sieve");
    CHECK(location.active == "~/.dovecot.sieve");
    CHECK(location.bindir == "/b");
    CHECK(location.name == "x");
    CHECK(deliver::parse_script_location("/a/b:c.sieve").path == "/a/b:c.sieve");
    CHECK(deliver::parse_script_location("dict:file:/x").type == "dict");
}

TEST_CASE("the order is before, personal or default, after (sieve-compat 2.1, 3.1)") {
    const TemporaryDirectory directory;
    for (const char* name :
         {"home/.dovecot.sieve", "home/sieve/a.sieve", "b/2.sieve", "b/10.sieve", "b/B.sieve",
          "b/note.txt", "b/.sieve", "one.sieve", "two", "default", "odd/.dovecot.sieve/x"})
        directory.write(name, "keep;");
    std::filesystem::create_symlink(directory.at("home/sieve/a.sieve"),
                                    directory.at("home/active"));
    struct Case {
        std::string name;
        Values values;
        std::string scripts;
    };
    const auto c = GENERATE(values<Case>({
        {"nothing is set: the active link of the default storage", {}, "home/.dovecot.sieve"},
        {"a plain path", {{"sieve", "~/.dovecot.sieve"}}, "home/.dovecot.sieve"},
        {"relative to the home", {{"sieve", "sieve/a.sieve"}}, "home/sieve/a.sieve"},
        {"an active link", {{"sieve", "file:~/sieve;active=~/active"}}, "home/active"},
        {"a storage directory without a named link: ~/.dovecot.sieve",
         {{"sieve", "~/sieve"}},
         "home/.dovecot.sieve"},
        {"an empty value: none", {{"sieve", ""}}, ""},
        {"no active one: the default",
         {{"sieve", "~/none"}, {"sieve_default", "@D@/default"}},
         "default"},
        {"the default's old name",
         {{"sieve", "~/none"}, {"sieve_global_path", "@D@/default"}},
         "default"},
        {"the default is not run beside the personal one",
         {{"sieve_default", "@D@/default"}},
         "home/.dovecot.sieve"},
        {"no default either", {{"sieve", "~/none"}, {"sieve_default", "@D@/none"}}, ""},
        {"a directory is its *.sieve in byte order; any name will do for a file",
         {{"sieve", ""}, {"sieve_before", "@D@/b"}, {"sieve_after", "@D@/two"}},
         "b/10.sieve b/2.sieve b/B.sieve two"},
        {"numbering stops at the first that is missing",
         {{"sieve", ""},
          {"sieve_before", "@D@/one.sieve"},
          {"sieve_before2", "@D@/two"},
          {"sieve_before4", "@D@/default"}},
         "one.sieve two"},
        {"before1 stands for before", {{"sieve", ""}, {"sieve_before1", "@D@/two"}}, "two"},
        {"a missing before is passed over",
         {{"sieve", ""}, {"sieve_before", "@D@/none"}, {"sieve_before2", "@D@/two"}},
         "two"},
        {"all together",
         {{"sieve_before", "@D@/one.sieve"}, {"sieve_after", "@D@/two"}},
         "one.sieve home/.dovecot.sieve two"},
    }));
    CAPTURE(c.name);
    const ScriptSequence sequence = find(directory, c.values);
    CHECK(names(directory, sequence) == c.scripts);
    CHECK(sequence.complaints.empty());
}

TEST_CASE("roles, names and binaries of scripts") {
    const TemporaryDirectory directory;
    directory.write("home/.dovecot.sieve", "keep;");
    directory.write("a/procmail", "keep;");
    const ScriptSequence sequence = find(directory, {{"sieve", "~/.dovecot.sieve;bindir=~/bin"},
                                                     {"sieve_after", "@D@/a/procmail"},
                                                     {"sieve_discard", "@D@/a/discard.sieve"}});
    REQUIRE(sequence.scripts.size() == 2);
    CHECK(sequence.scripts[0].role == ScriptRole::personal);
    CHECK_FALSE(sequence.scripts[0].is_global());
    CHECK(sequence.scripts[0].name == ".dovecot");
    CHECK(sequence.scripts[0].binary_path == directory.at("home/bin/.dovecot.svbin"));
    CHECK(sequence.scripts[1].role == ScriptRole::after);
    CHECK(sequence.scripts[1].is_global());
    CHECK(sequence.scripts[1].binary_path == directory.at("a/procmail.svbin"));
    REQUIRE(sequence.discard);
    CHECK(sequence.discard->role == ScriptRole::discard);
}

TEST_CASE("a directory of scripts that cannot be listed is not passed over") {
    const TemporaryDirectory directory;
    directory.write("b/1.sieve", "keep;");
    rlimit before{};
    REQUIRE(::getrlimit(RLIMIT_NOFILE, &before) == 0);
    rlimit none = before;
    none.rlim_cur = 0;
    ::setrlimit(RLIMIT_NOFILE, &none);
    const ScriptSequence sequence = find(directory, {{"sieve_before", "@D@/b"}});
    ::setrlimit(RLIMIT_NOFILE, &before);
    REQUIRE(sequence.scripts.size() == 1);
    CHECK(sequence.scripts[0].listing_error == EMFILE);
    deliver::ScriptStore store;
    const auto loaded = store.load(sequence.scripts[0], {});
    REQUIRE_FALSE(loaded);
    CHECK(loaded.error().kind == deliver::ScriptTrouble::Kind::temporary);
    deliver::ScriptFile denied = sequence.scripts[0];
    denied.listing_error = EACCES;
    CHECK(store.load(denied, {}).error().kind == deliver::ScriptTrouble::Kind::unreadable);
}

TEST_CASE("of too many scripts in a directory none is passed over in silence") {
    const TemporaryDirectory directory;
    for (int i = 0; i < 1001; ++i)
        directory.write("b/" + std::to_string(i) + ".sieve", "keep;");
    const ScriptSequence sequence = find(directory, {{"sieve_before", "@D@/b"}});
    REQUIRE(sequence.scripts.size() == 1);
    deliver::ScriptStore store;
    CHECK(store.load(sequence.scripts[0], {}).error().kind ==
          deliver::ScriptTrouble::Kind::unreadable);
}

TEST_CASE("what cannot be a script is said and passed over") {
    const TemporaryDirectory directory;
    std::filesystem::create_directories(directory.at("home/.dovecot.sieve"));
    directory.write("default", "keep;");
    SECTION("the script is a directory: the default runs") {
        const auto sequence =
            find(directory, {{"sieve", "~/.dovecot.sieve"}, {"sieve_default", "@D@/default"}});
        CHECK(names(directory, sequence) == "default");
        REQUIRE(sequence.complaints.size() == 1);
        CHECK(sequence.complaints[0] == "file storage: script: Sieve script file path '" +
                                            directory.at("home/.dovecot.sieve") +
                                            "' is a directory.");
    }
    SECTION("scripts of other types") {
        const auto sequence = find(directory, {{"sieve", "dict:file:/x"}});
        CHECK(sequence.scripts.empty());
        CHECK(sequence.complaints.size() == 1);
    }
}

TEST_CASE("the storage's directory goes by its old names, too") {
    const TemporaryDirectory directory;
    const std::string key = GENERATE(as<std::string>(), "sieve_dir", "sieve_storage");
    const auto location = deliver::find_storage(
        [&](std::string_view asked) {
            return asked == key ? std::optional<std::string>("~/scripts") : std::nullopt;
        },
        directory.at("home"), sieve::ScriptPlace::personal);
    REQUIRE(location);
    CHECK(location->path == directory.at("home/scripts"));
}
