// SPDX-License-Identifier: MIT
// notify, the draft before enotify (draft-martin-sieve-notify-01), as Pigeonhole has it: notify
// with the method mailto, whose options are the recipients, and denotify.
#include "sieve/extension/address_text.h"
#include "sieve/extension/rows.h"
#include "sieve/limits.h"
#include "sieve/machine/matching.h"
#include "sieve/program/call_check.h"
#include "sieve/text.h"

#include <algorithm>
#include <charconv>

namespace sieve {

namespace {

constexpr std::string_view default_message = "$from$: $subject$";

std::string bad_recipient(std::string_view text) {
    return "specified :options address '" + printable(text) +
           "' is invalid for the mailto notify method";
}
std::string bad_method(std::string_view text) {
    return "invalid method '" + printable(text) + "': only mailto is known";
}
constexpr std::string_view no_recipients = "the notification has no :options, and so no recipients";

void check_notify(CallCheck& check) {
    check.each_literal(Slot::method, [&](std::string_view text, Range where) {
        if (!iequals(text, "mailto")) check.error(where, bad_method(text));
    });
    check.each_literal(Slot::options, [&](std::string_view text, Range where) {
        if (!read_mailbox(text)) check.error(where, bad_recipient(text));
    });
    if (!check.has(Slot::options)) check.warning(check.call().where, std::string(no_recipients));
}

// What stands for "$name$", or "text" with the number of octets of "$text[n]$".
std::optional<std::string> value_of(Run& run, std::string_view name) {
    const auto first = [&](std::string_view field) {
        const auto values = run.fields().header({field});
        return values.empty() ? std::string() : std::string(values[0].text());
    };
    if (name == "from") return first("From");
    if (name == "subject") return first("Subject");
    if (name == "env-from") return run.envelope().from.value_or("");
    if (!name.starts_with("text")) return std::nullopt;
    std::size_t most = limits::max_notified_text_bytes;
    if (name != "text") {
        const std::string_view digits = name.substr(4);
        if (digits.size() < 3 || digits.front() != '[' || digits.back() != ']') return std::nullopt;
        std::size_t wanted = 0;
        const auto [end, error] =
            std::from_chars(digits.data() + 1, digits.data() + digits.size() - 1, wanted);
        if (error != std::errc{} || end != digits.data() + digits.size() - 1) return std::nullopt;
        most = std::min(most, wanted);
    }
    const std::vector<std::string>& texts = run.message().text();
    if (texts.empty()) return std::string();
    run.work().add(texts[0].size());
    return std::string(cut_utf8(texts[0], most));
}

std::string expand(Run& run, std::string_view text) {
    std::string out;
    while (!text.empty()) {
        const std::size_t begin = std::min(text.find('$'), text.size());
        out += text.substr(0, begin);
        text.remove_prefix(begin);
        if (text.empty()) break;
        const std::size_t end = text.find('$', 1);
        const auto value =
            end == std::string_view::npos ? std::nullopt : value_of(run, text.substr(1, end - 1));
        out += value ? *value : "$";
        text.remove_prefix(value ? end + 1 : 1);
        if (out.size() > limits::max_string_bytes) run.fail("the notification grows too long");
    }
    run.work().add(out.size());
    run.check_budget();
    return out;
}

void do_notify(Run& run, const Arguments& arguments) {
    const auto text = [&](Slot slot) {
        return arguments.has(slot) ? arguments.string(slot).text : std::string_view();
    };
    if (arguments.has(Slot::method) && !iequals(text(Slot::method), "mailto"))
        run.fail(bad_method(text(Slot::method)));
    Notify action;
    action.by_old_extension = true;
    action.id = text(Slot::id);
    action.importance = arguments.constant(Slot::importance, 2);
    action.body = expand(run, arguments.has(Slot::message) ? text(Slot::message) : default_message);
    if (arguments.has(Slot::options))
        for (const StringRef option : arguments.list(Slot::options)) {
            const auto address = read_mailbox(option.text);
            if (!address) run.fail(bad_recipient(option.text));
            if (action.to.size() == limits::max_mailto_recipients)
                run.fail("the notification has more than " +
                         std::to_string(limits::max_mailto_recipients) + " recipients");
            action.to.push_back(address->text);
        }
    if (run.tracer().at(TraceLevel::actions)) run.tracer().write(1, "notify by mail");
    if (action.to.empty()) return run.warn(std::string(no_recipients));
    run.deciding().notify(run.origin(), std::move(action));
}

// Takes back notifications of this script and of those before it.
void do_denotify(Run& run, const Arguments& arguments) {
    using match::MatchType;
    match::How how;
    std::optional<match::Key> key;
    for (const auto& [slot, type] :
         {std::pair(Slot::id_is, MatchType::is), std::pair(Slot::id_contains, MatchType::contains),
          std::pair(Slot::id_matches, MatchType::matches)}) {
        if (!arguments.has(slot)) continue;
        how.type = type;
        key.emplace(arguments.string(slot).text, how.comparator);
    }
    const unsigned importance = arguments.constant(Slot::importance, 0);
    if (run.tracer().at(TraceLevel::actions)) run.tracer().write(1, "take back notifications");
    run.deciding().take_back_notify([&](const Notify& notify) {
        match::Subject subject(notify.id);
        return notify.by_old_extension && (importance == 0 || notify.importance == importance) &&
               (!key || match::match(how, subject, *key, run.work()));
    });
    run.check_budget();
}

constexpr TagSpec notify_tags[] = {
    {.name = "method", .slot = Slot::method, .value = ValueKind::string},
    {.name = "id", .slot = Slot::id, .value = ValueKind::string},
    {.name = "options", .slot = Slot::options, .value = ValueKind::list},
    {.name = "message", .slot = Slot::message, .value = ValueKind::string},
    {.name = "high", .slot = Slot::importance, .constant = 1, .constants = 4},
    {.name = "normal", .slot = Slot::importance, .constant = 2, .constants = 4},
    {.name = "low", .slot = Slot::importance, .constant = 3, .constants = 4},
};
constexpr TagSpec denotify_tags[] = {
    {.name = "high", .slot = Slot::importance, .constant = 1, .constants = 4},
    {.name = "normal", .slot = Slot::importance, .constant = 2, .constants = 4},
    {.name = "low", .slot = Slot::importance, .constant = 3, .constants = 4},
    {.name = "is", .slot = Slot::id_is, .value = ValueKind::string, .excludes = Slot::match},
    {.name = "contains",
     .slot = Slot::id_contains,
     .value = ValueKind::string,
     .excludes = Slot::match},
    {.name = "matches",
     .slot = Slot::id_matches,
     .value = ValueKind::string,
     .excludes = Slot::match},
};
constexpr WordSpec words[] = {
    {.name = "notify",
     .kind = WordKind::command,
     .tags = notify_tags,
     .check = check_notify,
     .is_action = true,
     .command = do_notify},
    {.name = "denotify",
     .kind = WordKind::command,
     .tags = denotify_tags,
     .is_action = true,
     .command = do_denotify},
};
constexpr std::string_view new_name[] = {"enotify"};

}  // namespace

const Extension extension::notify{.name = "notify",
                                  .rfc = "draft-martin-sieve-notify-01",
                                  .enabled = Enabled::when_configured,
                                  .words = words,
                                  .conflicts = new_name};

}  // namespace sieve
