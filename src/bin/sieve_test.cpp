// SPDX-License-Identifier: MIT
// sieve-test(1): what would these scripts do with this message? (sieve-compat 4.2). It changes
// nothing unless -e is given, and sends nothing ever.
#include "base/text.h"
#include "bin/file_trace.h"
#include "bin/sieve_actions_text.h"
#include "bin/sieve_test_execute.h"
#include "bin/sieve_test_mail.h"
#include "bin/sieve_test_options.h"
#include "deliver/deadline.h"
#include "deliver/external_lists.h"
#include "deliver/include_library.h"
#include "deliver/scan_results.h"
#include "deliver/script_store.h"
#include "deliver/sieve_message.h"
#include "deliver/sieve_rules.h"
#include "sieve/machine/machine.h"
#include "sieve/program/dump.h"
#include "store/disk.h"
#include "store/storage.h"

#include <CLI/CLI.hpp>

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <sysexits.h>
#include <utility>
#include <variant>
#include <vector>

namespace {

// `source` is empty where a binary was found, or nothing at all.
base::Result<deliver::LoadedScript, deliver::ScriptTrouble> load_script(
    const deliver::ScriptFile& script, const bin::SieveTestOptions& options,
    const bin::SieveSetUp& setup, std::string& source) {
    source.clear();
    if (options.compile) return deliver::compile_script(script, setup.rules.compile, source);
    // A binary beside the script, or none: a try is not worth a place in a cache.
    deliver::LoadRules rules = setup.rules;
    rules.cache_directories.clear();
    return deliver::ScriptStore().load(script, rules);
}

sieve::Program load(const std::string& path, const bin::SieveTestOptions& options,
                    const bin::SieveSetUp& setup) {
    const auto script = deliver::ScriptFile::at(path, deliver::ScriptRole::before);
    std::string source;
    auto loaded = load_script(script, options, setup, source);
    if (!loaded) {
        // Compiled again for its source, which the loader does not hand out.
        if (source.empty()) (void)deliver::compile_script(script, setup.rules.compile, source);
        bin::show_trouble(loaded.error(), script, source);
        throw bin::ToolFailure{EXIT_FAILURE, "failed to compile sieve script '" + path + '\''};
    }
    sieve::Compilation warnings;
    warnings.diagnostics = std::move(loaded->warnings);
    bin::show_diagnostics(warnings, script, source);
    if (!options.dump_file.empty())
        bin::write_text(options.dump_file, sieve::dump(loaded->program, script.path));
    return std::move(loaded->program);
}

void tell(const std::string& script, std::string_view kind, unsigned line,
          const std::string& text) {
    std::fflush(stdout);
    const std::string place = line == 0 ? std::string() : ": line " + std::to_string(line);
    std::fprintf(stderr, "%s%s: %.*s: %s.\n", script.c_str(), place.c_str(),
                 static_cast<int>(kind.size()), kind.data(), base::printable(text).c_str());
}

class Test {
  public:
    Test(const bin::SieveTestOptions& options, const bin::SieveSetUp& setup)
        : options_(options),
          setup_(setup),
          bytes_(bin::read_mail(options.mail_file)),
          message_(bytes_),
          envelope_(bin::test_envelope(options, message_)),
          view_(message_),
          run_settings_(deliver::run_settings(*setup.settings, options.default_mailbox)),
          lists_([&setup](std::string_view key) { return setup.settings->plugin(key); },
                 setup.settings->home, {},
                 [&setup](const std::string& text) { setup.log.error(text); }),
          includes_([&setup](std::string_view key) { return setup.settings->plugin(key); },
                    setup.settings->home,
                    [this](const deliver::ScriptFile& file) {
                        return load_script(file, options_, setup_, included_source_);
                    },
                    [this](deliver::IncludeLibrary::Entry& entry) { tell_included(entry); }) {
        run_settings_.max_cpu_seconds = 0;  // the tools have no limit (sieve-compat 2.2)
        if (!options.trace_file.empty())
            trace_ = std::make_unique<bin::FileTrace>(options.trace_file, options.trace);
        if (!setup.settings->storage.mail_location.empty()) open_storage();
    }

    int run() {
        std::vector<std::string> scripts = options_.first_scripts;
        scripts.push_back(options_.script);
        for (const std::string& path : scripts) {
            const std::size_t before = outcome_.decided.actions.size();
            if (!run_one(path)) return finish(after_failure());
            if (!options_.execute) show(before, scripts.size() > 1);
            if (&path != &scripts.back() && !take_keep()) break;
        }
        return finish(options_.execute ? bin::execute(world(), outcome_) : bin::Executed::well);
    }

  private:
    void open_storage() {
        auto made = store::Storage::make(disk_, setup_.settings->storage);
        if (made) {
            storage_.emplace(std::move(made).value());
        } else if (options_.mail_location) {
            throw bin::ToolFailure{EX_CONFIG, made.error().text};
        }
    }

    bool run_one(const std::string& path) {
        if (!options_.first_scripts.empty())
            std::printf("\n## Executing script: %s\n", path.c_str());
        const sieve::Program program = load(path, options_, setup_);
        const std::string name = deliver::ScriptFile::at(path, deliver::ScriptRole::before).name;
        const deliver::SieveHost host(
            {.storage = storage_ ? &*storage_ : nullptr,
             .environment = deliver::environment_items(*setup_.settings, setup_.user.name,
                                                       options_.default_mailbox),
             .scan_result =
                 [this, &name](sieve::ScanScale scale) {
                     return deliver::scan_result(
                         scale, view_,
                         [this](std::string_view key) { return setup_.settings->plugin(key); },
                         [&name](const std::string& text) { tell(name, "error", 0, text); });
                 },
             .run_program =
                 [this](const deliver::ProgramRun& run) {
                     const deliver::Deadline none;
                     deliver::ProgramEnd end = deliver::run_program(
                         {*setup_.settings, envelope_, setup_.user.name, envelope_.recipient, none},
                         run);
                     if (!end.ok && !end.log_line.empty()) setup_.log.info(end.log_line);
                     return end;
                 },
             .own_address = envelope_.recipient,
             .include = [this](
                            sieve::ScriptPlace place,
                            std::string_view script) { return includes_.include(place, script); },
             .lists = &lists_});
        sieve::Envelope envelope;
        envelope.from = envelope_.sender;
        envelope.to = envelope_.recipient;
        envelope.orig_to = envelope_.original_recipient;
        if (trace_) std::fputc('\n', stdout);
        outcome_ = sieve::run(program, {view_, envelope, host, run_settings_, name, trace_.get()},
                              std::move(outcome_.decided));
        if (trace_) trace_->debug(outcome_);
        if (trace_) std::fputs("\n", stdout);
        tell_report(name, outcome_);
        for (const sieve::IncludedReport& report : outcome_.included)
            tell_report(report.script, report);
        if (outcome_.error)
            tell(outcome_.error->script.empty() ? name : outcome_.error->script, "error",
                 outcome_.error->line, outcome_.error->text);
        return !outcome_.error;
    }

    static void tell_report(const std::string& name, const sieve::ScriptReport& report) {
        for (const sieve::RuntimeWarning& warning : report.warnings)
            tell(name, "warning", warning.line, warning.text);
        for (const sieve::RuntimeWarning& line : report.debug)
            tell(name, "info", line.line, line.text);
    }

    void tell_included(const deliver::IncludeLibrary::Entry& entry) const {
        if (entry.loaded) {
            sieve::Compilation warnings;
            warnings.diagnostics = entry.loaded->warnings;
            bin::show_diagnostics(warnings, entry.file, included_source_);
        } else if (entry.loaded.error().kind == deliver::ScriptTrouble::Kind::compile_error) {
            bin::show_trouble(entry.loaded.error(), entry.file, included_source_);
        }
    }

    void show(std::size_t first, bool in_sequence) const {
        bin::ActionsTextRules rules;
        if (!in_sequence) rules.keep_mailbox = options_.default_mailbox;
        rules.vacation = deliver::vacation_rules(*setup_.settings);
        const std::string text = bin::actions_text(outcome_, first, rules);
        std::fwrite(text.data(), 1, text.size(), stdout);
    }

    // A keep lets the next script run and is no store until the end (sieve-compat 3.1).
    bool take_keep() {
        const std::size_t keeps =
            std::erase_if(outcome_.decided.actions, [](const sieve::Action& action) {
                return std::holds_alternative<sieve::Keep>(action.what);
            });
        return keeps > 0 || outcome_.implicit_keep;
    }

    bin::TestWorld world() {
        return {setup_, message_, envelope_, options_.default_mailbox,
                storage_ && options_.mail_location ? &*storage_ : nullptr};
    }

    bin::Executed after_failure() {
        return options_.execute ? bin::keep_instead(world()) : bin::Executed::kept_instead;
    }

    int finish(bin::Executed executed) const {
        std::fflush(stdout);
        switch (executed) {
            case bin::Executed::well:
                setup_.log.info("final result: success");
                return EX_OK;
            case bin::Executed::kept_instead:
                setup_.log.info("final result: failed; resolved with successful implicit keep");
                return EXIT_FAILURE;
            case bin::Executed::failed:
                setup_.log.info("final result: utter failure");
                return EXIT_FAILURE;
        }
        return EXIT_FAILURE;
    }

    const bin::SieveTestOptions& options_;
    const bin::SieveSetUp& setup_;
    std::string bytes_;
    mail::Message message_;
    deliver::Envelope envelope_;
    deliver::SieveMessage view_;
    sieve::RunSettings run_settings_;
    std::unique_ptr<bin::FileTrace> trace_;
    store::FileSystem files_;
    store::Syncer sync_{files_};
    store::MessageNames names_{base::system_clock(), store::MessageNames::local_host()};
    store::Disk disk_{files_, sync_, names_, base::system_clock()};
    std::optional<store::Storage> storage_;
    std::string included_source_;
    deliver::ExternalLists lists_;
    deliver::IncludeLibrary includes_;
    sieve::Outcome outcome_;
};

int run(bin::SieveTestOptions& options) {
    options.trace = bin::read_trace_words(options.trace_words);
    const bin::SieveSetUp setup = bin::set_up("sieve-test", options, options.mail_location);
    bin::leave_root(setup);
    try {
        return Test(options, setup).run();
    } catch (const std::exception& error) {
        setup.log.error(error.what());
        setup.log.info("final result: temporary failure");
        return EXIT_FAILURE;
    }
}

}  // namespace

int main(int argc, char** argv) {
    bin::SieveTestOptions options;
    CLI::App app{"Runs a Sieve script over a message and shows what it decides.", "sieve-test"};
    bin::add_sieve_test_options(app, options);
    return bin::run_tool(app, argc, argv, [&options] { return run(options); });
}
