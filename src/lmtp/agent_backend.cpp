// SPDX-License-Identifier: MIT
#include "lmtp/agent_backend.h"

#include "user/from_settings.h"

#include <utility>

namespace lmtp {

AgentBackend::AgentBackend(config::Configuration configuration, store::Disk& disk,
                           base::WaitingSlots& sending)
    : configuration_(std::move(configuration)),
      users_(user::make_chain(configuration_.settings({.protocol = "lmtp"}))),
      agent_(configuration_, deliver::Protocol::lmtp, *users_, disk, &sending) {}

Verdict AgentBackend::check(const mail::Path& address, const deliver::Envelope& envelope) {
    auto found = agent_.find_recipient(address, envelope);
    if (!found) return found.error();
    Recipient recipient;
    recipient.user = found->user.name;
    recipient.handle = std::make_shared<deliver::Recipient>(*std::move(found));
    return recipient;
}

deliver::Disposition AgentBackend::deliver(const deliver::Envelope& envelope,
                                           const Recipient& recipient, const base::Spool& message) {
    const auto& found = *static_cast<const deliver::Recipient*>(recipient.handle.get());
    return agent_.deliver(found, envelope, message);
}

}  // namespace lmtp
