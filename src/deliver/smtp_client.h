// SPDX-License-Identifier: MIT
// A small SMTP client (RFC 5321) for submission_host: one message, one recipient, one connection,
// no TLS and no authentication. Blocks; the whole dialogue has one deadline. Replies are bounded in
// length and number.
#pragma once

#include "deliver/outgoing.h"

namespace deliver {

Sent send_by_smtp(const OutgoingSettings& settings, const Letter& letter);

}  // namespace deliver
