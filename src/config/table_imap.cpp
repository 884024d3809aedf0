// SPDX-License-Identifier: MIT
// Known settings: log-in and IMAP. Sorted by name (compat 1.5).
#include "config/table.h"

namespace config {
namespace {

// clang-format off
constexpr Setting rows[] = {
    {"disable_plaintext_auth", Type::boolean, "yes", "", Effect::later,
     "refuse PLAIN/LOGIN without TLS unless local IP = remote IP or trusted net"},
    {"imap_capability", Type::text, "", "", Effect::later,
     "replace capability; +A B appends"},
    {"imap_client_workarounds", Type::text, "", "", Effect::later,
     "delay-newmail, tb-extra-mailbox-sep, tb-lsub-flags"},
    {"imap_fetch_failure", Type::one_of, "disconnect-immediately", "disconnect-immediately disconnect-after no-after", Effect::later,
     "disconnect-immediately, disconnect-after, no-after"},
    {"imap_hibernate_timeout", Type::time, "0", "", Effect::later,
     "0 = off; IDLE clients move to imap-hibernate"},
    {"imap_id_log", Type::text, "", "", Effect::later,
     "ID fields to log"},
    {"imap_id_retain", Type::boolean, "no", "", Effect::later,
     "pass ID on as %{client_id}"},
    {"imap_id_send", Type::text, "name *", "", Effect::later,
     "pairs of the ID reply; * = the built-in value of name, version, os, ..."},
    {"imap_idle_notify_interval", Type::time, "2 mins", "", Effect::later,
     "* OK Still here while IDLE"},
    {"imap_literal_minus", Type::boolean, "no", "", Effect::later,
     "advertise LITERAL- instead of LITERAL+"},
    {"imap_logout_format", Type::text, "in=%i out=%o deleted=%{deleted} expunged=%{expunged} trashed=%{trashed} hdr_count=%{fetch_hdr_count} hdr_bytes=%{fetch_hdr_bytes} body_count=%{fetch_body_count} body_bytes=%{fetch_body_bytes}", "", Effect::later,
     "log line at the end of an IMAP session"},
    {"imap_max_line_length", Type::size, "64 k", "", Effect::later,
     "longest command line"},
    {"imap_metadata", Type::boolean, "no", "", Effect::later,
     "METADATA extension"},
    {"imap_urlauth_host", Type::text, "", "", Effect::later,
     "empty = URLAUTH off; * any"},
    {"imap_urlauth_port", Type::port, "143", "", Effect::later,
     "port in URLAUTH URLs"},
    {"login_access_sockets", Type::text, "", "", Effect::later,
     "e.g. tcpwrap"},
    {"login_greeting", Type::template_text, "Dovecot (Debian) ready.", "", Effect::acts,
     "banner text"},
    {"login_plugins", Type::text, "", "", Effect::later,
     "plugins of log-in processes"},
    {"login_proxy_max_disconnect_delay", Type::time, "0", "", Effect::later,
     "spread disconnects of proxied clients over this time"},
    {"login_proxy_max_reconnects", Type::number, "3", "", Effect::later,
     "attempts to reach a backend"},
    {"login_proxy_timeout", Type::milliseconds, "30 secs", "", Effect::later,
     "longest wait for a backend"},
    {"login_source_ips", Type::text, "", "", Effect::later,
     "proxy source IPs; leading ? = only those usable"},
    {"login_trusted_networks", Type::text, "", "", Effect::acts,
     "space/comma nets: treated as secured; may send ID/XCLIENT overrides; no auth penalty"},
    {"rawlog_dir", Type::template_text, "", "", Effect::later,
     "raw log of IMAP and POP3 where this directory exists"},
};
// clang-format on
static_assert(sorted_by_name(rows));

}  // namespace

const std::span<const Setting> imap_settings = rows;

}  // namespace config
