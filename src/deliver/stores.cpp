// SPDX-License-Identifier: MIT
#include "deliver/stores.h"

#include "base/text.h"
#include "deliver/edited_message.h"
#include "deliver/task.h"
#include "store/flags.h"
#include "store/storage.h"

#include <algorithm>
#include <chrono>
#include <exception>
#include <utility>

namespace deliver {
namespace {

using Steady = std::chrono::steady_clock;

// Adds the time that it lived.
class StopWatch {
  public:
    explicit StopWatch(std::int64_t& micros) : micros_(micros) {}
    ~StopWatch() {
        micros_ +=
            std::chrono::duration_cast<std::chrono::microseconds>(Steady::now() - begin_).count();
    }
    StopWatch(const StopWatch&) = delete;
    StopWatch& operator=(const StopWatch&) = delete;

  private:
    std::int64_t& micros_;
    Steady::time_point begin_ = Steady::now();
};

std::string_view action_name(WantedStore::Kind kind) {
    switch (kind) {
        case WantedStore::Kind::keep:
            return "keep";
        case WantedStore::Kind::fileinto:
            return "fileinto";
        case WantedStore::Kind::plain:
            return "save";
    }
    return {};
}

RecordedAction recorded(const WantedStore& wanted) {
    return recorded_action(std::string(action_name(wanted.kind)), wanted.mailbox, wanted.origin);
}

std::vector<std::string> all_flags(const std::vector<WantedStore>& wanted) {
    std::vector<std::string> flags;
    for (const WantedStore& one : wanted)
        flags.insert(flags.end(), one.flags.begin(), one.flags.end());
    return flags;
}

std::string join(const std::vector<std::string>& words) {
    std::string text;
    for (const std::string& word : words)
        text += (text.empty() ? "" : " ") + word;
    return text;
}

}  // namespace

std::optional<FailedStore> Stores::add(const WantedStore& wanted) {
    auto opened =
        task_.storage.open(wanted.mailbox, wanted.create ? store::CreateMailbox::always
                                                         : store::CreateMailbox::as_configured);
    if (!opened) return FailedStore{wanted, opened.error().text};
    for (Planned& planned : stores_)
        if (planned.mailbox.path.directory == opened->path.directory) {
            planned.wanted.push_back(wanted);
            return std::nullopt;
        }
    stores_.push_back({{wanted}, std::move(opened).value()});
    return std::nullopt;
}

bool Stores::has(std::string_view mailbox) const {
    return std::any_of(stores_.begin(), stores_.end(), [&](const Planned& planned) {
        return std::any_of(
            planned.wanted.begin(), planned.wanted.end(),
            [&](const WantedStore& wanted) { return base::iequals(wanted.mailbox, mailbox); });
    });
}

void Stores::prepare() {
    if (prepared_ || stores_.empty()) return;
    const StopWatch watch(task_.record.store_micros);
    std::vector<store::Store> stores;
    for (const Planned& planned : stores_)
        stores.push_back({.mailbox = planned.mailbox,
                          .content = content_of(task_, planned.wanted.front().message),
                          .flags = store::parse_flags(all_flags(planned.wanted)),
                          .received = std::nullopt});
    prepared_.emplace(task_.storage, std::move(stores));
}

void Stores::show(const std::function<void()>& then) {
    prepare();
    if (!prepared_) {
        if (then) then();
        return;
    }
    std::optional<StopWatch> watch(task_.record.store_micros);
    // Log lines come after `then`: until it is through, the stores may be taken back.
    const std::vector<store::Stored> stored =
        prepared_->show([&](const std::vector<store::Stored>&) {
            watch.reset();
            if (then) then();
        });
    prepared_.reset();
    tell_stored(stored);
    stores_.clear();
}

// What is stored is stored, also where there is no memory for a log line.
void Stores::tell_stored(const std::vector<store::Stored>& stored) {
    try {
        for (std::size_t i = 0; i < stored.size(); ++i)
            tell_stored(stores_[i], stored[i]);
    } catch (const std::exception& error) {
        task_.settings.log.error(error.what());
    }
}

void Stores::tell_stored(const Planned& planned, const store::Stored& stored) {
    const WantedStore& first = planned.wanted.front();
    task_.log.set_storage_id(stored.path.substr(stored.path.rfind('/') + 1));
    switch (first.kind) {
        case WantedStore::Kind::plain:
            task_.log.plain("saved mail to " + first.mailbox);
            break;
        case WantedStore::Kind::keep:
            task_.log.sieve("stored mail into mailbox '" + first.mailbox + '\'');
            break;
        case WantedStore::Kind::fileinto:
            task_.log.sieve("fileinto action: stored mail into mailbox '" + first.mailbox + '\'');
            break;
    }
    const std::vector<std::string>& left_out = stored.left_out_keywords;
    std::string why_left_out;
    if (!left_out.empty()) {
        why_left_out =
            "not set, since the mailbox has 26 keywords already, the most that Maildir "
            "can keep: " +
            join(left_out);
        task_.settings.log.warning("sieve: msgid=" + task_.log.message_id() + ": mailbox '" +
                                   first.mailbox + "': " + why_left_out);
    }
    for (const WantedStore& wanted : planned.wanted) {
        RecordedAction action = recorded(wanted);
        action.result = "done";
        action.file = stored.path;
        std::vector<std::string> flags = wanted.flags;
        std::erase_if(flags, [&](const std::string& flag) {
            return std::find(left_out.begin(), left_out.end(), flag) != left_out.end();
        });
        action.flags = join(flags);
        action.detail = why_left_out;
        task_.record.actions.push_back(std::move(action));
    }
}

void Stores::give_up(std::string why) {
    if (prepared_ && !prepared_->not_taken_back().empty()) {
        why += prepared_->not_taken_back();
        task_.settings.log.error("sieve: msgid=" + task_.log.message_id() + ": " + why);
    }
    for (const Planned& planned : stores_)
        for (const WantedStore& wanted : planned.wanted) {
            RecordedAction action = recorded(wanted);
            action.result = "skipped";
            action.detail = why;
            task_.record.actions.push_back(std::move(action));
        }
    stores_.clear();
    prepared_.reset();
}

}  // namespace deliver
