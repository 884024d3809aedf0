// SPDX-License-Identifier: MIT
// sieve-test -e: the stores of a run, made together and durably in the store of -l; without -l
// they are skipped. Then programs of pipe are run, and what would go out is printed: nothing is
// ever sent.
#pragma once

#include "bin/sieve_tool.h"
#include "sieve/outcome.h"

#include <string_view>

namespace deliver {
struct Envelope;
}
namespace mail {
class Message;
}
namespace store {
class Storage;
}

namespace bin {

enum class Executed { well, kept_instead, failed };

struct TestWorld {
    const SieveSetUp& setup;
    const mail::Message& message;
    const deliver::Envelope& envelope;
    std::string_view default_mailbox;
    store::Storage* storage;  // null where the user has no mail
    bool stores;              // into the storage; else what would be stored is skipped
};

// `kept_instead`: an action failed and the message lies in the default mailbox alone.
Executed execute(const TestWorld& world, const sieve::Outcome& outcome);
// For a script that failed: the implicit keep of the original message.
Executed keep_instead(const TestWorld& world);

}  // namespace bin
