// SPDX-License-Identifier: MIT
// Known settings: mail storage. Sorted by name (compat 1.5).
#include "config/table.h"

namespace config {
namespace {

// clang-format off
constexpr Setting rows[] = {
    {"dotlock_use_excl", Type::boolean, "yes", "", Effect::later,
     "O_EXCL dotlocks instead of link()"},
    {"lock_method", Type::one_of, "fcntl", "fcntl flock dotlock", Effect::later,
     "fcntl flock dotlock: index locking"},
    {"mail_always_cache_fields", Type::text, "", "", Effect::later,
     "fields that always go to the cache"},
    {"mail_attachment_detection_options", Type::text, "", "", Effect::later,
     "add-flags, content-type=..., exclude-inlined"},
    {"mail_attribute_dict", Type::template_text, "", "", Effect::acts,
     "file:PATH, where annotations are (IMAP METADATA, Sieve's mboxmetadata); empty = nowhere"},
    {"mail_cache_fields", Type::text, "flags", "", Effect::later,
     "fields that the cache starts with"},
    {"mail_cache_max_size", Type::size, "1 G", "", Effect::later,
     "cache file purged at this size", true},
    {"mail_fsync", Type::one_of, "optimized", "optimized always never", Effect::acts,
     "optimized, always, never"},
    {"mail_location", Type::template_text, "", "", Effect::acts,
     "driver:path[:KEY=VAL..]; empty = autodetect; driver name in any case (Maildir:~/ works )."},
    {"mail_max_keyword_length", Type::number, "50", "", Effect::later,
     "longest keyword"},
    {"mail_max_lock_timeout", Type::time, "0", "", Effect::acts,
     "0 = built-in per lock"},
    {"mail_never_cache_fields", Type::text, "imap.envelope", "", Effect::later,
     "fields that never go to the cache"},
    {"mail_nfs_index", Type::boolean, "no", "", Effect::later,
     "needs mmap_disable=yes and mail_fsync=always"},
    {"mail_nfs_storage", Type::boolean, "no", "", Effect::later,
     "flush NFS caches"},
    {"mail_plugin_dir", Type::text, "/usr/lib/dovecot/modules", "", Effect::later,
     "where plugins lie"},
    {"mail_plugins", Type::text, "", "", Effect::acts,
     "space (or comma) list of plugins to load"},
    {"mail_prefetch_count", Type::number, "0", "", Effect::later,
     "messages read ahead"},
    {"mail_save_crlf", Type::boolean, "no", "", Effect::acts,
     "store CRLF"},
    {"mail_server_admin", Type::text, "", "", Effect::later,
     "METADATA /admin"},
    {"mail_server_comment", Type::text, "", "", Effect::later,
     "METADATA /comment"},
    {"mail_sort_max_read_count", Type::number, "0", "", Effect::later,
     "0 = unlimited"},
    {"mail_temp_dir", Type::template_text, "/tmp", "", Effect::acts,
     "directory of temporary files"},
    {"mail_temp_scan_interval", Type::time, "1 weeks", "", Effect::acts,
     "how often tmp/ is scanned for stale files"},
    {"mail_vsize_bg_after_count", Type::number, "0", "", Effect::later,
     "0 = never background"},
    {"mailbox_idle_check_interval", Type::time, "30 secs", "", Effect::later,
     "poll interval beside inotify"},
    {"mailbox_list_index", Type::boolean, "yes", "", Effect::later,
     "dovecot.list.index*"},
    {"mailbox_list_index_include_inbox", Type::boolean, "no", "", Effect::later,
     "INBOX in the list index, too"},
    {"mailbox_list_index_very_dirty_syncs", Type::boolean, "no", "", Effect::later,
     "trust the list index"},
    {"maildir_broken_filename_sizes", Type::boolean, "no", "", Effect::later,
     "do not trust S="},
    {"maildir_copy_with_hardlinks", Type::boolean, "yes", "", Effect::later,
     "copy a message by a hard link"},
    {"maildir_empty_new", Type::boolean, "no", "", Effect::later,
     "always move all of new/ to cur/ on open"},
    {"maildir_stat_dirs", Type::boolean, "no", "", Effect::later,
     "yes: stat entries so that plain files starting with . are not taken for mailboxes"},
    {"maildir_very_dirty_syncs", Type::boolean, "no", "", Effect::later,
     "assume only Dovecot changes cur/; re-read cur/ only when needed"},
    {"mmap_disable", Type::boolean, "no", "", Effect::later,
     "no mmap of index files"},
    {"quota_full_tempfail", Type::boolean, "no", "", Effect::later_delivery,
     "over quota = temporary failure"},
    {"recipient_delimiter", Type::text, "+", "", Effect::acts,
     "each char is a delimiter candidate; also %{..}-free multi-char string = literal set"},
};
// clang-format on
static_assert(sorted_by_name(rows));

}  // namespace

const std::span<const Setting> mail_settings = rows;

}  // namespace config
