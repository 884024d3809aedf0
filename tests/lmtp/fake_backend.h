// SPDX-License-Identifier: MIT
// A mail world of a few users, told by their names, that keeps in memory what was delivered.
#pragma once

#include "base/spool.h"
#include "lmtp/backend.h"
#include "mail/address.h"

#include <mutex>
#include <stdexcept>
#include <string>
#include <vector>

struct Delivered {
    deliver::Envelope envelope;
    std::string message;
};

class FakeBackend final : public lmtp::Backend {
  public:
    bool check_may_block() const override { return may_block; }

    lmtp::Verdict check(const mail::Path& address, const deliver::Envelope&) override {
        const std::string user = address.local_part.substr(0, address.local_part.find('+'));
        if (user == "broken") return deliver::Disposition{};
        if (user == "throws") throw std::runtime_error("the directory burns");
        if (user == "nobody") {
            return deliver::Disposition::permanent(
                {5, 1, 1}, "User doesn't exist: " + user +
                               (address.domain.empty() ? "" : "@" + address.domain));
        }
        return lmtp::Recipient{user, std::make_shared<std::string>(user)};
    }

    deliver::Disposition deliver(const deliver::Envelope& envelope,
                                 const lmtp::Recipient& recipient,
                                 const base::Spool& message) override {
        const std::string& user = *static_cast<const std::string*>(recipient.handle.get());
        if (user == "full")
            return deliver::Disposition::permanent({5, 2, 2},
                                                   "Quota exceeded (mailbox for user is full)");
        if (user == "later")
            return deliver::Disposition::temporary({4, 2, 0}, "mailbox is\r\nlocked");
        if (user == "rejects") return deliver::Disposition::permanent({5, 2, 0}, "no thanks");
        if (user == "bug") throw std::runtime_error("a bug");
        std::lock_guard lock(mutex_);
        delivered.push_back({envelope, std::string(message.view())});
        return deliver::Disposition::delivered();
    }

    bool may_block = false;
    std::vector<Delivered> delivered;

  private:
    std::mutex mutex_;
};
