// SPDX-License-Identifier: MIT
// sieve-test(1): what would these scripts do with this message? (sieve-compat 4.2). It changes
// nothing unless -e is given, and sends nothing ever.
#include "base/clock.h"
#include "bin/script_runner.h"
#include "bin/sieve_actions_text.h"
#include "bin/sieve_test_execute.h"
#include "bin/sieve_test_mail.h"
#include "bin/sieve_test_options.h"
#include "deliver/envelope.h"
#include "deliver/explain.h"
#include "deliver/record.h"
#include "deliver/recorded_action.h"
#include "store/local_disk.h"
#include "store/storage.h"

#include <CLI/CLI.hpp>

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <optional>
#include <string>
#include <sysexits.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace {

class Test {
  public:
    Test(const bin::SieveTestOptions& options, const bin::SieveSetUp& setup)
        : options_(options),
          setup_(setup),
          bytes_(bin::read_mail(options.mail_file)),
          message_(bytes_),
          envelope_(bin::test_envelope(options, message_)) {
        if (!setup.settings->storage.mail_location.empty()) open_storage();
        runner_.emplace(setup,
                        bin::RunnerOptions{.compile = options.compile,
                                           .dump_file = options.dump_file,
                                           .default_mailbox = options.default_mailbox,
                                           .trace_file = options.trace_file,
                                           .trace = options.trace,
                                           .record = options.explain || options.json},
                        storage_ ? &*storage_ : nullptr);
    }

    int run() {
        try {
            const int status = run_scripts();
            if (explains()) explain();
            return status;
        } catch (const bin::ToolFailure&) {  // a script with errors
            if (explains()) explain();
            throw;
        }
    }

  private:
    int run_scripts() {
        std::vector<std::string> scripts = options_.first_scripts;
        scripts.push_back(options_.script);
        bin::KeepOfSequence keep;
        for (const std::string& path : scripts) {
            const std::size_t before = outcome_.decided.actions.size();
            if (scripts.size() > 1) std::printf("\n## Executing script: %s\n", path.c_str());
            outcome_ = runner_->run(path, message_, envelope_, std::move(outcome_.decided));
            if (outcome_.error) return finish(after_failure());
            if (!options_.execute && !explains()) show(before, scripts.size() > 1);
            if (&path != &scripts.back() && !keep.take(outcome_)) break;
        }
        keep.end(outcome_);
        return finish(options_.execute ? bin::execute(world(), outcome_) : bin::Executed::well);
    }

    bool explains() const { return options_.explain || options_.json; }

    void explain() const {
        deliver::DeliveryRecord record;
        record.protocol = "sieve-test";
        record.time = base::system_clock().now();
        record.sender = envelope_.sender;
        record.recipient = envelope_.recipient;
        record.user = setup_.user.name;
        record.size = bytes_.size();
        record.scripts = runner_->recorded();
        for (const sieve::Action& action : outcome_.decided.actions)
            record.actions.push_back(deliver::decided_action(action, options_.default_mailbox));
        if (outcome_.implicit_keep) {
            sieve::Action keep;
            keep.what = sieve::Keep{outcome_.decided.internal_flags, true};
            record.actions.push_back(deliver::decided_action(keep, options_.default_mailbox));
        }
        const bool terminal = ::isatty(STDOUT_FILENO) != 0 && std::getenv("NO_COLOR") == nullptr;
        const std::string text =
            options_.json ? deliver::to_json_line(record)
                          : deliver::explain_run(record, terminal ? deliver::Colours::terminal
                                                                  : deliver::Colours::none);
        std::fwrite(text.data(), 1, text.size(), stdout);
    }

    void open_storage() {
        auto made = store::Storage::make(disk_.disk(), setup_.settings->storage);
        if (made) {
            storage_.emplace(std::move(made).value());
        } else if (options_.mail_location) {
            throw bin::ToolFailure{EX_CONFIG, made.error().text};
        }
    }

    void show(std::size_t first, bool in_sequence) const {
        bin::ActionsTextRules rules;
        if (!in_sequence) rules.keep_mailbox = options_.default_mailbox;
        rules.vacation = deliver::vacation_rules(*setup_.settings);
        const std::string text = bin::actions_text(outcome_, first, rules);
        std::fwrite(text.data(), 1, text.size(), stdout);
    }

    bin::TestWorld world() {
        return {setup_,
                message_,
                envelope_,
                options_.default_mailbox,
                storage_ ? &*storage_ : nullptr,
                storage_ && options_.mail_location};
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
    store::LocalDisk disk_;
    std::optional<store::Storage> storage_;
    std::optional<bin::ScriptRunner> runner_;
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
