// SPDX-License-Identifier: MIT
// What the compiler refuses: each error once, all at once, with its place. Longer scripts stand in
// fixtures/sieve/golden as .errors.
#include "sieve/compile.h"

#include "sieve/limits.h"

#include <catch2/catch.hpp>

#include <string>

namespace {

std::string places(const sieve::Compilation& compiled) {
    std::string text;
    for (const sieve::Diagnostic& each : compiled.diagnostics)
        text += std::to_string(each.line) + ":" + std::to_string(each.column) + " ";
    return text;
}

std::string repeat(std::string_view text, std::size_t count) {
    std::string result;
    for (std::size_t i = 0; i < count; ++i)
        result += text;
    return result;
}

bool compiles(const std::string& source) {
    return sieve::compile(source, {}).program.has_value();
}

}  // namespace

TEST_CASE("every error of a script is reported once, with line and column") {
    struct Case {
        const char* source;
        const char* places;
        sieve::Stage stage;
    };
    const Case cases[] = {
        {"keep", "1:5 ", sieve::Stage::parse},
        {"keep;\n  stop\n}", "2:7 ", sieve::Stage::parse},
        {"require \"fileinto\";\nfileinto [\"a\" \"b\"];\nfileinto [];", "2:15 3:11 ",
         sieve::Stage::parse},
        {"if header \"a\" \"b\" ) { foo; }", "1:19 1:23 ", sieve::Stage::parse},
        {"keep \"abc;\n", "1:6 1:5 ", sieve::Stage::parse},
        {"foo; foo; bar;", "1:1 1:11 ", sieve::Stage::validation},
        {"if foo { bar; } elsif baz { }", "1:4 1:10 1:23 ", sieve::Stage::validation},
        {"keep 1;\nkeep :x;\nredirect;", "1:6 2:6 3:1 ", sieve::Stage::validation},
        {"require \"nope\"; require \"nope\";", "1:9 ", sieve::Stage::validation},
        {"keep; require \"fileinto\";", "1:7 ", sieve::Stage::validation},
        {"else { }", "1:1 ", sieve::Stage::validation},
        {"if size 1 { }", "1:4 ", sieve::Stage::validation},
        {"if header :is :contains \"a\" \"b\" { }", "1:15 ", sieve::Stage::validation},
        {"if header :comparator \"i;ascii-numeric\" \"a\" \"b\" { }", "1:23 ",
         sieve::Stage::validation},
    };
    for (const Case& each : cases) {
        CAPTURE(each.source);
        const sieve::Compilation compiled = sieve::compile(each.source, {});
        CHECK_FALSE(compiled.program);
        CHECK(compiled.failed == each.stage);
        if (std::string_view(each.places) != "1:6 1:5 ") CHECK(places(compiled) == each.places);
    }
}

TEST_CASE("a block behind a constant false is not looked at") {
    CHECK(compiles("if false { foo \"x\"; }"));
    CHECK(compiles("if allof (false, exists \"x\") { foo; } else { keep; }"));
    CHECK(compiles("if true { keep; } elsif exists \"x\" { foo; }"));
    CHECK_FALSE(compiles("if true { foo; }"));
}

TEST_CASE("the rest of a script with syntax errors is checked, unless told otherwise") {
    const char* source = "keep \"a\" ];\nfoo;";
    CHECK(sieve::compile(source, {}).diagnostics.size() == 2);
    sieve::CompileOptions options;
    options.after_syntax_errors = sieve::AfterSyntaxErrors::stop;
    CHECK(sieve::compile(source, options).diagnostics.size() == 1);
}

TEST_CASE("a word of an extension that is not required says which one it needs") {
    const sieve::Compilation compiled = sieve::compile("fileinto \"a\";", {});
    CHECK(sieve::render(compiled, "x") ==
          "x: line 1: error: unknown command 'fileinto'; it needs: require \"fileinto\".\n"
          "x: error: validation failed.\n");
}

TEST_CASE("the place of an error is marked under its line") {
    const std::string_view source = "keep;\nif hedder \"a\" \"b\" { }\n";
    const sieve::Compilation compiled = sieve::compile(source, {});
    CHECK(sieve::render(compiled, "x", source) ==
          "x: line 2: error: unknown test 'hedder'; did you mean 'header'?\n"
          "    if hedder \"a\" \"b\" { }\n"
          "       ^^^^^^\n"
          "x: error: validation failed.\n");
}

TEST_CASE("nesting, arguments, identifiers, strings and scripts have limits, held at their edges") {
    using namespace sieve::limits;
    const auto blocks = [](std::size_t n) {
        return repeat("if exists \"a\" {", n) + "keep;" + repeat("}", n);
    };
    CHECK(compiles(blocks(max_block_nesting)));
    CHECK_FALSE(compiles(blocks(max_block_nesting + 1)));
    CHECK_FALSE(compiles(blocks(100000)));
    const auto tests = [](std::size_t n) {
        return "if " + repeat("not ", n - 1) + "exists \"a\" { }";
    };
    CHECK(compiles(tests(max_test_nesting)));
    CHECK_FALSE(compiles(tests(max_test_nesting + 1)));
    CHECK_FALSE(compiles(tests(100000)));
    const auto arguments = [](std::size_t n) { return "keep " + repeat("1 ", n) + ";"; };
    CHECK(sieve::compile(arguments(max_arguments), {}).diagnostics.size() == 1);
    CHECK(sieve::compile(arguments(max_arguments + 1), {}).diagnostics.size() == 2);
    const auto word = [](std::size_t n) { return std::string(n, 'a') + ";"; };
    CHECK_THAT(sieve::compile(word(max_identifier_bytes), {}).diagnostics[0].text,
               Catch::Contains("unknown"));
    CHECK_THAT(sieve::compile(word(max_identifier_bytes + 1), {}).diagnostics[0].text,
               Catch::Contains("longer"));
    sieve::CompileOptions any_size;
    any_size.max_script_bytes = 0;
    const auto string = [&](std::size_t n) {
        return sieve::compile("if header \"a\" \"" + std::string(n, 'x') + "\" { keep; }", any_size)
            .program.has_value();
    };
    CHECK(string(max_string_bytes));
    CHECK_FALSE(string(max_string_bytes + 1));
    sieve::CompileOptions ten;
    ten.max_script_bytes = 10;
    CHECK(sieve::compile("keep;     ", ten).program);
    CHECK_FALSE(sieve::compile("keep;      ", ten).program);
}

TEST_CASE("numbers up to 64 bits are accepted") {
    CHECK(compiles("if size :over 18446744073709551615 { keep; }"));
    CHECK_FALSE(compiles("if size :over 18446744073709551616 { keep; }"));
    CHECK(compiles("if size :over 17179869183G { keep; }"));
    CHECK_FALSE(compiles("if size :over 17179869184G { keep; }"));
    CHECK_FALSE(compiles("if size :over 10x { keep; }"));
}

TEST_CASE("variables: 255 of them, names of 64 characters, match values to 32") {
    const auto many = [](int n) {
        std::string text = "require \"variables\";";
        for (int i = 0; i < n; ++i)
            text += "set \"v" + std::to_string(i) + "\" \"\";";
        return text;
    };
    CHECK(compiles(many(255)));
    CHECK_FALSE(compiles(many(256)));
    const auto named = [](std::size_t n) {
        return "require \"variables\"; set \"" + std::string(n, 'a') + "\" \"\";";
    };
    CHECK(compiles(named(64)));
    CHECK_FALSE(compiles(named(65)));
    CHECK(compiles("require [\"variables\",\"fileinto\"]; fileinto \"${32}\";"));
    CHECK_FALSE(compiles("require [\"variables\",\"fileinto\"]; fileinto \"${33}\";"));
    CHECK_FALSE(compiles("require [\"variables\",\"fileinto\"]; fileinto \"${ns.x}\";"));
}

TEST_CASE("a NUL is refused, other octets may stand in strings and comments") {
    CHECK_FALSE(compiles(std::string("keep;\0", 6)));
    CHECK(compiles("# \xff\xfe\nif header \"a\" \"\xff\" { keep; }"));
    CHECK_FALSE(compiles("keep; \xff"));
}

TEST_CASE("diagnostics beyond the limit are counted") {
    std::string source;
    for (std::size_t i = 0; i < sieve::limits::max_diagnostics + 50; ++i)
        source += "word" + std::to_string(i) + ";\n";
    const sieve::Compilation compiled = sieve::compile(source, {});
    CHECK(compiled.diagnostics.size() == sieve::limits::max_diagnostics);
    CHECK(compiled.omitted == 50);
}

TEST_CASE("extension settings are absolute or relative, global ones are for global scripts alone") {
    const auto can = [](const sieve::ExtensionSettings& settings, sieve::Rights rights,
                        const std::string& name) {
        sieve::CompileOptions options;
        options.extensions = sieve::resolve_extensions(settings, rights);
        return sieve::compile("require \"" + name + "\";", options).program.has_value();
    };
    using sieve::Rights;
    CHECK(can({}, Rights::personal, "copy"));
    CHECK_FALSE(can({"fileinto", "", ""}, Rights::personal, "copy"));
    CHECK_FALSE(can({"-copy", "", ""}, Rights::personal, "copy"));
    CHECK(can({"-copy", "", ""}, Rights::personal, "fileinto"));
    CHECK_FALSE(can({{}, "copy", ""}, Rights::personal, "copy"));
    CHECK(can({{}, "copy", ""}, Rights::global, "copy"));
    CHECK(can({"", "", ""}, Rights::personal, "comparator-i;octet"));
    sieve::CompileOptions implicit;
    implicit.extensions = sieve::resolve_extensions({{}, "", "fileinto"}, Rights::personal);
    CHECK(sieve::compile("fileinto \"a\";", implicit).program);
    CHECK(sieve::resolve_extensions({"+nope", "", ""}, Rights::personal).unknown ==
          std::vector<std::string>{"nope"});
}
