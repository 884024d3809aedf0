// SPDX-License-Identifier: MIT
// Messages that scripts make of others: a part or all of it replaced, or enclosed in a new one (RFC
// 5703 §5, §6). Pure but for the spool's file and a random boundary.
#pragma once

#include "base/spool.h"
#include "mail/date.h"
#include "sieve/edit.h"

#include <memory>
#include <string>

namespace deliver {

class SieveMessage;
struct WholeMessage;

// The message with that part replaced. Throws std::system_error where it cannot be kept.
std::shared_ptr<const WholeMessage> replaced(const SieveMessage& before,
                                             const sieve::ReplacePart& edit,
                                             const base::Spool::Limits& limits);

// Who encloses, and when.
struct Enclosing {
    std::string own_address;
    std::string host;
    mail::Date now;
};
std::shared_ptr<const WholeMessage> enclosed(const SieveMessage& before, const sieve::Enclose& edit,
                                             const Enclosing& enclosing,
                                             const base::Spool::Limits& limits);

}  // namespace deliver
