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

class Memory {
  public:
    virtual ~Memory() = default;
    // Whether the id is remembered now.
    virtual bool remembers(std::string_view id) = 0;
    // The same for who will act on a "no" and then remember() it: whoever else claims the id waits
    // until this object is gone, so that two deliveries at once do not both find it unknown. After
    // a few seconds it answers all the same. Throws TooManyWaiting.
    virtual bool claim(std::string_view id) = 0;
    // From now on for that long; an id that is known gets the later of both ends. False: it will
    // not be remembered.
    virtual bool remember(std::string_view id, std::chrono::seconds period) = 0;
    virtual void forget(std::string_view id) = 0;
    // Why the memory could not be used, once; empty where all went well.
    virtual std::string complaint() = 0;
};

// A SQLite file (mode 0600) that is made at the first remember(), and one for locks beside it
// (NAME.lock), made at the first claim(). Opened at first use; any number of processes may use it
// at once, each waiting a few seconds for the others. One thread an object. `make_room` is called
// where their directory is missing, and may throw; `waiters` as ClaimWait has them.
std::unique_ptr<Memory> sqlite_memory(std::string path, const base::Clock& clock,
                                      std::function<void()> make_room,
                                      base::WaitingSlots* waiters = nullptr);

// Remembers nothing: for tools.
std::unique_ptr<Memory> no_memory();

}  // namespace memory
