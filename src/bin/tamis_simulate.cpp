// SPDX-License-Identifier: MIT
#include "bin/tamis_simulate.h"

#include "base/clock.h"
#include "base/text.h"
#include "bin/mailbox_filter.h"
#include "bin/script_runner.h"
#include "bin/source_mailbox.h"
#include "config/value.h"
#include "deliver/recorded_action.h"
#include "deliver/script_source.h"
#include "deliver/user_log.h"
#include "mail/header.h"
#include "mail/message.h"
#include "sieve/program/line_table.h"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>
#include <utility>
#include <variant>
#include <vector>

namespace bin {
namespace {

constexpr std::size_t bar_width = 40;

// On a terminal only, in one line of standard error.
class Progress {
  public:
    explicit Progress(std::size_t total)
        : total_(total), shown_(::isatty(STDERR_FILENO) != 0 && total > 0) {}
    ~Progress() {
        if (shown_) std::fprintf(stderr, "\r%*s\r", static_cast<int>(bar_width + 24), "");
    }
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;

    void at(std::size_t count) {
        const std::size_t filled = total_ == 0 ? 0 : count * bar_width / total_;
        if (!shown_ || (filled == filled_ && count != total_)) return;
        filled_ = filled;
        const std::string bar = std::string(filled, '#') + std::string(bar_width - filled, '.');
        std::fprintf(stderr, "\r[%s] %zu of %zu", bar.c_str(), count, total_);
    }

  private:
    std::size_t total_;
    bool shown_;
    std::size_t filled_ = bar_width + 1;
};

// "fileinto Lists", "redirect to a@b": by what messages are counted.
std::string words_of(const deliver::RecordedAction& action) {
    if (action.target.empty()) return action.what;
    return action.what + ' ' + base::printable(action.target, 60);
}

std::set<unsigned> rule_lines(const sieve::Program& program) {
    std::set<unsigned> lines;
    const sieve::Image& image = program.image();
    sieve::LineTableReader table(image.lines());
    for (std::uint32_t i = 0; i < image.count(sieve::format::Section::code); ++i) {
        const unsigned line = table.line(i);
        if (image.instruction(i).opcode() == sieve::Opcode::decided) lines.insert(line);
    }
    return lines;
}

class Simulation {
  public:
    Simulation(const SieveSetUp& setup, const SimulateOptions& options)
        : setup_(setup),
          options_(options),
          source_(setup, options.mailbox, EX_CONFIG, EX_NOINPUT),
          runner_(setup,
                  RunnerOptions{.compile = false,
                                .dump_file = {},
                                .default_mailbox = options.mailbox,
                                .trace_file = {},
                                .trace = {},
                                .record = false,
                                .recorded_decisions = SIZE_MAX},
                  &source_.storage()) {
        for (const unsigned line : rule_lines(load().program))
            fired_[line] = 0;
    }

    int run() {
        const std::vector<store::StoredMessage> messages = wanted_messages();
        {
            Progress progress(messages.size());
            source_.for_each(messages, [&, done = std::size_t{0}](const auto& read) mutable {
                try_on(read.message);
                progress.at(++done);
            });
        }
        show(messages.size());
        return options_.apply ? apply(messages) : EX_OK;
    }

  private:
    const deliver::LoadedScript& load() {
        try {
            return runner_.load(options_.script);
        } catch (const ToolFailure& failure) {
            const bool there = ::access(options_.script.c_str(), R_OK) == 0;
            throw ToolFailure{there ? EX_DATAERR : EX_NOINPUT, failure.text};
        }
    }

    // Those that have arrived since.
    std::vector<store::StoredMessage> wanted_messages() {
        std::vector<store::StoredMessage> messages = source_.messages();
        if (options_.since.empty()) return messages;
        const auto period = config::parse_time(options_.since, config::Milliseconds::refused);
        if (!period)
            throw ToolFailure{EX_USAGE, "--since " + options_.since + ": " + period.error()};
        const auto oldest = std::chrono::duration_cast<std::chrono::seconds>(
                                (base::system_clock().now() - *period).time_since_epoch())
                                .count();
        std::erase_if(messages, [&](const store::StoredMessage& message) {
            struct stat status {};
            return ::stat(message.path.c_str(), &status) != 0 || status.st_mtime < oldest;
        });
        return messages;
    }

    sieve::Outcome decide(const FilteredMessage& message) {
        return runner_.run(options_.script, message.message, message.envelope,
                           source_.begin(message.file));
    }

    void try_on(const FilteredMessage& message) {
        const sieve::Outcome outcome = decide(message);
        std::set<unsigned> lines;
        for (const sieve::Decision& decision : outcome.decisions)
            lines.insert(decision.line);
        for (const unsigned line : lines)
            if (const auto rule = fired_.find(line); rule != fired_.end()) ++rule->second;
        std::string fate;
        const auto add = [&](const std::string& words) {
            ++counts_[words];
            fate += (fate.empty() ? "" : ", ") + words;
        };
        if (outcome.error) {
            add("error");
        } else {
            for (const sieve::Action& action : outcome.decided.actions)
                add((fails(action) ? "error: there is no such mailbox, so kept: " : "") +
                    words_of(deliver::decided_action(action, options_.mailbox)));
            if (outcome.implicit_keep) add("keep " + options_.mailbox);
        }
        if (options_.list) tell(message.message, fate);
    }

    // Into a mailbox that there is not, and that nothing makes, or that there cannot be.
    bool fails(const sieve::Action& action) {
        const auto* into = std::get_if<sieve::FileInto>(&action.what);
        if (into == nullptr) return false;
        if (!source_.storage().locate(into->mailbox)) return true;
        return !into->create && !source_.storage().settings().autocreate &&
               !source_.storage().exists(into->mailbox);
    }

    void tell(const mail::Message& message, const std::string& fate) const {
        const auto value = [&](std::string_view name) {
            return base::printable(mail::decode_value(message.header().first(name).value_or("")),
                                   40);
        };
        std::printf("%-31.31s  %-40s  %-40s  -> %s\n", value("Date").c_str(), value("From").c_str(),
                    value("Subject").c_str(), fate.c_str());
    }

    void show(std::size_t total) {
        if (options_.list && total > 0) std::puts("");
        std::printf("%zu messages of %s\n", total, options_.mailbox.c_str());
        std::vector<std::pair<std::string, std::size_t>> counts(counts_.begin(), counts_.end());
        std::ranges::stable_sort(counts, std::ranges::greater(),
                                 &std::pair<std::string, std::size_t>::second);
        for (const auto& [words, count] : counts)
            std::printf("%8zu  %s\n", count, words.c_str());
        if (fired_.empty()) return;
        std::printf("\nRules of %s\n", options_.script.c_str());
        const auto& source = runner_.load(options_.script).source;
        for (const auto& [line, count] : fired_)
            std::printf("%8zu  line %u: %s%s\n", count, line,
                        source ? base::printable(source->line(line)).c_str() : "",
                        count == 0 ? "   (never)" : "");
    }

    int apply(const std::vector<store::StoredMessage>& messages) {
        FilterRules rules;
        rules.source = options_.mailbox;
        rules.default_mailbox = options_.mailbox;
        rules.write = true;
        MailboxFilter filter(setup_, source_.storage(), source_.mailbox(), rules);
        std::size_t failed = 0;
        failed += source_.for_each(messages, [&](const auto& read) {
            const sieve::Outcome outcome = decide(read.message);
            if (outcome.error || !filter.carry_out(read.message, outcome)) ++failed;
        });
        std::printf("\nApplied: %zu messages, %zu left where they were after a failure\n",
                    messages.size(), failed);
        return failed == 0 ? EX_OK : EX_TEMPFAIL;
    }

    const SieveSetUp& setup_;
    const SimulateOptions& options_;
    SourceMailbox source_;
    ScriptRunner runner_;
    std::map<unsigned, std::size_t> fired_;  // by the line of the rule
    std::map<std::string, std::size_t> counts_;
};

}  // namespace

int simulate(const SieveSetUp& setup, const SimulateOptions& options) {
    return Simulation(setup, options).run();
}

}  // namespace bin
