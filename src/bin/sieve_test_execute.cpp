// SPDX-License-Identifier: MIT
#include "bin/sieve_test_execute.h"

#include "deliver/edited_message.h"
#include "deliver/envelope.h"
#include "deliver/redirect.h"
#include "mail/message.h"
#include "store/commit.h"
#include "store/storage.h"

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
        if (world_.storage == nullptr) {
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

void print_redirect(const TestWorld& world, const std::string& recipient,
                    const std::shared_ptr<const sieve::Message>& edited) {
    deliver::OwnAddresses own;
    own.recipient = world.envelope.recipient;
    own.user_email = world.setup.settings->plugin("sieve_user_email").value_or("");
    deliver::RedirectCopy copy;
    deliver::make_redirect_copy(copy, deliver::text_of(world.message, edited), own.own(),
                                "<sieve-test@localhost>");
    print("RECIPIENT: " + recipient + "\nSTART MESSAGE:\n");
    for (const std::string_view piece : copy.pieces)
        print(piece);
    print("END MESSAGE\n\n");
}

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
    for (const sieve::Action& action : outcome.decided.actions)
        if (const auto* redirect = std::get_if<sieve::Redirect>(&action.what))
            print_redirect(world, redirect->address, action.message);
    return Executed::well;
}

}  // namespace bin
