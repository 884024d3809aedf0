// SPDX-License-Identifier: MIT
// What must be remembered of a user between messages: ids that were seen (RFC 7352), vacation
// replies that were sent (RFC 5230 §4.2), messages that were forwarded. Ids are opaque; they are
// forgotten when their period is over. A memory that cannot be read remembers nothing, and what
// cannot be written is forgotten: it never stops a delivery, and says so through `complaint()`. A
// damaged file is put aside as NAME.corrupt and begun anew.
#pragma once

#include "base/clock.h"
#include "base/waiting_slots.h"

#include <chrono>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <system_error>

namespace memory {

// Many deliveries wait for others that claimed the same id already: this one is for later.
struct TooManyWaiting : std::system_error {
    TooManyWaiting()
        : std::system_error(std::make_error_code(std::errc::timed_out),
                            "Too many deliveries of the same message wait for each other") {}
};

// What is to be remembered, and from now on for how long. An id that is known gets the later of
// both ends.
struct Remembered {
    std::string_view id;
    std::chrono::seconds period;
};

// How a delivery waits for others that claimed the same id.
struct Waiting {
    // Who waits for longer than a moment holds one of these slots meanwhile, so that the copies of
    // one message do not take all threads; null: no bound.
    base::WaitingSlots* slots = nullptr;
    // For all waits of an object together: how long one delivery may be held up by others.
    std::chrono::milliseconds patience = std::chrono::seconds(65);
};

class Memory {
  public:
    virtual ~Memory() = default;
    // Whether the id is remembered now.
    virtual bool remembers(std::string_view id) = 0;
    // The same for who will act on a "no" and then remember() it: whoever else claims the id waits
    // until this object is gone, so that two deliveries at once do not both find it unknown. When
    // the patience is over it answers all the same. Throws TooManyWaiting.
    virtual bool claim(std::string_view id) = 0;
    // False: they will not be remembered, or only some of them.
    virtual bool remember(std::span<const Remembered> what) = 0;
    bool remember(std::string_view id, std::chrono::seconds period) {
        const Remembered one{id, period};
        return remember({&one, 1});
    }
    virtual void forget(std::string_view id) = 0;
    // Why the memory could not be used, once; empty where all went well.
    virtual std::string complaint() = 0;
};

// A SQLite file (mode 0600) that is made at the first remember(), and one for locks beside it
// (NAME.lock), made at the first claim(). Opened at first use; any number of processes may use it
// at once; an object waits at most five seconds in all for the others' writing. One thread an
// object. `make_room` is called where their directory is missing, and may throw.
std::unique_ptr<Memory> sqlite_memory(std::string path, const base::Clock& clock,
                                      std::function<void()> make_room, Waiting waiting = {});

// Remembers nothing, and says that it does: for tools, which must not depend on other runs.
std::unique_ptr<Memory> no_memory();

}  // namespace memory
