// SPDX-License-Identifier: MIT
// One mail transaction: what MAIL, RCPT and DATA have gathered. Shared by the session and its jobs
// on worker threads: while jobs run, the session leaves it alone, each delivery job writes only its
// own recipient's outcome, and whoever lets go last frees it (the connection may end before them).
#pragma once

#include "base/spool.h"
#include "deliver/disposition.h"
#include "deliver/envelope.h"
#include "lmtp/backend.h"
#include "lmtp/dot_data.h"
#include "lmtp/user_slots.h"

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace lmtp {

struct AcceptedRecipient {
    deliver::Envelope envelope;
    Recipient recipient;
    UserSlots::Slot slot;
    deliver::Disposition disposition;  // temporary until its job says otherwise
};

struct Transaction {
    explicit Transaction(base::Spool::Limits limits) : message(std::move(limits)) {}

    // The sealed message as it is stored: of one that came as BINARYMIME its form in lines, made
    // at the first call. For delivery jobs, several at once. Throws as base::Spool::append().
    const base::Spool& stored_message();

    std::string id;              // session id, with ":T2" from the second transaction on
    deliver::Envelope envelope;  // what is the same for all recipients
    bool binary = false;         // BODY=BINARYMIME: BDAT only (RFC 3030 §3)

    std::size_t attempts = 0;  // RCPT commands that named an address, for ":R2"
    std::vector<AcceptedRecipient> recipients;
    // One reply each, in order: an index into recipients. The same address given twice is one
    // recipient with two replies.
    std::vector<std::size_t> replies;
    std::unordered_map<std::string, std::size_t> by_address;

    DotData dots;
    bool data_begun = false;          // trace header is written: no more recipients
    bool chunked = false;             // a BDAT has been accepted
    std::uint64_t message_bytes = 0;  // as received, without stuffed dots and the trace header
    base::Spool message;
    // Set when the message is not to be delivered; its bytes are dropped from then on.
    std::optional<deliver::Disposition> failure;

  private:
    std::once_flag lined_;
    std::optional<base::Spool> in_lines_;
};

}  // namespace lmtp
