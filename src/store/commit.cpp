// SPDX-License-Identifier: MIT
#include "store/commit.h"

#include "store/disk.h"
#include "store/storage.h"

#include <system_error>
#include <utility>

namespace store {
namespace {

// Writes and syncs all of them; nothing is visible yet.
std::vector<Draft> prepare(Storage& storage, std::vector<Store>& stores, bool durable) {
    Disk& disk = storage.disk();
    const StorageSettings& settings = storage.settings();
    std::vector<Draft> drafts;
    drafts.reserve(stores.size());
    for (Store& store : stores) {
        drafts.emplace_back(disk, std::move(store.mailbox),
                            DraftOptions{.flags = std::move(store.flags),
                                         .received = store.received,
                                         .save_crlf = settings.save_crlf,
                                         .durable = durable,
                                         .lock_times = settings.lock_times});
        drafts.back().write(store.content);
    }
    if (durable) {
        std::vector<OpenFile> files;
        for (const Draft& draft : drafts)
            files.push_back({draft.fd(), &draft.temporary_path()});
        disk.sync.sync_files(files);
    }
    for (Draft& draft : drafts)
        draft.close();
    return drafts;
}

std::vector<std::string> visible_directories(const std::vector<Draft>& drafts) {
    std::vector<std::string> directories;
    for (const Draft& draft : drafts) {
        if (draft.visible()) directories.push_back(draft.visible_directory());
    }
    return directories;
}

// Every draft gets its chance, whatever becomes of the others. The text of what failed.
std::string take_back(Disk& disk, std::vector<Draft>& drafts, bool durable) {
    std::string failed;
    std::vector<std::string> directories = visible_directories(drafts);
    for (Draft& draft : drafts) {
        try {
            draft.take_back();
        } catch (const std::system_error& error) {
            failed += std::string("; not taken back: ") + error.what();
        }
    }
    if (durable && !directories.empty()) {
        try {
            disk.sync.sync_directories(directories);
        } catch (const std::system_error& error) {
            failed += std::string("; taken back, but ") + error.what();
        }
    }
    return failed;
}

}  // namespace

Prepared::Prepared(Storage& storage, std::vector<Store> stores)
    : storage_(&storage),
      durable_(storage.settings().fsync != FsyncMode::never),
      drafts_(prepare(storage, stores, durable_)) {}

std::vector<Stored> Prepared::show(const AfterCommit& then) {
    std::vector<Stored> stored;
    std::uint64_t bytes = 0;
    try {
        for (Draft& draft : drafts_)
            draft.show();
        if (durable_) storage_->disk().sync.sync_directories(visible_directories(drafts_));
        for (const Draft& draft : drafts_) {
            stored.push_back({draft.mailbox().path.name, draft.visible_path(), draft.size(),
                              draft.left_out_keywords()});
            bytes += draft.size();
        }
        if (then) then(stored);
    } catch (const std::system_error& error) {
        std::string failed = take_back(storage_->disk(), drafts_, durable_);
        if (failed.empty()) throw;
        throw std::system_error(error.code(), error.what() + failed);
    } catch (...) {
        not_taken_back_ = take_back(storage_->disk(), drafts_, durable_);
        throw;
    }
    storage_->count_for_quota(bytes, stored.size());
    return stored;
}

std::vector<Stored> commit(Storage& storage, std::vector<Store> stores, const AfterCommit& then) {
    return Prepared(storage, std::move(stores)).show(then);
}

}  // namespace store
