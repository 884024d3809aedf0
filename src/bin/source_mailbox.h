// SPDX-License-Identifier: MIT
// A mailbox whose messages a script is run over, one by one: for sieve-filter and simulate. One
// thread.
#pragma once

#include "bin/mailbox_filter.h"
#include "bin/sieve_tool.h"
#include "sieve/outcome.h"
#include "store/local_disk.h"
#include "store/storage.h"

#include <functional>
#include <string>
#include <vector>

namespace bin {

class SourceMailbox {
  public:
    // Nothing is made. Throws ToolFailure: `bad_storage` where there can be no mail store,
    // `missing` where the mailbox cannot be opened.
    SourceMailbox(const SieveSetUp& setup, const std::string& name, int bad_storage, int missing);

    store::Storage& storage() { return storage_; }
    const store::Mailbox& mailbox() const { return mailbox_; }
    // Another one of the same store; throws ToolFailure with that status.
    store::Mailbox open(const std::string& name, const char* what, int missing,
                        store::CreateMailbox create);

    // Without those that are flagged \Deleted: they are as good as gone.
    std::vector<store::StoredMessage> messages();
    // What a script's run begins with: the flags that the message has, as in Pigeonhole.
    sieve::Decided begin(const store::StoredMessage& file);

    // Calls for each message, read and looked at. What cannot be read, or for which `each` throws
    // std::system_error, is told on standard error and no reason to leave out the others; gives
    // the number of these.
    struct Read {
        const FilteredMessage& message;
        const std::string& bytes;
    };
    using Each = std::function<void(const Read&)>;
    std::size_t for_each(const std::vector<store::StoredMessage>& files, const Each& each);

  private:
    store::LocalDisk disk_;
    store::Storage storage_;
    store::Mailbox mailbox_;
};

}  // namespace bin
