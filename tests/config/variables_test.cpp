// SPDX-License-Identifier: MIT
#include "config/variables.h"

#include <catch2/catch.hpp>

#include <cstdlib>
#include <fstream>

namespace {

std::string expanded(std::string_view text) {
    config::Variables variables;
    config::add_user(variables, "Jane.Doe@Example.COM");
    variables.values.push_back({'x', "number", "255"});
    variables.values.push_back({'\0', "empty", ""});
    auto result = config::expand(text, variables);
    return result ? *result : "! " + result.error();
}

}  // namespace

TEST_CASE("a label shows what is unknown in it") {
    config::Variables variables;
    config::add_user(variables, "jdoe");
    const auto label = [&](std::string_view text) { return config::expand_label(text, variables); };
    CHECK(label("(%u) %{nosuch}%z: ") ==
          "(jdoe) UNSUPPORTED_VARIABLE_nosuchUNSUPPORTED_VARIABLE_z: ");
    CHECK(label("%{if;a;==}%u").ends_with("jdoe"));
}

TEST_CASE("widths, offsets and modifiers") {
    struct Case {
        const char* text;
        const char* value;
    };
    auto [text, value] = GENERATE(values<Case>({
        {"%u", "Jane.Doe@Example.COM"},
        {"/home/%d/%n", "/home/Example.COM/Jane.Doe"},
        {"%Lu|%Ud", "jane.doe@example.com|EXAMPLE.COM"},
        {"%1n/%1.1n", "J/a"},
        {"%-2n", "Ja"},
        {"%-3.2n", "Do"},
        {"%05x", "00255"},
        {"%Xx", "ff"},
        {"%Rn", "eoD.enaJ"},
        {"%Dd", "Example,dc=COM"},
        {"100%%", "100%"},
        {"95%", "95"},
        {"%{username}", "Jane.Doe"},
        {"%L{domain}", "example.com"},
        {"%Mx", "fe131d7f5a6b38b23cc967316c13dae2"},
        {"%{md5:number}", "fe131d7f5a6b38b23cc967316c13dae2"},
        {"%{nonsense}", "! Unknown variable '%nonsense'"},
        {"%q", "! Unknown variable '%q'"},
    }));
    CAPTURE(text);
    CHECK(expanded(text) == value);
}

TEST_CASE("conditions compare expanded text and numbers") {
    CHECK(expanded("postmaster@%{if;%d;ne;;%d;nohost}") == "postmaster@Example.COM");
    CHECK(expanded("%{if;%{empty};ne;;yes;no}") == "no");
    CHECK(expanded("%{if;%x;>;254;big;small}") == "big");
    CHECK(expanded("%{if;%n;*;Jane*;%Ln;x}") == "jane.doe");
    CHECK(expanded("%{if;%n;~;^J.*e$;m;x}") == "m");
    CHECK(expanded("%{if;a;eq;b;x}") == "");
    CHECK(expanded("%{if;a;eq;a;x\\;y}") == "x;y");
    CHECK(expanded("%{if;1;<>;2;x;y}") == "! if: Unknown operator: <>");
    CHECK(expanded("%{if;a;eq}").starts_with("! if: Requires"));
}

TEST_CASE("digests take rounds, truncation and format") {
    CHECK(expanded("%{sha256:empty}") ==
          "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    CHECK(expanded("%{sha256;truncate=32:empty}") == "e3b0c442");
    CHECK(expanded("%{sha256;format=base64:empty}") ==
          "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
    CHECK(expanded("%{sha256;rounds=0:empty}") == "! sha256: invalid rounds");
}

TEST_CASE("nesting and output are bounded") {
    std::string deep = "x";
    for (int i = 0; i < 30; ++i)
        deep = "%{if;1;==;1;" + deep + ";y}";
    CHECK(expanded(deep) == "! Too deeply nested variables");
}

TEST_CASE("templates expand as they were seen to do in the peer") {
    // "template<TAB>value" lines, taken from mail_log_prefix of Dovecot 2.3.19's LDA.
    std::ifstream file(std::string(FIXTURES) + "/config/expansions.tsv");
    ::setenv("FOO", "barenv", 1);
    std::size_t rows = 0;
    for (std::string line; std::getline(file, line); ++rows) {
        CAPTURE(line);
        std::size_t tab = line.find('\t');
        REQUIRE(tab != std::string::npos);
        CHECK(expanded(line.substr(0, tab)) == line.substr(tab + 1));
    }
    CHECK(rows > 50);
}
