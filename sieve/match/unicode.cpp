// SPDX-License-Identifier: MIT
#include "sieve/match/unicode.h"

#include "sieve/match/comparator.h"
#include "sieve/text.h"

#include <algorithm>
#include <cstdint>
#include <iterator>

namespace sieve::match {
namespace {

#include "sieve/match/unicode_table.inc"

// Hangul syllables fall into two or three letters by their number (The Unicode Standard, §3.12).
constexpr char32_t first_syllable = 0xac00;
constexpr char32_t leading_letter = 0x1100;
constexpr char32_t vowel = 0x1161;
constexpr char32_t trailing_letter = 0x11a7;
constexpr char32_t vowels = 21;
constexpr char32_t trailing_letters = 28;
constexpr char32_t syllables = 19 * vowels * trailing_letters;

// Takes the first character off the front of text that is UTF-8.
char32_t take(std::string_view& text) {
    const auto first = static_cast<unsigned char>(text[0]);
    const std::size_t length = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    char32_t code = length == 1 ? first : first & (0x7fU >> length);
    for (std::size_t i = 1; i < length; ++i)
        code = code << 6 | (static_cast<unsigned char>(text[i]) & 0x3f);
    text.remove_prefix(length);
    return code;
}

void append_syllable(std::string& out, char32_t index) {
    append_utf8(out, leading_letter + index / (vowels * trailing_letters));
    append_utf8(out, vowel + index / trailing_letters % vowels);
    if (index % trailing_letters != 0) append_utf8(out, trailing_letter + index % trailing_letters);
}

// Takes the first character off the front and appends what it becomes.
void append_prepared(std::string& out, std::string_view& text) {
    if (static_cast<unsigned char>(text[0]) < 0x80) {
        out += fold(text[0]);
        text.remove_prefix(1);
        return;
    }
    const std::string_view before = text;
    const char32_t code = take(text);
    const char32_t page = code >> page_bits;
    constexpr char32_t in_page = (char32_t{1} << page_bits) - 1;
    const std::uint16_t entry =
        page < std::size(pages) ? entries[std::size_t{pages[page]} << page_bits | (code & in_page)]
                                : std::uint16_t{0};
    if (entry != 0) {
        const unsigned char* const at = &pool[entry];
        out.append(at + 1, at + 1 + *at);
    } else if (code >= first_syllable && code < first_syllable + syllables) {
        append_syllable(out, code - first_syllable);
    } else {
        out.append(before.substr(0, before.size() - text.size()));
    }
}

bool is_special(char c) {
    return c == '*' || c == '?' || c == '\\';
}

}  // namespace

void prepare_unicode(std::string_view text, std::string& out) {
    if (!is_utf8(text)) {
        out = text;
        return;
    }
    out.clear();
    while (!text.empty())
        append_prepared(out, text);
}

void prepare_unicode_pattern(std::string_view pattern, std::string& out) {
    if (!is_utf8(pattern)) {
        out = pattern;
        return;
    }
    out.clear();
    std::string character;
    for (bool escaped = false; !pattern.empty();) {
        if (static_cast<unsigned char>(pattern[0]) < 0x80) {
            escaped = !escaped && pattern[0] == '\\';
            append_prepared(out, pattern);
            continue;
        }
        character.clear();
        append_prepared(character, pattern);
        for (const char c : character) {
            if (is_special(c) && !escaped) out += '\\';
            escaped = false;
            out += c;
        }
    }
}

void unicode_starts(std::string_view text, std::string& starts) {
    if (!is_utf8(text)) {
        starts.assign(text.size(), '\1');
        return;
    }
    starts.clear();
    std::string character;
    while (!text.empty()) {
        character.clear();
        append_prepared(character, text);
        starts += '\1';
        starts.append(character.size() - 1, '\0');
    }
}

void unprepared_offsets(std::string_view text, std::span<std::size_t*> offsets) {
    if (!is_utf8(text)) return;
    std::string_view rest = text;
    std::size_t prepared = 0;
    std::string character;
    for (std::size_t* const offset : offsets) {
        while (prepared < *offset && !rest.empty()) {
            character.clear();
            append_prepared(character, rest);
            prepared += character.size();
        }
        *offset = text.size() - rest.size();
    }
}

}  // namespace sieve::match
