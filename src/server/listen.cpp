// SPDX-License-Identifier: MIT
#include "server/listen.h"

#include "base/text.h"
#include "server/accounts.h"

#include <algorithm>
#include <stdexcept>
#include <unistd.h>

namespace server {
namespace {

std::string full_path(const config::Settings& settings, const std::string& path) {
    return path.starts_with('/') ? path : settings.base_dir + "/" + path;
}

std::vector<config::UnixListener> unix_listeners(const config::Settings& settings,
                                                 const config::Service* service,
                                                 const config::UnixListener& always) {
    std::vector<config::UnixListener> all;
    if (service) all = service->unix_listeners;
    bool named = std::ranges::any_of(all, [&](const config::UnixListener& one) {
        return full_path(settings, one.path) == full_path(settings, always.path);
    });
    if (!named) all.insert(all.begin(), always);
    std::erase_if(all, [](const config::UnixListener& one) { return one.mode == 0; });
    return all;
}

std::vector<config::InetListener> inet_listeners(const config::Settings& settings,
                                                 const config::Service* service) {
    std::vector<config::InetListener> all;
    if (service) all = service->inet_listeners;
    std::erase_if(all, [](const config::InetListener& one) { return one.port == 0; });
    std::string spaced = settings.listen;
    std::ranges::replace(spaced, ',', ' ');
    for (config::InetListener& one : all) {
        if (!one.addresses.empty()) continue;
        for (std::string_view address : base::words(spaced))
            one.addresses.emplace_back(address);
    }
    return all;
}

net::Listener open_unix(const config::Settings& settings, const config::UnixListener& wanted,
                        std::vector<std::string>& warnings) {
    net::UnixSocketOptions options;
    options.path = full_path(settings, wanted.path);
    options.mode = wanted.mode;
    if (::geteuid() == 0) {
        if (!wanted.user.empty()) options.user_id = find_account(wanted.user).uid;
        if (!wanted.group.empty()) options.group_id = find_group(wanted.group);
    } else if (!wanted.user.empty() || !wanted.group.empty()) {
        // A private instance: sockets belong to whoever runs it.
        bool own = wanted.user.empty() || find_account(wanted.user).uid == ::geteuid();
        if (!own)
            warnings.push_back("unix_listener " + options.path + ": user " + wanted.user +
                               " is ignored, since this process does not run as root");
    }
    return net::listen_unix(options);
}

}  // namespace

OpenedListeners open_listeners(const config::Settings& settings, std::string_view service,
                               const config::UnixListener& always) {
    OpenedListeners opened;
    const config::Service* block = settings.service(service);
    for (const config::UnixListener& wanted : unix_listeners(settings, block, always))
        opened.listeners.push_back(open_unix(settings, wanted, opened.warnings));
    for (const config::InetListener& wanted : inet_listeners(settings, block)) {
        if (wanted.haproxy) {
            throw std::runtime_error("service " + std::string(service) + ": inet_listener " +
                                     wanted.name +
                                     ": haproxy=yes is not supported by this program");
        }
        for (net::Listener& one : net::listen_inet(wanted.addresses, wanted.port)) {
            one.is_tls = wanted.ssl;
            opened.listeners.push_back(std::move(one));
        }
    }
    for (net::Listener& one : opened.listeners)
        one.service = service;
    return opened;
}

std::string describe_listeners(const config::Settings& settings, std::string_view service,
                               const config::UnixListener& always) {
    std::string text;
    const config::Service* block = settings.service(service);
    for (const config::UnixListener& one : unix_listeners(settings, block, always))
        text += full_path(settings, one.path) + " " + std::to_string(one.mode) + " " + one.user +
                " " + one.group + "\n";
    for (const config::InetListener& one : inet_listeners(settings, block)) {
        for (const std::string& address : one.addresses)
            text += address + " " + std::to_string(one.port) + (one.ssl ? " ssl\n" : "\n");
    }
    return text;
}

}  // namespace server
