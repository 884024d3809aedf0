// SPDX-License-Identifier: MIT
#include "sieve/machine/matching.h"

#include "sieve/extension/external_list.h"
#include "sieve/text.h"

#include <algorithm>

namespace sieve {

namespace {

std::string title(const match::How& how) {
    std::string text = ":" + std::string(match::name_of(how.type));
    if (how.type == match::MatchType::value || how.type == match::MatchType::count)
        text += "-" + std::string(match::name_of(how.relation));
    return text;
}

}  // namespace

Matching::Matching(Run& run, const Arguments& arguments, Slot keys, match::Comparator usual)
    : run_(run),
      arguments_(arguments),
      how_(how_of(arguments.constant(Slot::match, match_constant(match::MatchType::is)),
                  static_cast<match::Comparator>(
                      arguments.constant(Slot::comparator, static_cast<std::uint32_t>(usual))))),
      keys_(run.scratch_keys()),
      keys_slot_(keys) {
    keys_.clear();
    // A program that was not made by our compiler may ask for what the comparator has not.
    if (match::supports(how_.comparator, how_.type))
        for (StringRef key : arguments.list(keys))
            keys_.emplace_back(key.text, how_.comparator, match::use_of(how_.type));
    if (run.untrue().noting()) run.untrue().keys(arguments.list(keys));
    if (how_.type == match::MatchType::regex) use_regexes();
    if (run.tracer().at(TraceLevel::matching)) trace_start();
}

void Matching::use_regexes() {
    const StringList keys = arguments_.list(keys_slot_);
    for (std::uint32_t i = 0; i < keys_.size(); ++i)
        keys_[i].use(run_.regex(keys[i], how_.comparator));
}

void Matching::split_keys() {
    std::vector<match::Key> words;
    if (keys_.empty()) return;
    for (const StringRef key : arguments_.list(keys_slot_)) {
        const std::string_view text = key.text;
        for (std::size_t at = text.find_first_not_of(' '); at != std::string_view::npos;
             at = text.find_first_not_of(' ', at)) {
            const std::size_t end = std::min(text.find(' ', at), text.size());
            words.emplace_back(text.substr(at, end - at), how_.comparator,
                               match::use_of(how_.type));
            at = end;
        }
    }
    keys_ = std::move(words);
    split_ = true;
}

bool Matching::value(std::string_view text, std::string_view field) {
    match::Subject& subject = run_.scratch_subject();
    subject.reset(text);
    return value(subject, field);
}

bool Matching::value(match::Subject& subject, std::string_view field) {
    if (run_.candidates().gathering()) {
        run_.candidates().see(subject.seen_by(how_.comparator, run_.work()), run_.work());
        run_.check_budget();
        return false;
    }
    if (counts()) {
        ++count_;
        return false;
    }
    run_.looked_at(field, subject.text());
    if (run_.tracer().at(TraceLevel::matching)) return trace_value(subject, field);
    for (const match::Key& key : keys_) {
        if (matches(subject, key)) {
            record(field, subject.text(), key);
            return true;
        }
        run_.check_budget();
    }
    return false;
}

bool Matching::matches(match::Subject& subject, const match::Key& key) {
    if (how_.type != match::MatchType::list)
        return match::match(how_, subject, key, run_.work(), values());
    auto member = find_in_list(run_, written(key), subject.text());
    if (!member) return false;
    // RFC 6134 §2.2.
    if (match::MatchValues* const wanted = values()) wanted->assign(1, *std::move(member));
    return true;
}

bool Matching::finish() {
    bool result = false;
    if (counts()) {
        run_.looked_at("the count", std::to_string(count_));
        result = match::match_count(how_, count_, keys_, run_.work());
        if (result) run_.matched(arguments_.word(), {}, std::to_string(count_), written(keys_[0]));
    }
    if (run_.tracer().at(TraceLevel::matching)) {
        if (counts())
            run_.tracer().write(1, "matching count value `" + std::to_string(count_) + "'");
        run_.tracer().write(1, result ? "finishing match with result: matched"
                                      : "finishing match with result: not matched");
    }
    return result;
}

match::MatchValues* Matching::values() {
    return sets_match_values_ && run_.wants_match_values() ? &run_.match_values() : nullptr;
}

void Matching::record(std::string_view field, std::string_view value, const match::Key& key) {
    run_.matched(arguments_.word(), field, value, written(key));
}

std::string_view Matching::written(const match::Key& key) const {
    if (split_) return key.text();
    const auto index = static_cast<std::uint32_t>(&key - keys_.data());
    return arguments_.list(keys_slot_)[index].text;
}

void Matching::trace_start() const {
    run_.tracer().write(1, "starting `" + title(how_) + "' match with `" +
                               std::string(match::name_of(how_.comparator)) + "' comparator:");
}

bool Matching::trace_value(match::Subject& subject, std::string_view field) {
    Tracer& tracer = run_.tracer();
    tracer.write(1, "matching value `" + printable(subject.text()) + "'");
    for (const match::Key& key : keys_) {
        const bool matched = matches(subject, key);
        run_.check_budget();
        tracer.write(2, "with key `" + printable(written(key)) + "' => " + (matched ? "1" : "0"));
        if (!matched) continue;
        record(field, subject.text(), key);
        tracer.write(1, "finishing match with result: matched");
        return true;
    }
    return false;
}

}  // namespace sieve
