// SPDX-License-Identifier: MIT
// The listeners of one service {} block (compat 9.7), opened: unix sockets relative to base_dir
// with their mode and owner, inet sockets on their addresses or those of `listen`.
#pragma once

#include "config/settings.h"
#include "net/listener.h"

#include <string>
#include <vector>

namespace server {

struct OpenedListeners {
    std::vector<net::Listener> listeners;
    std::vector<std::string> warnings;
};

// `always` is the listener that the service has where its block does not name it (mode 0 there
// turns it off). Throws std::runtime_error for the first that cannot be opened.
OpenedListeners open_listeners(const config::Settings& settings, std::string_view service,
                               const config::UnixListener& always);

// What open_listeners() would open, as text: whether a reload changed it.
std::string describe_listeners(const config::Settings& settings, std::string_view service,
                               const config::UnixListener& always);

}  // namespace server
