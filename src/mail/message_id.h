// SPDX-License-Identifier: MIT
// Message identifiers (RFC 5322 §3.6.4): reading them from Message-ID, In-Reply-To and References,
// and making new ones. Pure functions.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mail {

// The identifiers "<...>" in a raw value, brackets included, white space inside removed; comments
// and phrases between them are passed over.
std::vector<std::string> parse_message_ids(std::string_view value);

// The value of a Message-ID field for logs and duplicate keys: the first identifier, or the
// trimmed value where it has none; empty if there is nothing.
std::string message_id_text(std::string_view value);

// "<dovecot-sieve-SECONDS-MICROSECONDS-COUNTER@host>" for prefix "dovecot-sieve" (compat 3.3).
std::string make_message_id(std::string_view prefix, std::int64_t seconds,
                            std::int64_t microseconds, std::uint64_t counter,
                            std::string_view host);

}  // namespace mail
