// SPDX-License-Identifier: MIT
#include "deliver/record_file.h"

#include "base/error.h"
#include "base/file.h"
#include "base/log.h"
#include "deliver/record.h"

#include <array>
#include <cerrno>
#include <cstdio>
#include <exception>
#include <sys/stat.h>
#include <unistd.h>

namespace deliver {
namespace {

constexpr std::size_t max_file_name_bytes = 200;

bool is_plain(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("@+-_.").find(c) != std::string_view::npos;
}

// In a directory that several users may write to, somebody else may have made ours.
void append_to_spare(const std::string& path, std::string_view line) {
    const std::string directory = path.substr(0, path.rfind('/'));
    base::make_directories(directory, 0700);
    struct stat status {};
    if (::lstat(directory.c_str(), &status) != 0) base::throw_errno("lstat", directory);
    if (!S_ISDIR(status.st_mode) || status.st_uid != ::geteuid() || (status.st_mode & 022) != 0)
        base::throw_error(EPERM, "open", directory);
    append_record(path, line);
}

}  // namespace

std::string spare_record_path(const std::string& state_dir, uid_t uid, std::string_view user) {
    if (state_dir.empty()) return {};
    std::string name;
    for (const char c : user) {
        if (is_plain(c) && !(c == '.' && name.empty())) {
            name += c;
        } else {
            std::array<char, 4> hex{};
            std::snprintf(hex.data(), hex.size(), "%%%02X", static_cast<unsigned char>(c));
            name += hex.data();
        }
    }
    if (name.size() > max_file_name_bytes) name.resize(max_file_name_bytes);
    return state_dir + "/deliveries/" + std::to_string(uid) + '/' + name + ".jsonl";
}

void keep_record(const std::string& path, const std::string& spare, std::string_view line,
                 const base::Log& log) {
    std::string why = "the user has no mail directory";
    if (!path.empty()) try {
            return append_record(path, line);
        } catch (const std::exception& error) {
            why = error.what();
        }
    if (!spare.empty()) try {
            append_to_spare(spare, line);
            log.info("the delivery record is in " + spare + ": " + why);
            return;
        } catch (const std::exception& error) {
            why += std::string("; ") + error.what();
        }
    log.warning("cannot write the delivery record: " + why);
}

}  // namespace deliver
