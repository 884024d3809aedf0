// SPDX-License-Identifier: MIT
#include "sieve/match/comparator.h"

#include "sieve/match/unicode.h"

#include <algorithm>
#include <cstdint>
#include <cstring>

namespace sieve::match {
namespace {

constexpr bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

std::strong_ordering order_octets(std::string_view a, std::string_view b) {
    const int sign = std::memcmp(a.data(), b.data(), std::min(a.size(), b.size()));
    if (sign != 0) return sign <=> 0;
    return a.size() <=> b.size();
}

std::strong_ordering order_casemap(std::string_view a, std::string_view b) {
    const std::size_t common = std::min(a.size(), b.size());
    for (std::size_t i = 0; i < common; ++i) {
        const auto x = static_cast<unsigned char>(fold(a[i]));
        const auto y = static_cast<unsigned char>(fold(b[i]));
        if (x != y) return x <=> y;
    }
    return a.size() <=> b.size();
}

// The digits at the start without leading zeroes ("0" becomes ""); nothing means infinity.
std::optional<std::string_view> number_of(std::string_view text) {
    if (text.empty() || !is_digit(text.front())) return std::nullopt;
    const auto end = std::find_if_not(text.begin(), text.end(), is_digit);
    const auto begin = std::find_if(text.begin(), end, [](char c) { return c != '0'; });
    return std::string_view(begin, end);
}

std::strong_ordering order_numeric(std::string_view a, std::string_view b) {
    const auto x = number_of(a);
    const auto y = number_of(b);
    if (!x || !y) return y.has_value() <=> x.has_value();
    if (x->size() != y->size()) return x->size() <=> y->size();
    return order_octets(*x, *y);
}

// Eight octets at once: 0x20 is taken from each octet in 'a'..'z'. The high bits of the two sums
// say "at least 'a'" and "more than 'z'" for octets below 0x80.
std::uint64_t fold_eight(std::uint64_t x) {
    constexpr std::uint64_t ones = 0x0101010101010101U;
    const std::uint64_t low = x & (ones * 0x7f);
    const std::uint64_t at_least_a = low + ones * (0x80 - 'a');
    const std::uint64_t above_z = low + ones * (0x7f - 'z');
    const std::uint64_t is_lower = at_least_a & ~above_z & ~x & (ones * 0x80);
    return x - (is_lower >> 2);
}

std::string prepared(std::string_view text) {
    std::string out;
    prepare_unicode(text, out);
    return out;
}

}  // namespace

std::optional<Comparator> comparator_named(std::string_view name) {
    if (name == "i;octet") return Comparator::octet;
    if (name == "i;ascii-casemap") return Comparator::ascii_casemap;
    if (name == "i;ascii-numeric") return Comparator::ascii_numeric;
    if (name == "i;unicode-casemap") return Comparator::unicode_casemap;
    return std::nullopt;
}

std::string_view name_of(Comparator comparator) {
    switch (comparator) {
        case Comparator::octet:
            return "i;octet";
        case Comparator::ascii_casemap:
            return "i;ascii-casemap";
        case Comparator::ascii_numeric:
            return "i;ascii-numeric";
        case Comparator::unicode_casemap:
            return "i;unicode-casemap";
    }
    return {};
}

void fold_into(std::string_view text, std::string& out) {
    out.resize(text.size());
    std::size_t i = 0;
    for (; i + sizeof(std::uint64_t) <= text.size(); i += sizeof(std::uint64_t)) {
        std::uint64_t block = 0;
        std::memcpy(&block, text.data() + i, sizeof block);
        block = fold_eight(block);
        std::memcpy(out.data() + i, &block, sizeof block);
    }
    for (; i < text.size(); ++i)
        out[i] = fold(text[i]);
}

bool equal(Comparator comparator, std::string_view a, std::string_view b) {
    switch (comparator) {
        case Comparator::octet:
            return a == b;
        case Comparator::ascii_casemap:
            return a.size() == b.size() &&
                   std::equal(a.begin(), a.end(), b.begin(),
                              [](char x, char y) { return fold(x) == fold(y); });
        case Comparator::ascii_numeric:
            return order_numeric(a, b) == 0;
        case Comparator::unicode_casemap:
            return prepared(a) == prepared(b);
    }
    return false;
}

std::strong_ordering order(Comparator comparator, std::string_view a, std::string_view b) {
    switch (comparator) {
        case Comparator::octet:
            return order_octets(a, b);
        case Comparator::ascii_casemap:
            return order_casemap(a, b);
        case Comparator::ascii_numeric:
            return order_numeric(a, b);
        case Comparator::unicode_casemap:
            return order_octets(prepared(a), prepared(b));
    }
    return std::strong_ordering::equal;
}

}  // namespace sieve::match
