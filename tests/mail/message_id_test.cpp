// SPDX-License-Identifier: MIT
#include "mail/message_id.h"

#include <catch2/catch.hpp>

TEST_CASE("message identifiers are found") {
    struct Case {
        std::string name;
        std::string value;
        std::vector<std::string> ids;
    };
    auto row = GENERATE(values<Case>({
        {"RFC 5322 A.2",
         " <1234@local.machine.example>\n <3456@example.net>",
         {"<1234@local.machine.example>", "<3456@example.net>"}},
        {"RFC 5322 A.6.3 white space",
         "<1234   @   local(blah)  .machine .example>",
         {"<1234@local(blah).machine.example>"}},
        {"RFC 5322 §4.5.4 phrases", "Your message of \"<no@x>\" (<no@y>) <a@b>", {"<a@b>"}},
        {"no @", "<abc>", {"<abc>"}},
        {"side by side", "<a@b><c@d>", {"<a@b>", "<c@d>"}},
        {"a bracket too much", "<<a@b>>", {"<a@b>"}},
        {"no end", "<a@b> <c", {"<a@b>"}},
        {"empty", "<> < >", {}},
        {"an open quote", "\" <a@b>", {"<a@b>"}},
        {"none", "abc", {}},
    }));
    CAPTURE(row.name);
    CHECK(mail::parse_message_ids(row.value) == row.ids);
}

TEST_CASE("the log's message id is the first one or the value") {
    CHECK(mail::message_id_text(" <a@b>\n") == "<a@b>");
    CHECK(mail::message_id_text(" a@b ") == "a@b");
    CHECK(mail::message_id_text(" ").empty());
    CHECK(mail::make_message_id("dovecot-sieve", 1, 2, 3, "h") == "<dovecot-sieve-1-2-3@h>");
}
