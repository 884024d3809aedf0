// SPDX-License-Identifier: MIT
#include "deliver/recorded_script.h"

#include "deliver/script_source.h"
#include "sieve/compile.h"

#include <utility>

namespace deliver {
namespace {

class Lines {
  public:
    Lines(RecordedScript& script, const ScriptSource* source)
        : lines_(script.lines), source_(source) {
        if (source != nullptr) script.source = sieve::to_string(source->hash());
    }

    void name(unsigned line) {
        if (source_ == nullptr || line == 0 || lines_.size() == max_recorded_lines) return;
        const auto place = lines_.lower_bound(line);
        if (place != lines_.end() && place->first == line) return;
        lines_.emplace_hint(place, line, source_->line(line));
    }

  private:
    std::map<unsigned, std::string>& lines_;
    const ScriptSource* source_;
};

}  // namespace

void record_run(RecordedScript& script, sieve::ScriptReport& report,
                const std::vector<sieve::Action>& actions, const ScriptSource* source) {
    Lines lines(script, source);
    for (const sieve::Action& action : actions) {
        if (action.origin.script != script.name || script.acted.size() == max_recorded_actions)
            continue;
        script.acted.push_back(action.origin.line);
        lines.name(action.origin.line);
    }
    script.stopped_in = report.stopped_in;
    lines.name(report.stopped_in);
    script.decisions = std::move(report.decisions);
    script.omitted_decisions = report.omitted_decisions;
    for (const sieve::Decision& decision : script.decisions) {
        lines.name(decision.line);
        for (const sieve::MatchRecord& match : decision.matches)
            lines.name(match.line);
    }
    script.untrue = std::move(report.untrue);
    script.omitted_tests = report.omitted_tests;
    for (const sieve::UntrueRule& rule : script.untrue) {
        lines.name(rule.line);
        for (const sieve::TestRecord& test : rule.tests)
            lines.name(test.line);
    }
}

void record_failure(RecordedScript& script, const sieve::RuntimeError& error,
                    const ScriptSource* source) {
    script.result = "failed";
    script.why = error.text;
    script.line = error.line;
    Lines(script, source).name(error.line);
}

void record_errors(RecordedScript& script, const sieve::Compilation& compilation,
                   const ScriptSource* source) {
    Lines lines(script, source);
    script.omitted_errors = compilation.omitted;
    for (const sieve::Diagnostic& diagnostic : compilation.diagnostics) {
        if (diagnostic.severity != sieve::Severity::error) continue;
        if (script.errors.empty()) {
            script.line = diagnostic.line;
            script.why = diagnostic.text;
        }
        if (script.errors.size() == max_recorded_errors) {
            ++script.omitted_errors;
            continue;
        }
        script.errors.push_back({diagnostic.line, diagnostic.text});
        lines.name(diagnostic.line);
    }
}

std::size_t recorded_tests(const std::vector<RecordedScript>& scripts) {
    std::size_t count = 0;
    for (const RecordedScript& script : scripts)
        for (const sieve::UntrueRule& rule : script.untrue)
            count += rule.tests.size();
    return count;
}

}  // namespace deliver
