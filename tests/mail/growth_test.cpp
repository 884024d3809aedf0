// SPDX-License-Identifier: MIT
// Hostile input must cost work in proportion to its size. Nothing is timed: allocations are
// counted for an input and for one four times as large, and the inputs are so large (megabytes)
// that a quadratic way through them would not end.
#include "mail/address.h"
#include "mail/decode.h"
#include "mail/header.h"
#include "mail/html.h"
#include "mail/message_id.h"
#include "mail/mime.h"

#include <catch2/catch.hpp>

#include <atomic>
#include <cstdlib>
#include <functional>
#include <new>

namespace {

std::atomic<std::size_t> allocated_bytes = 0;

std::string repeat(std::string_view text, std::size_t bytes) {
    std::string made;
    made.reserve(bytes + text.size());
    while (made.size() < bytes)
        made += text;
    return made;
}

std::string nested_multiparts(std::size_t bytes) {
    std::string text;
    for (std::size_t i = 0; text.size() < bytes; ++i) {
        const std::string boundary = "b" + std::to_string(i);
        text += "Content-Type: multipart/mixed; boundary=" + boundary + "\n\n--" + boundary + "\n";
    }
    return text;
}

std::string numbered(std::string_view before, std::string_view after, std::size_t bytes) {
    std::string text = "a/b";
    for (std::size_t i = 0; text.size() < bytes; ++i)
        text.append(before).append(std::to_string(i)).append(after);
    return text;
}

void addresses(std::string_view text) {
    mail::parse_address_list(text);
}
void parameters(std::string_view text) {
    mail::parse_parameter_field(text);
}
void words(std::string_view text) {
    mail::decode_words(text);
}
void ids(std::string_view text) {
    mail::parse_message_ids(text);
}
void structure(std::string_view text) {
    mail::parse_structure(text);
}
void html(std::string_view text) {
    mail::html_to_text(text);
}
void quoted_printable(std::string_view text) {
    mail::decode_quoted_printable(text);
}
void header(std::string_view text) {
    mail::HeaderBlock block(text);
    for (int i = 0; i < 1000; ++i)
        (void)block.has("Subject");
}

}  // namespace

void* operator new(std::size_t size) {
    allocated_bytes += size;
    if (void* memory = std::malloc(size)) return memory;
    throw std::bad_alloc();
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
    allocated_bytes += size;
    return std::malloc(size);
}
void operator delete(void* memory) noexcept {
    std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
    std::free(memory);
}

TEST_CASE("work grows with the input and no faster") {
    struct Case {
        std::string name;
        void (*read)(std::string_view);
        std::function<std::string(std::size_t)> make;
    };
    const auto repeated = [](std::string_view text) {
        return [text](std::size_t bytes) { return repeat(text, bytes); };
    };
    const auto after = [](std::string_view head, std::string_view text) {
        return [=](std::size_t bytes) { return std::string(head) + repeat(text, bytes); };
    };
    const std::vector<Case> cases = {
        {"plain addresses", addresses, repeated("user@example.org, ")},
        {"named addresses", addresses, repeated("\"A, B\" (c) <user@example.org>,\n ")},
        {"groups", addresses, repeated("g: a@b, c@d; ")},
        {"open quotes", addresses, repeated("\", ")},
        {"escaped quotes after an open one", addresses, after("\"", "\\\",")},
        {"escaped quotes", addresses, repeated("\"\\\",\\\",")},
        {"open comments", addresses, repeated("(, ")},
        {"open comments far apart", addresses, repeated("(aaaaaaaaaaaaaaaaaaaaaaaa")},
        {"escaped comments after an open one", addresses, after("(", "\\(,")},
        {"one name of many words", addresses, repeated("word ")},
        {"one name of many dots", addresses, repeated(".")},
        {"many comments", addresses, repeated("(a)")},
        {"comments and dots", addresses, repeated("a(b).")},
        {"routes", addresses, after("<", "@a,")},
        {"open brackets", addresses, repeated("<@a,<")},
        {"open literals", addresses, repeated("a@[b,")},
        {"brackets in one address", addresses, repeated("<a@b>")},
        {"parameters", parameters, [](std::size_t n) { return numbered("; p", "=x", n); }},
        {"continued parameters", parameters,
         [](std::size_t n) { return numbered("; p*", "=x", n); }},
        {"continued parameters of many names", parameters,
         [](std::size_t n) { return numbered("; p", "*0*=x", n); }},
        {"open parameter comments", parameters, repeated("; (")},
        {"semicolons", parameters, repeated(";")},
        {"names without value", parameters, repeated("; a")},
        {"encoded words", words, repeated("=?utf-8?q?a?= ")},
        {"charsets in turn", words, repeated("=?latin2?q?a?= =?latin3?q?a?= ")},
        {"word beginnings", words, repeated("=?utf-8?q?")},
        {"word ends", words, repeated("?=")},
        {"begin marks", words, repeated("=?")},
        {"id brackets", ids, repeated("<")},
        {"ids", ids, repeated("<a@b> ")},
        {"id comments", ids, repeated("(")},
        {"id quotes", ids, after("\"", "\\\"")},
        {"header lines", header, repeated("Subject: x\n")},
        {"header lines of one letter", header, repeated("A:\n")},
        {"folds", header, after("A: b", "\n x")},
        {"no fields", header, repeated("xxxxx\n")},
        {"nested multiparts", structure, nested_multiparts},
        {"nested messages", structure, repeated("Content-Type: message/rfc822\n\n")},
        {"parts", structure, after("Content-Type: multipart/mixed; boundary=b\n\n", "--b\n")},
        {"dashes", structure,
         after("Content-Type: multipart/mixed; boundary=b\n\n--b\n\n", "--\n")},
        {"dashes in a header", structure,
         after("Content-Type: multipart/mixed; boundary=b\n\n--b\n", "--\n")},
        {"tags", html, repeated("<a b='c'>")},
        {"open tags", html, repeated("<a \"'")},
        {"open scripts", html, repeated("<script>")},
        {"almost closed scripts", html, after("<script>", "</scrip")},
        {"open comments in HTML", html, repeated("<!--")},
        {"ampersands", html, repeated("&a")},
        {"equal signs and white space", quoted_printable, repeated("= ")},
        {"white space", quoted_printable, repeated(" ")},
    };
    constexpr std::size_t small = 256 * 1024;
    for (const Case& row : cases) {
        CAPTURE(row.name);
        std::size_t used[2] = {};
        for (std::size_t i : {0, 1}) {
            const std::string text = row.make(small << (2 * i));
            const std::size_t before = allocated_bytes;
            row.read(text);
            used[i] = allocated_bytes - before;
        }
        // Vectors and strings that double may have a step between the two.
        CHECK(used[1] <= 9 * used[0] + 65'536);
        CHECK(used[1] <= 300 * (small << 2));
    }
}
