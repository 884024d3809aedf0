// SPDX-License-Identifier: MIT
#include "deliver/script_storage.h"

#include "base/error.h"
#include "base/fd.h"
#include "base/file.h"
#include "base/text.h"
#include "sieve/script_name.h"

#include <climits>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <filesystem>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace deliver {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view suffix = ".sieve";
constexpr std::size_t max_stored_bytes = std::size_t{64} << 20;
// Where a plain file in the link's place goes.
constexpr std::string_view plain_name = "dovecot.orig";

base::Unexpected<ScriptRefusal> refusal(ScriptRefusal::Reason reason, std::string text) {
    return {ScriptRefusal{reason, std::move(text), {}}};
}

base::Unexpected<ScriptRefusal> no_name(std::string_view name) {
    return refusal(ScriptRefusal::Reason::invalid_name,
                   "'" + base::printable(name, 200) + "' is no script name");
}

base::Unexpected<ScriptRefusal> no_script(std::string_view name) {
    return refusal(ScriptRefusal::Reason::missing,
                   "there is no script '" + base::printable(name, 200) + "'");
}

bool exists(const std::string& path) {
    struct stat status {};
    if (::lstat(path.c_str(), &status) == 0) return true;
    if (errno != ENOENT && errno != ENOTDIR) base::throw_errno("lstat", path);
    return false;
}

void sync_directory(const std::string& path) {
    const base::Fd fd(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!fd || ::fsync(fd.get()) != 0) base::throw_errno("fsync", path);
}

// A name that nobody else uses.
std::string temporary_name(const std::string& directory) {
    static std::atomic<unsigned> count{0};
    return directory + "/." + std::to_string(::getpid()) + '.' + std::to_string(count++) + ".tmp";
}

// Durable before it is seen under its name.
void write_new(const std::string& path, std::string_view text) {
    const std::string temporary = temporary_name(fs::path(path).parent_path().string());
    base::Fd fd(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
    if (!fd) base::throw_errno("open", temporary);
    try {
        base::write_all(fd.get(), text, temporary);
        if (::fsync(fd.get()) != 0) base::throw_errno("fsync", temporary);
        if (::rename(temporary.c_str(), path.c_str()) != 0) base::throw_errno("rename", path);
    } catch (...) {
        ::unlink(temporary.c_str());
        throw;
    }
    sync_directory(fs::path(path).parent_path().string());
}

}  // namespace

ScriptStorage::ScriptStorage(ScriptLocation location, ScriptStorageRules rules)
    : location_(std::move(location)), rules_(std::move(rules)) {}

std::string ScriptStorage::path_of(std::string_view name) const {
    return location_.path + '/' + std::string(name) + std::string(suffix);
}

void ScriptStorage::make_directory() const {
    base::make_directories(location_.path, 0700);
}

// Of the script that the link names, wherever it leads to in the directory.
std::string ScriptStorage::active_name() const {
    std::error_code error;
    const fs::path target = fs::read_symlink(location_.active, error);
    if (error) return {};
    const fs::path link = location_.active;
    const fs::path whole = target.is_absolute() ? target : link.parent_path() / target;
    if (fs::weakly_canonical(whole.parent_path(), error) !=
        fs::weakly_canonical(location_.path, error))
        return {};
    const std::string file = whole.filename().string();
    return file.ends_with(suffix) ? file.substr(0, file.size() - suffix.size()) : std::string();
}

std::vector<ScriptListing> ScriptStorage::list() const {
    std::vector<ScriptListing> scripts;
    const std::string active = active_name();
    std::error_code error;
    fs::directory_iterator it(location_.path, error);
    if (error) {
        if (error == std::errc::no_such_file_or_directory) return scripts;
        throw fs::filesystem_error("cannot list scripts", location_.path, error);
    }
    for (const fs::directory_entry& entry : it) {
        const std::string file = entry.path().filename().string();
        if (!file.ends_with(suffix) || file.size() == suffix.size()) continue;
        const std::string name = file.substr(0, file.size() - suffix.size());
        if (sieve::is_script_name(name) && fs::is_regular_file(entry.path(), error))
            scripts.push_back({name, name == active});
    }
    std::ranges::sort(scripts, {}, &ScriptListing::name);
    return scripts;
}

ScriptResult<std::string> ScriptStorage::get(std::string_view name) const {
    if (!sieve::is_script_name(name)) return no_name(name);
    auto text = base::read_file(path_of(name), max_stored_bytes);
    if (!text) return no_script(name);
    return *std::move(text);
}

std::optional<ScriptRefusal> ScriptStorage::over_quota(std::string_view name,
                                                       std::uint64_t bytes) const {
    const std::uint64_t most = rules_.compile.max_script_bytes;
    if (most != 0 && bytes > most)
        return ScriptRefusal{ScriptRefusal::Reason::too_large,
                             "the script is larger than " + std::to_string(most) + " octets",
                             {}};
    if (rules_.max_scripts == 0 && rules_.max_storage == 0) return std::nullopt;
    std::uint64_t scripts = 1;
    std::uint64_t storage = bytes;
    for (const ScriptListing& each : list()) {
        if (each.name == name) continue;
        ++scripts;
        std::error_code gone;
        const auto size = fs::file_size(path_of(each.name), gone);
        if (!gone) storage += size;
    }
    if (rules_.max_scripts != 0 && scripts > rules_.max_scripts)
        return ScriptRefusal{ScriptRefusal::Reason::too_many,
                             "more than " + std::to_string(rules_.max_scripts) + " scripts",
                             {}};
    if (rules_.max_storage != 0 && storage > rules_.max_storage)
        return ScriptRefusal{
            ScriptRefusal::Reason::over_storage,
            "the scripts would take more than " + std::to_string(rules_.max_storage) + " octets",
            {}};
    return std::nullopt;
}

ScriptResult<sieve::Compilation> ScriptStorage::put(std::string_view name, std::string_view text) {
    if (!sieve::is_script_name(name)) return no_name(name);
    make_directory();
    if (auto refused = over_quota(name, text.size())) return base::Unexpected{*std::move(refused)};
    auto compilation = compile_text(text);
    if (compilation) write_new(path_of(name), text);
    return compilation;
}

ScriptResult<sieve::Compilation> ScriptStorage::compile_text(std::string_view text) const {
    sieve::Compilation compilation = sieve::compile(text, rules_.compile);
    if (!compilation.program)
        return base::Unexpected{ScriptRefusal{ScriptRefusal::Reason::has_errors,
                                              "the script has errors", std::move(compilation)}};
    return compilation;
}

// A file where the link should be is somebody's script, too: it stays, under a name of its own.
void ScriptStorage::keep_plain_file() {
    struct stat status {};
    if (::lstat(location_.active.c_str(), &status) != 0 || S_ISLNK(status.st_mode)) return;
    const auto text = base::read_file(location_.active, max_stored_bytes);
    if (!text) return;
    // Under a name that no other script has.
    std::string name(plain_name);
    for (unsigned number = 2; exists(path_of(name)); ++number) {
        if (base::read_file(path_of(name), max_stored_bytes) == text) return;
        name = std::string(plain_name) + '-' + std::to_string(number);
    }
    write_new(path_of(name), *text);
}

void ScriptStorage::link_to(const std::string& file) {
    const fs::path link = location_.active;
    std::error_code ignored;
    const fs::path directory = link.parent_path();
    // Short, and right after the home has moved.
    fs::path target = fs::path(file).lexically_relative(directory);
    if (target.empty() || target.string().starts_with("..")) target = file;
    base::make_directories(directory.string(), 0700);
    const std::string temporary = temporary_name(directory.string());
    if (::symlink(target.c_str(), temporary.c_str()) != 0) base::throw_errno("symlink", temporary);
    if (::rename(temporary.c_str(), link.c_str()) != 0) {
        const int error = errno;
        ::unlink(temporary.c_str());
        base::throw_error(error, "rename", link.string());
    }
    sync_directory(directory.string());
}

ScriptResult<sieve::Compilation> ScriptStorage::compile(std::string_view name) const {
    const auto text = get(name);
    if (!text) return base::Unexpected{text.error()};
    return compile_text(*text);
}

ScriptResult<sieve::Compilation> ScriptStorage::activate(std::string_view name) {
    auto compilation = compile(name);
    if (!compilation) return compilation;
    keep_plain_file();
    link_to(path_of(name));
    return compilation;
}

void ScriptStorage::deactivate() {
    keep_plain_file();
    if (::unlink(location_.active.c_str()) != 0 && errno != ENOENT)
        base::throw_errno("unlink", location_.active);
}

ScriptResult<std::monostate> ScriptStorage::remove(std::string_view name) {
    if (!sieve::is_script_name(name)) return no_name(name);
    if (!exists(path_of(name))) return no_script(name);
    if (active_name() == name)
        return refusal(ScriptRefusal::Reason::active,
                       "script '" + base::printable(name, 200) + "' is active");
    if (::unlink(path_of(name).c_str()) != 0) base::throw_errno("unlink", path_of(name));
    // What was compiled from it.
    const std::string binary = (location_.bindir.empty() ? location_.path : location_.bindir) +
                               '/' + std::string(name) + ".svbin";
    ::unlink(binary.c_str());
    return std::monostate();
}

ScriptResult<std::monostate> ScriptStorage::rename(std::string_view from, std::string_view to) {
    if (!sieve::is_script_name(from)) return no_name(from);
    if (!sieve::is_script_name(to)) return no_name(to);
    if (!exists(path_of(from))) return no_script(from);
    const bool active = active_name() == from;
    // Never over another one. The link follows last: until then both names are there.
    if (::link(path_of(from).c_str(), path_of(to).c_str()) != 0) {
        if (errno == EEXIST)
            return refusal(ScriptRefusal::Reason::exists,
                           "there is a script '" + base::printable(to, 200) + "' already");
        base::throw_errno("link", path_of(to));
    }
    if (active) link_to(path_of(to));
    if (::unlink(path_of(from).c_str()) != 0) base::throw_errno("unlink", path_of(from));
    sync_directory(location_.path);
    return std::monostate();
}

}  // namespace deliver
