// SPDX-License-Identifier: MIT
#include "deliver/user_memory.h"

#include "config/settings.h"
#include "memory/backend.h"
#include "store/disk.h"
#include "store/storage.h"

#include <string_view>

namespace deliver {

namespace {

// Beside dovecot-uidlist.
constexpr std::string_view file_name = "tamis-memory.sqlite";

}  // namespace

std::unique_ptr<memory::Backend> memory_backend(const config::Settings& settings,
                                                std::string& complaint) {
    if (settings.tamis_memory.empty() || settings.tamis_memory == "sqlite") return nullptr;
    auto made = memory::make_backend(settings.tamis_memory);
    if (made) return std::move(made).value();
    complaint = made.error() + "; each user's file is used";
    return nullptr;
}

std::unique_ptr<memory::Memory> user_memory(memory::Backend* backend, const std::string& user,
                                            store::Storage& storage) {
    const memory::Waiting waiting{.slots = storage.disk().lock_waiters};
    if (backend != nullptr) return backend->of(user, waiting);
    const std::string path = storage.control_root() + '/' + std::string(file_name);
    return memory::sqlite_memory(
        path, storage.disk().clock, [&storage] { storage.make_control_root(); }, waiting);
}

}  // namespace deliver
