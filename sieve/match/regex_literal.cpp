// SPDX-License-Identifier: MIT
#include "sieve/match/regex_literal.h"

#include <algorithm>
#include <cstddef>
#include <optional>

namespace sieve::match {

namespace {

bool is_one_of(std::string_view octets, char c) {
    return octets.find(c) != std::string_view::npos;
}
bool is_alphanumeric(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

class Reader {
  public:
    Reader(std::string_view pattern, Comparator comparator)
        : pattern_(pattern), comparator_(comparator) {}

    std::string run() {
        while (at_ < pattern_.size())
            if (!element()) return {};
        end_run();
        return best_;
    }

  private:
    // Takes one element; false where it stands for more than can be told here.
    bool element() {
        const char c = pattern_[at_++];
        switch (c) {
            case '|':
                end_run();
                return depth_ != 0;  // else either side of it will do
            case '(':
                end_run();
                ++depth_;
                return true;
            case ')':
                if (depth_ != 0) --depth_;
                return true;
            case '[':
                end_run();
                return bracket();
            case '{':
                end_run();
                return bound();
            case '\\':
                return escape();
            case '.':
            case '^':
            case '$':
            case '*':
            case '+':
            case '?':
                end_run();
                return true;
            default:
                literal(c);
                return true;
        }
    }

    bool escape() {
        if (at_ == pattern_.size()) return false;
        const char c = pattern_[at_++];
        if (is_alphanumeric(c) || c == '<' || c == '>') {
            end_run();
            return is_one_of("wWdDsSbB<>", c);  // others may take what follows them
        }
        literal(c);
        return true;
    }

    bool bracket() {
        if (at_ < pattern_.size() && pattern_[at_] == '^') ++at_;
        if (at_ < pattern_.size() && pattern_[at_] == ']') ++at_;  // the first stands for itself
        for (; at_ < pattern_.size() && pattern_[at_] != ']'; ++at_) {
            if (pattern_[at_] == '\\') return false;
            if (pattern_[at_] != '[' || at_ + 1 == pattern_.size()) continue;
            const char mark = pattern_[at_ + 1];
            if (!is_one_of(":.=", mark)) continue;
            const char closing[] = {mark, ']'};
            at_ = pattern_.find({closing, 2}, at_ + 2);
            if (at_ == std::string_view::npos) return false;
            ++at_;
        }
        if (at_ == pattern_.size()) return false;
        ++at_;
        return true;
    }

    bool bound() {
        const std::size_t end = pattern_.find('}', at_);
        if (end == std::string_view::npos) return false;
        const std::string_view inside = pattern_.substr(at_, end - at_);
        at_ = end + 1;
        return inside.find_first_not_of("0123456789,") == std::string_view::npos;
    }

    // What may be left out or stand several times says nothing of what is next to it. Part of a
    // character of several octets is left out as well; and case-blind, k and s are letters beyond
    // ASCII too.
    void literal(char c) {
        const bool repeated = at_ < pattern_.size() && is_one_of("*+?{", pattern_[at_]);
        const bool folds = comparator_ == Comparator::ascii_casemap && is_one_of("kKsS", c);
        if (depth_ == 0 && !repeated && !folds && static_cast<unsigned char>(c) < 0x80)
            run_ += c;
        else
            end_run();
    }

    void end_run() {
        if (run_.size() > best_.size()) best_ = run_;
        run_.clear();
    }

    std::string_view pattern_;
    Comparator comparator_;
    std::size_t at_ = 0;
    std::size_t depth_ = 0;
    std::string run_;
    std::string best_;
};

}  // namespace

std::string required_literal(std::string_view pattern, Comparator comparator) {
    return Reader(pattern, comparator).run();
}

}  // namespace sieve::match
