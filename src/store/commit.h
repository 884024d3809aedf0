// SPDX-License-Identifier: MIT
// All stores of one message as a unit (design.md 4.5): every file is written and synced before the
// first becomes visible; where a later step fails, what became visible is taken back and the error
// goes on to the caller. show() returning means that every store is on stable storage (unless fsync
// is `never`). Used by one thread; many may commit at once and share syncs (store/sync.h).
#pragma once

#include "base/clock.h"
#include "store/content.h"
#include "store/draft.h"
#include "store/flags.h"
#include "store/mailbox.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace store {

class Storage;

// One message into one mailbox. The caller asks for each mailbox once.
struct Store {
    Mailbox mailbox;
    Content content;
    MessageFlags flags;
    std::optional<base::WallTime> received;
};

struct Stored {
    std::string mailbox;  // as the user names it
    std::string path;     // of the file as it was made visible
    std::uint64_t size = 0;
    std::vector<std::string> left_out_keywords;  // the mailbox had no room for them
};

// `then` is called once everything is visible and durable; whatever it throws takes the stores back
// as well (a forward that the mail server would not take for now).
using AfterCommit = std::function<void(const std::vector<Stored>&)>;

// Stores that are written and synced and not visible yet: what is left to fail is the renaming. One
// that goes away before show() leaves no file.
class Prepared {
  public:
    // Throws std::system_error, with nothing left behind. The storage outlives the object.
    Prepared(Storage& storage, std::vector<Store> stores);

    // Throws std::system_error, with nothing stored, for whatever went wrong; where taking back
    // failed too, the message says so. In the order of the stores. Once.
    std::vector<Stored> show(const AfterCommit& then = {});
    // After something else that `then` threw: what could not be taken back, and why.
    const std::string& not_taken_back() const { return not_taken_back_; }

  private:
    Storage* storage_;
    bool durable_;
    std::vector<Draft> drafts_;
    std::string not_taken_back_;
};

// Both steps.
std::vector<Stored> commit(Storage& storage, std::vector<Store> stores,
                           const AfterCommit& then = {});

}  // namespace store
