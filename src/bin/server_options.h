// SPDX-License-Identifier: MIT
// The command line of a server program: -c FILE, -o SETTING=VALUE, -F (foreground, as always).
#pragma once

#include "config/configuration.h"

#include <string>

namespace bin {

struct ServerOptions {
    std::string config_path;  // empty: the default one
    config::Overrides overrides;
    bool usage = false;
    bool version = false;
    std::string error;  // what is wrong with the command line
};

ServerOptions parse_server_options(int argc, char** argv);

}  // namespace bin
