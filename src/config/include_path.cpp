// SPDX-License-Identifier: MIT
#include "config/include_path.h"

#include <glob.h>

namespace config {

std::string directory_of(const std::string& file) {
    std::size_t slash = file.rfind('/');
    return slash == std::string::npos ? std::string() : file.substr(0, slash + 1);
}

std::optional<std::vector<std::string>> matching_files(const std::string& pattern,
                                                       const std::string& from_file) {
    std::string wanted = pattern.starts_with('/') ? pattern : directory_of(from_file) + pattern;
    glob_t found{};
    int status = ::glob(wanted.c_str(), GLOB_BRACE, nullptr, &found);
    std::vector<std::string> paths;
    if (status == 0) paths.assign(found.gl_pathv, found.gl_pathv + found.gl_pathc);
    ::globfree(&found);
    if (status != 0 && status != GLOB_NOMATCH) return std::nullopt;
    return paths;
}

}  // namespace config
