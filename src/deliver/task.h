// SPDX-License-Identifier: MIT
// What the steps of one delivery share: who, what, where to, and where it is told. Made by
// Agent::deliver() on its stack; one thread. All references outlive it.
#pragma once

#include "base/waiting_slots.h"
#include "deliver/agent.h"
#include "deliver/deadline.h"
#include "deliver/log_line.h"
#include "deliver/outgoing.h"
#include "deliver/record.h"
#include "deliver/user_log.h"
#include "deliver/user_settings.h"
#include "mail/message.h"

#include <functional>
#include <string>

namespace base {
class Spool;
}
namespace memory {
class Memory;
}
namespace store {
class Storage;
}

namespace deliver {

class ScriptStore;
struct ProgramWorld;

struct Task {
    const Recipient& recipient;
    const Envelope& envelope;
    const base::Spool& spool;
    const mail::Message& message;
    const UserSettings& settings;
    store::Storage& storage;
    ScriptStore& scripts;
    DeliveryLog& log;
    UserLog& user_log;
    DeliveryRecord& record;
    memory::Memory& memory;
    Deadline& deadline;
    base::WaitingSlots* sending_slots;  // null: no bound
    // Whether the sender's side can still be told no; else a reject is a message (RFC 5429 §2.1).
    bool can_refuse = true;
    // Who takes what goes out; empty: the mail server of the settings (deliver/outgoing.h).
    std::function<Sent(const Letter&)> send = {};
};

// For the programs that its scripts run.
ProgramWorld program_world(const Task& task);

}  // namespace deliver
