// SPDX-License-Identifier: MIT
// Known settings: LDA, LMTP and sending mail. Sorted by name (compat 1.5).
#include "config/table.h"

namespace config {
namespace {

// clang-format off
constexpr Setting rows[] = {
    {"hostname", Type::text, "", "", Effect::acts,
     "empty = system FQDN; Message-IDs, Reporting-MTA, LMTP banner/LHLO"},
    {"lda_mailbox_autocreate", Type::boolean, "no", "", Effect::acts,
     "create missing -m/fileinto mailbox"},
    {"lda_mailbox_autosubscribe", Type::boolean, "no", "", Effect::acts,
     "subscribe what autocreate made"},
    {"lda_original_recipient_header", Type::text, "", "", Effect::acts,
     "header to take the original recipient from (e.g. X-Original-To)"},
    {"lda_timeout", Type::time, "900 secs", "", Effect::acts,
     "the LDA's own deadline, shorter than Postfix's command_time_limit; 0 = none (Tamis)"},
    {"lmtp_add_received_header", Type::boolean, "yes", "", Effect::acts,
     "put a Received: line in front of the message"},
    {"lmtp_client_workarounds", Type::text, "", "", Effect::acts,
     "whitespace-before-path, mailbox-for-path"},
    {"lmtp_hdr_delivery_address", Type::one_of, "final", "final none original", Effect::acts,
     "what Delivered-To: holds: the final or the original recipient, or no such line"},
    {"lmtp_max_message_size", Type::size, "0", "", Effect::acts,
     "largest message that LMTP takes, announced as SIZE; 0 = no limit (Tamis)"},
    {"lmtp_proxy", Type::boolean, "no", "", Effect::acts,
     "passdb lookup per recipient"},
    {"lmtp_proxy_rawlog_dir", Type::template_text, "", "", Effect::later,
     "raw log of proxied LMTP"},
    {"lmtp_rawlog_dir", Type::template_text, "", "", Effect::later,
     "raw log of LMTP"},
    {"lmtp_rcpt_check_quota", Type::boolean, "no", "", Effect::later_delivery,
     "quota check at RCPT"},
    {"lmtp_save_to_detail_mailbox", Type::boolean, "no", "", Effect::acts,
     "user+detail@ goes to mailbox detail"},
    {"lmtp_user_concurrency_limit", Type::number, "0", "", Effect::acts,
     "0 = none"},
    {"lmtp_verbose_replies", Type::boolean, "no", "", Effect::later,
     "more detail in replies"},
    {"postmaster_address", Type::template_text, "postmaster@%{if;%d;ne;;%d;%{hostname}}", "", Effect::acts,
     "From: of rejections; by default postmaster@ the user's domain or the host name"},
    {"rejection_reason", Type::text, "Your message to <%t> was automatically rejected:%n%r", "", Effect::acts,
     "text of rejections: %r reason, %t recipient, %s subject, %n new line"},
    {"rejection_subject", Type::text, "Rejected: %s", "", Effect::acts,
     "subject of rejections: %s is the original one"},
    {"sendmail_path", Type::text, "/usr/sbin/sendmail", "", Effect::acts,
     "run as PATH -i -f SENDER -- RCPT… when submission_host is empty"},
    {"submission_host", Type::text, "", "", Effect::acts,
     "host[:port] (port 25) to send by SMTP instead"},
    {"submission_ssl", Type::one_of, "no", "no smtps starttls", Effect::later,
     "no, smtps, starttls"},
    {"submission_timeout", Type::time, "30 secs", "", Effect::acts,
     "longest wait for the submission host"},
    {"tamis_delivery_record", Type::boolean, "yes", "", Effect::acts,
     "write the record of what decided for each delivery: tamis-deliveries(5) (Tamis)"},
    {"tamis_memory", Type::text, "sqlite", "", Effect::acts,
     "where duplicates, vacations and forwards are remembered: sqlite (a file of each user), "
     "redis:host=H:port=P:path=SOCKET:db=N:password=W:prefix=X:timeout_msecs=T, or pgsql:CONNINFO (and "
     "timeout_msecs=T); a server that does not answer delays no delivery (Tamis)"},
};
// clang-format on
static_assert(sorted_by_name(rows));

}  // namespace

const std::span<const Setting> delivery_settings = rows;

}  // namespace config
