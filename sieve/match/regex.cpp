// SPDX-License-Identifier: MIT
#include "sieve/match/regex.h"

#include "sieve/limits.h"

#include <algorithm>
#include <re2/re2.h>

namespace sieve::match {

namespace {

// RE2's own measure of a compiled pattern and its states; a larger one is refused or slower, never
// larger.
constexpr std::int64_t max_memory_bytes = std::int64_t{1} << 20;
// What a search costs beside looking at each octet once.
constexpr std::uint64_t work_per_search = 64;

RE2::Options options(Comparator comparator) {
    RE2::Options result;
    result.set_posix_syntax(true);
    result.set_longest_match(true);
    result.set_perl_classes(true);
    result.set_word_boundary(true);
    result.set_one_line(true);
    result.set_dot_nl(true);
    result.set_never_nl(false);
    result.set_log_errors(false);
    result.set_max_mem(max_memory_bytes);
    result.set_case_sensitive(comparator == Comparator::octet);
    return result;
}

// \< and \> are word boundaries in glibc's syntax.
std::string translated(std::string_view pattern) {
    std::string out;
    out.reserve(pattern.size());
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        out += pattern[i];
        if (pattern[i] != '\\' || i + 1 == pattern.size()) continue;
        const char next = pattern[++i];
        out += next == '<' || next == '>' ? 'b' : next;
    }
    return out;
}

}  // namespace

struct Regex::Engine {
    Engine(std::string_view pattern, Comparator comparator)
        : re(translated(pattern), options(comparator)) {}
    RE2 re;
};

Regex::Regex(std::unique_ptr<Engine> engine) : engine_(std::move(engine)) {}
Regex::~Regex() = default;

std::shared_ptr<const Regex> Regex::compile(std::string_view pattern, Comparator comparator,
                                            std::string& why) {
    if (pattern.size() > limits::max_regex_bytes) {
        why = "it is longer than " + std::to_string(limits::max_regex_bytes) + " octets";
        return nullptr;
    }
    auto engine = std::make_unique<Engine>(pattern, comparator);
    if (!engine->re.ok()) {
        why = engine->re.error();
        return nullptr;
    }
    return std::shared_ptr<const Regex>(new Regex(std::move(engine)));
}

bool Regex::search(std::string_view value, Work& work, MatchValues* values) const {
    work.add(value.size() + work_per_search);
    const int groups = values == nullptr ? 0
                                         : std::min(engine_->re.NumberOfCapturingGroups(),
                                                    static_cast<int>(limits::max_match_values)) +
                                               1;
    re2::StringPiece found[limits::max_match_values + 1];
    if (!engine_->re.Match({value.data(), value.size()}, 0, value.size(), RE2::UNANCHORED, found,
                           groups))
        return false;
    if (values == nullptr) return true;
    work.add(value.size());
    values->assign(static_cast<std::size_t>(groups), {});
    for (int i = 0; i < groups; ++i)
        (*values)[static_cast<std::size_t>(i)].assign(found[i].data(), found[i].size());
    return true;
}

std::shared_ptr<const Regex> RegexCache::get(std::uint32_t constant, std::string_view pattern,
                                             Comparator comparator, std::string& why) const {
    const std::lock_guard lock(mutex_);
    auto& known = known_[{constant, comparator}];
    if (!known) known = Regex::compile(pattern, comparator, why);
    return known;
}

}  // namespace sieve::match
