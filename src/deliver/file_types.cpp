// SPDX-License-Identifier: MIT
#include "deliver/file_types.h"

#include "base/text.h"

#include <magic.h>

#include <dlfcn.h>

namespace deliver {
namespace {

constexpr const char* library_name = "libmagic.so.1";
// Without what costs most in libmagic, and what looks into other things than the octets.
constexpr int flags = MAGIC_MIME_TYPE | MAGIC_ERROR | MAGIC_NO_CHECK_COMPRESS | MAGIC_NO_CHECK_TAR |
                      MAGIC_NO_CHECK_TOKENS;
constexpr std::size_t max_regex_bytes = 4096;

bool says_nothing(std::string_view type) {
    return type == "application/octet-stream" || type == "application/x-empty" ||
           type.starts_with("inode/");
}

}  // namespace

// The functions of libmagic that are used, and a set of its database.
class FileTypes::Library {
  public:
    Library() : handle_(::dlopen(library_name, RTLD_NOW | RTLD_LOCAL)) {
        if (handle_ == nullptr) return;
        const auto open = find<decltype(&::magic_open)>("magic_open");
        const auto load = find<decltype(&::magic_load)>("magic_load");
        const auto limit = find<decltype(&::magic_setparam)>("magic_setparam");
        close_ = find<decltype(&::magic_close)>("magic_close");
        buffer_ = find<decltype(&::magic_buffer)>("magic_buffer");
        if (!open || !load || !limit || !close_ || !buffer_) return;
        set_ = open(flags);
        if (set_ == nullptr) return;
        limit(set_, MAGIC_PARAM_BYTES_MAX, &max_detected_bytes);
        limit(set_, MAGIC_PARAM_REGEX_MAX, &max_regex_bytes);
        if (load(set_, nullptr) == 0) return;
        close_(set_);
        set_ = nullptr;
    }
    ~Library() {
        if (set_ != nullptr) close_(set_);
        if (handle_ != nullptr) ::dlclose(handle_);
    }
    Library(const Library&) = delete;
    Library& operator=(const Library&) = delete;

    bool usable() const { return set_ != nullptr; }
    const char* type_of(std::string_view octets) const {
        return buffer_(set_, octets.data(), octets.size());
    }

  private:
    template <typename Function>
    Function find(const char* name) const {
        return reinterpret_cast<Function>(::dlsym(handle_, name));
    }

    void* handle_;
    decltype(&::magic_close) close_ = nullptr;
    decltype(&::magic_buffer) buffer_ = nullptr;
    magic_t set_ = nullptr;
};

FileTypes::FileTypes() : library_(std::make_unique<Library>()) {
    if (!library_->usable()) library_.reset();
}

FileTypes::~FileTypes() = default;

std::string FileTypes::detect(std::string_view octets) {
    if (!library_ || octets.empty()) return {};
    const char* found = library_->type_of(octets.substr(0, max_detected_bytes));
    if (found == nullptr) return {};
    std::string type = base::to_lower(found);
    return says_nothing(type) ? std::string() : type;
}

}  // namespace deliver
