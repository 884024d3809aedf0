// SPDX-License-Identifier: MIT
#include "deliver/explain_script.h"

#include "base/file.h"
#include "base/text.h"

#include <algorithm>
#include <system_error>
#include <utility>
#include <vector>

namespace deliver {
namespace {

constexpr std::size_t max_source_bytes = 1 << 20;

sieve::SourceHash hash_of(const RecordedScript& script) {
    sieve::SourceHash hash;
    const std::string_view digits = script.source;
    if (digits.size() != 32) return hash;
    hash.high = base::parse_number<std::uint64_t>(digits.substr(0, 16), 16).value_or(0);
    hash.low = base::parse_number<std::uint64_t>(digits.substr(16), 16).value_or(0);
    return hash;
}

// Without what opens a block, separates or ends: "if header :is "a" "b" {", "stop;".
std::string_view without_end(std::string_view source) {
    const std::size_t last = source.find_last_not_of("{,; \t");
    return last == std::string_view::npos ? source : source.substr(0, last + 1);
}

std::string program_words(const std::string& program) {
    if (program == "memory") return "compiled, kept in memory";
    if (program == "binary") return "compiled, kept on disk";
    if (program == "compiled") return "compiled for this message";
    return "did not run";
}

// A line of the script with what is to be said about it.
struct Remark {
    unsigned line = 0;
    std::string verdict;  // "true", "not true"; empty for an action
    std::vector<std::string> details;
};

std::string match_words(const sieve::MatchRecord& match) {
    std::string text = match.test;
    if (!match.field.empty()) text += ' ' + match.field;
    if (match.test == "exists") return text + " is there";
    text += " was " + quoted(match.value);
    return match.key.empty() ? text : text + ", which matched " + quoted(match.key);
}

// Keys that the quoted line does not show: they come from variables, or stand in another line.
std::string key_words(const sieve::TestRecord& test, std::string_view source) {
    std::string text;
    for (const std::string& key : test.keys)
        if (source.find(key) == std::string_view::npos)
            text += (text.empty() ? ", compared with " : ", ") + quoted(key);
    if (!text.empty() && test.omitted_keys > 0)
        text += " and " + std::to_string(test.omitted_keys) + " more";
    return text;
}

std::string seen_words(const sieve::SeenValue& seen) {
    if (seen.there)
        return (seen.field.empty() ? "the value" : seen.field) + " was " + quoted(seen.value);
    return seen.field.empty() ? "there was nothing to compare" : "there was no " + seen.field;
}

std::string test_words(const sieve::TestRecord& test, std::string_view source) {
    std::string text;
    for (const sieve::SeenValue& seen : test.seen)
        text += (text.empty() ? "" : "; ") + seen_words(seen);
    if (test.omitted_seen > 0)
        text += "; and " + std::to_string(test.omitted_seen) + " more values";
    if (text.empty()) return test.test + (test.truth ? " was true" : " found nothing");
    text += key_words(test, source);
    return test.truth ? text + " (this test was true)" : text;
}

// Where a test stands, if not in its rule's line.
std::string place_of(const sieve::TestRecord& test, unsigned rule_line, std::string_view source) {
    if (test.line == rule_line) return {};
    return "line " + std::to_string(test.line) + ": " + std::string(without_end(source)) + ": ";
}

Remark remark_of(const sieve::Decision& decision, const RecordedScript& script,
                 ScriptLines& lines) {
    Remark remark{decision.line, "true", {}};
    for (const sieve::MatchRecord& match : decision.matches)
        remark.details.push_back(
            (match.line == decision.line ? "" : "line " + std::to_string(match.line) + ": ") +
            match_words(match));
    for (const sieve::TestRecord& test : decision.untrue) {
        const std::string source = lines.line(script, test.line);
        remark.details.push_back(place_of(test, decision.line, source) + test_words(test, source) +
                                 " (this test was not true)");
    }
    return remark;
}

Remark remark_of(const sieve::UntrueRule& rule, const RecordedScript& script, ScriptLines& lines) {
    Remark remark{rule.line, "not true", {}};
    for (const sieve::TestRecord& test : rule.tests) {
        const std::string source = lines.line(script, test.line);
        remark.details.push_back(place_of(test, rule.line, source) + test_words(test, source));
    }
    return remark;
}

std::vector<Remark> remarks_of(const RecordedScript& script, ScriptLines& lines) {
    std::vector<Remark> remarks;
    for (const sieve::Decision& decision : script.decisions)
        remarks.push_back(remark_of(decision, script, lines));
    for (const sieve::UntrueRule& rule : script.untrue)
        remarks.push_back(remark_of(rule, script, lines));
    for (const unsigned line : script.acted)
        remarks.push_back({line, {}, {}});
    if (script.stopped_in != 0) remarks.push_back({script.stopped_in, "the script ended here", {}});
    for (const RecordedError& error : script.errors)
        remarks.push_back({error.line, "error", {error.text}});
    // A script runs from its first line to its last.
    std::ranges::stable_sort(remarks, {}, &Remark::line);
    return remarks;
}

Tone verdict_tone(std::string_view verdict) {
    if (verdict == "true") return Tone::good;
    return verdict == "error" ? Tone::bad : Tone::faint;
}

void add_remark(Text& text, const Remark& remark, const RecordedScript& script,
                ScriptLines& lines) {
    const std::string source = lines.line(script, remark.line);
    text.add("    line " + std::to_string(remark.line) + ": ");
    text.add(remark.verdict.empty() ? std::string_view(source) : without_end(source), Tone::source);
    if (!remark.verdict.empty()) {
        if (!source.empty()) text.add(": ");
        text.add(remark.verdict, verdict_tone(remark.verdict));
    }
    if (remark.details.size() == 1) text.add(": " + remark.details.front());
    text.line();
    if (remark.details.size() < 2) return;
    for (const std::string& detail : remark.details)
        text.add("         " + detail).line();
}

// What could not be told line by line.
void add_rest(Text& text, const RecordedScript& script) {
    const auto more = [&](std::size_t count, std::string_view what) {
        if (count > 0)
            text.add("    and " + std::to_string(count) + " more " + std::string(what)).line();
    };
    more(script.omitted_decisions, "rules that were true");
    more(script.omitted_tests,
         "tests that were not true (sieve-test -t - -T level=matching shows all)");
    more(script.omitted_errors, "errors (sievec shows all)");
    if (script.result != "ran") return;
    if (script.decisions.empty() && script.acted.empty()) {
        const bool tested = !script.untrue.empty() || script.omitted_tests > 0;
        text.add(tested ? "    no rule of it was true" : "    it decided nothing", Tone::faint)
            .line();
    }
}

void add_trouble(Text& text, const RecordedScript& script) {
    if (script.result == "ran") return;
    text.add("    " + script.result, script.result == "not run" ? Tone::faint : Tone::bad);
    if (script.errors.size() + script.omitted_errors > 1) {
        text.add(": " + std::to_string(script.errors.size() + script.omitted_errors) + " errors")
            .line();
        return;
    }
    if (!script.errors.empty()) {
        text.line();
        return;
    }
    if (script.line != 0) text.add(" in line " + std::to_string(script.line));
    if (!script.why.empty()) text.add(": " + script.why);
    text.line();
}

}  // namespace

std::string ScriptLines::line(const RecordedScript& script, unsigned number) {
    if (const auto kept = script.lines.find(number); kept != script.lines.end())
        return base::printable(kept->second);
    const auto& now = file_of(script);
    return now && now->hash() == hash_of(script) ? base::printable(now->line(number))
                                                 : std::string();
}

std::string_view ScriptLines::change(const RecordedScript& script) {
    if (script.source.empty()) return {};
    const auto& now = file_of(script);
    if (!now) return "its file can no longer be read";
    return now->hash() == hash_of(script) ? std::string_view()
                                          : "changed since; its lines as they were";
}

const RecordedScript* ScriptLines::script(std::string_view name) const {
    for (const RecordedScript& script : record_.scripts)
        if (script.name == name) return &script;
    return nullptr;
}

const std::unique_ptr<const ScriptSource>& ScriptLines::file_of(const RecordedScript& script) {
    const auto known = files_.find(script.path);
    if (known != files_.end()) return known->second;
    std::unique_ptr<const ScriptSource> source;
    try {
        if (auto text = base::read_file(script.path, max_source_bytes)) {
            const sieve::SourceHash hash = sieve::hash_source(*text);
            source = std::make_unique<const ScriptSource>(std::move(*text), hash);
        }
    } catch (const std::system_error&) {
        source = nullptr;  // explained without it
    }
    return files_.emplace(script.path, std::move(source)).first->second;
}

void explain_script(Text& text, const RecordedScript& script, ScriptLines& lines) {
    text.add("  " + script.path, Tone::title);
    text.add(" (" + script.role + ", " + program_words(script.program));
    if (!script.program.empty()) text.add(", " + milliseconds(script.micros));
    text.add(")");
    if (const std::string_view change = lines.change(script); !change.empty())
        text.add(" (" + std::string(change) + ")", Tone::faint);
    text.line();
    add_trouble(text, script);
    for (const Remark& remark : remarks_of(script, lines))
        add_remark(text, remark, script, lines);
    add_rest(text, script);
    for (const std::string& warning : script.warnings)
        text.add("    warning: " + warning).line();
}

}  // namespace deliver
