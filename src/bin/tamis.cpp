// SPDX-License-Identifier: MIT
#include "bin/tamis.h"

#include "base/fd.h"

#include <cstdio>
#include <exception>
#include <string_view>

namespace {

constexpr int usage_error = 64;
constexpr int internal_error = 75;

constexpr bin::Command commands[] = {
    {"config", bin::tamis_config, "show the configuration, or check it", "doveconf"},
    {"explain", bin::tamis_explain, "why a message lies where it lies", ""},
    {"pw", bin::tamis_pw, "make a stored password, or verify one", ""},
    {"sieve", bin::tamis_sieve, "a user's Sieve scripts", ""},
};

void print_help(std::FILE* to) {
    std::fputs("Usage: tamis COMMAND [ARGUMENTS]\n\n", to);
    for (const bin::Command& command : commands) {
        std::fprintf(to, "  %-10.*s  %.*s\n", static_cast<int>(command.word.size()),
                     command.word.data(), static_cast<int>(command.help.size()),
                     command.help.data());
    }
    std::fputs("\nEach command has a manual page, tamis-COMMAND(1).\n", to);
}

int run(int argc, char** argv) {
    std::string_view program = argc > 0 ? argv[0] : "tamis";
    program.remove_prefix(program.rfind('/') + 1);
    for (const bin::Command& command : commands) {
        if (!command.alias.empty() && program == command.alias) return command.run(argc, argv);
    }
    if (argc < 2) {
        print_help(stderr);
        return usage_error;
    }
    std::string_view word = argv[1];
    if (word == "--version") return std::puts(TAMIS_VERSION) < 0;
    if (word == "help" || word == "--help" || word == "-h") {
        print_help(stdout);
        return 0;
    }
    for (const bin::Command& command : commands) {
        if (command.word == word) return command.run(argc - 1, argv + 1);
    }
    std::fprintf(stderr, "tamis: unknown command '%s'\n", argv[1]);
    print_help(stderr);
    return usage_error;
}

}  // namespace

int main(int argc, char** argv) {
    try {
        const int status = run(argc, argv);
        base::flush_standard_output();
        return status;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "tamis: Fatal: %s\n", error.what());
        return internal_error;
    }
}
