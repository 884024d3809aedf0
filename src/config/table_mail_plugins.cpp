// SPDX-License-Identifier: MIT
// Names that mail_plugins may hold. Sorted by name.
#include "config/table.h"

namespace config {
namespace {

// clang-format off
constexpr Setting rows[] = {
    {"acl", Type::text, "", "", Effect::later_delivery, "access control lists"},
    {"apparmor", Type::text, "", "", Effect::later, "AppArmor hats of users"},
    {"charset_alias", Type::text, "", "", Effect::later, "other names of character sets"},
    {"expire", Type::text, "", "", Effect::later, "dates for doveadm expunge"},
    {"fts", Type::text, "", "", Effect::later, "full-text search"},
    {"fts_flatcurve", Type::text, "", "", Effect::later, "full-text search with Xapian"},
    {"fts_lucene", Type::text, "", "", Effect::later, "full-text search with Lucene"},
    {"fts_solr", Type::text, "", "", Effect::later, "full-text search with Solr"},
    {"fts_squat", Type::text, "", "", Effect::later, "full-text search, old"},
    {"fts_xapian", Type::text, "", "", Effect::later, "full-text search with Xapian"},
    {"imap_acl", Type::text, "", "", Effect::later, "ACL commands of IMAP"},
    {"imap_filter_sieve", Type::text, "", "", Effect::later, "FILTER of IMAP"},
    {"imap_quota", Type::text, "", "", Effect::later, "QUOTA commands of IMAP"},
    {"imap_sieve", Type::text, "", "", Effect::later, "Sieve at IMAP events"},
    {"imap_zlib", Type::text, "", "", Effect::later, "COMPRESS of IMAP"},
    {"last_login", Type::text, "", "", Effect::later, "remembers log-ins"},
    {"lazy_expunge", Type::text, "", "", Effect::later, "keeps expunged mail"},
    {"listescape", Type::text, "", "", Effect::later_delivery, "escapes separators in mailbox names"},
    {"mail_crypt", Type::text, "", "", Effect::later_delivery, "encrypts stored mail"},
    {"mail_crypt_acl", Type::text, "", "", Effect::later_delivery, "encrypted shared mailboxes"},
    {"mail_filter", Type::text, "", "", Effect::later_delivery, "runs stored mail through a program"},
    {"mail_log", Type::text, "", "", Effect::later, "logs what happens to messages"},
    {"mail_lua", Type::text, "", "", Effect::later, "Lua scripts"},
    {"mailbox_alias", Type::text, "", "", Effect::later_delivery, "names of mailboxes that are links"},
    {"notify", Type::text, "", "", Effect::later, "base of mail_log and others"},
    {"notify_status", Type::text, "", "", Effect::later, "writes a mailbox's state to a dict"},
    {"old_stats", Type::text, "", "", Effect::later, "old statistics"},
    {"pop3_migration", Type::text, "", "", Effect::later, "UIDLs of another server"},
    {"push_notification", Type::text, "", "", Effect::later, "tells others of new mail"},
    {"push_notification_lua", Type::text, "", "", Effect::later, "the same by Lua"},
    {"quota", Type::text, "", "", Effect::later_delivery, "limits (a maildirsize file is kept up to date)"},
    {"quota_clone", Type::text, "", "", Effect::later, "writes usage to a dict"},
    {"replication", Type::text, "", "", Effect::later, "replication"},
    {"sieve", Type::text, "", "", Effect::acts, "Sieve scripts at delivery"},
    {"snarf", Type::text, "", "", Effect::later, "takes mail from a spool"},
    {"stats", Type::text, "", "", Effect::later, "old statistics"},
    {"trash", Type::text, "", "", Effect::later_delivery, "makes room in the Trash for new mail"},
    {"var_expand_crypt", Type::text, "", "", Effect::later, "%{encrypt} and %{decrypt}"},
    {"virtual", Type::text, "", "", Effect::later, "virtual mailboxes"},
    {"welcome", Type::text, "", "", Effect::later, "a script for new users"},
    {"zlib", Type::text, "", "", Effect::later_delivery, "compresses stored mail"},
};
// clang-format on
static_assert(sorted_by_name(rows));

}  // namespace

const std::span<const Setting> mail_plugin_names = rows;

}  // namespace config
