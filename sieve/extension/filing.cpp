// SPDX-License-Identifier: MIT
// fcc (RFC 8580), and what it shares with fileinto.
#include "sieve/extension/filing.h"

#include "sieve/extension/flag_list.h"
#include "sieve/extension/mailbox_id.h"
#include "sieve/extension/mailbox_name.h"
#include "sieve/extension/rows.h"
#include "sieve/extension/special_use.h"
#include "sieve/machine/run.h"
#include "sieve/program/call_check.h"
#include "sieve/text.h"

namespace sieve {

namespace {

std::string complaint(std::string_view name) {
    return "invalid folder name '" + printable(name) + "'";
}

void check_fcc(CallCheck& check) {
    check_mailbox(check, Slot::fcc);
    if (check.unit().active("notify") && check.word() == "notify")
        check.error(check.where(Slot::fcc), "the old notify has no ':fcc'");
}

constexpr std::string_view tagged[] = {"vacation", "notify"};
constexpr TagSpec tags[] = {{.name = "fcc",
                             .slot = Slot::fcc,
                             .value = ValueKind::string,
                             .words = tagged,
                             .check = check_fcc}};

}  // namespace

void check_mailbox(CallCheck& check, Slot named) {
    check.each_literal(named, [&](std::string_view name, Range where) {
        if (!is_mailbox_name(name)) check.error(where, complaint(name));
    });
}

void check_filing_tag(CallCheck& check, Slot tag) {
    const bool files = check.word() == "fileinto" || check.word() == "keep";
    if (!files && !check.has(Slot::fcc))
        check.error(check.where(tag),
                    "':" + std::string(slot_names[static_cast<std::size_t>(tag)]) +
                        "' belongs to ':fcc', which is not there");
}

std::string filed_mailbox(Run& run, const Arguments& arguments, Slot named) {
    const std::string_view name = arguments.string(named).text;
    if (!is_mailbox_name(name)) run.fail(complaint(name));
    if (arguments.has(Slot::mailbox_id))
        if (auto found = mailbox_of_id(run, arguments.string(Slot::mailbox_id).text))
            return *std::move(found);
    if (arguments.has(Slot::special_use))
        return mailbox_for(run, arguments.string(Slot::special_use).text, name);
    return std::string(name);
}

std::optional<FileCopy> file_copy_of(Run& run, const Arguments& arguments) {
    if (!arguments.has(Slot::fcc)) return std::nullopt;
    FileCopy copy{.mailbox = filed_mailbox(run, arguments, Slot::fcc),
                  .flags = {},
                  .create = arguments.has(Slot::create)};
    // The internal variable is about the message that came (RFC 5232 §5).
    if (arguments.has(Slot::flags)) copy.flags = flags_in(run, arguments.list(Slot::flags));
    if (run.tracer().at(TraceLevel::actions))
        run.tracer().write(1, "file a copy into mailbox `" + copy.mailbox + "'");
    return copy;
}

const Extension extension::fcc{.name = "fcc", .rfc = "RFC 8580", .tags = tags};

}  // namespace sieve
