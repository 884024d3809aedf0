// SPDX-License-Identifier: MIT
// What the parser makes of the files: assignments by filter, in the order of the files. Immutable
// once loaded.
#pragma once

#include "base/result.h"
#include "config/problem.h"
#include "config/table.h"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace config {

// "service", "lmtp", "mode" joined by this: names may hold any other character.
inline constexpr char path_separator = '\x1f';

struct Assignment {
    std::string path;
    std::string value;       // as it counts: unquoted, $variables expanded; "<path" kept
    std::string as_written;  // what doveconf -n shows
    bool from_file = false;  // the value began with an unquoted '<': the rest names a file
    const Setting* setting = nullptr;  // null in string lists and for foreign names
    Place place;                       // of the name
    unsigned value_column = 0;         // of the value on that line, 0: not known
    unsigned value_length = 0;

    Place value_place() const;
    // Of a part of `value`; of the whole value where it was not written so.
    Place place_in_value(std::string_view part) const;
};

// A section that was opened: its path, with a separator at the end, and where.
struct Opened {
    std::string path;
    Place place;
};

// The conditions under which a group of assignments holds; empty ones do not restrict.
struct Condition {
    std::string protocol;  // a leading '!' negates
    std::string local;     // address or net
    std::string remote;
    std::string local_name;
    bool operator==(const Condition&) const = default;
};

struct Group {
    Condition condition;
    std::vector<Assignment> assignments;
    std::unordered_map<std::string, std::size_t> index;  // path -> the assignment that counts
    std::vector<Opened> sections;                        // in order, each path once

    const Assignment* find(const std::string& path) const;
    void assign(Assignment assignment);
    void open(const std::string& path, Place place = {});
};

struct Document {
    std::string path;           // empty for the built-in one
    std::vector<Group> groups;  // the first is the global one
    Problems warnings;
};

// Where "key" of the section with this path is set, under any filter; null where it is not.
const Assignment* find_in_section(const Document& document, const std::string& path,
                                  std::string_view key);
// Where a section was opened first.
Place place_of_section(const Document& document, const std::string& path);

// How specific a condition that matches is; nothing where it does not match. Larger wins
// (compat 1.3).
struct Filter;
std::optional<unsigned> match(const Condition& condition, const Filter& filter);
// The groups that match, the one that wins last. Of equally specific ones the first of the files
// wins, as in the peer.
std::vector<const Group*> matching_groups(const Document& document, const Filter& filter);

// The settings under `filter`: Configuration::settings() for a document.
struct Settings;
Settings evaluate(const Document& document, const Filter& filter,
                  const std::map<std::string, std::string>& user_fields);

// A filter's address or net in its usual form; host names are resolved. The error is Dovecot's
// text.
base::Result<std::string, std::string> normal_net(std::string_view text);
// Whether `inner` lies in `outer`; both as normal_net() gives them.
bool net_inside(std::string_view inner, std::string_view outer);

// Whether an address lies in "1.2.3.0/24", "::1", "[::1]" or a list of such, separated by spaces or
// commas.
bool address_in_nets(std::string_view address, std::string_view nets);

}  // namespace config
