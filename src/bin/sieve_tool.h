// SPDX-License-Identifier: MIT
// What sievec, sieve-dump and sieve-test have in common: their options (sieve-compat 4), the
// settings that these lead to, and how they tell what is wrong. Messages go to standard error.
#pragma once

#include "base/log.h"
#include "config/configuration.h"
#include "deliver/file_trace.h"
#include "deliver/script_store.h"
#include "deliver/user_settings.h"
#include "user/user.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace CLI {
class App;
}

namespace bin {

struct SieveOptions {
    std::string config_path;                // -c
    std::vector<std::string> overrides;     // -o SETTING=VALUE
    std::optional<std::string> extensions;  // -x
    std::vector<std::string> plugins;       // -P, for scripts written for Dovecot: all are built in
    std::string user;                       // -u
    bool debug = false;                     // -D
};

enum class UserOption { yes, no };
void add_sieve_options(CLI::App& app, SieveOptions& options, UserOption user);

// A failure that ends the program: its exit status (sysexits), its text.
struct ToolFailure {
    int status;
    std::string text;
};

// Parses the command line and calls `body`, whose answer is the exit status. What is thrown becomes
// a "Fatal: " line and its status; for what nobody planned that is 75. A wrong command line
// is 64.
int run_tool(CLI::App& app, int argc, char** argv, const std::function<int()>& body);

// The user's settings: those of -u, or of whoever runs the program.
struct SieveSetUp {
    base::Log log{""};
    user::User user;
    std::shared_ptr<const deliver::UserSettings> settings;
    deliver::LoadRules rules;  // with the rights of global scripts, and -x
};
// Throws ToolFailure. `mail_location`, where given, replaces the setting and the user's own.
SieveSetUp set_up(std::string_view program, const SieveOptions& options,
                  const std::optional<std::string>& mail_location = std::nullopt);

// The rules for this script: one that names vnd.dovecot.debug may require it in the tools, whatever
// the settings say (sieve-compat 1.1). For all others they are those of the set-up, so that the
// binaries fit deliveries.
deliver::LoadRules rules_for(const SieveSetUp& setup, const std::string& path);

// Of -T. Throws ToolFailure for words that it does not know.
deliver::TraceOptions read_trace_words(const std::vector<std::string>& words);
// Of -t. Throws ToolFailure where the file cannot be written.
std::unique_ptr<deliver::FileTrace> open_trace(const std::string& path,
                                               deliver::TraceOptions options);

// A root process becomes the user whose settings hold (the userdb's uid, or mail_uid and mail_gid),
// for good: scripts and messages are not root's business (sieve-compat 4). Throws ToolFailure where
// no other user is named.
void leave_root(const SieveSetUp& setup);

// The compiler's lines on standard error, with the source underlined where that is a terminal.
void show_diagnostics(const sieve::Compilation& compilation, const deliver::ScriptFile& script,
                      std::string_view source);
// A script's trouble, told likewise; "NAME: error: script not found." for one that is not there.
void show_trouble(const deliver::ScriptTrouble& trouble, const deliver::ScriptFile& script,
                  std::string_view source);

// To a file, or to standard output for "-". Throws ToolFailure.
void write_text(const std::string& path, std::string_view text);

}  // namespace bin
