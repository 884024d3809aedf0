// SPDX-License-Identifier: MIT
#include "mail/address.h"

#include <catch2/catch.hpp>

namespace {

// "Name|local|domain" each; "!source" for what was not understood; groups as "name{count}".
std::string dump(const mail::AddressList& list) {
    std::string text;
    std::size_t group = 0;
    for (std::size_t i = 0; i <= list.mailboxes.size(); ++i) {
        for (; group < list.groups.size() && list.groups[group].first == i; ++group)
            text += list.groups[group].name + "{" + std::to_string(list.groups[group].count) + "} ";
        if (i == list.mailboxes.size()) break;
        const mail::Mailbox& box = list.mailboxes[i];
        text += box.valid ? box.display_name + "|" + box.local_part + "|" + box.domain
                          : "!" + std::string(box.source);
        text += "; ";
    }
    return text;
}

}  // namespace

TEST_CASE("address fields are read") {
    struct Case {
        std::string name;
        std::string value;
        std::string addresses;
    };
    auto row = GENERATE(values<Case>({
        {"RFC 5322 A.1.1", "John Doe <jdoe@machine.example>", "John Doe|jdoe|machine.example; "},
        {"RFC 5322 A.1.2 quoted", "\"Joe Q. Public\" <john.q.public@example.com>",
         "Joe Q. Public|john.q.public|example.com; "},
        {"RFC 5322 A.1.2 list", "Mary Smith <mary@x.test>, jdoe@example.org, Who? <one@y.test>",
         "Mary Smith|mary|x.test; |jdoe|example.org; Who?|one|y.test; "},
        {"RFC 5322 A.1.2 escapes",
         "<boss@nil.test>, \"Giant; \\\"Big\\\" Box\" <sysservices@example.net>",
         "|boss|nil.test; Giant; \"Big\" Box|sysservices|example.net; "},
        {"RFC 5322 A.1.3 group", "A Group:Ed Jones <c@a.test>,joe@where.test,John <jdoe@one.test>;",
         "A Group{3} Ed Jones|c|a.test; |joe|where.test; John|jdoe|one.test; "},
        {"RFC 5322 A.1.3 empty group", "Undisclosed recipients:;", "Undisclosed recipients{0} "},
        {"RFC 5322 A.5 comments", "Pete(A nice \\) chap) <pete(his account)@silly.test(his host)>",
         "Pete|pete|silly.test; "},
        {"RFC 5322 A.5 group with comments",
         "A Group(Some people)\n     :Chris Jones <c@(Chris's host.)public.example>,\n"
         "         joe@example.org,\n  John <jdoe@one.test> (my dear friend); (the end of the "
         "group)",
         "A Group{3} Chris Jones|c|public.example; |joe|example.org; John|jdoe|one.test; "},
        {"RFC 5322 A.5 hidden", "(Empty list)(start)Hidden recipients  :(nobody(that I know))  ;",
         "Hidden recipients{0} "},
        {"RFC 5322 A.6.1 route",
         "Mary Smith <@node.test,@[1.2.3.4]:mary@example.net>, , jdoe@test  . example",
         "Mary Smith|mary|example.net; |jdoe|test.example; "},
        {"RFC 5322 A.6.3 spaces", "John Doe <jdoe@machine(comment).  example>",
         "John Doe|jdoe|machine.example; "},
        {"RFC 5322 §3.4.1 literal", "a@[192.168.1.1], b@[IPv6:::1]",
         "|a|[192.168.1.1]; |b|[IPv6:::1]; "},
        {"RFC 5322 §3.4.1 folded literal", "a@[1.2.\r\n 3 .4]", "|a|[1.2.3.4]; "},
        {"RFC 5322 §3.4.1 quoted local part", "\"a b\\\"c\"@x.org, Foo <\"\"@x>",
         "|a b\"c|x.org; Foo||x; "},
        {"RFC 5322 §4.1 dot in a phrase", "J. R. Foo <j@x>", "J. R. Foo|j|x; "},
        {"RFC 5322 §4.4 quoted pieces", "a.\"b c\".d@x", "|a.b c.d|x; "},
        {"RFC 5322 §4.4 commas in a row", ",, a@x, ,b@y,", "|a|x; |b|y; "},
        {"RFC 2047 §8 phrase", "=?ISO-8859-1?Q?Andr=E9?= Pirard <PIRARD@vm1.ulg.ac.be>",
         "Andr\xc3\xa9 Pirard|PIRARD|vm1.ulg.ac.be; "},
        {"RFC 2047 §6.2 words join", "=?utf-8?q?a?= =?utf-8?q?b?= <a@b>", "ab|a|b; "},
        {"RFC 6532 §3.2", "J\xc3\xb6rg <j\xc3\xb6rg@m\xc3\xbcller.example>",
         "J\xc3\xb6rg|j\xc3\xb6rg|m\xc3\xbcller.example; "},
        {"RFC 6854 group in From", "Nobody:;, a@x", "Nobody{0} |a|x; "},
        {"group without end", "g: a@x, b@y", "g{2} |a|x; |b|y; "},
        {"group then address", "g: a@x; b@y", "g{1} |a|x; |b|y; "},
        {"old form with the name in a comment", "a@x (Joe (the) Bar)", "Joe (the) Bar|a|x; "},
        {"encoded name in a comment", "a@x (=?utf-8?q?J=C3=B6?=)", "J\xc3\xb6|a|x; "},
        {"no domain", "root", "|root|; "},
        {"no domain in brackets", "Foo <root>", "Foo|root|; "},
        {"no domain with comment", "root (Cron)", "Cron|root|; "},
        {"dots where none belong", "a..b.@docomo.example, .a@x", "|a..b.|docomo.example; |.a|x; "},
        {"dot after the domain", "a@b.example.", "|a|b.example; "},
        {"@ in a phrase", "joe@work <joe@home>", "joe@work|joe|home; "},
        {"brackets in a phrase", "[list] foo <a@x>", "[list] foo|a|x; "},
        {"no closing bracket", "Foo <a@x, b@y", "Foo|a|x; |b|y; "},
        {"semicolons between", "a@x; b@y", "|a|x; |b|y; "},
        {"words only", "foo bar baz@x.org, b@c", "!foo bar baz@x.org; |b|c; "},
        {"empty brackets", "<>", "!<>; "},
        {"empty quotes", "\"\", <\"\">", "!\"\"; !<\"\">; "},
        {"two addresses in brackets", "Foo <a@x> <b@y>", "Foo <a@x>|b|y; "},
        {"a quote that never closes", "\"Foo <a@x>, b@y", "\"Foo|a|x; |b|y; "},
        {"a comment that never closes", "(Foo <a@x>, b@y", "(Foo|a|x; |b|y; "},
        {"escaped quotes", "\\\"a\\\", b@y", "!\\\"a\\\"; |b|y; "},
        {"folded", "Foo\n Bar <a@x>,\r\n\tb@y", "Foo Bar|a|x; |b|y; "},
        {"comment alone", "(nobody), a@x", "|a|x; "},
        {"nothing", " \t", ""},
        {"line ends in quotes vanish", "\"a\r\n b\" <a@x>", "a b|a|x; "},
        {"at sign alone", "@, a@, @b", "!@; !a@; !@b; "},
    }));
    CAPTURE(row.name);
    CHECK(dump(mail::parse_address_list(row.value)) == row.addresses);
}

TEST_CASE("an address is written with quotes where it must") {
    CHECK(mail::address_text("a.b", "x") == "a.b@x");
    CHECK(mail::address_text("a b", "x") == "\"a b\"@x");
    CHECK(mail::address_text("a..b", "x") == "\"a..b\"@x");
    CHECK(mail::address_text("a\"\\", "x") == "\"a\\\"\\\\\"@x");
    CHECK(mail::address_text("j\xc3\xb6", "x") == "j\xc3\xb6@x");
    CHECK(mail::address_text("root", "") == "root");
    CHECK(mail::address_text("", "x") == "\"\"@x");
    CHECK(mail::address_text("", "").empty());
    CHECK(mail::path_text({}) == "<>");
    CHECK(mail::with_lower_domain({"A", "B"}) == mail::Path{"A", "b"});
    CHECK(mail::with_lower_address({"A", "B"}) == mail::Path{"a", "b"});
}

TEST_CASE("envelope paths are read") {
    struct Case {
        std::string name;
        std::string text;
        std::string path;  // as path_text gives it, or "!" and the reason
    };
    auto row = GENERATE(values<Case>({
        {"RFC 5321 §4.1.2", "<a@x.example>", "<a@x.example>"},
        {"RFC 5321 §4.1.2 null", "<>", "<>"},
        {"RFC 5321 §4.1.2 quoted", "<\"a b\"@x>", "<\"a b\"@x>"},
        {"RFC 5321 §4.1.2 needlessly quoted", "<\"a\\b\"@x>", "<ab@x>"},
        {"RFC 5321 §4.1.3 literal", "<a@[127.0.0.1]>", "<a@[127.0.0.1]>"},
        {"RFC 5321 C route", "<@one,@two:a@x>", "<a@x>"},
        {"RFC 6531 §3.3", "<j\xc3\xb6@\xc3\xbc.example>", "<j\xc3\xb6@\xc3\xbc.example>"},
        {"RFC 6531 §3.3 not UTF-8", "<j\xf6@x>", "!Path is not valid UTF-8"},
        {"no brackets", "a@x", "<a@x>"},
        {"no domain", "<user>", "<user>"},
        {"no brackets and no domain", "user", "<user>"},
        {"empty", "", "<>"},
        {"white space around", " <a@x> ", "<a@x>"},
        {"dots the wild has", "<a..b.@x>", "<\"a..b.\"@x>"},
        {"no end", "<a@x", "!Missing '>' at end of path"},
        {"no domain after @", "<a@>", "!Invalid character in path"},
        {"no domain at the end", "a@", "!Missing domain"},
        {"no local part", "<@x>", "!Invalid character in path"},
        {"space inside", "<a b@x>", "!Missing '>' at end of path"},
        {"two dots in the domain", "<a@x..y>", "!Invalid domain"},
        {"dot at the domain's end", "<a@x.>", "!Invalid domain"},
        {"text after it", "<a@x> y", "!Invalid character in path"},
        {"open quote", "<\"a@x>", "!Invalid quoted string in local part"},
        {"open literal", "<a@[1.2>", "!Missing ']' at end of address literal"},
        {"control character", "<a\n@x>", "!Invalid character in path"},
        {"shell characters pass", "<a|b`$@x>", "<a|b`$@x>"},
        {"character in the domain", "<a@x;y>", "!Invalid character in path"},
    }));
    CAPTURE(row.name);
    base::Result<mail::Path, std::string> path = mail::parse_path(row.text);
    CHECK((path ? mail::path_text(*path) : "!" + path.error()) == row.path);
}

TEST_CASE("a path is taken off the front of a command's argument") {
    std::string_view text = "<\"a> b\"@x> SIZE=3";
    base::Result<mail::Path, std::string> path = mail::take_path(text);
    REQUIRE(path);
    CHECK(*path == mail::Path{"a> b", "x"});
    CHECK(text == " SIZE=3");
    text = "a@x>";
    path = mail::take_path(text);
    REQUIRE(!path);
    CHECK(path.error() == "Missing '<' at beginning of path");
    CHECK(text == "a@x>");
}
