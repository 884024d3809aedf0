// SPDX-License-Identifier: MIT
// imap4flags (RFC 5232): setflag, addflag, removeflag, hasflag and :flags; and the draft before it,
// imapflags, with mark and unmark in place of the latter two (draft-melnikov-sieve-imapflags-04).
#include "sieve/extension/filing.h"
#include "sieve/extension/flag_list.h"
#include "sieve/extension/rows.h"
#include "sieve/limits.h"
#include "sieve/machine/matching.h"
#include "sieve/program/call_check.h"
#include "sieve/text.h"

#include <algorithm>
#include <array>

namespace sieve {

namespace {

constexpr std::array<std::string_view, 5> system_flags{"\\Answered", "\\Flagged", "\\Deleted",
                                                       "\\Seen", "\\Draft"};

// RFC 3501 §9 atom, ASCII only.
bool is_atom(std::string_view text) {
    const auto fits = [](char c) {
        return c > ' ' && c < 0x7f &&
               std::string_view("(){%*\"\\]").find(c) == std::string_view::npos;
    };
    return !text.empty() && std::ranges::all_of(text, fits);
}

template <typename Visit>
void each_flag(std::string_view text, Visit visit) {
    for (std::size_t at = text.find_first_not_of(' '); at != std::string_view::npos;
         at = text.find_first_not_of(' ', at)) {
        const std::size_t end = std::min(text.find(' ', at), text.size());
        visit(text.substr(at, end - at));
        at = end;
    }
}

bool contains(const std::vector<std::string>& flags, std::string_view flag) {
    return std::ranges::any_of(flags, [&](const std::string& each) { return iequals(each, flag); });
}

void add(Run& run, std::vector<std::string>& flags, std::string_view text) {
    each_flag(text, [&](std::string_view each) {
        run.work().add(each.size() + flags.size());
        std::string flag = canonical_flag(each);
        if (flag.empty())
            run.warn("'" + printable(each) + "' is no IMAP flag: ignored");
        else if (!contains(flags, flag) && flags.size() < limits::max_flags)
            flags.push_back(std::move(flag));
    });
    run.check_budget();
}

std::string joined(const std::vector<std::string>& flags) {
    std::string text;
    for (const std::string& each : flags)
        text.append(text.empty() ? "" : " ").append(each);
    return text;
}

// Where a command's flags are: the internal variable, or the one that it names.
class FlagVariable {
  public:
    FlagVariable(Run& run, const Arguments& arguments) : run_(run) {
        if (arguments.has(Slot::first))
            slot_ = run.variable_slot(arguments.string(Slot::first).text);
        named_ = arguments.has(Slot::first);
    }
    std::vector<std::string> get() const {
        if (!named_) return run_.deciding().internal_flags().names;
        std::vector<std::string> flags;
        if (slot_) add(run_, flags, run_.variables().get(*slot_));
        return flags;
    }
    void set(std::vector<std::string> flags) const {
        if (!named_)
            run_.deciding().internal_flags() = {true, std::move(flags)};
        else if (slot_)
            run_.variables().set(*slot_, joined(flags));
    }

  private:
    Run& run_;
    std::optional<std::uint32_t> slot_;
    bool named_ = false;
};

void trace(Run& run, std::string_view what, const std::vector<std::string>& flags) {
    if (run.tracer().at(TraceLevel::commands))
        run.tracer().write(1, std::string(what) + " flags `" + joined(flags) + "'");
}

void do_setflag(Run& run, const Arguments& arguments) {
    std::vector<std::string> flags = flags_in(run, arguments.list(Slot::second));
    trace(run, "set", flags);
    FlagVariable(run, arguments).set(std::move(flags));
}

void do_addflag(Run& run, const Arguments& arguments) {
    const FlagVariable variable(run, arguments);
    std::vector<std::string> flags = variable.get();
    for (StringRef each : arguments.list(Slot::second))
        add(run, flags, each.text);
    trace(run, "add", flags);
    variable.set(std::move(flags));
}

void do_removeflag(Run& run, const Arguments& arguments) {
    const FlagVariable variable(run, arguments);
    std::vector<std::string> flags = variable.get();
    const std::vector<std::string> gone = flags_in(run, arguments.list(Slot::second));
    std::erase_if(flags, [&](const std::string& each) { return contains(gone, each); });
    trace(run, "remove", gone);
    variable.set(std::move(flags));
}

constexpr std::string_view flagged = "\\Flagged";

void do_mark(Run& run, const Arguments&) {
    Flags& flags = run.deciding().internal_flags();
    flags.set = true;
    add(run, flags.names, flagged);
    trace(run, "add", flags.names);
}

void do_unmark(Run& run, const Arguments&) {
    Flags& flags = run.deciding().internal_flags();
    flags.set = true;
    std::erase(flags.names, flagged);
    trace(run, "remove", {std::string(flagged)});
}

// A variable's name must be known when the script is compiled.
void check_variables(CallCheck& check) {
    if (!check.has(Slot::first)) return;
    if (!check.unit().active("variables"))
        return check.error(check.where(Slot::first),
                           "a variable's name here needs: require \"variables\"");
    for (const bound::Text& each : check.call().value(Slot::first)->texts) {
        if (!each.constant())
            check.error(each.where, "a variable's name must be a constant string");
        else
            check.unit().variable_named(each.literal, each.where);
    }
}

void check_flags(CallCheck& check, Slot slot) {
    check.each_literal(slot, [&](std::string_view text, Range where) {
        each_flag(text, [&](std::string_view flag) {
            if (canonical_flag(flag).empty())
                check.warning(where, "'" + printable(flag) + "' is no IMAP flag: ignored");
        });
    });
}

void check_change(CallCheck& check) {
    check_variables(check);
    check_flags(check, Slot::second);
}
void check_tag(CallCheck& check) {
    check_filing_tag(check, Slot::flags);
    check_flags(check, Slot::flags);
}

bool test_hasflag(Run& run, const Arguments& arguments) {
    Matching matching(run, arguments, Slot::second);
    // What is counted is compared with numbers, not with lists of flags.
    if (!matching.counts()) matching.split_keys();
    const auto test = [&](const std::vector<std::string>& flags, std::string_view name) {
        return std::ranges::any_of(
            flags, [&](const std::string& each) { return matching.value(each, name); });
    };
    if (!arguments.has(Slot::first))
        return test(run.deciding().internal_flags().names, {}) || matching.finish();
    for (StringRef name : arguments.list(Slot::first)) {
        const auto slot = run.variable_slot(name.text);
        if (!slot) continue;
        std::vector<std::string> flags;
        add(run, flags, run.variables().get(*slot));
        if (test(flags, name.text)) return true;
    }
    return matching.finish();
}

// clang-format off
constexpr ArgumentSpec change_arguments[] = {{.value = ValueKind::string, .optional = true}, {.value = ValueKind::list}};
constexpr ArgumentSpec test_arguments[] = {{.value = ValueKind::list, .optional = true}, {.value = ValueKind::list}};
constexpr WordSpec setflag{.name = "setflag", .kind = WordKind::command, .arguments = change_arguments, .check = check_change, .command = do_setflag};
constexpr WordSpec addflag{.name = "addflag", .kind = WordKind::command, .arguments = change_arguments, .check = check_change, .command = do_addflag};
constexpr WordSpec removeflag{.name = "removeflag", .kind = WordKind::command, .arguments = change_arguments, .check = check_change, .command = do_removeflag};
constexpr WordSpec old_words[] = {
    setflag, addflag, removeflag,
    {.name = "mark",   .kind = WordKind::command, .command = do_mark},
    {.name = "unmark", .kind = WordKind::command, .command = do_unmark},
};
constexpr WordSpec words[] = {
    setflag, addflag, removeflag,
    {.name = "hasflag",    .kind = WordKind::test,    .arguments = test_arguments, .groups = Group::match,
     .check = check_variables, .test = test_hasflag},
};
constexpr std::string_view old_name[] = {"imapflags"};
constexpr std::string_view new_name[] = {"imap4flags"};
constexpr std::string_view stores[] = {"keep", "fileinto", "vacation", "notify"};
constexpr TagSpec tags[] = {
    {.name = "flags", .slot = Slot::flags, .value = ValueKind::list, .words = stores, .check = check_tag},
};
// clang-format on

}  // namespace

std::string canonical_flag(std::string_view text) {
    for (std::string_view each : system_flags)
        if (iequals(each, text)) return std::string(each);
    return is_atom(text) ? std::string(text) : std::string();
}

std::vector<std::string> flags_in(Run& run, const StringList& list) {
    std::vector<std::string> flags;
    for (StringRef each : list)
        add(run, flags, each.text);
    return flags;
}

Flags flags_of(Run& run, const Arguments& arguments) {
    if (arguments.has(Slot::flags)) return {true, flags_in(run, arguments.list(Slot::flags))};
    Flags flags = run.deciding().internal_flags();
    if (run.uses("imap4flags") || run.uses("imapflags")) flags.set = true;
    return flags;
}

const Extension extension::imap4flags{
    .name = "imap4flags", .rfc = "RFC 5232", .words = words, .tags = tags, .conflicts = old_name};
const Extension extension::imapflags{.name = "imapflags",
                                     .rfc = "draft-melnikov-sieve-imapflags-04",
                                     .enabled = Enabled::when_configured,
                                     .words = old_words,
                                     .conflicts = new_name};

}  // namespace sieve
