// SPDX-License-Identifier: MIT
// The stores among a delivery's actions: opened, merged where two names are one mailbox, and
// committed as a unit. Used by carry_out.cpp alone.
#pragma once

#include "sieve/action.h"
#include "store/commit.h"

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace deliver {

struct Task;

struct WantedStore {
    enum class Kind { keep, fileinto, plain };
    Kind kind = Kind::keep;
    std::string mailbox;
    std::vector<std::string> flags;
    bool create = false;
    sieve::Origin origin;  // empty: an implicit keep, or no script
    // As a script edited it; absent: as it came.
    std::shared_ptr<const sieve::Message> message{};
};

struct FailedStore {
    WantedStore wanted;
    std::string why;
};

class Stores {
  public:
    explicit Stores(Task& task) : task_(task) {}

    // The mailbox is opened (and made, where that is allowed). What cannot be is the answer.
    std::optional<FailedStore> add(const WantedStore& wanted);
    bool empty() const { return stores_.empty(); }
    // Whether something will be stored in the recipient's default mailbox.
    bool has(std::string_view mailbox) const;

    // Writes and syncs all of it; nothing is visible yet.
    void prepare();
    // Makes it visible (prepared before or now), then calls `then`; what that throws takes the
    // stores back. Writes log lines and record entries.
    void show(const std::function<void()>& then = {});
    // Nothing that was added is wanted any more.
    void forget() { stores_.clear(); }
    // Record entries for what is not stored.
    void give_up(std::string why);

  private:
    struct Planned {
        std::vector<WantedStore> wanted;  // all that are this mailbox
        store::Mailbox mailbox;
    };
    void tell_stored(const std::vector<store::Stored>& stored);
    void tell_stored(const Planned& planned, const store::Stored& stored);

    Task& task_;
    std::vector<Planned> stores_;
    std::optional<store::Prepared> prepared_;
};

}  // namespace deliver
