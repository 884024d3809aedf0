// SPDX-License-Identifier: MIT
// Telling the service manager how we are: sd_notify's protocol, a datagram to NOTIFY_SOCKET. Does
// nothing where that is not set; failures are ignored, as the protocol asks for.
#pragma once

#include <string_view>

namespace server {

// "READY=1\nSTATUS=...", "STOPPING=1", "RELOADING=1".
void notify(std::string_view state);

}  // namespace server
