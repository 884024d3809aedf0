// SPDX-License-Identifier: MIT
// environment (RFC 5183), and Pigeonhole's vnd.dovecot.environment: items of its own, and the
// variable namespace "env." for all items; imapsieve (RFC 6785 §4) and Pigeonhole's additions to
// it. The host knows the values.
#include "sieve/extension/environment.h"

#include "sieve/extension/rows.h"
#include "sieve/machine/matching.h"
#include "sieve/text.h"

#include <algorithm>

namespace sieve {

namespace {

constexpr std::string_view own_prefix = "vnd.dovecot.";
constexpr std::string_view own_extension = "vnd.dovecot.environment";
constexpr std::string_view imap_prefix = "imap.";
constexpr std::string_view imap_extension = "imapsieve";
constexpr std::string_view own_imap_extension = "vnd.dovecot.imapsieve";
constexpr std::string_view own_imap_items[] = {"vnd.dovecot.mailbox-from",
                                               "vnd.dovecot.mailbox-to"};

// Whose item it is; empty: everybody's.
std::string_view extension_of_item(std::string_view key) {
    if (key.starts_with("tst.")) return "vnd.dovecot.testsuite";
    if (key.starts_with(imap_prefix)) return imap_extension;
    if (!key.starts_with(own_prefix)) return {};
    return std::ranges::find(own_imap_items, key) != std::end(own_imap_items) ? own_imap_extension
                                                                              : own_extension;
}

std::optional<std::string> item(Run& run, std::string_view name) {
    std::string key = lower(name);
    const std::string_view owner = extension_of_item(key);
    if (!owner.empty() && !run.uses(owner)) return std::nullopt;
    return run.host().environment(key);
}

// RFC 5183 §4: an item that is not known makes the test false, whatever the match type.
bool test_environment(Run& run, const Arguments& arguments) {
    const std::string_view name = arguments.string(Slot::first).text;
    const auto value = item(run, name);
    if (!value) return false;
    Matching matching(run, arguments, Slot::second);
    return matching.value(*value, name) || matching.finish();
}

constexpr ArgumentSpec arguments[] = {{.value = ValueKind::string}, {.value = ValueKind::list}};
constexpr WordSpec words[] = {
    {.name = "environment",
     .kind = WordKind::test,
     .arguments = arguments,
     .groups = Group::match,
     .test = test_environment},
};
constexpr std::string_view own_implies[] = {"environment"};
constexpr std::string_view own_imap_implies[] = {imap_extension};

}  // namespace

std::string environment_variable(Run& run, std::string_view name) {
    std::string key(name);
    std::ranges::replace(key, '_', '-');
    return item(run, key).value_or("");
}

const Extension extension::environment{.name = "environment", .rfc = "RFC 5183", .words = words};
const Extension extension::dovecot_environment{.name = own_extension,
                                               .rfc = "Pigeonhole",
                                               .enabled = Enabled::when_configured,
                                               .implies = own_implies};
const Extension extension::imapsieve{
    .name = imap_extension, .rfc = "RFC 6785", .enabled = Enabled::when_configured};
const Extension extension::dovecot_imapsieve{.name = own_imap_extension,
                                             .rfc = "Pigeonhole",
                                             .enabled = Enabled::when_configured,
                                             .implies = own_imap_implies};

}  // namespace sieve
