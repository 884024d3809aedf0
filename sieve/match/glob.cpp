// SPDX-License-Identifier: MIT
#include "sieve/match/glob.h"

#include "sieve/match/glob_segment.h"
#include "sieve/match/search.h"

#include <cstdint>

namespace sieve::match {
namespace {

constexpr std::size_t npos = std::string_view::npos;
constexpr std::size_t mask_bits = 64;

// Whether the elements of `text` fit `subject` from its start; the caller knows that it is long
// enough.
bool fits(std::string_view text, const char* subject, Work& work) {
    const char* at = subject;
    while (!text.empty()) {
        const Element element = take(text);
        if (!element.any && element.octet != *at) {
            work.add(static_cast<std::size_t>(at - subject) + 1);
            return false;
        }
        ++at;
    }
    work.add(static_cast<std::size_t>(at - subject));
    return true;
}

// The leftmost place of a segment with wildcards: bit i of `active` says that elements 0..i end
// here (the Shift-And automaton, which has no worst case).
std::size_t find_wild(const Segment& segment, std::string_view subject, Work& work) {
    if (subject.size() < segment.elements) return npos;
    std::array<std::uint64_t, 256> fitting{};
    std::uint64_t any = 0;
    std::uint64_t last = 0;
    std::string_view rest = segment.text;
    for (std::uint64_t bit = 1; bit != 0 && !rest.empty(); bit <<= 1) {
        const Element element = take(rest);
        if (element.any) {
            any |= bit;
        } else {
            fitting[static_cast<unsigned char>(element.octet)] |= bit;
        }
        last = bit;
    }
    const std::size_t in_mask = segment.elements < mask_bits ? segment.elements : mask_bits;
    // Past this place the elements outside the mask would have no room.
    const std::size_t end = subject.size() - (segment.elements - in_mask);
    std::uint64_t active = 0;
    for (std::size_t i = 0; i < end; ++i) {
        active = ((active << 1) | 1) & (fitting[static_cast<unsigned char>(subject[i])] | any);
        if ((active & last) == 0) continue;
        if (rest.empty() || fits(rest, subject.data() + i + 1, work)) {
            work.add(i + 1);
            return i + 1 - in_mask;
        }
        if (work.exhausted()) return npos;
    }
    work.add(end);
    return npos;
}

std::size_t find_segment(const Segment& segment, std::string_view subject, Work& work) {
    if (segment.plain) {
        return find(subject, segment.text, rarest_octet(segment.text), work);
    }
    return find_wild(segment, subject, work);
}

void add_single_octets(const Segment& segment, std::size_t at, Spans& spans) {
    if (segment.plain) return;
    std::string_view text = segment.text;
    while (!text.empty()) {
        if (take(text).any) spans.add(at, at + 1);
        ++at;
    }
}

}  // namespace

bool glob(std::string_view pattern, std::string_view subject, Work& work, Spans* spans) {
    work.add(pattern.size());
    Spans found;
    found.add(0, subject.size());

    Segment segment = take_segment(pattern);
    if (subject.size() < segment.elements || !fits(segment.text, subject.data(), work))
        return false;
    if (spans != nullptr) add_single_octets(segment, 0, found);
    std::size_t at = segment.elements;
    while (!pattern.empty()) {
        pattern.remove_prefix(1);  // the star
        segment = take_segment(pattern);
        std::size_t place = 0;
        if (pattern.empty()) {
            // The last segment stands at the end.
            if (subject.size() - at < segment.elements) return false;
            place = subject.size() - segment.elements;
            if (!fits(segment.text, subject.data() + place, work)) return false;
        } else {
            const std::size_t offset = find_segment(segment, subject.substr(at), work);
            if (offset == npos || work.exhausted()) return false;
            place = at + offset;
        }
        if (spans != nullptr) {
            found.add(at, place);
            add_single_octets(segment, place, found);
        }
        at = place + segment.elements;
    }
    if (at != subject.size()) return false;
    if (spans != nullptr) *spans = found;
    return true;
}

}  // namespace sieve::match
