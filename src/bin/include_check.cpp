// SPDX-License-Identifier: MIT
#include "bin/include_check.h"

#include "bin/sieve_tool.h"
#include "deliver/include_library.h"
#include "deliver/script_sequence.h"

#include <cstdio>
#include <set>
#include <string>
#include <utility>

namespace bin {

Includes check_includes(const SieveSetUp& setup, const deliver::ScriptFile& script,
                        const std::vector<sieve::IncludeCommand>& commands) {
    struct Includer {
        std::string name;
        std::vector<sieve::IncludeCommand> includes;
    };
    std::vector<Includer> to_check{{script.name, commands}};
    std::set<std::string> seen{script.path};
    Includes found = Includes::good;
    while (!to_check.empty()) {
        const Includer includer = std::move(to_check.back());
        to_check.pop_back();
        for (const sieve::IncludeCommand& include : includer.includes) {
            const deliver::ScriptFile file = deliver::included_file(
                [&setup](std::string_view key) { return setup.settings->plugin(key); },
                setup.settings->home, include.place, include.name);
            if (!seen.insert(file.path).second) continue;
            std::string source;
            const auto compiled =
                deliver::compile_script(file, rules_for(setup, file.path).compile, source);
            if (compiled) {
                to_check.push_back({file.name, compiled->includes});
                continue;
            }
            const std::string place =
                includer.name + ": line " + std::to_string(include.line) + ": ";
            const std::string what =
                std::string(include.place == sieve::ScriptPlace::global ? "global" : "personal") +
                " script '" + include.name + '\'';
            if (compiled.error().kind != deliver::ScriptTrouble::Kind::missing) {
                show_trouble(compiled.error(), file, source);
                std::fprintf(stderr, "%serror: failed to compile the included %s.\n", place.c_str(),
                             what.c_str());
                found = Includes::broken;
            } else if (!include.optional) {
                std::fprintf(stderr, "%swarning: included %s does not exist.\n", place.c_str(),
                             what.c_str());
                if (found == Includes::good) found = Includes::missing;
            }
        }
    }
    return found;
}

}  // namespace bin
