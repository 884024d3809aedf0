// SPDX-License-Identifier: MIT
// One script that runs: what words of the language work with. Made by run() (machine.h) for the top
// script and by include() for each that it includes; used by the functions of the extension rows.
// Not shared between threads.
#pragma once

#include "sieve/edit.h"
#include "sieve/host.h"
#include "sieve/machine/arguments.h"
#include "sieve/machine/candidates.h"
#include "sieve/machine/execution.h"
#include "sieve/machine/field_cache.h"
#include "sieve/machine/machine.h"
#include "sieve/machine/untrue_rules.h"
#include "sieve/machine/variables.h"
#include "sieve/match/match.h"
#include "sieve/program/line_table.h"
#include "sieve/testsuite.h"

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sieve {

class Run {
  public:
    Run(const Program& program, Execution& execution, std::string_view script_name);
    // Whether it ran to its end and was not stopped. Throws ScriptError.
    bool execute();
    // After it.
    ScriptReport take_report();

    // The world. The message is as it stands now; what it answered before an edit is gone after it.
    const Message& message() {
        see_edits();
        return *execution_.message;
    }
    // The same as its owner; nothing while it is as it came.
    std::shared_ptr<const Message> standing_message() {
        see_edits();
        return execution_.edited;
    }
    const Envelope& envelope() const { return execution_.job.envelope; }
    const Host& host() const { return execution_.job.host; }
    const RunSettings& settings() const { return execution_.job.settings; }
    // Whether the script required it (or has it implicitly).
    bool uses(std::string_view extension) const;

    // Values of header fields, kept for the run.
    FieldCache& fields() {
        see_edits();
        return fields_;
    }
    // Changes the message from here on.
    void edit(Edit edit);
    // Another content for a part; the message for another one around it (RFC 5703).
    void replace_part(ReplacePart edit);
    void enclose(Enclose edit);
    // Another message in the place of the one that message() gave last.
    void replace_message(Edited edited);
    // Runs another script as a part of this one (RFC 6609).
    void include(ScriptPlace place, std::string_view name, bool once, bool optional);
    Variables& variables() { return variables_; }
    std::optional<std::uint32_t> variable_slot(std::string_view name) const;
    std::string_view variable_name(std::uint32_t slot) const {
        return image_.string(image_.variable(slot));
    }
    match::MatchValues& match_values() { return match_values_; }
    // Whether a string of the program could show them.
    bool wants_match_values() const { return wants_match_values_; }
    Deciding& deciding() {
        see_edits();
        return execution_.deciding;
    }
    Tracer& tracer() { return execution_.tracer; }

    // Work done; over the budget or the CPU limit it throws ScriptError. Callers of a matcher call
    // it after each value.
    match::Work& work() { return execution_.work; }
    void check_budget() {
        if (execution_.work.octets() >= execution_.next_check) check_limits();
    }

    // Of a program of sieve-testsuite; others fail.
    Testsuite& testsuite() const;
    // What its tests count and look at begins anew.
    void begin_anew() { execution_.deciding.begin_anew(); }

    [[noreturn]] void fail(std::string text) const { throw ScriptError{std::move(text)}; }
    void warn(std::string text);
    // A line for the log that the script asked for.
    void say(std::string text);
    // Where the command or test stands that runs now.
    Origin origin();
    unsigned line() { return lines_.line(address_); }

    // A test was true because of this; for the record of what decided.
    void matched(std::string_view test, std::string_view field, std::string_view value,
                 std::string_view key);

    // Tests that share a pass over their values.
    Candidates& candidates() { return candidates_; }

    // What the running test looks at, in case it is not true.
    UntrueRules& untrue() { return untrue_; }
    void looked_at(std::string_view field, std::string_view value) {
        if (untrue_.noting()) untrue_.saw(field, value);
    }
    void found_nothing(std::string_view field) {
        if (untrue_.noting()) untrue_.nothing(field);
    }

    // The part of the innermost loop (RFC 5703 §3); nothing outside of one.
    std::optional<std::size_t> current_part();

    // A place for strings that must live as long as the run. Counts against limits::max_run_bytes.
    std::string_view keep(std::string text);

    // The key as a pattern. Where it is none (a variable's value, as Pigeonhole has it, is nobody's
    // mistake at compile time) a warning and nothing: it matches no value.
    const match::Regex* regex(StringRef key, match::Comparator comparator);

    // Memory that matchings use again and again.
    std::vector<match::Key>& scratch_keys() { return scratch_keys_; }
    match::Subject& scratch_subject() { return scratch_subject_; }

  private:
    struct PendingMatch {
        std::uint32_t address = 0;
        MatchRecord record;
    };

    void see_edits() {
        if (!execution_.edits.empty() || version_ != execution_.version) look_at_edited();
    }
    void look_at_edited();
    void take_message(Edited edited);
    Edited edit_now(const Edit& edit);
    void run_included(const IncludedScript& script);
    void share_globals();
    void run_code();
    void begin_loop(std::uint32_t past);
    void next_round(std::uint32_t body);
    void leave_loops(std::uint32_t count);
    void end_trace();
    void run_guarded();
    bool leave_guard(const ScriptError& error);
    void stop();
    void leave();
    void step(Instruction instruction);
    void consider(std::uint32_t search);
    bool test(const WordSpec& word, const Arguments& arguments);
    void call(std::uint32_t shape, Opcode opcode);
    void jump(std::uint32_t target, bool taken);
    StringRef expand(std::uint32_t template_index);
    void make_list(std::uint32_t count);
    void decided(std::uint32_t begin);
    void check_limits();

    const Program& program_;
    const Image& image_;
    Execution& execution_;
    const std::string_view script_name_;
    LineTableReader lines_;
    unsigned version_ = 0;  // of the message that fields_ hold
    FieldCache fields_;
    Variables variables_;
    match::MatchValues match_values_;
    bool wants_match_values_ = false;
    bool stopped_ = false;
    // Parts that are left for each loop that is open.
    struct Loop {
        std::size_t part = 0;
        std::size_t next = 0;
        std::size_t end = 0;
    };
    std::vector<Loop> loops_;
    // The block whose failure is not the script's: where it goes on, and the loops around it.
    struct Guard {
        std::uint32_t past = 0;
        std::size_t loops = 0;
    };
    std::optional<Guard> guard_;
    std::uint32_t address_ = 0;
    std::uint32_t next_ = 0;
    bool truth_ = false;
    std::vector<Value> stack_;
    std::deque<std::string> made_;
    std::deque<std::vector<StringRef>> made_lists_;
    std::vector<std::shared_ptr<const match::Regex>> regexes_;  // of keys that are no constants
    std::vector<match::Key> scratch_keys_;
    match::Subject scratch_subject_{{}};
    Candidates candidates_;
    std::optional<std::uint32_t> considered_;  // the test that comes may be passed over
    UntrueRules untrue_;
    std::vector<PendingMatch> pending_;
    std::size_t pending_count_ = 0;
    ScriptReport report_;
};

}  // namespace sieve
