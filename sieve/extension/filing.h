// SPDX-License-Identifier: MIT
// Where a command files a message: fileinto (RFC 5228 §4.1) and :fcc (RFC 8580 §3), with the tags
// that other extensions add to both.
#pragma once

#include "sieve/action.h"
#include "sieve/extension/slot.h"

#include <optional>
#include <string>

namespace sieve {

class Arguments;
class CallCheck;
class Run;

// Reports a literal that is no mailbox name.
void check_mailbox(CallCheck& check, Slot named);
// Of a tag that fileinto and keep have for themselves and other commands for their :fcc only.
void check_filing_tag(CallCheck& check, Slot tag);

// The mailbox of `named`, or the one that :mailboxid or :specialuse find. The script fails where it
// is no mailbox name.
std::string filed_mailbox(Run& run, const Arguments& arguments, Slot named);
// What a command's :fcc asks for; nothing without it.
std::optional<FileCopy> file_copy_of(Run& run, const Arguments& arguments);

}  // namespace sieve
