// SPDX-License-Identifier: MIT
// Known settings: POP3 and ManageSieve. Sorted by name (compat 1.5).
#include "config/table.h"

namespace config {
namespace {

// clang-format off
constexpr Setting rows[] = {
    {"managesieve_client_workarounds", Type::text, "", "", Effect::later,
     "workarounds for ManageSieve clients"},
    {"managesieve_implementation_string", Type::text, "Dovecot (Debian) Pigeonhole", "", Effect::later,
     "IMPLEMENTATION capability (upstream Dovecot Pigeonhole)"},
    {"managesieve_logout_format", Type::text, "bytes=%i/%o", "", Effect::later,
     "log line at the end of a ManageSieve session"},
    {"managesieve_max_compile_errors", Type::number, "5", "", Effect::later,
     "errors shown of an uploaded script"},
    {"managesieve_max_line_length", Type::size, "64 k", "", Effect::later,
     "longest command line"},
    {"managesieve_notify_capability", Type::text, "mailto", "", Effect::later,
     "computed"},
    {"managesieve_sieve_capability", Type::text, "fileinto reject envelope encoded-character vacation subaddress comparator-i;ascii-numeric relational regex imap4flags copy include variables body enotify environment mailbox date index ihave duplicate mime foreverypart extracttext", "", Effect::later,
     "computed when empty"},
    {"pop3_client_workarounds", Type::text, "", "", Effect::later,
     "outlook-no-nuls, oe-ns-eoh"},
    {"pop3_delete_type", Type::one_of, "default", "default expunge flag", Effect::later,
     "default expunge flag"},
    {"pop3_deleted_flag", Type::text, "", "", Effect::later,
     "keyword set by DELE with flag type; such mails hidden"},
    {"pop3_enable_last", Type::boolean, "no", "", Effect::later,
     "LAST command (else -ERR Unknown command: LAST)"},
    {"pop3_fast_size_lookups", Type::boolean, "no", "", Effect::later,
     "use stored sizes only"},
    {"pop3_lock_session", Type::boolean, "no", "", Effect::later,
     "lock INBOX for the whole session"},
    {"pop3_logout_format", Type::text, "top=%t/%p, retr=%r/%b, del=%d/%m, size=%s", "", Effect::later,
     "%t/%p top count/bytes, %r/%b retr, %d/%m deleted/messages, %s size, %i/%o io, %u uidl_change, %{deleted_bytes}"},
    {"pop3_no_flag_updates", Type::boolean, "no", "", Effect::later,
     "RETR does not set \\Seen"},
    {"pop3_reuse_xuidl", Type::boolean, "no", "", Effect::later,
     "X-UIDL header as UIDL"},
    {"pop3_save_uidl", Type::boolean, "no", "", Effect::later,
     "store the UIDL in dovecot-uidlist (P)"},
    {"pop3_uidl_duplicates", Type::one_of, "allow", "allow rename", Effect::later,
     "allow, or rename (adds -2, -3, ...)"},
    {"pop3_uidl_format", Type::text, "%08Xu%08Xv", "", Effect::later,
     "what UIDL shows: %u UID, %v UIDVALIDITY, %f file name, %g GUID"},
};
// clang-format on
static_assert(sorted_by_name(rows));

}  // namespace

const std::span<const Setting> pop3_settings = rows;

}  // namespace config
