// SPDX-License-Identifier: MIT
// The master log's lines about a delivery: deliver_log_format around the text (compat 3.7), after
// "sieve: " where a script was involved (compat 3.3). One per delivery; one thread.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

namespace base {
class Spool;
}
namespace mail {
class Message;
}

namespace deliver {

struct Envelope;
struct UserSettings;

class DeliveryLog {
  public:
    // All references outlive it.
    DeliveryLog(const UserSettings& settings, const Envelope& envelope,
                const mail::Message& message, const base::Spool& spool);

    // "msgid=<1@x>: TEXT" by the format; empty where the format is.
    std::string formatted(std::string_view text) const;
    // Logged as info: plain, or with "sieve: " before it.
    void plain(std::string_view text) const;
    void sieve(std::string_view text) const;
    void sieve_error(std::string_view text) const;

    // "<1@x>" or "unspecified".
    const std::string& message_id() const { return message_id_; }
    bool has_message_id() const { return has_message_id_; }
    void set_storage_id(std::string id) { storage_id_ = std::move(id); }

  private:
    const UserSettings& settings_;
    const Envelope& envelope_;
    const mail::Message& message_;
    const base::Spool& spool_;
    std::string message_id_;
    bool has_message_id_ = false;
    std::string storage_id_;
    std::chrono::steady_clock::time_point begun_ = std::chrono::steady_clock::now();
};

}  // namespace deliver
