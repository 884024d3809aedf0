// SPDX-License-Identifier: MIT
#include "bin/sieve_test_execute.h"

#include "base/clock.h"
#include "base/spool.h"
#include "deliver/edited_message.h"
#include "deliver/envelope.h"
#include "deliver/script_store.h"
#include "deliver/sending.h"
#include "deliver/task.h"
#include "mail/message.h"
#include "memory/memory.h"
#include "store/commit.h"
#include "store/storage.h"

#include <algorithm>
#include <cstdio>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace bin {
namespace {

struct Wanted {
    std::string mailbox;
    sieve::Flags flags;
    bool create = false;
    bool is_fileinto = false;
    std::shared_ptr<const sieve::Message> message{};  // as a script edited it
};

class Stores {
  public:
    explicit Stores(const TestWorld& world) : world_(world) {}

    // Whether the mailbox could be opened; what is wrong has been told.
    bool add(const Wanted& wanted) {
        if (!world_.stores) {
            world_.setup.log.info("sieve: store into mailbox '" + wanted.mailbox +
                                  "' skipped: there is no -l");
            return true;
        }
        auto opened = world_.storage->open(
            wanted.mailbox,
            wanted.create ? store::CreateMailbox::always : store::CreateMailbox::as_configured);
        if (!opened) {
            std::fprintf(stderr, "error: %sfailed to store into mailbox '%s': %s.\n",
                         wanted.is_fileinto ? "fileinto action: " : "", wanted.mailbox.c_str(),
                         opened.error().text.c_str());
            return false;
        }
        for (store::Store& store : stores_) {
            if (store.mailbox.path.directory != opened->path.directory) continue;
            store.flags = store::parse_flags(wanted.flags.names);
            return true;
        }
        stores_.push_back({.mailbox = std::move(opened).value(),
                           .content = content_of(wanted),
                           .flags = store::parse_flags(wanted.flags.names),
                           .received = std::nullopt});
        return true;
    }

    void commit() {
        if (stores_.empty()) return;
        for (const store::Stored& stored : store::commit(*world_.storage, std::move(stores_)))
            world_.setup.log.info("sieve: stored mail into mailbox '" + stored.mailbox + '\'');
        stores_.clear();
    }

  private:
    store::Content content_of(const Wanted& wanted) const {
        const deliver::MessageText text = deliver::text_of(world_.message, wanted.message);
        store::Content content;
        content.add(text.header_bytes);
        content.add(text.rest);
        return content;
    }

    const TestWorld& world_;
    std::vector<store::Store> stores_;
};

void print(std::string_view text) {
    std::fwrite(text.data(), 1, text.size(), stdout);
}

deliver::Sent print_letter(const deliver::Letter& letter) {
    print("RECIPIENT: " + letter.recipient + "\nSTART MESSAGE:\n");
    for (const std::string_view piece : letter.content)
        print(piece);
    print("END MESSAGE\n\n");
    return {deliver::Sent::Result::sent, {}};
}

// What the delivery would send, by its own code; it is shown instead.
class Letters {
  public:
    explicit Letters(const TestWorld& world)
        : world_(world),
          spool_(in_memory(world.message.bytes())),
          log_(*world.setup.settings, world.envelope, world.message, spool_),
          user_log_({}, base::system_clock()),
          memory_(memory::no_memory()) {
        recipient_.user = world.setup.user;
        recipient_.address = world.envelope.recipient;
        recipient_.settings = world.setup.settings;
    }

    // False where a forward or a program failed.
    bool print_all(const std::vector<sieve::Action>& actions) {
        deliver::Task task{
            recipient_,      world_.envelope, spool_,  world_.message, *world_.setup.settings,
            *world_.storage, scripts_,        log_,    user_log_,      record_,
            *memory_,        no_deadline_,    nullptr, false,          print_letter};
        deliver::Sending sending(task);
        bool well = true;
        for (const sieve::Action& action : actions)
            well = print_one(sending, action) && well;
        return well;
    }

  private:
    static bool is_well(deliver::ActionResult result) {
        return result == deliver::ActionResult::done || result == deliver::ActionResult::skipped;
    }
    static base::Spool in_memory(std::string_view bytes) {
        base::Spool spool(base::Spool::Limits{});
        spool.append(bytes);
        spool.seal();
        return spool;
    }

    bool print_one(deliver::Sending& sending, const sieve::Action& action) const {
        const deliver::MessageText message = deliver::text_of(world_.message, action.message);
        if (const auto* redirect = std::get_if<sieve::Redirect>(&action.what)) {
            return is_well(sending.redirect(*redirect, message, action.origin, nullptr));
        } else if (const auto* pipe = std::get_if<sieve::Pipe>(&action.what)) {
            return is_well(sending.pipe(*pipe, message, action.origin, nullptr));
        } else if (const auto* reject = std::get_if<sieve::Reject>(&action.what)) {
            sending.reject_by_message(*reject, action.origin);
        } else if (const auto* vacation = std::get_if<sieve::Vacation>(&action.what)) {
            sieve::Vacation reply = *vacation;
            if (!world_.stores) reply.file_copy.reset();
            sending.vacation(reply, message, action.origin);
        } else if (const auto* notify = std::get_if<sieve::Notify>(&action.what)) {
            sieve::Notify notification = *notify;
            if (!world_.stores) notification.file_copy.reset();
            sending.notify(notification, message, action.origin);
        } else if (const auto* report = std::get_if<sieve::Report>(&action.what)) {
            sending.report(*report, message, action.origin);
        }
        return true;
    }

    const TestWorld& world_;
    base::Spool spool_;
    deliver::Recipient recipient_;
    deliver::ScriptStore scripts_;
    deliver::DeliveryLog log_;
    deliver::UserLog user_log_;
    deliver::DeliveryRecord record_;
    deliver::Deadline no_deadline_;
    std::unique_ptr<memory::Memory> memory_;
};

}  // namespace

Executed keep_instead(const TestWorld& world) {
    Stores stores(world);
    if (!stores.add({.mailbox = std::string(world.default_mailbox)})) return Executed::failed;
    stores.commit();
    return Executed::kept_instead;
}

Executed execute(const TestWorld& world, const sieve::Outcome& outcome) {
    Stores stores(world);
    bool all_opened = true;
    for (const sieve::Action& action : outcome.decided.actions) {
        if (const auto* keep = std::get_if<sieve::Keep>(&action.what)) {
            all_opened = stores.add({.mailbox = std::string(world.default_mailbox),
                                     .flags = keep->flags,
                                     .message = action.message}) &&
                         all_opened;
        } else if (const auto* into = std::get_if<sieve::FileInto>(&action.what)) {
            all_opened = stores.add({.mailbox = into->mailbox,
                                     .flags = into->flags,
                                     .create = into->create,
                                     .is_fileinto = true,
                                     .message = action.message}) &&
                         all_opened;
        }
    }
    if (outcome.implicit_keep) {
        all_opened = stores.add({.mailbox = std::string(world.default_mailbox),
                                 .flags = outcome.decided.internal_flags,
                                 .message = outcome.decided.message}) &&
                     all_opened;
    }
    if (!all_opened) return keep_instead(world);
    stores.commit();
    if (world.storage == nullptr || Letters(world).print_all(outcome.decided.actions))
        return Executed::well;
    const bool kept = std::ranges::any_of(outcome.decided.actions, [](const sieve::Action& action) {
        return std::holds_alternative<sieve::Keep>(action.what);
    });
    return kept || outcome.implicit_keep ? Executed::kept_instead : keep_instead(world);
}

}  // namespace bin
