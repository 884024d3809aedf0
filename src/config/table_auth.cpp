// SPDX-License-Identifier: MIT
// Known settings: authentication. Sorted by name (compat 1.5).
#include "config/table.h"

namespace config {
namespace {

// clang-format off
constexpr Setting rows[] = {
    {"auth_allow_weak_schemes", Type::boolean, "yes", "", Effect::acts,
     "passwords stored by MD4, MD5 or DES: no = they match nothing; yes = they work, with a warning (Dovecot 2.4's setting, where no is the default)"},
    {"auth_anonymous_username", Type::text, "anonymous", "", Effect::later,
     "user name of an ANONYMOUS log-in"},
    {"auth_cache_negative_ttl", Type::time, "1 hours", "", Effect::later,
     "0 = no negative caching"},
    {"auth_cache_size", Type::size, "0", "", Effect::later,
     "0 = off; <1024 is an error"},
    {"auth_cache_ttl", Type::time, "1 hours", "", Effect::later,
     "how long a found user is remembered"},
    {"auth_cache_verify_password_with_worker", Type::boolean, "no", "", Effect::later,
     "check cached passwords in a worker process"},
    {"auth_default_realm", Type::text, "", "", Effect::acts,
     "appended to user names without @"},
    {"auth_failure_delay", Type::time, "2 secs", "", Effect::later,
     "failed replies are held until this long after the request (queue flushed every 500 ms)"},
    {"auth_gssapi_hostname", Type::text, "", "", Effect::later,
     "$ALL = any keytab entry"},
    {"auth_krb5_keytab", Type::text, "", "", Effect::later,
     "keytab of GSSAPI"},
    {"auth_master_user_separator", Type::text, "", "", Effect::later,
     "e.g. *: user*master"},
    {"auth_mechanisms", Type::text, "plain", "", Effect::later,
     "space list of SASL mechanisms: plain login cram-md5 scram-sha-256 ..."},
    {"auth_policy_check_after_auth", Type::boolean, "yes", "", Effect::later,
     "ask the policy server after the password check"},
    {"auth_policy_check_before_auth", Type::boolean, "yes", "", Effect::later,
     "ask the policy server before the password check"},
    {"auth_policy_hash_mech", Type::text, "sha256", "", Effect::later,
     "digest of the password that the policy server gets"},
    {"auth_policy_hash_nonce", Type::text, "", "", Effect::later,
     "required with url"},
    {"auth_policy_hash_truncate", Type::number, "12", "", Effect::later,
     "bits of that digest"},
    {"auth_policy_log_only", Type::boolean, "no", "", Effect::later,
     "log the policy server's answer and do nothing about it"},
    {"auth_policy_reject_on_fail", Type::boolean, "no", "", Effect::later,
     "refuse where the policy server cannot be asked"},
    {"auth_policy_report_after_auth", Type::boolean, "yes", "", Effect::later,
     "tell the policy server the result"},
    {"auth_policy_request_attributes", Type::text, "login=%{requested_username} pwhash=%{hashed_password} remote=%{rip} device_id=%{client_id} protocol=%s session_id=%{session}", "", Effect::later,
     "what the policy server is told"},
    {"auth_policy_server_api_header", Type::text, "", "", Effect::later,
     "header line that carries the key of the policy server"},
    {"auth_policy_server_timeout_msecs", Type::number, "2000", "", Effect::later,
     "longest wait for the policy server, in ms"},
    {"auth_policy_server_url", Type::text, "", "", Effect::later,
     "empty = off"},
    {"auth_proxy_self", Type::text, "", "", Effect::later,
     "IPs that count as ourselves for proxy_maybe"},
    {"auth_realms", Type::text, "", "", Effect::later,
     "realms for digest-md5 etc."},
    {"auth_ssl_require_client_cert", Type::boolean, "no", "", Effect::later,
     "log-in needs a valid client certificate"},
    {"auth_ssl_username_from_cert", Type::boolean, "no", "", Effect::later,
     "the user name stands in the client certificate"},
    {"auth_stats", Type::boolean, "no", "", Effect::later,
     "old-stats auth numbers"},
    {"auth_use_winbind", Type::boolean, "no", "", Effect::later,
     "NTLM and GSS-SPNEGO by winbind"},
    {"auth_username_chars", Type::text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ01234567890.-_@", "", Effect::acts,
     "others ⇒ Username character disallowed by auth_username_chars: 0x20 (username: X); empty = all"},
    {"auth_username_format", Type::template_text, "%Lu", "", Effect::acts,
     "; applied before lookups; %Lu default, %n drops domain"},
    {"auth_username_translation", Type::text, "", "", Effect::acts,
     "pairs of chars from,to"},
    {"auth_winbind_helper_path", Type::text, "/usr/bin/ntlm_auth", "", Effect::later,
     "winbind's helper program"},
    {"auth_worker_max_count", Type::number, "30", "", Effect::later,
     "auth-worker processes"},
};
// clang-format on
static_assert(sorted_by_name(rows));

}  // namespace

const std::span<const Setting> auth_settings = rows;

}  // namespace config
