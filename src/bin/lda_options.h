// SPDX-License-Identifier: MIT
// The command line of tamis-lda: dovecot-lda's (compat 3.1). getopt, not CLI11: a delivery agent
// starts for every message, and usage and error texts are Dovecot's.
#pragma once

#include "config/configuration.h"

#include <optional>
#include <string>

namespace bin {

struct LdaOptions {
    std::string config_path;  // empty: the default one
    bool no_config = false;   // -O
    config::Overrides overrides;
    std::string user;                      // -d
    std::optional<std::string> sender;     // -f
    std::optional<std::string> original;   // -a
    std::optional<std::string> recipient;  // -r
    std::string mailbox;                   // -m
    std::string message_path;              // -p
    bool reject_by_exit_code = false;      // -e
    bool keep_environment = false;         // -k

    // What is wrong with the command line, empty when nothing is; `usage` asks for the usage text.
    std::string error;
    bool usage = false;
    bool version = false;
};

LdaOptions parse_lda_options(int argc, char** argv);
extern const char* const lda_usage;

}  // namespace bin
