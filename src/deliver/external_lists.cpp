// SPDX-License-Identifier: MIT
#include "deliver/external_lists.h"

#include "base/file.h"
#include "base/text.h"
#include "sieve/extension/list_name.h"

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

namespace deliver {
namespace {

constexpr std::string_view setting = "sieve_extlist";
// Of an octet, in octets that a test looks at.
constexpr std::size_t cost_of_sorting = 16;
constexpr std::string_view memory_location = "memory";
// What hashing a value costs, in octets of the run's budget.
constexpr std::uint64_t look_up_cost = 64;

std::string default_book() {
    return std::string(sieve::address_book_prefix) + "default";
}

// What names of lists begin with; one that ends in ":" is no name itself.
std::string canonical_prefix(std::string_view uri) {
    constexpr std::string_view rest = "x";
    auto name = sieve::canonical_list_name(std::string(uri) + std::string(rest));
    if (!name) return {};
    name->resize(name->size() - rest.size());
    return *std::move(name);
}

bool is_file_name(std::string_view name) {
    return !name.empty() && name.front() != '.' && name.find('/') == std::string_view::npos &&
           name.find('\0') == std::string_view::npos;
}

std::size_t end_of_line(std::string_view text, std::size_t at) {
    return std::min(text.find('\n', at), text.size());
}

// The line that begins there, without white space around it.
std::string_view member_at(std::string_view text, std::size_t at) {
    return base::trim(text.substr(at, end_of_line(text, at) - at));
}

bool less_folded(std::string_view a, std::string_view b) {
    return std::ranges::lexicographical_compare(a, b, {}, base::ascii_lower, base::ascii_lower);
}

// What will be no better at the next attempt.
bool is_no_list(int error) {
    return error == EFBIG || error == EISDIR || error == EINVAL || error == ENAMETOOLONG;
}

}  // namespace

std::string list_memory_id(std::string_view list, std::string_view member) {
    std::string id = "extlist";
    (id += '\0') += list;
    return (id += '\0') += base::to_lower(member);
}

ExternalLists::ExternalLists(PluginValue plugin, std::string home, Remembers remembers, Tell tell)
    : plugin_(std::move(plugin)),
      home_(std::move(home)),
      remembers_(std::move(remembers)),
      tell_(std::move(tell)) {
    one_too_many_.trouble = "more than " + std::to_string(max_lists) + " lists are asked";
}

std::string ExternalLists::under_home(std::string_view path) const {
    if (!path.empty() && path[0] == '/') return std::string(path);
    if (home_.empty()) return {};
    if (path.starts_with("~/")) path.remove_prefix(2);
    return home_ + '/' + std::string(path);
}

// sieve_extlist (or sieve_extlist1), sieve_extlist2, ...: up to the first that is missing.
void ExternalLists::read_places() {
    places_.emplace();
    for (unsigned number = 1;; ++number) {
        std::string key(setting);
        if (number > 1 || !plugin_(key)) key += std::to_string(number);
        const auto value = plugin_(key);
        if (!value) return;
        read_place(key, base::trim(*value));
    }
}

void ExternalLists::read_place(const std::string& key, std::string_view text) {
    const std::size_t space = std::min(text.find_first_of(" \t"), text.size());
    const std::string_view uri = text.substr(0, space);
    const std::string_view location = base::trim(text.substr(space));
    Place place;
    place.is_memory = location == memory_location;
    place.is_prefix = place.is_memory || location.ends_with('/');
    place.uri = place.is_prefix ? canonical_prefix(uri)
                                : sieve::canonical_list_name(uri).value_or(std::string());
    if (!place.is_memory && !location.empty()) place.path = under_home(location);
    if (place.uri.empty())
        tell_(key + ": '" + std::string(uri) + "' is no name of a list; the setting is ignored");
    else if (!place.is_memory && place.path.empty())
        tell_(key + ": there is no place for '" + std::string(uri) + "'; the setting is ignored");
    else
        places_->push_back(std::move(place));
}

ExternalLists::List& ExternalLists::get(std::string_view name) {
    if (const auto known = lists_.find(name); known != lists_.end()) return *known->second;
    if (lists_.size() == max_lists) return one_too_many_;
    auto list = std::make_unique<List>();
    load(*list, name);
    return *lists_.emplace(std::string(name), std::move(list)).first->second;
}

void ExternalLists::load(List& list, std::string_view name) {
    if (!places_) read_places();
    const bool is_default = name == default_book();
    for (const Place& place : *places_) {
        if (place.is_prefix ? !name.starts_with(place.uri) : name != place.uri) continue;
        if (place.is_memory) {
            list.in_memory = true;
            return;
        }
        const std::string_view rest = name.substr(place.uri.size());
        if (place.is_prefix && !is_file_name(rest)) continue;
        load_file(list, place.path + std::string(rest), is_default);
        return;
    }
    // The default address book must be there (RFC 6134 §2.5), be it empty.
    if (!is_default) list.trouble = "there is no such list";
}

void ExternalLists::load_file(List& list, const std::string& path, bool may_be_missing) {
    std::optional<std::string> bytes;
    try {
        bytes = base::read_file(path, max_file_bytes);
    } catch (const std::system_error& error) {
        if (!is_no_list(error.code().value())) throw;
        list.trouble = "it cannot be read";
        tell_("external list " + path + ": " + error.code().message());
        return;
    }
    if (!bytes) {
        if (!may_be_missing) list.trouble = "there is no such list";
        return;
    }
    bytes_ += bytes->size();
    if (bytes_ > max_bytes) {
        list.trouble = "the lists have more than " + std::to_string(max_bytes) + " octets";
        return;
    }
    list.bytes = *std::move(bytes);
    list.unpaid = list.bytes.size() * cost_of_sorting;
    const std::string_view all = list.bytes;
    for (std::size_t at = 0; at < all.size(); at = end_of_line(all, at) + 1)
        if (const std::string_view name = member_at(all, at); !name.empty() && name[0] != '#')
            list.by_name.push_back(static_cast<std::uint32_t>(at));
    // The first of those that are spelled alike stays.
    const auto name = [all](std::uint32_t at) { return member_at(all, at); };
    std::ranges::stable_sort(list.by_name, less_folded, name);
    const auto same = std::ranges::unique(list.by_name, &base::iequals, name);
    list.by_name.erase(same.begin(), same.end());
}

std::string ExternalLists::trouble(std::string_view list) {
    return get(list).trouble;
}

sieve::ListAnswer ExternalLists::find(std::string_view name, std::string_view value) {
    sieve::ListAnswer answer;
    List& list = get(name);
    answer.cost = look_up_cost + value.size() + std::exchange(list.unpaid, 0);
    if (list.in_memory) {
        if (remembers_ && remembers_(list_memory_id(name, value)))
            answer.member = base::to_lower(value);
        return answer;
    }
    const auto at = std::ranges::lower_bound(
        list.by_name, value, less_folded,
        [&list](std::uint32_t each) { return member_at(list.bytes, each); });
    if (at == list.by_name.end()) return answer;
    if (const std::string_view member = member_at(list.bytes, *at); base::iequals(member, value))
        answer.member = member;
    return answer;
}

std::optional<std::vector<std::string>> ExternalLists::members(std::string_view name) {
    const List& list = get(name);
    if (list.in_memory) return std::nullopt;
    std::vector<std::uint32_t> in_order = list.by_name;
    std::ranges::sort(in_order);
    std::vector<std::string> members;
    for (const std::uint32_t at : in_order)
        members.emplace_back(member_at(list.bytes, at));
    return members;
}

}  // namespace deliver
