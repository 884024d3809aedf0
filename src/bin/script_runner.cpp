// SPDX-License-Identifier: MIT
#include "bin/script_runner.h"

#include "base/text.h"
#include "config/settings.h"
#include "deliver/deadline.h"
#include "deliver/envelope.h"
#include "deliver/program.h"
#include "deliver/scan_results.h"
#include "deliver/sieve_message.h"
#include "deliver/sieve_rules.h"
#include "deliver/user_memory.h"
#include "memory/backend.h"
#include "sieve/program/dump.h"
#include "store/storage.h"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <utility>
#include <variant>

namespace bin {
namespace {

using Steady = std::chrono::steady_clock;

void tell_report(const std::string& name, const sieve::ScriptReport& report) {
    for (const sieve::RuntimeWarning& warning : report.warnings)
        tell_of_script(name, "warning", warning.line, warning.text);
    for (const sieve::RuntimeWarning& line : report.debug)
        tell_of_script(name, "info", line.line, line.text);
}

}  // namespace

void tell_of_script(const std::string& script, std::string_view kind, unsigned line,
                    const std::string& text) {
    std::fflush(stdout);
    const std::string place = line == 0 ? std::string() : ": line " + std::to_string(line);
    std::fprintf(stderr, "%s%s: %.*s: %s.\n", script.c_str(), place.c_str(),
                 static_cast<int>(kind.size()), kind.data(), base::printable(text).c_str());
}

bool KeepOfSequence::take(sieve::Outcome& outcome) {
    const std::size_t keeps =
        std::erase_if(outcome.decided.actions, [this](const sieve::Action& action) {
            const auto* keep = std::get_if<sieve::Keep>(&action.what);
            if (keep != nullptr && !keep->implicit) flags_ = keep->flags;
            return keep != nullptr;
        });
    return keeps > 0 || outcome.implicit_keep;
}

void KeepOfSequence::end(sieve::Outcome& outcome) const {
    if (outcome.implicit_keep && flags_) outcome.decided.internal_flags = *flags_;
}

ScriptRunner::ScriptRunner(const SieveSetUp& setup, RunnerOptions options, store::Storage* storage)
    : setup_(setup),
      options_(std::move(options)),
      storage_(storage),
      run_settings_(deliver::run_settings(*setup.settings, options_.default_mailbox)),
      lists_([&setup](std::string_view key) { return setup.settings->plugin(key); },
             setup.settings->home, [this](std::string_view id) { return remembers(id); },
             [&setup](const std::string& text) { setup.log.error(text); }),
      includes_(
          [&setup](std::string_view key) { return setup.settings->plugin(key); },
          setup.settings->home,
          [this](const deliver::ScriptFile& file) { return load_file(file, included_source_); },
          [this](deliver::IncludeLibrary::Entry& entry) { tell_included(entry); }) {
    run_settings_.max_cpu_seconds = 0;  // the tools have no limit (sieve-compat 2.2)
    if (!options_.trace_file.empty()) trace_ = open_trace(options_.trace_file, options_.trace);
}

ScriptRunner::~ScriptRunner() = default;

// Members of lists that lie in the user's memory.
bool ScriptRunner::remembers(std::string_view id) {
    if (storage_ == nullptr) return false;
    if (memory_ == nullptr) {
        std::string complaint;
        backend_ = deliver::memory_backend(*setup_.settings->config, complaint);
        if (!complaint.empty()) setup_.log.error(complaint);
        memory_ = deliver::user_memory(backend_.get(), setup_.user.name, *storage_);
    }
    const bool known = memory_->remembers(id);
    if (const std::string why = memory_->complaint(); !why.empty()) setup_.log.error(why);
    return known;
}

// `source` is empty where a binary was found, or nothing at all.
ScriptRunner::Loading ScriptRunner::load_file(const deliver::ScriptFile& script,
                                              std::string& source) const {
    source.clear();
    deliver::LoadRules rules = rules_for(setup_, script.path);
    if (options_.compile) return deliver::compile_script(script, rules.compile, source);
    // A binary beside the script, or none: a try is not worth a place in a cache.
    rules.cache_directories.clear();
    return deliver::ScriptStore().load(script, rules);
}

const deliver::LoadedScript& ScriptRunner::load(const std::string& path) {
    if (const auto known = scripts_.find(path); known != scripts_.end()) return known->second;
    const auto script = deliver::ScriptFile::at(path, deliver::ScriptRole::before);
    std::string source;
    auto loaded = load_file(script, source);
    if (!loaded) {
        // Compiled again for its source, which the loader does not hand out.
        if (source.empty())
            (void)deliver::compile_script(script, rules_for(setup_, path).compile, source);
        show_trouble(loaded.error(), script, source);
        if (options_.record) record_trouble(script, loaded.error());
        throw ToolFailure{EXIT_FAILURE, "failed to compile sieve script '" + path + '\''};
    }
    sieve::Compilation warnings;
    warnings.diagnostics = loaded->warnings;
    show_diagnostics(warnings, script, source);
    if (!options_.dump_file.empty())
        write_text(options_.dump_file, sieve::dump(loaded->program, script.path));
    return scripts_.emplace(path, std::move(*loaded)).first->second;
}

sieve::Outcome ScriptRunner::run(const std::string& path, const mail::Message& message,
                                 const deliver::Envelope& envelope, sieve::Decided before) {
    const sieve::Program& program = load(path).program;
    const std::string name = deliver::ScriptFile::at(path, deliver::ScriptRole::before).name;
    const deliver::SieveMessage view(message);
    deliver::SieveHost::World world;
    world.storage = storage_;
    world.environment =
        deliver::environment_items(*setup_.settings, setup_.user.name, options_.default_mailbox);
    world.scan_result = [this, &view, &name](sieve::ScanScale scale) {
        return deliver::scan_result(
            scale, view, [this](std::string_view key) { return setup_.settings->plugin(key); },
            [&name](const std::string& text) { tell_of_script(name, "error", 0, text); });
    };
    world.run_program = [this, &envelope](const deliver::ProgramRun& run) {
        const deliver::Deadline none;
        deliver::ProgramEnd end = deliver::run_program(
            {*setup_.settings, envelope, setup_.user.name, envelope.recipient, none}, run);
        end.tell(setup_.log);
        return end;
    };
    world.own_address = envelope.recipient;
    world.include = [this](sieve::ScriptPlace place, std::string_view script) {
        return includes_.include(place, script);
    };
    world.lists = &lists_;
    const deliver::SieveHost host(std::move(world));
    sieve::Envelope sieve_envelope;
    sieve_envelope.from = envelope.sender;
    sieve_envelope.to = envelope.recipient;
    sieve_envelope.orig_to = envelope.original_recipient;
    if (trace_) std::fputc('\n', stdout);
    const Steady::time_point begin = Steady::now();
    const std::size_t before_run = recorded_.size();
    // A person wants to see every test that was not true.
    constexpr std::size_t many_tests = 1000;
    sieve::Outcome outcome =
        sieve::run(program,
                   {view, sieve_envelope, host, run_settings_, name, trace_.get(),
                    options_.record ? many_tests : 0, options_.recorded_decisions, options_.record},
                   std::move(before));
    if (trace_) {
        trace_->debug(outcome);
        std::fputs("\n", stdout);
    }
    tell_report(name, outcome);
    for (const sieve::IncludedReport& report : outcome.included)
        tell_report(report.script, report);
    if (outcome.error)
        tell_of_script(outcome.error->script.empty() ? name : outcome.error->script, "error",
                       outcome.error->line, outcome.error->text);
    if (options_.record) {
        record(path, outcome);
        recorded_[before_run].micros =
            std::chrono::duration_cast<std::chrono::microseconds>(Steady::now() - begin).count();
    }
    return outcome;
}

void ScriptRunner::record_trouble(const deliver::ScriptFile& script,
                                  const deliver::ScriptTrouble& trouble) {
    deliver::RecordedScript& recorded = recorded_.emplace_back();
    recorded.path = script.path;
    recorded.name = script.name;
    recorded.role = "script";
    recorded.why = trouble.text;
    recorded.result = "unreadable";
    if (trouble.kind != deliver::ScriptTrouble::Kind::compile_error) return;
    recorded.result = "compile error";
    deliver::record_errors(recorded, trouble.compilation, trouble.source.get());
}

// As a delivery has it in its record (deliver/run_scripts.cpp).
void ScriptRunner::record(const std::string& path, sieve::Outcome& outcome) {
    const auto add = [this, &outcome](const deliver::ScriptFile& file,
                                      const deliver::LoadedScript& loaded, const char* role,
                                      sieve::ScriptReport& report, bool failed) {
        deliver::RecordedScript recorded;
        recorded.path = file.path;
        recorded.name = file.name;
        recorded.role = role;
        recorded.program =
            loaded.origin == deliver::ProgramOrigin::compiled ? "compiled" : "binary";
        recorded.result = "ran";
        deliver::record_run(recorded, report, outcome.decided.actions, loaded.source.get());
        if (failed) deliver::record_failure(recorded, *outcome.error, loaded.source.get());
        recorded_.push_back(std::move(recorded));
    };
    const deliver::LoadedScript& loaded = load(path);
    const auto file = deliver::ScriptFile::at(path, deliver::ScriptRole::before);
    add(file, loaded, "script", outcome, outcome.error && outcome.error->script.empty());
    recorded_.back().steps = outcome.steps;
    for (sieve::IncludedReport& report : outcome.included)
        if (const auto* entry = includes_.find(report.script))
            add(entry->file, *entry->loaded, "included", report,
                outcome.error && outcome.error->script == report.script);
}

void ScriptRunner::tell_included(const deliver::IncludeLibrary::Entry& entry) const {
    if (entry.loaded) {
        sieve::Compilation warnings;
        warnings.diagnostics = entry.loaded->warnings;
        show_diagnostics(warnings, entry.file, included_source_);
    } else if (entry.loaded.error().kind == deliver::ScriptTrouble::Kind::compile_error) {
        show_trouble(entry.loaded.error(), entry.file, included_source_);
    }
}

}  // namespace bin
