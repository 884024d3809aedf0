// SPDX-License-Identifier: MIT
#include "lmtp/user_slots.h"

#include <mutex>
#include <unordered_map>

namespace lmtp {

struct UserSlots::Counts {
    std::mutex mutex;
    std::unordered_map<std::string, unsigned> by_user;  // never a zero
};

UserSlots::UserSlots() : counts_(std::make_unique<Counts>()) {}
UserSlots::~UserSlots() = default;

std::shared_ptr<UserSlots> UserSlots::create() {
    return std::shared_ptr<UserSlots>(new UserSlots);
}

UserSlots::Slot UserSlots::take(const std::string& user, unsigned limit) {
    Slot slot;
    std::lock_guard lock(counts_->mutex);
    unsigned& count = counts_->by_user[user];
    if (count < limit) {
        ++count;
        slot.slots_ = shared_from_this();
        slot.user_ = user;
    } else if (count == 0) {
        counts_->by_user.erase(user);
    }
    return slot;
}

UserSlots::Slot& UserSlots::Slot::operator=(Slot&& other) noexcept {
    give_back();
    slots_ = std::move(other.slots_);
    user_ = std::move(other.user_);
    return *this;
}

void UserSlots::Slot::give_back() noexcept {
    if (!slots_) return;
    {
        std::lock_guard lock(slots_->counts_->mutex);
        auto count = slots_->counts_->by_user.find(user_);
        if (--count->second == 0) slots_->counts_->by_user.erase(count);
    }
    slots_.reset();
}

}  // namespace lmtp
