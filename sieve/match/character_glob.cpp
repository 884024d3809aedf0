// SPDX-License-Identifier: MIT
// ":matches" where a character may have several octets. As in glob.cpp the leftmost place of each
// segment is right: from two different starts the elements never reach the same place, nor change
// their order.
#include "sieve/match/glob.h"
#include "sieve/match/glob_segment.h"
#include "sieve/match/search.h"

#include <cstdint>
#include <vector>

namespace sieve::match {
namespace {

constexpr std::size_t npos = std::string_view::npos;

class CharacterGlob {
  public:
    CharacterGlob(std::string_view subject, std::string_view starts, Work& work)
        : subject_(subject), starts_(starts), work_(work) {}

    bool run(std::string_view pattern, Spans& spans) const {
        Segment segment = take_segment(pattern);
        std::size_t at = end_of(segment.text, 0);
        if (at == npos) return false;
        add_characters(segment, 0, spans);
        while (!pattern.empty()) {
            pattern.remove_prefix(1);  // the star
            segment = take_segment(pattern);
            const auto [begin, end] = pattern.empty() ? at_end(segment) : find_from(segment, at);
            if (begin == npos || begin < at || work_.exhausted()) return false;
            spans.add(at, begin);
            add_characters(segment, begin, spans);
            at = end;
        }
        return at == subject_.size();
    }

  private:
    struct Place {
        std::size_t begin = npos;
        std::size_t end = npos;
    };

    bool is_start(std::size_t at) const { return at == subject_.size() || starts_[at] != 0; }

    // Behind the element that stands at this place, or npos.
    std::size_t step(Element element, std::size_t at) const {
        if (at == subject_.size()) return npos;
        if (!element.any) return subject_[at] == element.octet ? at + 1 : npos;
        if (!is_start(at)) return npos;
        do {
            ++at;
        } while (!is_start(at));
        return at;
    }

    // Where the elements that stand at this place end, or npos.
    std::size_t end_of(std::string_view text, std::size_t at) const {
        const std::size_t begin = at;
        while (at != npos && !text.empty()) {
            work_.add(1);
            at = step(take(text), at);
        }
        if (at != npos) work_.add(at - begin);
        return at;
    }

    // Where the elements that end at this place begin, or npos.
    std::size_t begin_of(const std::vector<Element>& elements, std::size_t at) const {
        for (auto element = elements.rbegin(); element != elements.rend(); ++element) {
            work_.add(1);
            if (at == 0) return npos;
            if (element->any) {
                if (!is_start(at)) return npos;
                do {
                    --at;
                    work_.add(1);
                } while (!is_start(at));
            } else if (subject_[--at] != element->octet) {
                return npos;
            }
        }
        return at;
    }

    static std::vector<Element> elements_of(std::string_view text) {
        std::vector<Element> elements;
        while (!text.empty())
            elements.push_back(take(text));
        return elements;
    }

    // The last segment's place.
    Place at_end(const Segment& segment) const {
        return {begin_of(elements_of(segment.text), subject_.size()), subject_.size()};
    }

    // The leftmost place of a segment. Bit i of `active` says that elements 0..i end here, or, of a
    // `?`, that its character is not over.
    Place find_from(const Segment& segment, std::size_t from) const {
        if (segment.plain) {
            const std::size_t offset =
                find(subject_.substr(from), segment.text, rarest_octet(segment.text), work_);
            if (offset == npos) return {};
            return {from + offset, from + offset + segment.text.size()};
        }
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
        const std::string_view in_mask = segment.text.substr(0, segment.text.size() - rest.size());
        std::uint64_t active = 0;
        for (std::size_t i = from; i < subject_.size(); ++i) {
            work_.add(1);
            const std::uint64_t here = fitting[static_cast<unsigned char>(subject_[i])];
            if (is_start(i)) {
                active = ((active << 1) | 1) & (here | any);
            } else {
                active = ((((active & ~any) << 1) | 1) & here) | (active & any);
            }
            if ((active & last) == 0 || ((last & any) != 0 && !is_start(i + 1))) continue;
            const std::size_t end = end_of(rest, i + 1);
            if (end != npos) return {begin_of(elements_of(in_mask), i + 1), end};
            if (work_.exhausted()) return {};
        }
        return {};
    }

    void add_characters(const Segment& segment, std::size_t at, Spans& spans) const {
        if (segment.plain || spans.count == max_captures) return;
        for (std::string_view text = segment.text; !text.empty();) {
            const Element element = take(text);
            const std::size_t end = step(element, at);
            if (element.any) spans.add(at, end);
            at = end;
        }
    }

    std::string_view subject_;
    std::string_view starts_;
    Work& work_;
};

}  // namespace

bool character_glob(std::string_view pattern, std::string_view subject, std::string_view starts,
                    Work& work, Spans* spans) {
    work.add(pattern.size());
    Spans found;
    found.add(0, subject.size());
    if (!CharacterGlob(subject, starts, work).run(pattern, found)) return false;
    if (spans != nullptr) *spans = found;
    return true;
}

}  // namespace sieve::match
