// SPDX-License-Identifier: MIT
// replace and enclose (RFC 5703 §5, §6): another text for a part or for the whole, and a new
// message around it.
#include "sieve/extension/address_text.h"
#include "sieve/extension/field_name.h"
#include "sieve/extension/rows.h"
#include "sieve/machine/run.h"
#include "sieve/program/call_check.h"
#include "sieve/text.h"

namespace sieve {

namespace {

std::string bad_from(std::string_view text) {
    return "specified :from address '" + printable(text) + "' is invalid";
}

void check_replace(CallCheck& check) {
    for (const Slot slot : {Slot::subject, Slot::from})
        if (check.has(Slot::mime) && check.has(slot))
            check.error(check.where(slot), "this cannot stand beside ':mime'");
    check.each_literal(Slot::from, [&](std::string_view text, Range where) {
        if (!is_mailbox_list(text)) check.error(where, bad_from(text));
    });
}

std::optional<std::string> text_of(const Arguments& arguments, Slot slot) {
    if (!arguments.has(slot)) return std::nullopt;
    return std::string(arguments.string(slot).text);
}

void do_replace(Run& run, const Arguments& arguments) {
    ReplacePart edit;
    edit.part = run.current_part().value_or(0);
    edit.is_mime = arguments.has(Slot::mime);
    edit.text = arguments.string(Slot::first).text;
    edit.subject = text_of(arguments, Slot::subject);
    edit.from = text_of(arguments, Slot::from);
    if (edit.from && !is_mailbox_list(*edit.from)) {
        run.warn(bad_from(*edit.from) + ": ignored");
        edit.from.reset();
    }
    if (edit.part != 0 && (edit.subject || edit.from))
        run.warn("':subject' and ':from' are ignored where a part of the message is replaced");
    if (run.tracer().at(TraceLevel::actions))
        run.tracer().write(1, edit.part == 0 ? std::string("replace the message")
                                             : "replace part " + std::to_string(edit.part));
    run.replace_part(std::move(edit));
}

void check_enclose(CallCheck& check) {
    check.each_literal(Slot::headers, [&](std::string_view name, Range where) {
        if (!is_field_name(name))
            check.error(where, "'" + printable(name) + "' is no valid header field name");
    });
}

void do_enclose(Run& run, const Arguments& arguments) {
    Enclose edit;
    edit.text = arguments.string(Slot::first).text;
    edit.subject = text_of(arguments, Slot::subject);
    if (arguments.has(Slot::headers))
        for (const StringRef name : arguments.list(Slot::headers)) {
            if (!is_field_name(name.text))
                run.fail("'" + printable(name.text) + "' is no valid header field name");
            edit.headers.emplace_back(name.text);
        }
    if (run.tracer().at(TraceLevel::actions)) run.tracer().write(1, "enclose the message");
    run.enclose(std::move(edit));
}

constexpr ArgumentSpec one_string[] = {{.value = ValueKind::string}};
constexpr TagSpec replace_tags[] = {
    {.name = "mime", .slot = Slot::mime},
    {.name = "subject", .slot = Slot::subject, .value = ValueKind::string},
    {.name = "from", .slot = Slot::from, .value = ValueKind::string},
};
constexpr TagSpec enclose_tags[] = {
    {.name = "subject", .slot = Slot::subject, .value = ValueKind::string},
    {.name = "headers", .slot = Slot::headers, .value = ValueKind::list},
};
constexpr WordSpec replace_words[] = {
    {.name = "replace",
     .kind = WordKind::command,
     .arguments = one_string,
     .tags = replace_tags,
     .check = check_replace,
     .is_action = true,
     .command = do_replace},
};
constexpr WordSpec enclose_words[] = {
    {.name = "enclose",
     .kind = WordKind::command,
     .arguments = one_string,
     .tags = enclose_tags,
     .check = check_enclose,
     .is_action = true,
     .command = do_enclose},
};

}  // namespace

const Extension extension::replace{.name = "replace", .rfc = "RFC 5703", .words = replace_words};
const Extension extension::enclose{.name = "enclose", .rfc = "RFC 5703", .words = enclose_words};

}  // namespace sieve
