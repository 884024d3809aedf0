// SPDX-License-Identifier: MIT
// The command line of tamis-lda: dovecot-lda's (compat 3.1). getopt, not CLI11: a delivery agent
// starts for every message, and usage and error texts are Dovecot's.
#pragma once

#include "config/configuration.h"

#include <optional>
#include <string>
#include <string_view>

namespace bin {

struct LdaOptions {
    std::string config_path;  // empty: the default one
    bool no_config = false;   // -O
    config::Overrides overrides;
    std::optional<std::string> user;       // -d
    std::optional<std::string> sender;     // -f
    std::optional<std::string> original;   // -a
    std::optional<std::string> recipient;  // -r
    std::string mailbox;                   // -m
    std::string message_path;              // -p
    bool reject_by_exit_code = false;      // -e
    bool keep_environment = false;         // -k

    // What is wrong with the command line, empty when nothing is; `usage` asks for the usage text.
    std::string error;
    std::string setting_error;  // an instance that is not there: nothing that the caller can mend
    bool usage = false;
    bool version = false;
};

LdaOptions parse_lda_options(int argc, char** argv);
// Each line with its line end. `program`: as it was started, path and all.
std::string lda_usage(std::string_view program);

}  // namespace bin
