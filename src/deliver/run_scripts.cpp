// SPDX-License-Identifier: MIT
#include "deliver/run_scripts.h"

#include "base/spool.h"
#include "config/settings.h"
#include "deliver/envelope.h"
#include "deliver/external_lists.h"
#include "deliver/file_trace.h"
#include "deliver/include_library.h"
#include "deliver/program.h"
#include "deliver/scan_results.h"
#include "deliver/script_source.h"
#include "deliver/sieve_message.h"
#include "deliver/sieve_rules.h"
#include "deliver/task.h"
#include "memory/memory.h"
#include "sieve/machine/machine.h"
#include "store/disk.h"
#include "store/storage.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace deliver {
namespace {

using Steady = std::chrono::steady_clock;

std::int64_t micros_since(Steady::time_point begin) {
    return std::chrono::duration_cast<std::chrono::microseconds>(Steady::now() - begin).count();
}

std::string_view role_name(ScriptRole role) {
    switch (role) {
        case ScriptRole::before:
            return "before";
        case ScriptRole::personal:
            return "personal";
        case ScriptRole::fallback:
            return "default";
        case ScriptRole::after:
            return "after";
        case ScriptRole::discard:
            return "discard";
        case ScriptRole::included:
            return "included";
    }
    return {};
}

std::string_view program_name(ProgramOrigin origin) {
    switch (origin) {
        case ProgramOrigin::memory:
            return "memory";
        case ProgramOrigin::binary:
            return "binary";
        case ProgramOrigin::compiled:
            return "compiled";
    }
    return {};
}

RecordedScript entry_of(const ScriptFile& script) {
    RecordedScript recorded;
    recorded.path = script.path;
    recorded.name = script.name;
    recorded.role = role_name(script.role);
    return recorded;
}
RecordedScript& new_entry(DeliveryRecord& record, const ScriptFile& script) {
    return record.scripts.emplace_back(entry_of(script));
}

std::string place_of(const ScriptFile& script, unsigned line) {
    return line == 0 ? script.name + ": " : script.name + ": line " + std::to_string(line) + ": ";
}

sieve::Envelope sieve_envelope(const Envelope& envelope) {
    sieve::Envelope result;
    result.from = envelope.sender;
    result.to = envelope.recipient;
    result.orig_to = envelope.original_recipient;
    if (!envelope.auth_user.empty()) result.auth = envelope.auth_user;
    result.dsn = envelope.dsn;
    result.deliver_by = envelope.deliver_by;
    return result;
}

EnvironmentItems delivery_environment(const Task& task) {
    EnvironmentItems items =
        environment_items(task.settings, task.recipient.user.name, task.recipient.default_mailbox);
    items["location"] = "MDA";
    items["phase"] = "during";
    if (!task.envelope.remote_address.empty()) items["remote-ip"] = task.envelope.remote_address;
    if (!task.envelope.remote_host.empty()) items["remote-host"] = task.envelope.remote_host;
    return items;
}

class Sequence {
  public:
    Sequence(Task& task, std::shared_ptr<const sieve::Message> message)
        : task_(task),
          message_(task.message),
          host_(
              {.storage = &task.storage,
               .clock = &task.storage.disk().clock,
               .environment = delivery_environment(task),
               .seen_before = [&task](std::string_view id) { return task.memory.claim(id); },
               .scan_result =
                   [this](sieve::ScanScale scale) {
                       const UserSettings& settings = task_.settings;
                       return scan_result(
                           scale, message_,
                           [&](std::string_view name) { return settings.plugin(name); },
                           [&](const std::string& text) { settings.log.error("sieve: " + text); });
                   },
               .run_program =
                   [&task](const ProgramRun& run) {
                       ProgramEnd end = run_program(program_world(task), run);
                       end.tell(task.settings.log);
                       return end;
                   },
               .spool_limits = task.spool.limits(),
               .own_address =
                   task.settings.plugin("sieve_user_email").value_or(task.recipient.address),
               .include = [this](sieve::ScriptPlace place,
                                 std::string_view name) { return includes_.include(place, name); },
               .lists = &lists_}),
          envelope_(sieve_envelope(task.envelope)),
          run_settings_(run_settings(task.settings, task.recipient.default_mailbox)),
          lists_([&task](std::string_view key) { return task.settings.plugin(key); },
                 task.settings.home,
                 [&task](std::string_view id) { return task.memory.remembers(id); },
                 [&task](const std::string& text) { task.settings.log.error("sieve: " + text); }),
          includes_([&task](std::string_view key) { return task.settings.plugin(key); },
                    task.settings.home, [this](const ScriptFile& file) { return load(file); },
                    [this](IncludeLibrary::Entry& entry) { take_included(entry); }) {
        decided_.message = std::move(message);
        trace_ = delivery_trace(task.settings, task.storage.disk().clock);
    }

    SequenceOutcome run(const std::vector<ScriptFile>& scripts) {
        for (const ScriptFile& each : scripts) {
            const ScriptFile script = named_apart(each);
            if (why_no_more_.empty())
                run_one(script);
            else
                record_left_out(task_.record, script, why_no_more_);
        }
        finish();
        return std::move(outcome_);
    }

  private:
    base::Result<LoadedScript, ScriptTrouble> load(const ScriptFile& script) {
        const sieve::Rights rights =
            script.is_global() ? sieve::Rights::global : sieve::Rights::personal;
        return task_.scripts.load(script, load_rules(task_.settings, rights));
    }

    // A script that another includes was loaded; it may be run more than once.
    void take_included(IncludeLibrary::Entry& entry) {
        entry.file = named_apart(std::move(entry.file));
        RecordedScript recorded = entry_of(entry.file);
        recorded.role = "included";
        if (!entry.loaded) {
            if (entry.loaded.error().kind != ScriptTrouble::Kind::compile_error) return;
            recorded.result = "compile error";
            tell_compile_errors(entry.file, entry.loaded.error(), recorded);
            included_.push_back(std::move(recorded));
            return;
        }
        for (const sieve::Diagnostic& warning : entry.loaded->warnings)
            tell_warning(entry.file, warning.line, warning.text, recorded);
        outcome_.ran.push_back(entry.file);
    }

    void record_included(sieve::Outcome& result) {
        for (sieve::IncludedReport& report : result.included) {
            const IncludeLibrary::Entry* entry = includes_.find(report.script);
            if (entry == nullptr) continue;
            RecordedScript& recorded = included_.emplace_back(entry_of(entry->file));
            recorded.role = "included";
            const ScriptSource* source = entry->loaded->source.get();
            recorded.program = program_name(entry->loaded->origin);
            recorded.result = "ran";
            record_run(recorded, report, result.decided.actions, source);
            tell_messages(entry->file, report, recorded);
            if (result.error && result.error->script == report.script)
                record_failure(recorded, *result.error, source);
        }
    }

    void tell_messages(const ScriptFile& script, const sieve::ScriptReport& report,
                       RecordedScript& recorded) {
        for (const sieve::RuntimeWarning& warning : report.warnings)
            tell_warning(script, warning.line, warning.text, recorded);
        for (const sieve::RuntimeWarning& line : report.debug)
            tell_debug(script, line);
    }

    // Actions and errors refer to a script by its name: of two that have the same, the second goes
    // by its path.
    ScriptFile named_apart(ScriptFile script) const {
        for (const RecordedScript& earlier : task_.record.scripts)
            if (earlier.name == script.name) script.name = script.path;
        return script;
    }

    void run_one(const ScriptFile& script) {
        RecordedScript& recorded = new_entry(task_.record, script);
        const Steady::time_point begin = Steady::now();
        load_and_run(script, recorded);
        recorded.micros = micros_since(begin);
        for (RecordedScript& each : included_)
            task_.record.scripts.push_back(std::move(each));
        included_.clear();
    }

    // Tests that were not true are noted in the record up to a bound for the whole sequence.
    std::size_t tests_to_record() const {
        if (!task_.settings.config->tamis_delivery_record) return 0;
        return sieve::limits::default_recorded_tests -
               std::min(sieve::limits::default_recorded_tests,
                        recorded_tests(task_.record.scripts));
    }

    void load_and_run(const ScriptFile& script, RecordedScript& recorded) {
        auto loaded = load(script);
        if (!loaded) return take_trouble(script, loaded.error(), recorded);
        for (const sieve::Diagnostic& warning : loaded->warnings)
            tell_warning(script, warning.line, warning.text, recorded);
        recorded.program = program_name(loaded->origin);
        outcome_.ran.push_back(script);
        const sieve::Job job{message_,     envelope_,        host_, run_settings_, script.name,
                             trace_.get(), tests_to_record()};
        sieve::Outcome result = sieve::run(loaded->program, job, decided_);
        if (trace_) trace_->debug(result);
        record_run(recorded, result, result.decided.actions, loaded->source.get());
        recorded.steps = result.steps;
        tell_messages(script, result, recorded);
        record_included(result);
        if (result.error) return take_error(script, *result.error, recorded, loaded->source.get());
        recorded.result = "ran";
        take_decisions(script, std::move(result));
    }

    // Explicit keeps become the pending one; the next script runs while a keep is in effect.
    void take_decisions(const ScriptFile& script, sieve::Outcome result) {
        decided_ = std::move(result.decided);
        bool kept = result.implicit_keep;
        std::optional<KeepDecision> explicit_keep;
        std::erase_if(decided_.actions, [&](const sieve::Action& action) {
            const auto* keep = std::get_if<sieve::Keep>(&action.what);
            if (keep == nullptr) return false;
            if (!keep->implicit)
                explicit_keep = KeepDecision{keep->flags, action.origin, false, action.message};
            kept = true;
            return true;
        });
        outcome_.decided_by.push_back(decided_.actions.size());
        if (!kept) {
            pending_keep_.reset();  // a keep of an earlier script means "go on", no more
            keep_in_effect_ = false;
            why_no_more_ = "the keep was cancelled by " + script.name + " line " +
                           std::to_string(result.keep_cancelled_in);
            return;
        }
        if (explicit_keep)
            pending_keep_ = std::move(explicit_keep);
        else if (pending_keep_)
            pending_keep_->message = decided_.message;  // this script's edits are kept as well
        keep_in_effect_ = true;
    }

    void take_trouble(const ScriptFile& script, const ScriptTrouble& trouble,
                      RecordedScript& recorded) {
        recorded.why = trouble.text;
        switch (trouble.kind) {
            case ScriptTrouble::Kind::missing:
                recorded.result = "missing";
                return;
            case ScriptTrouble::Kind::compile_error:
                recorded.result = "compile error";
                tell_compile_errors(script, trouble, recorded);
                end(SequenceOutcome::End::not_compiled, script, "could not be compiled");
                return;
            case ScriptTrouble::Kind::unreadable:
                recorded.result = "unreadable";
                task_.settings.log.error("sieve: Failed to open script `" + script.path +
                                         "': " + trouble.text);
                end(SequenceOutcome::End::not_compiled, script, "could not be read");
                return;
            case ScriptTrouble::Kind::temporary:
                break;
        }
        recorded.result = "temporary";
        outcome_.why = trouble.text;
        task_.settings.log.error("sieve: Failed to access script `" + script.path +
                                 "' (temporary failure): " + trouble.text);
        end(SequenceOutcome::End::temporary, script, "could not be read");
    }

    void tell_compile_errors(const ScriptFile& script, const ScriptTrouble& trouble,
                             RecordedScript& recorded) {
        const sieve::Compilation& compilation = trouble.compilation;
        record_errors(recorded, compilation, trouble.source.get());
        for (const sieve::Diagnostic& diagnostic : compilation.diagnostics) {
            if (diagnostic.severity == sieve::Severity::warning) {
                tell_warning(script, diagnostic.line, diagnostic.text, recorded);
                continue;
            }
            tell_script_error(task_, &script, place_of(script, diagnostic.line), diagnostic.text);
        }
        const std::string summary = sieve::summary_line(compilation.failed, script.name);
        const std::string failed = "sieve: Failed to compile script `" + script.path + '\'';
        if (script.is_global()) {
            task_.settings.log.error(failed);
            return;
        }
        // "NAME: error: validation failed." without its full stop.
        task_.user_log.write(
            std::string_view(summary).substr(0, summary.size() - (summary.ends_with('.') ? 1 : 0)));
        task_.settings.log.info(failed + " (view user logfile `" + task_.user_log.path() +
                                "' for more information)");
    }

    void take_error(const ScriptFile& script, const sieve::RuntimeError& error,
                    RecordedScript& recorded, const ScriptSource* source) {
        const std::string line = "line " + std::to_string(error.line);
        if (error.script.empty()) {
            record_failure(recorded, error, source);
            tell_script_error(task_, &script, place_of(script, error.line), error.text);
        } else {
            recorded.result = "failed";
            recorded.why = "the included script " + error.script + " failed in " + line;
            tell_script_error(task_, &script, error.script + ": " + line + ": ", error.text);
        }
        end(SequenceOutcome::End::failed, script,
            error.script.empty() ? "failed in " + line : "failed in " + error.script + ' ' + line);
    }

    void tell_warning(const ScriptFile& script, unsigned line, const std::string& text,
                      RecordedScript& recorded) {
        recorded.warnings.push_back(place_of(script, line) + text);
        if (script.is_global())
            task_.settings.log.warning("sieve: " + place_of(script, line) + text);
        else
            task_.user_log.write(place_of(script, line) + "warning: " + text);
    }

    void tell_debug(const ScriptFile& script, const sieve::RuntimeWarning& line) {
        if (script.is_global())
            task_.settings.log.info("sieve: " + place_of(script, line.line) + line.text);
        else
            task_.user_log.write(place_of(script, line.line) + "info: " + line.text);
    }

    void end(SequenceOutcome::End how, const ScriptFile& script, std::string_view why) {
        why_no_more_.append(script.name).append(" ").append(why);
        outcome_.end = how;
        outcome_.culprit = script;
    }

    void finish() {
        outcome_.actions = std::move(decided_.actions);
        outcome_.internal_flags = decided_.internal_flags;
        outcome_.message = decided_.message;
        switch (outcome_.end) {
            case SequenceOutcome::End::failed:
                outcome_.keep.emplace();  // of the original, without flags (sieve-compat 3.2)
                return;
            case SequenceOutcome::End::well:
                if (!keep_in_effect_) return;
                break;
            case SequenceOutcome::End::not_compiled:
            case SequenceOutcome::End::temporary:
                break;
        }
        outcome_.keep = pending_keep_.value_or(KeepDecision{.flags = decided_.internal_flags,
                                                            .origin = {},
                                                            .implicit = true,
                                                            .message = decided_.message});
    }

    Task& task_;
    SieveMessage message_;
    SieveHost host_;
    sieve::Envelope envelope_;
    sieve::RunSettings run_settings_;
    ExternalLists lists_;
    IncludeLibrary includes_;
    std::unique_ptr<FileTrace> trace_;
    std::vector<RecordedScript> included_;  // by the script that runs now
    sieve::Decided decided_;
    std::optional<KeepDecision> pending_keep_;
    bool keep_in_effect_ = true;
    std::string why_no_more_;  // empty while the next script may run
    SequenceOutcome outcome_;
};

}  // namespace

std::size_t decided_before(const SequenceOutcome& outcome, std::size_t action) {
    std::size_t earlier = 0;
    for (const std::size_t count : outcome.decided_by)
        if (count <= action) earlier = count;
    return earlier;
}

SequenceOutcome run_scripts(Task& task, const std::vector<ScriptFile>& scripts,
                            std::shared_ptr<const sieve::Message> message) {
    return Sequence(task, std::move(message)).run(scripts);
}

const ScriptFile* script_of(const SequenceOutcome& outcome, const sieve::Origin& origin) {
    for (auto it = outcome.ran.rbegin(); it != outcome.ran.rend(); ++it)
        if (it->name == origin.script) return &*it;
    return nullptr;
}

void record_left_out(DeliveryRecord& record, const ScriptFile& script, std::string why) {
    RecordedScript& recorded = new_entry(record, script);
    recorded.result = "not run";
    recorded.why = std::move(why);
}

void tell_script_error(Task& task, const ScriptFile* script, const std::string& place,
                       const std::string& text) {
    if (script == nullptr || script->is_global())
        task.settings.log.error("sieve: " + place + text);
    else
        task.user_log.write(place + "error: " + text);
}

}  // namespace deliver
