// SPDX-License-Identifier: MIT
// sieve-filter(1): runs scripts over the messages of a mailbox (sieve-compat 4.4). Without -e it
// changes nothing and shows what would be done.
#include "base/text.h"
#include "bin/mailbox_filter.h"
#include "bin/script_runner.h"
#include "bin/sieve_actions_text.h"
#include "bin/source_mailbox.h"
#include "mail/header.h"
#include "mail/message.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <sysexits.h>
#include <utility>
#include <vector>

namespace {

constexpr int fatal_status = 89;

struct CommandLine : bin::SieveOptions {
    bool compile = false;                    // -C
    bool execute = false;                    // -e
    bool write = false;                      // -W
    bool verbose = false;                    // -v
    std::string default_mailbox;             // -m
    std::string outgoing_mailbox;            // -q
    std::string mail_command;                // -Q
    std::vector<std::string> first_scripts;  // -s
    std::string script;
    std::string source;
    std::vector<std::string> discard;
};

bin::FilterRules rules_of(const CommandLine& line, const bin::SieveSetUp& setup) {
    bin::FilterRules rules;
    rules.source = line.source;
    rules.default_mailbox = line.default_mailbox.empty() ? line.source : line.default_mailbox;
    rules.write = line.write;
    rules.outgoing_mailbox = line.outgoing_mailbox;
    if (!line.mail_command.empty()) {
        rules.outgoing.emplace();
        rules.outgoing->sendmail_path = line.mail_command;
        rules.outgoing->hostname = setup.settings->hostname;
    }
    const std::string word = line.discard.empty() ? "keep" : line.discard[0];
    const bool has_mailbox = line.discard.size() > 1;
    const auto needs = [&](bool mailbox) {
        if (has_mailbox != mailbox)
            throw bin::ToolFailure{EX_USAGE, "Invalid <discard-action> argument"};
    };
    needs(word == "move");
    if (word == "move") {
        rules.discard = bin::DiscardAction::move;
        rules.discard_mailbox = line.discard[1];
    } else if (word == "delete") {
        rules.discard = bin::DiscardAction::remove;
    } else if (word == "expunge") {
        rules.discard = bin::DiscardAction::expunge;
    } else if (word != "keep") {
        throw bin::ToolFailure{EX_USAGE, "Invalid <discard-action> argument"};
    }
    return rules;
}

class Filter {
  public:
    Filter(const CommandLine& line, const bin::SieveSetUp& setup)
        : line_(line),
          setup_(setup),
          rules_(rules_of(line, setup)),
          source_(setup, line.source, fatal_status, fatal_status),
          runner_(setup,
                  bin::RunnerOptions{.compile = line.compile,
                                     .dump_file = {},
                                     .default_mailbox = rules_.default_mailbox,
                                     .trace_file = {},
                                     .trace = {}},
                  &source_.storage()),
          carrier_(setup, source_.storage(), source_.mailbox(), rules_) {
        if (rules_.discard == bin::DiscardAction::move)
            source_.open(
                rules_.discard_mailbox, "mailbox", fatal_status,
                line.execute ? store::CreateMailbox::as_configured : store::CreateMailbox::never);
        scripts_ = line.first_scripts;
        scripts_.push_back(line.script);
        for (const std::string& script : scripts_)
            load(script);
    }

    int run() {
        source_.for_each(source_.messages(),
                         [this](const auto& read) { filter(read.message, read.bytes); });
        return EX_OK;
    }

  private:
    void load(const std::string& script) {
        try {
            runner_.load(script);
        } catch (const bin::ToolFailure& failure) {
            throw bin::ToolFailure{fatal_status, failure.text};
        }
    }

    void filter(const bin::FilteredMessage& message, const std::string& bytes) {
        const auto value = [&](std::string_view name) {
            return mail::decode_value(message.message.header().first(name).value_or(""));
        };
        if (!line_.execute)
            std::printf(
                ">> Filtering message:\n\n  ID:      %s\n  Date:    %s\n  Size:    %zu bytes\n"
                "  Subject: %s\n",
                base::printable(message.id).c_str(), base::printable(value("Date")).c_str(),
                virtual_size(bytes), base::printable(value("Subject")).c_str());
        else if (line_.verbose)
            std::fprintf(stderr, "info: filtering: [%s; %zu bytes] `%s'.\n",
                         base::printable(value("Date")).c_str(), virtual_size(bytes),
                         base::printable(value("Subject"), 40).c_str());
        const std::optional<sieve::Outcome> outcome = decide(message);
        if (line_.execute && (!outcome || !carrier_.carry_out(message, *outcome))) {
            if (!outcome) carrier_.leave(message);
            std::fprintf(stderr,
                         "error: sieve script execution failed for this message; message left in "
                         "source mailbox.\n");
        }
        std::fflush(stdout);
    }

    static std::size_t virtual_size(const std::string& bytes) {
        return bytes.size() +
               static_cast<std::size_t>(std::count(bytes.begin(), bytes.end(), '\n'));
    }

    // Nothing where a script fails. The keep that stands at the end is the last script's.
    std::optional<sieve::Outcome> decide(const bin::FilteredMessage& message) {
        sieve::Outcome outcome;
        outcome.decided = source_.begin(message.file);
        bin::KeepOfSequence keep;
        for (const std::string& script : scripts_) {
            const std::size_t before = outcome.decided.actions.size();
            outcome =
                runner_.run(script, message.message, message.envelope, std::move(outcome.decided));
            if (outcome.error) return std::nullopt;
            if (!line_.execute) show(outcome, before);
            if (&script != &scripts_.back() && !keep.take(outcome)) break;
        }
        keep.end(outcome);
        return outcome;
    }

    void show(const sieve::Outcome& outcome, std::size_t first) const {
        bin::ActionsTextRules rules;
        rules.keep_mailbox = rules_.default_mailbox;
        rules.vacation = deliver::vacation_rules(*setup_.settings);
        const std::string text = bin::actions_text(outcome, first, rules);
        std::fwrite(text.data(), 1, text.size(), stdout);
    }

    const CommandLine& line_;
    const bin::SieveSetUp& setup_;
    bin::FilterRules rules_;
    bin::SourceMailbox source_;
    bin::ScriptRunner runner_;
    bin::MailboxFilter carrier_;
    std::vector<std::string> scripts_;
};

int run(const CommandLine& line) {
    const bin::SieveSetUp setup = bin::set_up("sieve-filter", line);
    bin::leave_root(setup);
    return Filter(line, setup).run();
}

}  // namespace

int main(int argc, char** argv) {
    CommandLine line;
    CLI::App app{"Runs a Sieve script over the messages of a mailbox.", "sieve-filter"};
    bin::add_sieve_options(app, line, bin::UserOption::yes);
    app.add_flag("-C", line.compile, "compile always, ignore binaries");
    app.add_flag("-e", line.execute, "carry the actions out; else they are only shown");
    app.add_option("-m", line.default_mailbox, "where keep stores: the source mailbox");
    app.add_option("-q", line.outgoing_mailbox, "store what a redirect sends in this mailbox");
    app.add_option("-Q", line.mail_command, "send it with this program, as sendmail_path");
    app.add_option("-s", line.first_scripts, "run this script before, may be repeated")
        ->take_all()
        ->allow_extra_args(false);
    app.add_flag("-v", line.verbose, "name each message");
    app.add_flag("-W", line.write, "the source mailbox may be changed");
    app.add_option("script-file", line.script, "the script")->required();
    app.add_option("source-mailbox", line.source, "the mailbox")->required();
    app.add_option("discard-action", line.discard,
                   "what becomes of discarded messages: keep, move MAILBOX, delete, expunge")
        ->expected(0, 2);
    return bin::run_tool(app, argc, argv, [&line] { return run(line); });
}
