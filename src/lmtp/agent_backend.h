// SPDX-License-Identifier: MIT
// The backend of the real server: the delivery agent with the userdbs of one configuration. A
// reload makes a new one; sessions that began with the old one keep it.
#pragma once

#include "config/configuration.h"
#include "deliver/agent.h"
#include "lmtp/backend.h"
#include "user/chain.h"

namespace lmtp {

class AgentBackend final : public Backend {
  public:
    // `disk` and `sending` outlive the backend. Throws what Agent and the userdb chain throw for a
    // configuration that cannot work.
    AgentBackend(config::Configuration configuration, store::Disk& disk,
                 base::WaitingSlots& sending);

    bool check_may_block() const override { return users_->may_block(); }
    Verdict check(const mail::Path& address, const deliver::Envelope& envelope) override;
    deliver::Disposition deliver(const deliver::Envelope& envelope, const Recipient& recipient,
                                 const base::Spool& message) override;

  private:
    config::Configuration configuration_;
    std::unique_ptr<user::Chain> users_;
    deliver::Agent agent_;
};

}  // namespace lmtp
