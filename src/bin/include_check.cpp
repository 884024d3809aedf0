// SPDX-License-Identifier: MIT
#include "bin/include_check.h"

#include "bin/sieve_tool.h"
#include "deliver/include_library.h"
#include "deliver/script_sequence.h"

#include <cstdio>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>

namespace bin {
namespace {

// One file, one name.
std::string key_of(const deliver::ScriptFile& script) {
    return std::filesystem::absolute(script.path).lexically_normal().string();
}

class Check {
  public:
    explicit Check(const SieveSetUp& setup) : setup_(setup) {}

    Includes result() const { return result_; }

    // Each script once; what is being looked at must not come again inside of itself.
    void look_at(const deliver::ScriptFile& script,
                 const std::vector<sieve::IncludeCommand>& commands) {
        const Level level(*this);
        being_checked_[key_of(script)] = true;
        for (const sieve::IncludeCommand& command : commands)
            look_at(script, command);
        being_checked_[key_of(script)] = false;
    }

  private:
    static constexpr unsigned max_depth = 100;
    struct Level {
        Check& check;
        explicit Level(Check& of) : check(of) { ++check.depth_; }
        ~Level() { --check.depth_; }
    };

    void look_at(const deliver::ScriptFile& includer, const sieve::IncludeCommand& command) {
        const deliver::ScriptFile file = deliver::included_file(
            [this](std::string_view key) { return setup_.settings->plugin(key); },
            setup_.settings->home, command.place, command.name);
        const auto known = being_checked_.find(key_of(file));
        if (known != being_checked_.end() && !known->second) return;
        if (known != being_checked_.end() || depth_ > max_depth)
            return tell(includer, command, "error: ", " is included in a circle", Includes::broken);
        std::string source;
        const auto compiled =
            deliver::compile_script(file, rules_for(setup_, file.path).compile, source);
        if (compiled) return look_at(file, compiled->includes);
        if (compiled.error().kind != deliver::ScriptTrouble::Kind::missing) {
            show_trouble(compiled.error(), file, source);
            tell(includer, command, "error: failed to compile the included ", "", Includes::broken);
        } else if (!command.optional) {
            tell(includer, command, "warning: included ", " does not exist", Includes::missing);
        }
    }

    void tell(const deliver::ScriptFile& includer, const sieve::IncludeCommand& command,
              const char* before, const char* behind, Includes found) {
        const bool global = command.place == sieve::ScriptPlace::global;
        std::fprintf(stderr, "%s: line %u: %s%s script '%s'%s.\n", includer.name.c_str(),
                     command.line, before, global ? "global" : "personal", command.name.c_str(),
                     behind);
        if (result_ != Includes::broken) result_ = found;
    }

    const SieveSetUp& setup_;
    std::map<std::string, bool> being_checked_;  // by path; false: it was
    unsigned depth_ = 0;
    Includes result_ = Includes::good;
};

}  // namespace

Includes check_includes(const SieveSetUp& setup, const deliver::ScriptFile& script,
                        const std::vector<sieve::IncludeCommand>& commands) {
    Check check(setup);
    check.look_at(script, commands);
    return check.result();
}

}  // namespace bin
