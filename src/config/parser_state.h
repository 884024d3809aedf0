// SPDX-License-Identifier: MIT
// The parser's state between lines; for parser*.cpp alone. It reads one logical line at a time with
// a stack of open sections. A token given to error() or warning() is a view into the line, which
// tells its column; other text is looked for behind the line's first word.
#pragma once

#include "config/line_reader.h"
#include "config/parser.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace config {

class Parser {
  public:
    explicit Parser(ParseOutcome& outcome) : outcome_(outcome) {
        outcome_.document.groups.emplace_back();
        open_.push_back({});
    }

    void file(const std::string& path, const Place& from, bool must_exist);
    void text(std::string_view text, const std::string& name);
    void finish();

  private:
    // An open "{": a filter narrows the condition, a section lengthens the path.
    struct Open {
        std::size_t group = 0;             // index into document.groups
        const Section* section = nullptr;  // null: at the top, or in a filter
        std::string path;                  // of the section, with a separator at its end
        Place place;
        bool old_auth = false;  // auth NAME {} of 1.x: its keys lack their prefix
        bool unknown = false;   // its name is the mistake, not what stands inside
    };
    // A value on its way into the document.
    struct Value {
        std::string text;          // as it counts
        std::string shown;         // as doveconf -n shows it
        std::string_view written;  // as it stands in the line
        std::string_view key;      // likewise
        bool quoted = false;
    };
    enum class Dollars { all, own_key_only };

    void line(const Line& line);
    void include(std::string_view pattern, bool must_match);

    void open_block(std::string_view type, std::string_view rest);
    void open_filter(std::string_view type, const std::string& name);
    std::string filter_net(std::string_view type, const std::string& name,
                           const std::string& outer);
    void open_section(const Section& section, std::string_view type, const std::string& name);
    void close_block(std::string_view brace);
    std::string open_path() const;

    void assign(std::string_view key, std::string_view written);
    void assign_top(std::string_view key, Value value);
    void store(std::string path, const Setting* setting, Value value);
    std::optional<std::string> expand_dollars(std::string_view value, std::string_view key,
                                              Dollars which);
    const Assignment* assigned_so_far(const std::string& path) const;
    std::optional<std::string> value_so_far(const std::string& path, Dollars which) const;
    void late_global(const std::string& path, std::string_view key);

    Place place_of(std::string_view token) const;
    void error(std::string text, std::string_view token = {}, std::string hint = {});
    void warning(std::string text, const Place& place);
    void warning(std::string text, std::string_view token) {
        warning(std::move(text), place_of(token));
    }
    void obsolete(const std::string& text, std::string_view token);
    // What an unknown name may have meant. Looking for near names takes time: only the first
    // mistakes get a hint.
    std::string hint(std::string_view name);

    Group& group() { return outcome_.document.groups[open_.back().group]; }

    ParseOutcome& outcome_;
    std::vector<Open> open_;
    std::vector<std::string> files_;  // being read, outermost first
    std::size_t files_read_ = 0;
    const Line* at_ = nullptr;
    bool obsolete_noted_ = false;
    bool given_up_ = false;  // lines are left that nobody reads: too many mistakes
    std::size_t list_entries_ = 0;
    std::size_t hints_ = 0;
};

}  // namespace config
