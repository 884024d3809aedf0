// SPDX-License-Identifier: MIT
// variables (RFC 5229): the command set and the test string. Strings with ${...} are the compiler's
// work (program/strings.cpp) and the machine's.
#include "sieve/extension/rows.h"
#include "sieve/extension/set_modifier.h"
#include "sieve/machine/matching.h"
#include "sieve/program/call_check.h"
#include "sieve/text.h"

namespace sieve {

namespace {

std::string with_backslashes(std::string_view text, std::string_view before) {
    std::string out;
    for (char c : text) {
        if (before.find(c) != std::string_view::npos) out += '\\';
        out += c;
    }
    return out;
}

// RFC 5435 §6: all octets but the unreserved characters of URIs (RFC 3986 §2.3).
std::string encode_url(std::string_view text) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string out;
    for (char c : text) {
        const auto octet = static_cast<unsigned char>(c);
        if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
            c == '-' || c == '.' || c == '_' || c == '~')
            out += c;
        else
            ((out += '%') += digits[octet >> 4]) += digits[octet & 15];
    }
    return out;
}

void modify(std::string& text, Modifier modifier) {
    switch (modifier) {
        case Modifier::lower:
            text = lower(text);
            break;
        case Modifier::upper:
            text = upper(text);
            break;
        case Modifier::lower_first:
            if (!text.empty()) text[0] = ascii_lower(text[0]);
            break;
        case Modifier::upper_first:
            if (!text.empty()) text[0] = ascii_upper(text[0]);
            break;
        case Modifier::quote_wildcard:
            text = with_backslashes(text, "*?\\");
            break;
        case Modifier::length:
            text = std::to_string(count_utf8(text));
            break;
        case Modifier::quote_regex:
            text = with_backslashes(text, ".\\|*+?^$()[]{}");
            break;
        case Modifier::encode_url:
            text = encode_url(text);
            break;
        case Modifier::count:
            break;
    }
}

// RFC 5229 §4.1: in the order of precedence, the largest first.
constexpr Slot by_precedence[] = {Slot::modifier_40, Slot::modifier_30, Slot::modifier_20,
                                  Slot::modifier_15, Slot::modifier_10};

}  // namespace

void modify(const Arguments& arguments, std::string& text) {
    for (const Slot slot : by_precedence)
        if (arguments.has(slot)) modify(text, static_cast<Modifier>(arguments.constant(slot, 0)));
}

namespace {

void do_set(Run& run, const Arguments& arguments) {
    std::string value(arguments.string(Slot::second).text);
    run.work().add(value.size());
    modify(arguments, value);
    const std::uint32_t variable = arguments.constant(Slot::first, 0);
    run.variables().set(variable, value);
    if (run.tracer().at(TraceLevel::commands))
        run.tracer().write(1, "assign `" + std::string(run.variable_name(variable)) + "' [" +
                                  std::to_string(variable) + "] = \"" + printable(value) + "\"");
}

std::optional<std::uint32_t> translate_variable(CallCheck& check, std::string_view name) {
    return check.unit().variable_named(name, check.here());
}

bool test_string(Run& run, const Arguments& arguments) {
    Matching matching(run, arguments, Slot::second);
    for (StringRef each : arguments.list(Slot::first)) {
        // RFC 5229 §5: an empty string counts nothing.
        if (matching.counts() && each.text.empty()) continue;
        if (matching.value(each.text, {})) return true;
    }
    return matching.finish();
}

// clang-format off
constexpr TagSpec tags[] = {
    {.name = "lower",         .slot = Slot::modifier_40, .constant = number(Modifier::lower),          .groups = Group::modifier, .constants = modifiers},
    {.name = "upper",         .slot = Slot::modifier_40, .constant = number(Modifier::upper),          .groups = Group::modifier, .constants = modifiers},
    {.name = "lowerfirst",    .slot = Slot::modifier_30, .constant = number(Modifier::lower_first),    .groups = Group::modifier, .constants = modifiers},
    {.name = "upperfirst",    .slot = Slot::modifier_30, .constant = number(Modifier::upper_first),    .groups = Group::modifier, .constants = modifiers},
    {.name = "quotewildcard", .slot = Slot::modifier_20, .constant = number(Modifier::quote_wildcard), .groups = Group::modifier, .constants = modifiers},
    {.name = "length",        .slot = Slot::modifier_10, .constant = number(Modifier::length),         .groups = Group::modifier, .constants = modifiers},
};
constexpr ArgumentSpec set_arguments[] = {
    {.value = ValueKind::string, .translate = translate_variable, .constants = variable_slots},
    {.value = ValueKind::string},
};
constexpr ArgumentSpec string_arguments[] = {{.value = ValueKind::list}, {.value = ValueKind::list}};
constexpr WordSpec words[] = {
    {.name = "set",    .kind = WordKind::command, .arguments = set_arguments, .groups = Group::modifier, .command = do_set},
    {.name = "string", .kind = WordKind::test, .arguments = string_arguments, .groups = Group::match, .test = test_string},
};
// clang-format on

}  // namespace

const Extension extension::variables{
    .name = "variables", .rfc = "RFC 5229", .words = words, .tags = tags};

}  // namespace sieve
