// SPDX-License-Identifier: MIT
#include "config/rules.h"

#include "base/text.h"
#include "config/configuration.h"
#include "config/spelling.h"
#include "config/value.h"

#include <algorithm>
#include <set>
#include <stdexcept>
#include <utility>

namespace config {
namespace {

constexpr std::string_view special_uses[] = {"\\All",       "\\Archive", "\\Drafts", "\\Flagged",
                                             "\\Important", "\\Junk",    "\\Sent",   "\\Trash"};
// Those of the built-in services (compat 9.7).
constexpr std::string_view known_protocols[] = {"imap", "pop3", "lmtp", "sieve", "submission"};
constexpr std::string_view single_process_services[] = {"anvil", "auth", "director",
                                                        "log",   "ipc",  "stats"};
constexpr std::pair<std::string_view, std::string_view> known_workarounds[] = {
    {"imap_client_workarounds", "delay-newmail tb-extra-mailbox-sep tb-lsub-flags"},
    {"lmtp_client_workarounds", "whitespace-before-path mailbox-for-path"},
    {"pop3_client_workarounds", "outlook-no-nuls oe-ns-eoh"},
    {"submission_client_workarounds",
     "whitespace-before-path mailbox-for-path implicit-auth-external exotic-backend"},
};
constexpr std::uint64_t least_vsz_limit = 1024 * 1024;

class Rules {
  public:
    Rules(const Document& document, Problems& problems)
        : document_(document), problems_(problems) {}

    void assignments();
    void numbers(const Settings& settings);
    void databases(const Settings& settings);
    void namespaces(const Settings& settings);

  private:
    void service_key(const Assignment& assignment, std::string_view service, std::string_view key);
    void workarounds(const Assignment& assignment);
    // Without a place in a file: the whole configuration's.
    void error(std::string text, Place place = {}, std::string hint = {});
    // Of the key's value, else of the section's name.
    Place place(const std::string& section, std::string_view key) const;
    Place global(const std::string& setting) const;

    const Document& document_;
    Problems& problems_;
};

void Rules::error(std::string text, Place place, std::string hint) {
    Problem found{Problem::Severity::error, std::move(text), std::move(hint), std::move(place)};
    if (found.place.file.empty()) found.place.file = document_.path;
    found.after_parsing = true;
    problems_.push_back(std::move(found));
}

Place Rules::place(const std::string& section, std::string_view key) const {
    const Assignment* found = find_in_section(document_, section, key);
    return found ? found->value_place() : place_of_section(document_, section);
}

Place Rules::global(const std::string& setting) const {
    const Assignment* found = document_.groups.front().find(setting);
    return found ? found->value_place() : Place{};
}

void Rules::service_key(const Assignment& assignment, std::string_view service,
                        std::string_view key) {
    std::string name = "service(" + std::string(service) + "): ";
    if (key == "vsz_limit") {
        auto size = parse_size(assignment.value);
        if (size && *size != 0 && *size < least_vsz_limit)
            error(name + "vsz_limit is too low", assignment.value_place());
    } else if (key == "process_limit") {
        bool single =
            std::find(std::begin(single_process_services), std::end(single_process_services),
                      service) != std::end(single_process_services);
        if (single && assignment.value != "1")
            error(name + "process_limit must be 1", assignment.value_place());
    }
}

void Rules::workarounds(const Assignment& assignment) {
    for (const auto& [setting, words] : known_workarounds) {
        if (assignment.path != setting) continue;
        auto known = base::words(words);
        for (std::string_view word : base::words(assignment.value)) {
            if (std::find(known.begin(), known.end(), word) == known.end())
                error(std::string(setting) + ": Unknown workaround: " + std::string(word),
                      assignment.place_in_value(word), spelling_hint_among(word, known));
        }
    }
}

void Rules::assignments() {
    for (const Group& group : document_.groups) {
        for (const Assignment& assignment : group.assignments) {
            auto parts = base::split(assignment.path, path_separator);
            if (parts.size() == 3 && parts[0] == "service")
                service_key(assignment, parts[1], parts[2]);
            if (parts.size() == 5 && parts[4] == "special_use") {
                for (std::string_view use : base::words(assignment.value)) {
                    if (std::find(std::begin(special_uses), std::end(special_uses), use) !=
                        std::end(special_uses))
                        continue;
                    std::vector<std::string_view> known(std::begin(special_uses),
                                                        std::end(special_uses));
                    error("mailbox " + std::string(parts[3]) +
                              ": unknown special_use: " + std::string(use),
                          assignment.place_in_value(use),
                          use.starts_with("\\\\") ? "one backslash: " + std::string(use.substr(1))
                                                  : spelling_hint_among(use, known));
                }
            }
            workarounds(assignment);
            if (assignment.path != "protocols" || assignment.value == "none") continue;
            for (std::string_view protocol : base::words(assignment.value)) {
                if (is_known_protocol(document_, protocol)) continue;
                std::vector<std::string_view> known(std::begin(known_protocols),
                                                    std::end(known_protocols));
                error("protocols: Unknown protocol: " + std::string(protocol),
                      assignment.place_in_value(protocol), spelling_hint_among(protocol, known));
            }
        }
    }
}

void Rules::numbers(const Settings& settings) {
    if (settings.last_valid_uid != 0 && settings.first_valid_uid > settings.last_valid_uid) {
        error("first_valid_uid can't be larger than last_valid_uid", global("last_valid_uid"));
    }
    if (settings.last_valid_gid != 0 && settings.first_valid_gid > settings.last_valid_gid) {
        error("first_valid_gid can't be larger than last_valid_gid", global("last_valid_gid"));
    }
    if (base::trim(settings.listen).empty()) error("listen can't be set empty", global("listen"));
    std::set<std::string> sockets;
    for (const Service& service : settings.services) {
        for (const UnixListener& listener : service.unix_listeners) {
            if (listener.mode == 0 || sockets.insert(listener.path).second) continue;
            std::string section = std::string("service") + path_separator + service.name +
                                  path_separator + "unix_listener" + path_separator;
            error("duplicate listener: " + listener.path,
                  place(section + listener.path + path_separator, "path"));
        }
    }
}

void Rules::databases(const Settings& settings) {
    for (const Database& database : settings.passdbs) {
        if (database.driver.empty())
            error("passdb is missing driver", place(database.path, "driver"));
    }
    for (const Database& database : settings.userdbs) {
        if (database.driver.empty())
            error("userdb is missing driver", place(database.path, "driver"));
    }
}

void Rules::namespaces(const Settings& settings) {
    const std::string intro = "namespace configuration error: ";
    unsigned inboxes = 0, spaces = 0, listed = 0, with_subscriptions = 0;
    std::set<std::string> separators;
    std::string last, second_inbox, other_separator;  // paths of namespaces
    for (const Namespace& space : settings.namespaces) {
        if (space.separator.size() > 1) {
            error("Namespace '" + space.prefix +
                      "': Hierarchy separator must be only one character long",
                  place(space.path, "separator"));
        }
        if (space.disabled) continue;
        ++spaces;
        last = space.path;
        if (space.inbox && ++inboxes == 2) second_inbox = space.path;
        if (space.subscriptions) ++with_subscriptions;
        if (space.list == "no") continue;
        ++listed;
        if (separators.insert(space.separator).second) other_separator = space.path;
        if (space.prefix.empty() || space.separator.empty()) continue;
        if (space.prefix.find('%') == std::string::npos &&
            !space.prefix.ends_with(space.separator)) {
            error(intro + "list=yes requires prefix=" + space.prefix + " to end with separator " +
                      space.separator,
                  place(space.path, "prefix"), "prefix = " + space.prefix + space.separator);
        } else if (space.prefix.starts_with(space.separator)) {
            error(
                intro + "list=yes requires prefix=" + space.prefix + " not to start with separator",
                place(space.path, "prefix"));
        }
    }
    if (spaces == 0) return;
    if (inboxes > 1)
        error(intro + "There can be only one namespace with inbox=yes",
              place(second_inbox, "inbox"));
    if (inboxes == 0) error(intro + "inbox=yes namespace missing", place(last, "inbox"));
    if (listed == 0) error(intro + "list=yes namespace missing", place(last, "list"));
    if (with_subscriptions == 0)
        error(intro + "subscriptions=yes namespace missing", place(last, "subscriptions"));
    if (separators.size() > 1 && !separators.contains(""))
        error(intro + "All list=yes namespaces must use the same separator",
              place(other_separator, "separator"));
}

}  // namespace

bool is_known_protocol(const Document& document, std::string_view name) {
    if (std::find(std::begin(known_protocols), std::end(known_protocols), name) !=
        std::end(known_protocols))
        return true;
    for (const Assignment& assignment : document.groups.front().assignments) {
        auto parts = base::split(assignment.path, path_separator);
        if (parts.size() == 3 && parts[0] == "service" && parts[2] == "protocol" &&
            assignment.value == name)
            return true;
    }
    return false;
}

void check_namespaces(const Document& document, Problems& problems) {
    try {
        Rules(document, problems).namespaces(evaluate(document, {}, {}));
    } catch (const std::invalid_argument&) {
        // As in check_rules().
    }
}

void check_rules(const Document& document, Problems& problems) {
    Rules rules(document, problems);
    rules.assignments();
    try {
        Settings settings = evaluate(document, {}, {});
        rules.numbers(settings);
        rules.databases(settings);
    } catch (const std::invalid_argument&) {
        // A value that could not be read: a problem of the parser's list.
    }
}

}  // namespace config
