// SPDX-License-Identifier: MIT
#include "auth/check_schemes.h"

#include "auth/password_scheme.h"
#include "base/file.h"
#include "base/text.h"
#include "config/configuration.h"
#include "config/settings.h"

#include <map>
#include <optional>
#include <system_error>

namespace auth {
namespace {

constexpr std::string_view usual_scheme = "CRYPT";  // of passwd-files

// What the passwords of a file are stored as: how many, and on which line the first.
struct Found {
    unsigned count = 0;
    unsigned first_line = 0;
};

struct FileArgs {
    std::string scheme{usual_scheme};
    std::string path;
};

// "scheme=X username_format=Y /path" (compat 1.7).
FileArgs read_args(std::string_view args) {
    FileArgs read;
    for (std::string_view word : base::words(args)) {
        if (word.starts_with("scheme=")) {
            read.scheme = word.substr(7);
        } else if (!word.starts_with("username_format=")) {
            read.path = word;
        }
    }
    return read;
}

// The weak scheme of a stored password, and unknown ones; nothing for all else.
std::optional<std::string> objection(std::string_view stored, std::string_view default_scheme) {
    // "hash[34]" is the form of other programs' passwd-files: 13 CRYPT, 34 PLAIN-MD5, 56
    // DIGEST-MD5.
    if (stored.ends_with("[34]")) return "PLAIN-MD5";
    StoredPassword split = split_scheme(stored, default_scheme);
    if (split.data.empty()) return std::nullopt;
    if (!is_known_scheme(split.scheme)) return "unknown " + base::printable(split.scheme, 40);
    auto decoded = decode(split);
    std::string_view weak = decoded ? weak_scheme(*decoded) : std::string_view();
    if (!weak.empty()) return std::string(weak);
    if (is_weak_scheme(split.scheme)) return base::to_upper(base::printable(split.scheme, 40));
    return std::nullopt;
}

std::map<std::string, Found> look_at_file(const FileArgs& file) {
    constexpr std::size_t most_bytes = 64u << 20;
    std::map<std::string, Found> found;
    std::optional<std::string> text;
    try {
        text = base::read_file(file.path, most_bytes);
    } catch (const std::system_error&) {
        return found;
    }
    if (!text) return found;
    unsigned line_number = 0;
    for (std::string_view line : base::split(*text, '\n')) {
        ++line_number;
        if (line.empty() || line.front() == '#' || line.front() == ':') continue;
        if (line.ends_with('\r')) line.remove_suffix(1);
        auto columns = base::split(line, ':');
        if (columns.size() < 2) continue;
        auto said = objection(columns[1], file.scheme);
        if (!said) continue;
        Found& one = found[*said];
        if (one.count++ == 0) one.first_line = line_number;
    }
    return found;
}

class SchemeCheck {
  public:
    SchemeCheck(const config::Document& document, config::Problems& problems)
        : document_(document), problems_(problems) {}

    void run() {
        config::Settings settings = config::evaluate(document_, config::Filter{}, {});
        refused_ = !settings.auth_allow_weak_schemes;
        for (const config::Database& block : settings.passdbs) {
            if (block.driver == "passwd-file") passwd_file(block);
            if (block.driver == "static") static_password(block);
        }
    }

  private:
    void passwd_file(const config::Database& block) {
        FileArgs file = read_args(block.args);
        if (!is_known_scheme(file.scheme)) {
            warn(block, "passdb passwd-file: Unknown scheme " + base::printable(file.scheme, 40),
                 "tamis pw -l lists them");
        } else if (is_weak_scheme(file.scheme)) {
            weak(block, "passdb passwd-file: passwords without a {SCHEME} are " +
                            base::to_upper(file.scheme));
        }
        if (file.path.empty() || file.path.find('%') != std::string::npos) return;
        for (const auto& [scheme, found] : look_at_file(file)) {
            std::string many = file.path + ": " + std::to_string(found.count) +
                               (found.count == 1 ? " password" : " passwords") + " of ";
            std::string where = ", the first on line " + std::to_string(found.first_line);
            if (scheme.starts_with("unknown ")) {
                warn(block,
                     many + "an " + scheme.substr(0, 7) + " scheme, " + scheme.substr(8) + where,
                     "tamis pw -l lists them");
            } else {
                weak(block, many + "the scheme " + scheme + where);
            }
        }
    }

    void static_password(const config::Database& block) {
        for (std::string_view word : base::words(block.args)) {
            constexpr std::string_view key = "password=";
            if (!word.starts_with(key)) continue;
            auto said = objection(word.substr(key.size()), "PLAIN");
            if (said && !said->starts_with("unknown "))
                weak(block, "passdb static: the password is " + *said);
        }
    }

    void weak(const config::Database& block, const std::string& text) {
        warn(block,
             text + (refused_ ? ", which is weak: such log-ins are refused"
                              : ", which is weak: easily undone by who gets hold of it"),
             refused_ ? "set new passwords, or auth_allow_weak_schemes=yes"
                      : "make new ones with tamis pw, then set auth_allow_weak_schemes=no");
    }

    void warn(const config::Database& block, std::string text, std::string hint) {
        const config::Assignment* args = config::find_in_section(document_, block.path, "args");
        problems_.push_back(
            {config::Problem::Severity::warning, std::move(text), std::move(hint),
             args ? args->value_place() : config::place_of_section(document_, block.path)});
    }

    const config::Document& document_;
    config::Problems& problems_;
    bool refused_ = false;
};

}  // namespace

void check_schemes(const config::Document& document, config::Problems& problems) {
    SchemeCheck(document, problems).run();
}

}  // namespace auth
