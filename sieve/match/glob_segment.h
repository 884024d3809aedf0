// SPDX-License-Identifier: MIT
// How patterns of :matches are read: element by element, segment by segment. Only the globs use
// this.
#pragma once

#include <cstddef>
#include <string_view>

namespace sieve::match {

struct Element {
    char octet = 0;
    bool any = false;
};

// The part of a pattern between two stars, read element by element.
struct Segment {
    std::string_view text;
    std::size_t elements = 0;
    bool plain = true;  // its text is what it matches
};

// Takes the next element off the front of a segment's text.
inline Element take(std::string_view& text) {
    char octet = text.front();
    text.remove_prefix(1);
    if (octet == '?') return {octet, true};
    if (octet == '\\' && !text.empty()) {
        octet = text.front();
        text.remove_prefix(1);
    }
    return {octet, false};
}

// Takes the next segment off the front of the pattern, without the star that ends it.
inline Segment take_segment(std::string_view& pattern) {
    Segment segment;
    std::size_t at = 0;
    for (; at < pattern.size() && pattern[at] != '*'; ++at) {
        if (pattern[at] == '?') segment.plain = false;
        if (pattern[at] == '\\' && at + 1 < pattern.size()) {
            segment.plain = false;
            ++at;
        }
        ++segment.elements;
    }
    segment.text = pattern.substr(0, at);
    pattern.remove_prefix(at);
    return segment;
}

}  // namespace sieve::match
