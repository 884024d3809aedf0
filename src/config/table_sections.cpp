// SPDX-License-Identifier: MIT
// Known sections and the keys inside them (compat 1.7, 8.9, 9.3, 9.7). Keys are sorted by name.
#include "config/table.h"

namespace config {
namespace {

// clang-format off
constexpr Setting passdb_keys[] = {
    {"args", Type::template_text, "", "", Effect::acts, "driver specific"},
    {"auth_verbose", Type::text, "default", "", Effect::later, "log failures of this block: yes, no, default"},
    {"default_fields", Type::template_text, "", "", Effect::later, "key=value list set before the look-up"},
    {"deny", Type::boolean, "no", "", Effect::acts, "a user found here is refused"},
    {"driver", Type::text, "", "", Effect::acts, "passwd-file, static, passwd, ldap, sql, pam, ..."},
    {"master", Type::boolean, "no", "", Effect::acts, "passwords of master users"},
    {"mechanisms", Type::text, "", "", Effect::later, "only for these mechanisms; none = look-ups"},
    {"name", Type::text, "", "", Effect::none, "a name for logs"},
    {"override_fields", Type::template_text, "", "", Effect::later, "key=value list set after the look-up"},
    {"pass", Type::boolean, "no", "", Effect::later, "old form of result_success=continue"},
    {"result_failure", Type::one_of, "continue", "return-ok return return-fail continue continue-ok continue-fail", Effect::later, "what follows an unknown user"},
    {"result_internalfail", Type::one_of, "continue", "return-ok return return-fail continue continue-ok continue-fail", Effect::later, "what follows a failed look-up"},
    {"result_success", Type::one_of, "return-ok", "return-ok return return-fail continue continue-ok continue-fail", Effect::later, "what follows a success"},
    {"skip", Type::one_of, "never", "never authenticated unauthenticated", Effect::later, "when not to ask this block"},
    {"username_filter", Type::text, "", "", Effect::later, "patterns of user names, !pattern excludes"},
};
constexpr Setting userdb_keys[] = {
    {"args", Type::template_text, "", "", Effect::acts, "driver specific"},
    {"auth_verbose", Type::text, "default", "", Effect::later, "log failures of this block: yes, no, default"},
    {"default_fields", Type::template_text, "", "", Effect::acts, "key=value list set before the look-up"},
    {"driver", Type::text, "", "", Effect::acts, "passwd-file, static, passwd, ldap, sql, pam, ..."},
    {"name", Type::text, "", "", Effect::none, "a name for logs"},
    {"override_fields", Type::template_text, "", "", Effect::acts, "key=value list set after the look-up"},
    {"result_failure", Type::one_of, "continue", "return-ok return return-fail continue continue-ok continue-fail", Effect::acts, "what follows an unknown user"},
    {"result_internalfail", Type::one_of, "continue", "return-ok return return-fail continue continue-ok continue-fail", Effect::acts, "what follows a failed look-up"},
    {"result_success", Type::one_of, "return-ok", "return-ok return return-fail continue continue-ok continue-fail", Effect::acts, "what follows a success"},
    {"skip", Type::one_of, "never", "never found notfound", Effect::acts, "when not to ask this block"},
};
constexpr Setting mailbox_keys[] = {
    {"auto", Type::one_of, "no", "no create subscribe", Effect::acts, "make the mailbox, and subscribe it"},
    {"autoexpunge", Type::time, "0", "", Effect::later, "expunge mail saved before"},
    {"autoexpunge_max_mails", Type::number, "0", "", Effect::later, "expunge beyond this many"},
    {"comment", Type::text, "", "", Effect::none, "METADATA comment"},
    {"driver", Type::text, "", "", Effect::none, "storage driver"},
    {"special_use", Type::text, "", "", Effect::acts, "\\Drafts \\Sent \\Junk \\Trash \\Archive \\All \\Flagged \\Important"},
};
constexpr Setting namespace_keys[] = {
    {"alias_for", Type::text, "", "", Effect::later, "prefix of the namespace that this one repeats", true},
    {"disabled", Type::boolean, "no", "", Effect::acts, "not there"},
    {"hidden", Type::boolean, "no", "", Effect::later, "not in NAMESPACE"},
    {"ignore_on_failure", Type::boolean, "no", "", Effect::later, "go on without it where it cannot be opened"},
    {"inbox", Type::boolean, "no", "", Effect::acts, "holds INBOX; exactly one does"},
    {"list", Type::one_of, "yes", "yes no children", Effect::later, "shown in LIST"},
    {"location", Type::template_text, "", "", Effect::acts, "as mail_location; empty = that"},
    {"order", Type::number, "0", "", Effect::later, "order in NAMESPACE"},
    {"prefix", Type::template_text, "", "", Effect::acts, "in front of its mailbox names, ends with the separator"},
    {"separator", Type::text, "", "", Effect::acts, "between levels of a name"},
    {"subscriptions", Type::boolean, "yes", "", Effect::acts, "keeps its own subscriptions"},
    {"type", Type::one_of, "private", "private shared public", Effect::later, "whose mailboxes these are"},
};
constexpr Setting unix_listener_keys[] = {
    {"group", Type::text, "", "", Effect::acts, "group of the socket"},
    {"mode", Type::octal, "0600", "", Effect::acts, "permissions; 0 = disabled; octal only with a leading 0"},
    {"path", Type::text, "", "", Effect::acts, "relative to base_dir"},
    {"user", Type::text, "", "", Effect::acts, "owner of the socket"},
};
constexpr Setting fifo_listener_keys[] = {
    {"group", Type::text, "", "", Effect::later, "group of the socket"},
    {"mode", Type::octal, "0600", "", Effect::later, "permissions; 0 = disabled; octal only with a leading 0"},
    {"path", Type::text, "", "", Effect::later, "relative to base_dir"},
    {"user", Type::text, "", "", Effect::later, "owner of the socket"},
};
constexpr Setting inet_listener_keys[] = {
    {"address", Type::text, "", "", Effect::acts, "addresses; empty = listen"},
    {"haproxy", Type::boolean, "no", "", Effect::later, "expects the PROXY header"},
    {"name", Type::text, "", "", Effect::none, "name"},
    {"port", Type::port, "0", "", Effect::acts, "0 = disabled"},
    {"reuse_port", Type::boolean, "no", "", Effect::later, "SO_REUSEPORT"},
    {"ssl", Type::boolean, "no", "", Effect::acts, "TLS from the start"},
};
constexpr Setting service_keys[] = {
    {"chroot", Type::text, "", "", Effect::later, "root directory of the process"},
    {"client_limit", Type::number, "0", "", Effect::acts, "connections a process; 0 = default_client_limit"},
    {"drop_priv_before_exec", Type::boolean, "no", "", Effect::later, "change user before exec"},
    {"executable", Type::text, "", "", Effect::later, "program and arguments, relative to libexec_dir"},
    {"extra_groups", Type::text, "", "", Effect::later, "more groups"},
    {"group", Type::text, "", "", Effect::acts, "group of the process"},
    {"idle_kill", Type::time, "0", "", Effect::later, "end an idle process after; 0 = default_idle_kill"},
    {"privileged_group", Type::text, "", "", Effect::later, "group taken at need"},
    {"process_limit", Type::number, "0", "", Effect::acts, "processes; 0 = default_process_limit"},
    {"process_min_avail", Type::number, "0", "", Effect::later, "processes kept ready"},
    {"protocol", Type::text, "", "", Effect::later, "starts only with this protocol"},
    {"service_count", Type::number, "0", "", Effect::later, "connections until a process ends; 0 = no end"},
    {"type", Type::text, "", "", Effect::later, "startup login worker log config anvil"},
    {"user", Type::text, "", "", Effect::acts, "user of the process"},
    {"vsz_limit", Type::size, "18446744073709551615 B", "", Effect::later, "RLIMIT_AS; unset = default_vsz_limit"},
};
constexpr Setting metric_keys[] = {
    {"description", Type::text, "", "", Effect::later, "help text"},
    {"exporter", Type::text, "", "", Effect::later, "event_exporter"},
    {"exporter_include", Type::text, "name hostname timestamps categories fields", "", Effect::later, "parts exported"},
    {"fields", Type::text, "", "", Effect::later, "fields counted"},
    {"filter", Type::text, "", "", Effect::later, "which events"},
    {"group_by", Type::text, "", "", Effect::later, "labels"},
};
constexpr Setting exporter_keys[] = {
    {"format", Type::text, "", "", Effect::later, "json, tab-text, none"},
    {"format_args", Type::text, "", "", Effect::later, "time-rfc3339, time-unix"},
    {"transport", Type::text, "", "", Effect::later, "log, drop, http-post"},
    {"transport_args", Type::text, "", "", Effect::later, "URL"},
    {"transport_timeout", Type::milliseconds, "250 msecs", "", Effect::later, "time-out"},
};
// clang-format on
static_assert(sorted_by_name(passdb_keys) && sorted_by_name(userdb_keys) &&
              sorted_by_name(mailbox_keys) && sorted_by_name(namespace_keys));
static_assert(sorted_by_name(unix_listener_keys) && sorted_by_name(fifo_listener_keys) &&
              sorted_by_name(inet_listener_keys));
static_assert(sorted_by_name(service_keys) && sorted_by_name(metric_keys) &&
              sorted_by_name(exporter_keys));

using Naming = Section::Naming;
const Section unix_listener{"unix_listener", Naming::unique_name, unix_listener_keys, {}};
const Section fifo_listener{"fifo_listener", Naming::unique_name, fifo_listener_keys, {}};
const Section inet_listener{"inet_listener", Naming::unique_name, inet_listener_keys, {}};
const Section* const in_service[] = {&unix_listener, &fifo_listener, &inet_listener};
const Section mailbox{"mailbox", Naming::unique_name, mailbox_keys, {}};
const Section* const in_namespace[] = {&mailbox};

const Section service{"service", Naming::unique_name, service_keys, in_service};
const Section mail_namespace{"namespace", Naming::unique_name, namespace_keys, in_namespace};
const Section passdb{"passdb", Naming::list, passdb_keys, {}};
const Section userdb{"userdb", Naming::list, userdb_keys, {}};
const Section plugin{"plugin", Naming::strings, {}, {}};
const Section dict{"dict", Naming::strings, {}, {}};
const Section metric{"metric", Naming::unique_name, metric_keys, {}};
const Section event_exporter{"event_exporter", Naming::unique_name, exporter_keys, {}};
const Section* const at_top[] = {&service, &mail_namespace, &passdb, &userdb,
                                 &plugin,  &dict,           &metric, &event_exporter};

}  // namespace

std::span<const Section* const> top_sections() {
    return at_top;
}

}  // namespace config
