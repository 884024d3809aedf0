// SPDX-License-Identifier: MIT
// Known settings: authentication. Sorted by name (compat 1.5).
#include "config/table.h"

namespace config {
namespace {

// clang-format off
constexpr Setting rows[] = {
    {"auth_anonymous_username", Type::text, "anonymous", "", Effect::later,
     "auth anonymous username"},
    {"auth_cache_negative_ttl", Type::time, "1 hours", "", Effect::later,
     "0 = no negative caching"},
    {"auth_cache_size", Type::size, "0", "", Effect::later,
     "0 = off; <1024 is an error"},
    {"auth_cache_ttl", Type::time, "1 hours", "", Effect::later,
     "auth cache ttl"},
    {"auth_cache_verify_password_with_worker", Type::boolean, "no", "", Effect::later,
     "auth cache verify password with worker"},
    {"auth_default_realm", Type::text, "", "", Effect::acts,
     "appended to user names without @"},
    {"auth_failure_delay", Type::time, "2 secs", "", Effect::later,
     "failed replies are held until this long after the request (queue flushed every 500 ms)"},
    {"auth_gssapi_hostname", Type::text, "", "", Effect::later,
     "$ALL = any keytab entry"},
    {"auth_krb5_keytab", Type::text, "", "", Effect::later,
     "auth krb5 keytab"},
    {"auth_master_user_separator", Type::text, "", "", Effect::later,
     "e.g. *: user*master"},
    {"auth_mechanisms", Type::text, "plain", "", Effect::later,
     "space list: plain login digest-md5 cram-md5 ntlm rpa apop anonymous gssapi otp skey gss-spnego scram-sha-1 scram-sha-256 external xoauth2 oauthbearer"},
    {"auth_policy_check_after_auth", Type::boolean, "yes", "", Effect::later,
     "auth policy check after auth"},
    {"auth_policy_check_before_auth", Type::boolean, "yes", "", Effect::later,
     "auth policy check before auth"},
    {"auth_policy_hash_mech", Type::text, "sha256", "", Effect::later,
     "auth policy hash mech"},
    {"auth_policy_hash_nonce", Type::text, "", "", Effect::later,
     "required with url"},
    {"auth_policy_hash_truncate", Type::number, "12", "", Effect::later,
     "bits"},
    {"auth_policy_log_only", Type::boolean, "no", "", Effect::later,
     "auth policy log only"},
    {"auth_policy_reject_on_fail", Type::boolean, "no", "", Effect::later,
     "auth policy reject on fail"},
    {"auth_policy_report_after_auth", Type::boolean, "yes", "", Effect::later,
     "auth policy report after auth"},
    {"auth_policy_request_attributes", Type::text, "login=%{requested_username} pwhash=%{hashed_password} remote=%{rip} device_id=%{client_id} protocol=%s session_id=%{session}", "", Effect::later,
     "auth policy request attributes"},
    {"auth_policy_server_api_header", Type::text, "", "", Effect::later,
     "auth policy server api header"},
    {"auth_policy_server_timeout_msecs", Type::number, "2000", "", Effect::later,
     "auth policy server timeout msecs"},
    {"auth_policy_server_url", Type::text, "", "", Effect::later,
     "empty = off"},
    {"auth_proxy_self", Type::text, "", "", Effect::later,
     "IPs that count as ourselves for proxy_maybe"},
    {"auth_realms", Type::text, "", "", Effect::later,
     "realms for digest-md5 etc."},
    {"auth_ssl_require_client_cert", Type::boolean, "no", "", Effect::later,
     "auth ssl require client cert"},
    {"auth_ssl_username_from_cert", Type::boolean, "no", "", Effect::later,
     "auth ssl username from cert"},
    {"auth_stats", Type::boolean, "no", "", Effect::later,
     "old-stats auth numbers"},
    {"auth_use_winbind", Type::boolean, "no", "", Effect::later,
     "auth use winbind"},
    {"auth_username_chars", Type::text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ01234567890.-_@", "", Effect::acts,
     "others ⇒ Username character disallowed by auth_username_chars: 0x20 (username: X); empty = all"},
    {"auth_username_format", Type::text, "%Lu", "", Effect::acts,
     "; applied before lookups; %Lu default, %n drops domain"},
    {"auth_username_translation", Type::text, "", "", Effect::acts,
     "pairs of chars from,to"},
    {"auth_winbind_helper_path", Type::text, "/usr/bin/ntlm_auth", "", Effect::later,
     "auth winbind helper path"},
    {"auth_worker_max_count", Type::number, "30", "", Effect::later,
     "auth-worker processes"},
};
// clang-format on
static_assert(sorted_by_name(rows));

}  // namespace

const std::span<const Setting> auth_settings = rows;

}  // namespace config
