// SPDX-License-Identifier: MIT
#include "config/document.h"

#include "base/text.h"
#include "config/configuration.h"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <netdb.h>
#include <sys/socket.h>

namespace config {
namespace {

struct Net {
    std::array<unsigned char, 16> bytes{};
    bool v6 = false;
    unsigned mask = 0;  // bits
};

std::optional<Net> parse_net(std::string_view text) {
    Net net;
    std::size_t slash = text.find('/');
    std::string address(text.substr(0, slash));
    if (address.starts_with('[') && address.ends_with(']'))
        address = address.substr(1, address.size() - 2);
    net.v6 = address.find(':') != std::string::npos;
    if (::inet_pton(net.v6 ? AF_INET6 : AF_INET, address.c_str(), net.bytes.data()) != 1)
        return std::nullopt;
    unsigned most = net.v6 ? 128 : 32;
    net.mask = most;
    if (slash != std::string_view::npos) {
        auto bits = base::parse_number<unsigned>(text.substr(slash + 1));
        if (!bits || *bits > most) return std::nullopt;
        net.mask = *bits;
    }
    return net;
}

bool contains(const Net& net, const Net& address) {
    if (net.v6 != address.v6) return false;
    for (unsigned bit = 0; bit < net.mask; bit += 8) {
        unsigned bits = std::min(8u, net.mask - bit);
        auto mask = static_cast<unsigned char>(0xff << (8 - bits));
        if ((net.bytes[bit / 8] ^ address.bytes[bit / 8]) & mask) return false;
    }
    return true;
}

// Matching bits + 1, or nothing.
std::optional<unsigned> match_net(std::string_view wanted, std::string_view address) {
    auto net = parse_net(wanted);
    auto peer = parse_net(address);
    if (!net || !peer || !contains(*net, *peer)) return std::nullopt;
    return net->mask + 1;
}

bool matches_name(std::string_view patterns, std::string_view name) {
    for (std::string_view pattern : base::words(patterns)) {
        if (base::iequals(pattern, name)) return true;
        if (!pattern.starts_with("*.")) continue;
        std::size_t dot = name.find('.');  // the wildcard stands for one label
        if (dot != std::string_view::npos && base::iequals(pattern.substr(1), name.substr(dot)))
            return true;
    }
    return false;
}

}  // namespace

const Assignment* Group::find(const std::string& path) const {
    auto found = index.find(path);
    return found == index.end() ? nullptr : &assignments[found->second];
}

void Group::assign(Assignment assignment) {
    auto [at, added] = index.try_emplace(assignment.path, assignments.size());
    if (added) {
        assignments.push_back(std::move(assignment));
    } else {
        assignments[at->second] = std::move(assignment);
    }
}

void Group::open(const std::string& path, Place place) {
    bool known = std::any_of(sections.begin(), sections.end(),
                             [&path](const Opened& one) { return one.path == path; });
    if (!known) sections.push_back({path, std::move(place)});
}

Place Assignment::value_place() const {
    Place found = place;
    if (value_column == 0) return found;
    found.column = value_column;
    found.length = value_length;
    return found;
}

Place Assignment::place_in_value(std::string_view part) const {
    Place found = value_place();
    std::size_t at = static_cast<std::size_t>(part.data() - value.data());
    if (value_column == 0 || value_length != value.size() || at + part.size() > value.size())
        return found;
    found.column += static_cast<unsigned>(at);
    found.length = static_cast<unsigned>(part.size());
    return found;
}

const Assignment* find_in_section(const Document& document, const std::string& path,
                                  std::string_view key) {
    for (const Group& group : document.groups) {
        if (const Assignment* found = group.find(path + std::string(key))) return found;
    }
    return nullptr;
}

Place place_of_section(const Document& document, const std::string& path) {
    for (const Group& group : document.groups) {
        for (const Opened& opened : group.sections) {
            if (opened.path == path) return opened.place;
        }
    }
    return {};
}

std::optional<unsigned> match(const Condition& condition, const Filter& filter) {
    unsigned weight = 0;
    if (!condition.protocol.empty()) {
        bool negated = condition.protocol.front() == '!';
        bool same = base::iequals(std::string_view(condition.protocol).substr(negated ? 1 : 0),
                                  filter.protocol);
        if (filter.protocol.empty() || same == negated) return std::nullopt;
        weight += 1;
    }
    if (!condition.remote.empty()) {
        auto bits = match_net(condition.remote, filter.remote_ip);
        if (!bits) return std::nullopt;
        weight += *bits * 4;
    }
    if (!condition.local.empty()) {
        auto bits = match_net(condition.local, filter.local_ip);
        if (!bits) return std::nullopt;
        weight += *bits * 1024;
    }
    if (!condition.local_name.empty()) {
        if (!matches_name(condition.local_name, filter.local_name)) return std::nullopt;
        weight += 1024 * 1024;
    }
    return weight;
}

std::vector<const Group*> matching_groups(const Document& document, const Filter& filter) {
    std::vector<std::pair<unsigned, const Group*>> weighed;
    for (auto group = document.groups.rbegin(); group != document.groups.rend(); ++group) {
        if (auto weight = match(group->condition, filter)) weighed.emplace_back(*weight, &*group);
    }
    std::stable_sort(weighed.begin(), weighed.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    std::vector<const Group*> groups;
    for (const auto& [weight, group] : weighed)
        groups.push_back(group);
    return groups;
}

base::Result<std::string, std::string> normal_net(std::string_view text) {
    using Error = base::Unexpected<std::string>;
    if (parse_net(text)) return std::string(text);
    std::size_t slash = text.find('/');
    std::string host(text.substr(0, slash));
    if (slash != std::string_view::npos) {
        auto bits = base::parse_number<unsigned>(text.substr(slash + 1));
        if (!bits || parse_net(host))
            return Error{"Invalid network mask: " + std::string(text.substr(slash + 1))};
    }
    struct addrinfo hints {};
    hints.ai_socktype = SOCK_STREAM;
    struct addrinfo* found = nullptr;
    int status = ::getaddrinfo(host.c_str(), nullptr, &hints, &found);
    if (status != 0) {
        return Error{"gethostbyname(" + base::printable(host) +
                     ") failed: " + ::gai_strerror(status)};
    }
    char address[NI_MAXHOST] = "";
    // An IPv4 address first, as the peer does.
    const struct addrinfo* chosen = found;
    for (const struct addrinfo* one = found; one; one = one->ai_next) {
        if (one->ai_family == AF_INET) {
            chosen = one;
            break;
        }
    }
    ::getnameinfo(chosen->ai_addr, chosen->ai_addrlen, address, sizeof address, nullptr, 0,
                  NI_NUMERICHOST);
    ::freeaddrinfo(found);
    return std::string(address) +
           std::string(slash == std::string_view::npos ? std::string_view{} : text.substr(slash));
}

bool net_inside(std::string_view inner, std::string_view outer) {
    auto small = parse_net(inner), large = parse_net(outer);
    return small && large && small->mask >= large->mask && contains(*large, *small);
}

bool address_in_nets(std::string_view address, std::string_view nets) {
    std::string spaced(nets);
    std::replace(spaced.begin(), spaced.end(), ',', ' ');
    for (std::string_view net : base::words(spaced)) {
        if (match_net(net, address)) return true;
    }
    return false;
}

}  // namespace config
