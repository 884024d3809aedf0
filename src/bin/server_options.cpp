// SPDX-License-Identifier: MIT
#include "bin/server_options.h"

#include <string_view>
#include <unistd.h>

namespace bin {
namespace {

void take_override(ServerOptions& options, std::string_view text) {
    std::size_t equals = text.find('=');
    if (equals == std::string_view::npos || equals == 0) {
        options.error = "Invalid -o parameter " + std::string(text) + ": Missing '='";
        return;
    }
    options.overrides.emplace_back(text.substr(0, equals), text.substr(equals + 1));
}

}  // namespace

ServerOptions parse_server_options(int argc, char** argv) {
    ServerOptions options;
    for (int i = 1; i < argc; ++i) {
        std::string_view word = argv[i];
        if (word == "--version") options.version = true;
        if (word == "--help" || word == "-h") options.usage = true;
        if (options.version || options.usage) return options;
    }
    ::opterr = 0;
    for (int letter; (letter = ::getopt(argc, argv, ":c:o:F")) != -1;) {
        switch (letter) {
            case 'c':
                options.config_path = ::optarg;
                break;
            case 'o':
                take_override(options, ::optarg);
                break;
            case 'F':
                break;
            case ':':
                options.error =
                    std::string("Option -") + static_cast<char>(::optopt) + " requires an argument";
                break;
            default:
                options.error = std::string("Unknown argument: -") + static_cast<char>(::optopt);
                break;
        }
    }
    if (options.error.empty() && ::optind < argc)
        options.error = std::string("Unknown argument: ") + argv[::optind];
    return options;
}

}  // namespace bin
