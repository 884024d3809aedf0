// SPDX-License-Identifier: MIT
#include "bin/lda_options.h"

#include "base/file.h"
#include "base/text.h"

#include <cstring>
#include <unistd.h>

namespace bin {
namespace {

constexpr std::size_t max_instances_bytes = 1 << 20;
constexpr const char* instances_path = "/var/lib/dovecot/instances";

// The configuration of a named instance, from the file that lists them: "time TAB name TAB base_dir
// TAB config".
std::optional<std::string> instance_config(std::string_view name) {
    auto text = base::read_file(instances_path, max_instances_bytes);
    if (!text) return std::nullopt;
    for (std::string_view line : base::split(*text, '\n')) {
        auto columns = base::split(line, '\t');
        if (columns.size() >= 4 && columns[1] == name && !columns[3].empty())
            return std::string(columns[3]);
    }
    return std::nullopt;
}

void take_override(LdaOptions& options, std::string_view text) {
    std::size_t equals = text.find('=');
    if (equals == std::string_view::npos || equals == 0) {
        options.error = "Invalid -o parameter " + std::string(text) + ": Missing '='";
        return;
    }
    options.overrides.emplace_back(text.substr(0, equals), text.substr(equals + 1));
}

}  // namespace

std::string lda_usage(std::string_view program) {
    program.remove_prefix(program.rfind('/') + 1);
    const std::string first = "Usage: " + std::string(program);
    const std::string indent(first.size(), ' ');
    std::string text = first + " [-c <config file>] [-d <username>] [-p <path>]\n";
    for (const char* line :
         {" [-m <mailbox>] [-e] [-k] [-f <envelope sender>]", " [-a <original envelope recipient>]",
          " [-r <final envelope recipient>]",
          " [-i <instance name>] [-o <setting=value>] [-L] [-O]", " [--help] [--version]"})
        text += indent + line + '\n';
    return text;
}

LdaOptions parse_lda_options(int argc, char** argv) {
    LdaOptions options;
    // Alone only: what an option is given comes from the address (-m ${extension}), and whoever
    // writes bob+--help@ must not make the mail vanish with exit status 0.
    if (argc == 2) {
        options.version = std::strcmp(argv[1], "--version") == 0;
        options.usage = std::strcmp(argv[1], "--help") == 0 || std::strcmp(argv[1], "-h") == 0;
        if (options.version || options.usage) return options;
    }
    ::opterr = 0;
    for (int letter; (letter = ::getopt(argc, argv, ":a:c:d:ef:i:km:o:p:r:LO")) != -1;) {
        switch (letter) {
            case 'a':
                options.original = ::optarg;
                break;
            case 'c':
                options.config_path = ::optarg;
                break;
            case 'd':
                options.user = ::optarg;
                break;
            case 'e':
                options.reject_by_exit_code = true;
                break;
            case 'f':
                options.sender = ::optarg;
                break;
            case 'i':
                if (auto path = instance_config(::optarg)) {
                    options.config_path = *path;
                } else {
                    options.setting_error = std::string("Unknown instance name: ") + ::optarg +
                                            " (no line of " + instances_path + " has it)";
                }
                break;
            case 'k':
                options.keep_environment = true;
                break;
            case 'm':
                options.mailbox = ::optarg;
                break;
            case 'o':
                take_override(options, ::optarg);
                break;
            case 'p':
                options.message_path = ::optarg;
                break;
            case 'r':
                options.recipient = ::optarg;
                break;
            case 'L':
                break;  // log directly: there is no log process
            case 'O':
                options.no_config = true;
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
