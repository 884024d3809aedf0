// SPDX-License-Identifier: MIT
#include "user/passwd_file.h"

#include "base/error.h"
#include "base/file.h"
#include "base/log.h"
#include "base/text.h"
#include "user/fields.h"

#include <cerrno>
#include <stdexcept>
#include <sys/stat.h>
#include <utility>

namespace user {
namespace {

bool counts(std::string_view line) {
    return !line.empty() && line.front() != '#' && line.front() != ':';
}

std::string_view user_of(std::string_view line) {
    return line.substr(0, line.find(':'));
}

// The next line of `rest` without its end; `rest` is cut.
std::string_view take_line(std::string_view& rest) {
    std::size_t end = rest.find('\n');
    std::string_view line = rest.substr(0, end);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    return line;
}

}  // namespace

struct PasswdFile::Content {
    std::string text;
    struct stat status {};
    std::mutex mutex;
    bool looked_up = false;
    bool indexed = false;
    std::unordered_map<std::string_view, std::string_view> index;

    bool same_file(const struct stat& now) const {
        return status.st_ino == now.st_ino && status.st_size == now.st_size &&
               status.st_mtim.tv_sec == now.st_mtim.tv_sec &&
               status.st_mtim.tv_nsec == now.st_mtim.tv_nsec;
    }

    std::optional<std::string_view> scan(std::string_view name) const {
        for (std::string_view rest = text; !rest.empty();) {
            std::string_view line = take_line(rest);
            if (counts(line) && user_of(line) == name) return line;
        }
        return std::nullopt;
    }

    // The first of two wins.
    void build_index(const std::string& path) {
        for (std::string_view rest = text; !rest.empty();) {
            std::string_view line = take_line(rest);
            if (!counts(line) || index.emplace(user_of(line), line).second) continue;
            base::Log("auth: ").error("passwd-file " + path + ": User " +
                                      base::printable(user_of(line)) + " exists more than once");
        }
        indexed = true;
    }

    std::optional<std::string_view> line_of(std::string_view name, const std::string& path) {
        std::lock_guard lock(mutex);
        if (!std::exchange(looked_up, true)) return scan(name);
        if (!indexed) build_index(path);
        auto found = index.find(name);
        if (found == index.end()) return std::nullopt;
        return found->second;
    }
};

PasswdFile::PasswdFile(std::string_view args, Expand expand) : expand_(std::move(expand)) {
    constexpr std::string_view format_key = "username_format=", scheme_key = "scheme=";
    args = base::trim(args);
    for (;;) {
        std::size_t end = std::min(args.find(' '), args.size());
        std::string_view word = args.substr(0, end);
        if (word.starts_with(format_key)) {
            username_format_ = std::string(word.substr(format_key.size()));
        } else if (!word.starts_with(scheme_key)) {
            break;  // the path, which may hold spaces
        }
        args = base::trim(args.substr(end));
        if (args.empty()) break;
    }
    path_ = std::string(args);
    if (path_.empty()) throw std::invalid_argument("passwd-file: Missing path in args");
}

PasswdFile::~PasswdFile() = default;

std::shared_ptr<PasswdFile::Content> PasswdFile::content(const std::string& path) {
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0) {
        if (errno == ENOENT || errno == ENOTDIR) return nullptr;
        base::throw_errno("stat", path);
    }
    std::lock_guard lock(mutex_);
    auto& cached = files_[path];
    if (cached && cached->same_file(status)) return cached;
    auto fresh = std::make_shared<Content>();
    auto text = base::read_file(path, max_file_bytes);
    if (!text) {
        files_.erase(path);
        return nullptr;
    }
    fresh->text = std::move(*text);
    fresh->status =
        status;  // from before the reading: a change in between is noticed at the next look-up
    if (files_.size() > max_cached_files) files_.clear();
    return files_[path] = fresh;
}

Lookup PasswdFile::find(const Request& request) {
    return look_up(request, true);
}
Lookup PasswdFile::exists(const Request& request) {
    return look_up(request, false);
}

Lookup PasswdFile::look_up(const Request& request, bool with_fields) {
    try {
        std::string path = expand_(path_, request);
        auto file = content(path);
        if (!file) {
            if (path != path_) return NoSuchUser{};
            return LookupFailure{"passwd-file: open(" + path +
                                 ") failed: " + base::error_text(ENOENT)};
        }
        auto line = file->line_of(expand_(username_format_, request), path);
        if (!line) return NoSuchUser{};
        User user{.name = request.name};
        if (!with_fields) return user;
        // The eighth column may hold colons: split off seven.
        std::string_view columns[8];
        std::string_view rest = *line;
        for (std::size_t i = 0; i < 8; ++i) {
            std::size_t end = i < 7 ? rest.find(':') : std::string_view::npos;
            columns[i] = rest.substr(0, end);
            rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
        }
        for (auto [key, column] :
             {std::pair{"uid", columns[2]}, {"gid", columns[3]}, {"home", columns[5]}}) {
            if (std::string error = set_field(user, key, column); !error.empty()) {
                return LookupFailure{"passwd-file(" + request.name + "): " + error};
            }
        }
        if (columns[7].starts_with(':')) {  // the old form: an empty column, then the mail location
            user.mail = columns[7].substr(1);
            return user;
        }
        for (std::string_view word : base::words(columns[7])) {
            if (!word.starts_with("userdb_")) continue;
            std::size_t equals = word.find('=');
            std::string_view value =
                equals == std::string_view::npos ? "yes" : word.substr(equals + 1);
            std::string error = set_field(
                user, word.substr(7, equals == std::string_view::npos ? equals : equals - 7),
                value);
            if (!error.empty()) return LookupFailure{"passwd-file(" + request.name + "): " + error};
        }
        return user;
    } catch (const std::exception& failure) {
        return LookupFailure{std::string("passwd-file: ") + failure.what()};
    }
}

}  // namespace user
