// SPDX-License-Identifier: MIT
// An LMTP server session without I/O (RFC 2033, with RFC 5321, 2920, 2034, 3030, 6531, 1870, 3461
// and 3207; Postfix's XCLIENT and XFORWARD): the dialogue of one connection, with one transaction
// at a time. Replies are in Dovecot's words (compat 4.1). Each recipient gets its own reply and its
// own delivery job; a job never touches the session but a shared record of the transaction, so that
// a connection may die while its deliveries run.
#pragma once

#include "base/dialogue.h"
#include "base/log.h"
#include "lmtp/settings.h"

#include <memory>
#include <string>
#include <string_view>

namespace base {
class Clock;
}

namespace lmtp {

class Backend;
class UserSlots;

// What all sessions of one configuration share; every member outlives its sessions and is safe in
// threads.
struct Services {
    std::shared_ptr<const Settings> settings;
    std::shared_ptr<Backend> backend;
    std::shared_ptr<UserSlots> slots;  // counts deliveries per user for the whole process
    const base::Clock* clock = nullptr;
};

class Session final : public base::Dialogue {
  public:
    // `log` has the prefix "lmtp(PID): ".
    Session(Services services, Peer peer, base::Log log);
    ~Session() override;

    base::Step start() override;
    std::size_t max_line_bytes() const override;
    base::Step on_line(std::string_view line) override;
    base::Step on_long_line() override;
    base::Step on_data(std::string_view bytes) override;
    base::Step on_work_done() override;
    base::Step on_tls(std::string_view description) override;
    bool between_commands() const override;
    std::string farewell(base::End reason) override;
    void on_close(std::string_view reason) override;

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace lmtp
