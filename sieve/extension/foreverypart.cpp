// SPDX-License-Identifier: MIT
// foreverypart and break (RFC 5703 §3): words that the compiler itself understands; and extracttext
// (§7), which looks at the part of the loop.
#include "sieve/extension/rows.h"
#include "sieve/extension/set_modifier.h"
#include "sieve/machine/run.h"
#include "sieve/program/call_check.h"
#include "sieve/text.h"

#include <optional>

namespace sieve {

namespace {

// A loop's name, for the compiler: no code comes of it.
void check_name(CallCheck& check) {
    const bound::Value* name = check.call().value(Slot::name);
    if (name != nullptr && !name->texts.empty() && !name->texts[0].constant())
        check.error(name->where, "a loop's name must be a constant string");
}

constexpr TagSpec name_tags[] = {
    {.name = "name", .slot = Slot::name, .value = ValueKind::string, .check = check_name}};
constexpr WordSpec words[] = {
    {.name = "foreverypart",
     .kind = WordKind::command,
     .tags = name_tags,
     .control = Control::foreverypart},
    {.name = "break", .kind = WordKind::command, .tags = name_tags, .control = Control::break_},
};

std::optional<std::uint32_t> translate_variable(CallCheck& check, std::string_view name) {
    if (!check.unit().active("variables")) {
        check.error(check.here(), "'extracttext' needs: require \"variables\"");
        return std::nullopt;
    }
    return check.unit().variable_named(name, check.here());
}

void check_extracttext(CallCheck& check) {
    if (!check.unit().in_loop())
        check.error(check.call().where, "'extracttext' stands outside of a 'foreverypart' loop");
    if (check.number(Slot::first_characters) == std::uint64_t{0})
        check.warning(check.where(Slot::first_characters), "no character is extracted");
}

// The first characters of UTF-8.
std::string_view first_characters(std::string_view text, std::uint64_t count) {
    std::size_t at = 0;
    for (; at < text.size(); ++at)
        if ((static_cast<unsigned char>(text[at]) & 0xc0) != 0x80 && count-- == 0) break;
    return text.substr(0, at);
}

void do_extracttext(Run& run, const Arguments& arguments) {
    std::string text;
    if (const auto part = run.current_part()) {
        text = run.message().part_text(*part);
        run.work().add(text.size());
        if (arguments.has(Slot::first_characters))
            text = first_characters(text, arguments.number(Slot::first_characters));
    }
    modify(arguments, text);
    run.variables().set(arguments.constant(Slot::first, 0), text);
    if (run.tracer().at(TraceLevel::actions))
        run.tracer().write(1, "extracted " + std::to_string(text.size()) + " octets of text");
    run.check_budget();
}

constexpr ArgumentSpec extract_arguments[] = {
    {.value = ValueKind::string, .translate = translate_variable, .constants = variable_slots}};
constexpr TagSpec extract_tags[] = {
    {.name = "first", .slot = Slot::first_characters, .value = ValueKind::number}};
constexpr WordSpec extract_words[] = {
    {.name = "extracttext",
     .kind = WordKind::command,
     .arguments = extract_arguments,
     .tags = extract_tags,
     .groups = Group::modifier,
     .check = check_extracttext,
     .is_action = true,
     .command = do_extracttext},
};

}  // namespace

const Extension extension::foreverypart{.name = "foreverypart", .rfc = "RFC 5703", .words = words};
const Extension extension::extracttext{
    .name = "extracttext", .rfc = "RFC 5703", .words = extract_words};

}  // namespace sieve
