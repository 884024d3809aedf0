// SPDX-License-Identifier: MIT
#include "deliver/script_sequence.h"

#include "base/text.h"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <sys/stat.h>
#include <system_error>

namespace deliver {
namespace {

constexpr std::string_view script_suffix = ".sieve";
// More scripts in one directory, or numbered settings, are not run: a limit against mistakes.
constexpr std::size_t max_scripts_in_directory = 1000;
constexpr std::string_view default_location = "file:~/sieve;active=~/.dovecot.sieve";

enum class Found { file, directory, nothing, unknown };

Found look_at(const std::string& path) {
    struct stat status {};
    if (::stat(path.c_str(), &status) == 0)
        return S_ISDIR(status.st_mode) ? Found::directory : Found::file;
    if (errno == ENOENT || errno == ENOTDIR) return Found::nothing;
    return Found::unknown;  // to be told by whoever opens it
}

std::string under_home(std::string_view path, std::string_view home) {
    if (path == "~") return std::string(home);
    if (path.starts_with("~/")) return std::string(home) + std::string(path.substr(1));
    if (!path.empty() && path[0] != '/' && !home.empty())
        return std::string(home) + '/' + std::string(path);
    return std::string(path);
}

// The file itself, or every *.sieve of the directory in byte order.
void add_location(std::vector<ScriptFile>& scripts, const ScriptLocation& location,
                  ScriptRole role) {
    switch (look_at(location.path)) {
        case Found::nothing:
            return;
        case Found::file:
        case Found::unknown:
            scripts.push_back(ScriptFile::at(location.path, role, location.bindir));
            return;
        case Found::directory:
            break;
    }
    std::vector<std::string> names;
    std::error_code error;
    for (std::filesystem::directory_iterator it(location.path, error), end; !error && it != end;
         it.increment(error)) {
        std::string name = it->path().filename();
        if (name.ends_with(script_suffix) && name.size() > script_suffix.size())
            names.push_back(std::move(name));
        if (names.size() > max_scripts_in_directory) {
            error = std::make_error_code(std::errc::file_too_large);
            break;
        }
    }
    // Scripts that cannot be seen must not be passed over: one stands for them that fails to open.
    if (error && error.value() != ENOENT) {
        ScriptFile unlisted = ScriptFile::at(location.path, role);
        unlisted.binary_path.clear();
        unlisted.listing_error = error.value();
        scripts.push_back(std::move(unlisted));
        return;
    }
    std::sort(names.begin(), names.end());
    for (const std::string& name : names)
        scripts.push_back(ScriptFile::at(location.path + '/' + name, role, location.bindir));
}

// Where the active script is a link, the name of the script that it leads to: the one that its
// user knows.
std::string name_of_target(const std::string& path) {
    std::error_code is_no_link;
    const std::filesystem::path target = std::filesystem::read_symlink(path, is_no_link);
    return target.extension() == ".sieve" ? target.stem().string() : std::string();
}

class Finder {
  public:
    Finder(const PluginValue& plugin, std::string_view home) : plugin_(plugin), home_(home) {}

    ScriptSequence find() {
        add_numbered("sieve_before", ScriptRole::before);
        if (!add_personal()) add_fallback();
        add_numbered("sieve_after", ScriptRole::after);
        if (const auto discard = usable("sieve_discard"))
            sequence_.discard = ScriptFile::at(discard->path, ScriptRole::discard, discard->bindir);
        return std::move(sequence_);
    }

    std::optional<ScriptLocation> storage(sieve::ScriptPlace place) {
        if (place == sieve::ScriptPlace::global) {
            auto location = usable("sieve_global");
            return location ? location : usable("sieve_global_dir");
        }
        if (auto location = usable("sieve"))
            if (!location->active.empty() || look_at(location->path) == Found::directory)
                return location;
        // "sieve" names a script, or nothing.
        if (auto location = usable(old_directory_key())) return location;
        if (home_.empty()) return std::nullopt;
        return usable_location("sieve", default_location);
    }

  private:
    // The setting's location with its paths made absolute, if there is one of a usable type.
    std::optional<ScriptLocation> usable(const std::string& key) {
        const auto value = plugin_(key);
        if (!value || base::trim(*value).empty()) return std::nullopt;
        return usable_location(key, *value);
    }

    std::optional<ScriptLocation> usable_location(const std::string& key, std::string_view value) {
        ScriptLocation location = parse_script_location(value);
        if (location.type != "file") {
            sequence_.complaints.push_back(key + ": scripts of type '" + location.type +
                                           "' are not supported; the setting is ignored");
            return std::nullopt;
        }
        if (home_.empty() && (location.path.starts_with("~") || location.active.starts_with("~"))) {
            sequence_.complaints.push_back(key + ": the user has no home directory for '" +
                                           std::string(value) + "'; the setting is ignored");
            return std::nullopt;
        }
        location.path = under_home(location.path, home_);
        if (!location.active.empty()) location.active = under_home(location.active, home_);
        if (!location.bindir.empty()) location.bindir = under_home(location.bindir, home_);
        return location;
    }

    void add_numbered(const std::string& key, ScriptRole role) {
        for (unsigned number = 1;; ++number) {
            // sieve_before (or sieve_before1), sieve_before2, ...: up to the first that is missing.
            std::string name = number == 1 ? key : key + std::to_string(number);
            if (number == 1 && !plugin_(name)) name = key + '1';
            if (!plugin_(name)) return;
            if (const auto location = usable(name))
                add_location(sequence_.scripts, *location, role);
        }
    }

    // The names that the storage's directory had.
    const char* old_directory_key() const {
        return plugin_("sieve_dir") ? "sieve_dir" : "sieve_storage";
    }

    bool add_personal() {
        const auto value = plugin_("sieve");
        std::optional<ScriptLocation> location;
        if (!value) {
            // The names that "sieve" had before it named a storage.
            if (const auto directory = plugin_(old_directory_key())) {
                location = usable_location(old_directory_key(), *directory);
                if (location && location->active.empty() && !home_.empty())
                    location->active = under_home("~/.dovecot.sieve", home_);
            } else if (!home_.empty()) {
                location = usable_location("sieve", default_location);
            }
        } else if (!base::trim(*value).empty()) {
            location = usable_location("sieve", *value);
        }
        if (!location) return false;
        return add_active(*location);
    }

    // The active link where one is named, else the path where it is a file; a storage directory
    // without a named link has ~/.dovecot.sieve.
    bool add_active(const ScriptLocation& location) {
        std::string path = location.active.empty() ? location.path : location.active;
        Found found = look_at(path);
        if (found == Found::directory && location.active.empty() && !home_.empty()) {
            const std::string link = under_home("~/.dovecot.sieve", home_);
            if (link != path) {
                path = link;
                found = look_at(path);
            }
        }
        sequence_.personal_path = path;
        if (found == Found::nothing) return false;
        if (found == Found::directory) {
            // Dovecot defers such mail for ever in some set-ups; nothing is lost by going on.
            sequence_.complaints.push_back("file storage: script: Sieve script file path '" + path +
                                           "' is a directory.");
            return false;
        }
        ScriptFile file = ScriptFile::at(path, ScriptRole::personal, location.bindir);
        if (const std::string name = name_of_target(path); !name.empty()) file.name = name;
        if (!location.name.empty()) file.name = location.name;
        sequence_.scripts.push_back(std::move(file));
        return true;
    }

    void add_fallback() {
        for (const char* key : {"sieve_default", "sieve_global_path"})
            if (const auto location = usable(key)) {
                if (look_at(location->path) != Found::nothing)
                    sequence_.scripts.push_back(
                        ScriptFile::at(location->path, ScriptRole::fallback, location->bindir));
                return;
            }
    }

    const PluginValue& plugin_;
    std::string_view home_;
    ScriptSequence sequence_;
};

}  // namespace

ScriptLocation parse_script_location(std::string_view text) {
    ScriptLocation location;
    text = base::trim(text);
    const std::size_t colon = text.find(':');
    const std::size_t slash = text.find('/');
    if (colon != std::string_view::npos && (slash == std::string_view::npos || colon < slash)) {
        location.type = base::to_lower(text.substr(0, colon));
        text.remove_prefix(colon + 1);
    }
    const std::vector<std::string_view> pieces = base::split(text, ';');
    location.path = pieces.front();
    for (std::size_t i = 1; i < pieces.size(); ++i) {
        const std::string_view piece = pieces[i];
        const std::size_t equals = piece.find('=');
        if (equals == std::string_view::npos) continue;
        const std::string key = base::to_lower(piece.substr(0, equals));
        const std::string_view value = piece.substr(equals + 1);
        if (key == "active") location.active = value;
        if (key == "name") location.name = value;
        if (key == "bindir") location.bindir = value;
    }
    for (std::string* path : {&location.path, &location.active, &location.bindir})
        while (path->size() > 1 && path->ends_with('/'))
            path->pop_back();
    return location;
}

std::optional<ScriptLocation> find_storage(const PluginValue& plugin, std::string_view home,
                                           sieve::ScriptPlace place) {
    return Finder(plugin, home).storage(place);
}

ScriptSequence find_scripts(const PluginValue& plugin, std::string_view home) {
    return Finder(plugin, home).find();
}

}  // namespace deliver
