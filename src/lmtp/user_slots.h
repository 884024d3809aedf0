// SPDX-License-Identifier: MIT
// Counts the deliveries that are under way for each user in this process, for
// lmtp_user_concurrency_limit. A slot is taken at RCPT and given back when the recipient's delivery
// is done or its transaction is gone, whichever thread that happens on. Thread-safe.
#pragma once

#include <memory>
#include <string>

namespace lmtp {

class UserSlots : public std::enable_shared_from_this<UserSlots> {
  public:
    // Holds one slot; empty ones hold nothing.
    class Slot {
      public:
        Slot() = default;
        Slot(Slot&& other) noexcept = default;
        Slot& operator=(Slot&& other) noexcept;
        ~Slot() { give_back(); }
        void give_back() noexcept;
        explicit operator bool() const { return slots_ != nullptr; }

      private:
        friend class UserSlots;
        std::shared_ptr<UserSlots> slots_;
        std::string user_;
    };

    static std::shared_ptr<UserSlots> create();
    ~UserSlots();

    // An empty slot when `limit` deliveries for `user` are under way.
    Slot take(const std::string& user, unsigned limit);

  private:
    UserSlots();
    struct Counts;
    std::unique_ptr<Counts> counts_;
};

}  // namespace lmtp
