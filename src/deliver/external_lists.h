// SPDX-License-Identifier: MIT
// The external lists that scripts may ask (RFC 6134), as the settings sieve_extlist, sieve_extlist2
// and so on name them: "URI LOCATION". A location is a file of members, one a line; a directory of
// such files (with a slash at its end: URI is then what their lists' names begin with); or
// "memory", what the user's memory holds of all lists whose names begin with URI. Files are read
// once a run, as the user. One thread.
#pragma once

#include "deliver/script_sequence.h"
#include "sieve/host.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace deliver {

// What is remembered of a member of a list that lies in the memory, both in canonical spelling.
std::string list_memory_id(std::string_view list, std::string_view member);

class ExternalLists {
  public:
    static constexpr std::size_t max_file_bytes = std::size_t{8} << 20;
    static constexpr std::size_t max_bytes = std::size_t{16} << 20;  // of all that a run asks
    static constexpr std::size_t max_lists = 64;                     // that a run asks

    // Whether the memory has that id.
    using Remembers = std::function<bool(std::string_view id)>;
    // A setting is no use, or a file that cannot be one: for the log.
    using Tell = std::function<void(const std::string& text)>;
    // `home` is absolute or empty.
    ExternalLists(PluginValue plugin, std::string home, Remembers remembers, Tell tell);

    // As sieve::Host has them. Throw std::system_error where a file cannot be read for now: the
    // list is a part of the script (RFC 6134 §3), nothing may be decided without it.
    std::string trouble(std::string_view list);
    sieve::ListAnswer find(std::string_view list, std::string_view value);
    std::optional<std::vector<std::string>> members(std::string_view list);

  private:
    struct Place {
        std::string uri;  // canonical, or what such names begin with
        std::string path;
        bool is_prefix = false;
        bool is_memory = false;
    };
    struct List {
        List() = default;
        List(const List&) = delete;
        List& operator=(const List&) = delete;

        std::string trouble;
        bool in_memory = false;
        std::string bytes;
        std::vector<std::uint32_t> by_name;  // where its members begin, sorted without case
        std::size_t unpaid = 0;              // what reading it counts for in the run
    };

    void read_places();
    void read_place(const std::string& key, std::string_view text);
    List& get(std::string_view name);
    void load(List& list, std::string_view name);
    void load_file(List& list, const std::string& path, bool may_be_missing);
    std::string under_home(std::string_view path) const;

    PluginValue plugin_;
    std::string home_;
    Remembers remembers_;
    Tell tell_;
    std::optional<std::vector<Place>> places_;
    std::map<std::string, std::unique_ptr<List>, std::less<>> lists_;
    List one_too_many_;
    std::size_t bytes_ = 0;
};

}  // namespace deliver
