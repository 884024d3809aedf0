// SPDX-License-Identifier: MIT
// Mistakes that writers of scripts make, and what they are told.
#include "sieve/compile.h"
#include "sieve/spelling.h"

#include <catch2/catch.hpp>

#include <string>

namespace {

// Without the script's name and the summary line.
std::string errors_of(std::string_view source) {
    const sieve::Compilation compiled = sieve::compile(source, {});
    std::string text;
    for (const sieve::Diagnostic& each : compiled.diagnostics)
        text += sieve::to_line(each, "").substr(2) + "\n";
    return text;
}

}  // namespace

TEST_CASE("each mistake is told in the words of its writer, where it was made") {
    struct Case {
        const char* name;
        const char* source;
        const char* errors;
    };
    const auto c = GENERATE(values<Case>({
        {"an extension that is not required",
         "if header :contains \"subject\" \"x\" {\n  fileinto \"Junk\";\n}\n",
         "line 2: error: unknown command 'fileinto'; it needs: require \"fileinto\".\n"},
        {"a misspelt tag", "if header :contain \"subject\" \"x\" {\n  keep;\n}\n",
         "line 1: error: unknown tag ':contain' for 'header'; did you mean ':contains'?\n"},
        {"too few arguments", "if header :contains \"subject\" {\n  keep;\n}\n",
         "line 1: error: 'header' needs 2 arguments, but has only 1.\n"},
        {"too many arguments", "if header :contains \"subject\" \"a\" \"b\" {\n  keep;\n}\n",
         "line 1: error: 'header' takes 2 arguments, but here stands one more.\n"},
        {"a block that is not closed", "if true {\n  keep;\n\nif true {\n  discard;\n}\n",
         "line 1: error: the block of 'if' is not closed: missing '}'.\n"},
        {"a bracket too many", "if true {\n  keep;\n}\n}\nstop;\n",
         "line 4: error: unexpected '}': no block is open.\n"},
        {"a field name for a test", "if subject :contains \"x\" {\n  keep;\n}\n",
         "line 1: error: unknown test 'subject'; a header field is tested by: header :contains "
         "\"subject\" \"...\".\n"},
        {"a misspelt test", "if haeder :contains \"subject\" \"x\" {\n  keep;\n}\n",
         "line 1: error: unknown test 'haeder'; did you mean 'header'?\n"},
        {"no quotes around a key", "if header :contains \"subject\" spam {\n  keep;\n}\n",
         "line 1: error: 'spam' has no place here; a string stands in quotes: \"spam\".\n"},
        {"no quotes around a field", "if header :contains subject \"spam\" {\n  keep;\n}\n",
         "line 1: error: 'subject' has no place here; a string stands in quotes: \"subject\".\n"},
        {"if without a test", "if {\n  keep;\n}\n", "line 1: error: 'if' needs a test.\n"},
        {"elsif without if", "elsif true {\n  keep;\n}\n",
         "line 1: error: 'elsif' must stand behind 'if' or 'elsif'.\n"},
        {"a misspelt comparator",
         "if header :comparator \"i;ascii-case\" :contains \"subject\" \"x\" {\n  keep;\n}\n",
         "line 1: error: unknown comparator 'i;ascii-case'; did you mean 'i;ascii-casemap'?\n"},
        {"no semicolon behind require", "require [\"fileinto\"]\nif true {\n  fileinto \"x\";\n}\n",
         "line 1: error: missing ';' after 'require'.\n"},
        {"no semicolon before a bracket", "if true {\n  keep\n}\nstop;\n",
         "line 2: error: missing ';' at the end of the command.\n"},
        {"a string that is not closed",
         "require \"fileinto\";\nfileinto \"Junk;\nif header \"subject\" \"x\" {\n  keep;\n}\n",
         "line 2: error: this string goes on over the end of its line; is its closing '\"' "
         "missing?\nline 3: error: string is not closed before the end of the script.\n"},
        {"single quotes", "require 'fileinto';\nfileinto 'Junk';\n",
         "line 1: error: expected ';' or a block, but found a quotation mark that is none here: "
         "strings stand in '\"'.\nline 2: error: expected ';' or a block, but found a quotation "
         "mark that is none here: strings stand in '\"'.\n"},
        {"else if", "if true {\n  keep;\n} else if false {\n  discard;\n}\n",
         "line 3: error: 'else if' is written 'elsif'.\n"},
        {"elseif", "if true {\n  keep;\n} elseif false {\n  discard;\n}\n",
         "line 3: error: unknown command 'elseif'; did you mean 'elsif'?\n"},
        {"no comma in a list", "require [\"fileinto\" \"copy\"];\nkeep;\n",
         "line 1: error: expected ',' or ']', but found a string.\n"},
        {"misspelt extensions", "require [\"fileInto\", \"variable\"];\nkeep;\n",
         "line 1: error: unknown extension 'fileInto'; did you mean 'fileinto'?\nline 1: error: "
         "unknown extension 'variable'; did you mean 'variables'?\n"},
        {"require behind a command", "keep;\nrequire \"fileinto\";\nfileinto \"x\";\n",
         "line 2: error: 'require' must stand before all other commands.\n"},
        {"and", "if header \"a\" \"b\" and header \"c\" \"d\" {\n  keep;\n}\n",
         "line 1: error: tests are joined by allof (..., ...) or anyof (..., ...), not by "
         "'and'.\n"},
        {"allof without parentheses",
         "if allof header \"a\" \"b\", header \"c\" \"d\" {\n  keep;\n}\n",
         "line 1: error: 'allof' needs a list of tests in parentheses.\nline 1: error: expected "
         "';' or a block, but found ','.\n"},
        {"not without a test", "if not {\n  keep;\n}\n", "line 1: error: 'not' needs one test.\n"},
        {"a number for a string", "if header :contains \"subject\" 5 {\n  keep;\n}\n",
         "line 1: error: argument 2 of 'header' must be a string list, but is a number.\n"},
        {"size without its tag", "if size 100K {\n  discard;\n}\n",
         "line 1: error: 'size' needs ':over' or ':under'.\n"},
        {"a string for a number", "if size :over \"100K\" {\n  discard;\n}\n",
         "line 1: error: argument 1 of 'size' must be a number, but is a string.\n"},
        {"two match types", "if header :is :contains \"subject\" \"x\" {\n  keep;\n}\n",
         "line 1: error: tag ':contains' cannot stand beside ':is'.\n"},
        {"a tag of an extension that is not required",
         "require \"fileinto\";\nfileinto :copy \"x\";\n",
         "line 2: error: unknown tag ':copy' for 'fileinto'; it needs: require \"copy\".\n"},
        {"a word of another language", "move \"Junk\";\n",
         "line 1: error: unknown command 'move'; did you mean 'fileinto'?\n"},
        {"misspelt commands", "require \"fileinto\";\nfilinto \"Junk\";\nkeeep;\ndiscrad;\n",
         "line 2: error: unknown command 'filinto'; did you mean 'fileinto'?\nline 3: error: "
         "unknown command 'keeep'; did you mean 'keep'?\nline 4: error: unknown command 'discrad'; "
         "did you mean 'discard'?\n"},
        {"flags without require",
         "require \"fileinto\";\nfileinto :flags \"\\\\Seen\" \"x\";\naddflag \"\\\\Seen\";\n",
         "line 2: error: unknown tag ':flags' for 'fileinto'; it needs: require "
         "\"imap4flags\".\nline 3: error: unknown command 'addflag'; it needs: require "
         "\"imap4flags\".\n"},
        {"a comment of another language", "// comment\nkeep;\n",
         "line 1: error: unexpected '/': comments begin with '#', or stand between '/*' and "
         "'*/'.\n"},
        {"text: without its dot", "require \"vacation\";\nvacation text:\nhello\n",
         "line 2: error: 'text:' has no line with a single dot at its end.\n"},
        {"an empty list", "if header \"subject\" [] {\n  keep;\n}\n",
         "line 1: error: expected a string, but found ']'.\n"},
        {"a parenthesis that is not closed",
         "if anyof (header \"a\" \"b\", header \"c\" \"d\" {\n  keep;\n}\n",
         "line 1: error: expected ',' or ')', but found '{'.\n"},
        {"a test for a command", "header :contains \"subject\" \"x\";\n",
         "line 1: error: 'header' is a test, not a command.\n"},
        {"a command for a test", "if keep {\n  discard;\n}\n",
         "line 1: error: 'keep' is a command, not a test.\n"},
        {"a bad address, a list without brackets",
         "redirect \"joe\";\nredirect \"a@b\", \"c@d\";\n",
         "line 1: error: 'joe' is no mail address to redirect to.\nline 2: error: expected ';' or "
         "a block, but found ','.\n"},
        {"a semicolon behind a test", "if true;\n{\n  keep;\n}\n",
         "line 1: error: 'if' needs a block.\nline 2: error: expected a command, but found "
         "'{'.\nline 4: error: unexpected '}': no block is open.\n"},
        {"a semicolon behind a block", "if true {\n  keep;\n};\nstop;\n",
         "line 3: error: unexpected ';': no ';' stands behind a block.\n"},
        {"a bad number", "if size :over 10X {\n  discard;\n}\n",
         "line 1: error: '10X' is no number (K, M or G may stand behind one) and no word.\n"},
        {"a tag without its colon", "if header contains \"subject\" \"x\" {\n  keep;\n}\n",
         "line 1: error: missing ':' before 'contains'.\n"},
        {"typographic quotes",
         "if header :contains \xe2"
         "\x80"
         "\x9c"
         "subject\xe2"
         "\x80"
         "\x9d"
         " \xe2"
         "\x80"
         "\x9c"
         "x\xe2"
         "\x80"
         "\x9d"
         " {\n  keep;\n}\n",
         "line 1: error: 'header' needs 2 arguments, but has only 0.\nline 1: error: expected ';' "
         "or a block, but found a quotation mark that is none here: strings stand in '\"'.\n"},
        {"an argument of keep", "keep \"INBOX\";\n", "line 1: error: 'keep' takes no arguments.\n"},
        {"square brackets for parentheses",
         "if anyof [header \"a\" \"b\", header \"c\" \"d\"] {\n  keep;\n}\n",
         "line 1: error: 'anyof' takes no arguments.\nline 1: error: expected a string, but found "
         "'header'.\n"},
        {"no bracket behind a test", "if true\n  keep;\n",
         "line 1: error: missing '{' before 'keep'.\n"},
        {"a list that is not closed", "require [\"fileinto\", \"copy\";\nkeep;\n",
         "line 1: error: expected ',' or ']', but found ';'.\n"},
        {"letter case does not matter",
         "Require \"fileinto\";\nIF HEADER :Contains \"subject\" \"x\" {\n Fileinto \"x\"; }\n",
         ""},
    }));
    CAPTURE(c.name);
    CHECK(errors_of(c.source) == c.errors);
}

TEST_CASE("commands without semicolons are told apart, and each is checked") {
    CHECK(errors_of("keep\ndiscard\nif nonsense { nonesuch; }\nstop") ==
          "line 1: error: missing ';' after 'keep'.\n"
          "line 2: error: missing ';' after 'discard'.\n"
          "line 3: error: unknown test 'nonsense'.\n"
          "line 3: error: unknown command 'nonesuch'.\n"
          "line 4: error: missing ';' at the end of the command.\n");
    CHECK(errors_of("require \"fileinto\"\nrequire \"copy\"\nfileinto :copy \"a\"\nkeep;") ==
          "line 1: error: missing ';' after 'require'.\n"
          "line 2: error: missing ';' after 'require'.\n"
          "line 3: error: missing ';' after 'fileinto'.\n");
}

TEST_CASE("all errors of a script are told, up to a generous bound") {
    const auto errors = [](int count) {
        std::string source;
        for (int i = 0; i < count; ++i)
            source += "header \"a\" \"b\";\nunknown" + std::to_string(i) + ";\n";
        return sieve::compile(source, {});
    };
    CHECK(errors(500).diagnostics.size() == 501);  // 'header' once
    CHECK(errors(500).omitted == 0);
    CHECK(errors(1500).diagnostics.size() == sieve::limits::max_diagnostics);
    CHECK(errors(1500).omitted == 1501 - sieve::limits::max_diagnostics);
}

TEST_CASE("the nearest name is found, and none for what is far from all") {
    struct Case {
        const char* name;
        const char* nearest;
    };
    const std::vector<std::string_view> known{"keep", "fileinto", "discard",
                                              "comparator-i;ascii-numeric"};
    const auto c = GENERATE(values<Case>({
        {"keep", "keep"},
        {"KEEP", "keep"},
        {"kep", "keep"},
        {"ekep", "keep"},
        {"kp", ""},
        {"filinot", "fileinto"},
        {"feleinta", "fileinto"},
        {"fxlxixto", ""},
        {"", ""},
        {"comparator-i;asci-numerc", "comparator-i;ascii-numeric"},
        {"something-that-is-longer-than-all-of-them-by-far", ""},
    }));
    CAPTURE(c.name);
    CHECK(sieve::nearest(c.name, known) == c.nearest);
}

TEST_CASE("a script of nothing but mistakes costs linear time") {
    std::string source;
    SECTION("without semicolons") {
        for (int i = 0; i < 60000; ++i)
            source += "keep discard ";
    }
    SECTION("of unknown words") {
        for (int i = 0; i < 60000; ++i)
            source += "unknown" + std::to_string(i) + ";\n";
    }
    const sieve::Compilation compiled = sieve::compile(source, {});
    CHECK_FALSE(compiled.program);
    CHECK(compiled.diagnostics.size() + compiled.omitted > 0);
}
