// SPDX-License-Identifier: MIT
#include "deliver/file_copy.h"

#include "deliver/task.h"
#include "store/commit.h"
#include "store/flags.h"
#include "store/storage.h"

#include <exception>
#include <utility>
#include <vector>

namespace deliver {
namespace {

// Where it lies; or why it was not stored.
base::Result<std::string, std::string> store_copy(Task& task, const sieve::FileCopy& copy,
                                                  std::string_view message) {
    auto opened =
        task.storage.open(copy.mailbox, copy.create ? store::CreateMailbox::always
                                                    : store::CreateMailbox::as_configured);
    if (!opened) return base::Unexpected{opened.error().text};
    store::Content content;
    content.add(message);
    std::vector<store::Store> stores;
    stores.push_back({.mailbox = std::move(opened).value(),
                      .content = std::move(content),
                      .flags = store::parse_flags(copy.flags),
                      .received = std::nullopt});
    return store::commit(task.storage, std::move(stores)).front().path;
}

}  // namespace

void file_copy(Task& task, const sieve::FileCopy& copy, std::string_view message,
               const sieve::Origin& origin) {
    RecordedAction action = recorded_action("fcc", copy.mailbox, origin);
    std::string why;
    try {
        if (auto stored = store_copy(task, copy, message))
            action.file = *std::move(stored);
        else
            why = stored.error();
    } catch (const std::exception& error) {
        why = error.what();
    }
    action.result = why.empty() ? "done" : "failed";
    action.detail = why;
    for (const std::string& flag : copy.flags)
        action.flags += (action.flags.empty() ? "" : " ") + flag;
    task.record.actions.push_back(std::move(action));
    if (why.empty())
        task.log.sieve("fcc: stored a copy of what was sent into mailbox '" + copy.mailbox + '\'');
    else
        task.log.sieve_error("fcc: failed to store a copy of what was sent into mailbox '" +
                             copy.mailbox + "': " + why);
}

}  // namespace deliver
