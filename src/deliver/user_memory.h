// SPDX-License-Identifier: MIT
// Where a user's memory lies: in the server that tamis_memory names, or in a file beside the user's
// mail.
#pragma once

#include "memory/memory.h"

#include <memory>
#include <string>

namespace config {
struct Settings;
}
namespace memory {
class Backend;
}
namespace store {
class Storage;
}

namespace deliver {

// Nothing where each user has a file. A setting that is no use is such a case, too, and `complaint`
// says why.
std::unique_ptr<memory::Backend> memory_backend(const config::Settings& settings,
                                                std::string& complaint);

// `backend` may be null. The storage outlives the memory.
std::unique_ptr<memory::Memory> user_memory(memory::Backend* backend, const std::string& user,
                                            store::Storage& storage);

}  // namespace deliver
