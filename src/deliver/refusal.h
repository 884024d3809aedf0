// SPDX-License-Identifier: MIT
// What the sender's side is told where a script refuses a message (RFC 5429).
#pragma once

#include <string>

namespace sieve {
struct Reject;
}

namespace deliver {

// The reason as lines of a reply, in US-ASCII. Of ereject always some: another text stands for one
// that is no ASCII or none at all (§2.1.1), long lines are split (§2.5). Of reject one line; empty
// where the reason does not fit, and a message is sent instead (sieve-compat 6).
std::string refusal_text(const sieve::Reject& reject);

}  // namespace deliver
