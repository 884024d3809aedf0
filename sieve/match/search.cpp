// SPDX-License-Identifier: MIT
#include "sieve/match/search.h"

#include "sieve/match/unicode.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

namespace sieve::match {
namespace {

// How common an octet is in header values and text, roughly; folded and unfolded alike.
constexpr std::array<std::uint8_t, 256> commonness() {
    std::array<std::uint8_t, 256> table{};
    for (std::size_t c = 0; c < table.size(); ++c)
        table[c] = c >= 0x80 ? 4 : c > ' ' ? 6 : 2;
    constexpr std::string_view order = "etaoinsrhldcumfpgwybvkxjqz";
    for (std::size_t i = 0; i < order.size(); ++i) {
        const auto rank = static_cast<std::uint8_t>(60 - 2 * i);
        table[static_cast<unsigned char>(order[i])] = rank;
        table[static_cast<unsigned char>(fold(order[i]))] = rank;
    }
    for (const char digit : std::string_view("0123456789")) {
        table[static_cast<unsigned char>(digit)] = 30;
    }
    for (const char mark : std::string_view(".-@:/,=\""))
        table[static_cast<unsigned char>(mark)] = 32;
    table[' '] = 70;
    return table;
}
constexpr auto common = commonness();

std::uint8_t commonness_of(char c) {
    return common[static_cast<unsigned char>(c)];
}

// False starts before the search changes to the one that cannot be fooled.
constexpr unsigned max_false_starts = 8;

}  // namespace

std::size_t rarest_octet(std::string_view needle) {
    std::size_t best = 0;
    for (std::size_t i = 1; i < needle.size(); ++i) {
        if (commonness_of(needle[i]) < commonness_of(needle[best])) best = i;
    }
    return best;
}

std::size_t find(std::string_view haystack, std::string_view needle, std::size_t rare, Work& work) {
    if (needle.empty()) return 0;
    if (haystack.size() < needle.size()) return std::string_view::npos;
    // memchr for the rarest octet rejects most subjects in one pass of the fastest loop there is.
    const char* const begin = haystack.data();
    const char* const end = begin + (haystack.size() - needle.size()) + rare + 1;
    const char* at = begin + rare;
    for (unsigned false_starts = 0; false_starts < max_false_starts; ++false_starts) {
        const auto left = static_cast<std::size_t>(end - at);
        const void* const hit = left == 0 ? nullptr : std::memchr(at, needle[rare], left);
        if (hit == nullptr) {
            work.add(left);
            return std::string_view::npos;
        }
        const char* const start = static_cast<const char*>(hit) - rare;
        work.add(static_cast<std::size_t>(static_cast<const char*>(hit) - at) + needle.size());
        if (std::memcmp(start, needle.data(), needle.size()) == 0) {
            return static_cast<std::size_t>(start - begin);
        }
        at = static_cast<const char*>(hit) + 1;
    }
    // The C library's two-way search: linear in the worst case.
    const char* const from = at - rare;
    const auto left = haystack.size() - static_cast<std::size_t>(from - begin);
    const void* const hit = ::memmem(from, left, needle.data(), needle.size());
    if (hit == nullptr) {
        work.add(left + needle.size());
        return std::string_view::npos;
    }
    work.add(static_cast<std::size_t>(static_cast<const char*>(hit) - from) + needle.size());
    return static_cast<std::size_t>(static_cast<const char*>(hit) - begin);
}

Key::Key(std::string_view text, Comparator comparator, KeyUse use)
    : text_(text), comparator_(comparator) {
    if (comparator == Comparator::ascii_casemap) {
        fold_into(text, text_);
    } else if (comparator == Comparator::unicode_casemap) {
        if (use == KeyUse::pattern)
            prepare_unicode_pattern(text, text_);
        else
            prepare_unicode(text, text_);
    }
    rare_ = rarest_octet(text_);
    // Octets other than these three are literals wherever they stand.
    for (std::size_t at = 0; at < text_.size();) {
        const std::size_t end = std::min(text_.find_first_of("*?\\", at), text_.size());
        if (end - at > required_size_) {
            required_begin_ = at;
            required_size_ = end - at;
        }
        at = end + 1;
    }
    required_rare_ = rarest_octet(required());
}

void Subject::reset(std::string_view text) {
    text_ = text;
    is_folded_ = false;
    is_prepared_ = false;
    has_starts_ = false;
}

std::string_view Subject::seen_by(Comparator comparator, Work& work) {
    switch (comparator) {
        case Comparator::octet:
        case Comparator::ascii_numeric:
            return text_;
        case Comparator::ascii_casemap:
            if (!is_folded_) {
                work.add(text_.size());
                fold_into(text_, folded_);
                is_folded_ = true;
            }
            return folded_;
        case Comparator::unicode_casemap:
            if (!is_prepared_) {
                prepare_unicode(text_, prepared_);
                work.add(text_.size() + prepared_.size());
                is_prepared_ = true;
            }
            return prepared_;
    }
    return {};
}

std::string_view Subject::unicode_starts(Work& work) {
    if (!has_starts_) {
        match::unicode_starts(text_, starts_);
        work.add(text_.size() + starts_.size());
        has_starts_ = true;
    }
    return starts_;
}

}  // namespace sieve::match
