// SPDX-License-Identifier: MIT
#include "sieve/extension/address_text.h"
#include "sieve/extension/base.h"
#include "sieve/extension/delivery_report.h"
#include "sieve/extension/external_list.h"
#include "sieve/extension/flag_list.h"
#include "sieve/machine/run.h"
#include "sieve/program/call_check.h"
#include "sieve/text.h"

namespace sieve {

void do_keep(Run& run, const Arguments& arguments) {
    run.deciding().keep(run.origin(), flags_of(run, arguments));
}

void do_discard(Run& run, const Arguments&) {
    run.deciding().discard(run.origin());
}

void check_redirect(CallCheck& check) {
    if (check.has(Slot::list)) return check_list_names(check, Slot::first);
    check.each_literal(Slot::first, [&](std::string_view address, Range where) {
        if (!read_mailbox(address))
            check.error(where, "'" + printable(address) + "' is no mail address to redirect to");
    });
}

namespace {

void redirect_to(Run& run, const Arguments& arguments, std::string_view text) {
    const auto address = read_mailbox(text);
    if (!address) run.fail("'" + printable(text) + "' is no mail address to redirect to");
    if (run.tracer().at(TraceLevel::actions))
        run.tracer().write(1, "forward message to address <" + printable(text) + ">");
    Redirect action{address->text.substr(0, address->text.size() - address->domain.size()) +
                        lower(address->domain),
                    arguments.has(Slot::copy)};
    read_report_tags(run, arguments, action);
    run.deciding().redirect(run.origin(), std::move(action));
}

}  // namespace

void do_redirect(Run& run, const Arguments& arguments) {
    const std::string_view text = arguments.string(Slot::first).text;
    if (!arguments.has(Slot::list)) return redirect_to(run, arguments, text);
    const std::vector<std::string> members = members_of_list(run, text);
    // A message that goes to nobody must not be lost: the implicit keep stays.
    if (members.empty())
        run.warn("external list '" + printable(text) + "' has no members to redirect to");
    for (const std::string& member : members)
        redirect_to(run, arguments, member);
}

}  // namespace sieve
