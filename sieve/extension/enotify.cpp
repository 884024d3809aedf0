// SPDX-License-Identifier: MIT
// enotify (RFC 5435) with the method mailto (RFC 5436): the action notify, the tests
// valid_notify_method and notify_method_capability, set's modifier :encodeurl.
#include "sieve/extension/address_text.h"
#include "sieve/extension/filing.h"
#include "sieve/extension/mailto.h"
#include "sieve/extension/rows.h"
#include "sieve/extension/set_modifier.h"
#include "sieve/machine/matching.h"
#include "sieve/program/call_check.h"
#include "sieve/text.h"

#include <algorithm>

namespace sieve {

namespace {

bool is_importance(std::string_view text) {
    return text.size() == 1 && text[0] >= '1' && text[0] <= '3';
}

// "optionname=value" (RFC 5435 §3.5).
bool is_option(std::string_view text) {
    const std::string_view name = text.substr(0, text.find('='));
    if (name.size() == text.size() || name.empty()) return false;
    const auto is_alphanumeric = [](char c) {
        return (ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z') || (c >= '0' && c <= '9');
    };
    return is_alphanumeric(name[0]) && std::ranges::all_of(name, [&](char c) {
               return is_alphanumeric(c) || c == '.' || c == '-' || c == '_';
           });
}

std::string bad_importance(std::string_view text) {
    return "':importance' is \"1\", \"2\" or \"3\", not '" + printable(text) + "'";
}
std::string bad_option(std::string_view text) {
    return "invalid option '" + printable(text) + "': name=value is wanted";
}
std::string bad_from(std::string_view text) {
    return "specified :from address '" + printable(text) + "' is invalid for the mailto method";
}
constexpr std::string_view no_recipients = "the notification method names no recipients";

std::string ignored_field(const std::string& name) {
    return "mailto URI: the header field '" + printable(name) + "' is ignored";
}

void check_notify(CallCheck& check) {
    check.each_literal(Slot::importance, [&](std::string_view text, Range where) {
        if (!is_importance(text)) check.error(where, bad_importance(text));
    });
    check.each_literal(Slot::from, [&](std::string_view text, Range where) {
        if (!read_mailbox(text)) check.error(where, bad_from(text));
    });
    check.each_literal(Slot::options, [&](std::string_view text, Range where) {
        if (!is_option(text))
            check.error(where, bad_option(text));
        else
            check.warning(where, "the method mailto has no options");
    });
    check.each_literal(Slot::first, [&](std::string_view uri, Range where) {
        const MailtoRead read = read_mailto(uri);
        if (!read.mailto) return check.error(where, read.why);
        for (const std::string& name : read.mailto->ignored)
            check.warning(where, ignored_field(name));
        if (read.mailto->to.empty() && read.mailto->cc.empty())
            check.warning(where, std::string(no_recipients));
    });
}

void do_notify(Run& run, const Arguments& arguments) {
    const std::string_view uri = arguments.string(Slot::first).text;
    run.work().add(uri.size());
    Notify action;
    if (arguments.has(Slot::importance)) {
        const std::string_view text = arguments.string(Slot::importance).text;
        if (!is_importance(text)) run.fail(bad_importance(text));
        action.importance = static_cast<unsigned>(text[0] - '0');
    }
    if (arguments.has(Slot::from)) {
        action.from = arguments.string(Slot::from).text;
        if (!read_mailbox(action.from)) run.fail(bad_from(action.from));
    }
    if (arguments.has(Slot::options))
        for (const StringRef option : arguments.list(Slot::options))
            if (!is_option(option.text)) run.fail(bad_option(option.text));
    MailtoRead read = read_mailto(uri);
    if (!read.mailto) run.fail(std::move(read.why));
    action.to = std::move(read.mailto->to);
    action.cc = std::move(read.mailto->cc);
    action.subject = std::move(read.mailto->subject);
    if (arguments.has(Slot::message)) action.subject = arguments.string(Slot::message).text;
    action.body = std::move(read.mailto->body);
    action.headers = std::move(read.mailto->headers);
    action.file_copy = file_copy_of(run, arguments);
    if (run.tracer().at(TraceLevel::actions))
        run.tracer().write(1, "notify with uri `" + printable(uri) + "'");
    if (action.to.empty() && action.cc.empty()) return run.warn(std::string(no_recipients));
    run.deciding().notify(run.origin(), std::move(action));
}

bool test_valid(Run& run, const Arguments& arguments) {
    const StringList uris = arguments.list(Slot::first);
    for (const StringRef uri : uris) {
        run.work().add(uri.text.size());
        const MailtoRead read = read_mailto(uri.text);
        if (read.mailto) continue;
        run.looked_at("the method", uri.text);
        return false;
    }
    if (uris.size() != 0) run.matched(arguments.word(), {}, uris[0].text, {});
    return true;
}

bool test_capability(Run& run, const Arguments& arguments) {
    run.work().add(arguments.string(Slot::first).text.size());
    if (!read_mailto(arguments.string(Slot::first).text).mailto) return false;
    const std::string_view capability = arguments.string(Slot::second).text;
    std::string_view value;
    if (iequals(capability, "online"))
        value = "maybe";  // nobody knows (RFC 5436 §2.2)
    else if (iequals(capability, "fcc") && run.uses("fcc"))
        value = "yes";  // RFC 8580 §6.1
    else
        return false;
    Matching matching(run, arguments, Slot::third);
    return matching.value(value, capability) || matching.finish();
}

constexpr TagSpec notify_tags[] = {
    {.name = "from", .slot = Slot::from, .value = ValueKind::string},
    {.name = "importance", .slot = Slot::importance, .value = ValueKind::string},
    {.name = "options", .slot = Slot::options, .value = ValueKind::list},
    {.name = "message", .slot = Slot::message, .value = ValueKind::string},
};
constexpr ArgumentSpec one_string[] = {{.value = ValueKind::string}};
constexpr ArgumentSpec one_list[] = {{.value = ValueKind::list}};
constexpr ArgumentSpec capability_arguments[] = {
    {.value = ValueKind::string}, {.value = ValueKind::string}, {.value = ValueKind::list}};
constexpr WordSpec words[] = {
    {.name = "notify",
     .kind = WordKind::command,
     .arguments = one_string,
     .tags = notify_tags,
     .check = check_notify,
     .is_action = true,
     .command = do_notify},
    {.name = "valid_notify_method",
     .kind = WordKind::test,
     .arguments = one_list,
     .test = test_valid},
    {.name = "notify_method_capability",
     .kind = WordKind::test,
     .arguments = capability_arguments,
     .groups = Group::match,
     .test = test_capability},
};

constexpr TagSpec tags[] = {
    {.name = "encodeurl",
     .slot = Slot::modifier_15,
     .constant = number(Modifier::encode_url),
     .groups = Group::modifier,
     .constants = modifiers},
};
constexpr std::string_view old_name[] = {"notify"};

}  // namespace

const Extension extension::enotify{
    .name = "enotify", .rfc = "RFC 5435", .words = words, .tags = tags, .conflicts = old_name};

}  // namespace sieve
