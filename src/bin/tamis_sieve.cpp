// SPDX-License-Identifier: MIT
// `tamis sieve`: a user's scripts (doveadm sieve; sieve-compat 4.5). Man page tamis-sieve(1).
#include "base/file.h"
#include "base/text.h"
#include "bin/include_check.h"
#include "bin/sieve_tool.h"
#include "bin/tamis.h"
#include "bin/tamis_sieve_member.h"
#include "bin/tamis_sieve_source.h"
#include "bin/tamis_simulate.h"
#include "deliver/include_library.h"
#include "deliver/script_sequence.h"
#include "deliver/script_storage.h"
#include "deliver/sieve_rules.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <exception>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <sys/wait.h>
#include <sysexits.h>
#include <system_error>
#include <unistd.h>
#include <utility>
#include <vector>

namespace bin {
namespace {

constexpr int not_found = 68;
constexpr int not_possible = 65;
constexpr std::size_t max_script_bytes = std::size_t{64} << 20;

struct CommandLine {
    SieveOptions options;
    std::string users_file;  // -F
    bool activate = false;   // put -a, delete -a
    std::vector<std::string> names;
    std::string from;
    std::string to;
    SimulateOptions simulation;
    MemberOptions member;
    std::vector<std::string> files;  // of lint and fmt
    bool in_place = false;
    bool check = false;
};

int status_of(deliver::ScriptRefusal::Reason reason) {
    using Reason = deliver::ScriptRefusal::Reason;
    switch (reason) {
        case Reason::missing:
            return not_found;
        case Reason::invalid_name:
        case Reason::exists:
        case Reason::active:
        case Reason::has_errors:
            return not_possible;
        case Reason::too_many:
        case Reason::too_large:
        case Reason::over_storage:
            return EX_CANTCREAT;
    }
    return EX_TEMPFAIL;
}

int tell(const SieveSetUp& setup, const std::string& name, const deliver::ScriptRefusal& refusal) {
    if (refusal.reason == deliver::ScriptRefusal::Reason::has_errors) {
        const std::string text = sieve::render(refusal.compilation, name);
        std::fwrite(text.data(), 1, text.size(), stderr);
    }
    setup.log.error(refusal.text);
    return status_of(refusal.reason);
}

void tell_warnings(const sieve::Compilation& compilation, const std::string& name) {
    const std::string text = sieve::render(compilation, name);
    std::fwrite(text.data(), 1, text.size(), stderr);
}

std::string standard_input() {
    std::string text;
    char buffer[65536];
    while (const std::size_t got = std::fread(buffer, 1, sizeof buffer, stdin)) {
        text.append(buffer, got);
        if (text.size() > max_script_bytes)
            throw ToolFailure{EX_DATAERR, "the script is too large"};
    }
    return text;
}

deliver::ScriptStorage storage_of(const SieveSetUp& setup) {
    const deliver::UserSettings& settings = *setup.settings;
    auto location =
        deliver::find_storage([&](std::string_view key) { return settings.plugin(key); },
                              settings.home, sieve::ScriptPlace::personal);
    if (!location) throw ToolFailure{EX_CONFIG, "the user has no place for scripts"};
    if (location->active.empty()) {
        if (settings.home.empty()) throw ToolFailure{EX_CONFIG, "the user has no home directory"};
        location->active = settings.home + "/.dovecot.sieve";
    }
    deliver::ScriptStorageRules rules;
    rules.compile = deliver::load_rules(settings, sieve::Rights::personal).compile;
    rules.max_scripts = settings.plugin_number("sieve_quota_max_scripts").value_or(0);
    rules.max_storage = settings.plugin_size("sieve_quota_max_storage").value_or(0);
    return {*std::move(location), std::move(rules)};
}

// What a command does for one user; its exit status.
using Work = std::function<int(const SieveSetUp&, deliver::ScriptStorage&)>;

int work_for(const std::string& user, const CommandLine& line, const Work& work) {
    SieveOptions options = line.options;
    options.user = user;
    const SieveSetUp setup = set_up("tamis sieve", options);
    if (::geteuid() == 0) leave_root(setup);
    deliver::ScriptStorage storage = storage_of(setup);
    try {
        return work(setup, storage);
    } catch (const std::system_error& error) {
        setup.log.error(error.what());
        return error.code() == std::errc::permission_denied ? EX_NOPERM : EX_TEMPFAIL;
    }
}

// In a process of its own: each user's work is done as that user.
int work_apart(const std::string& user, const CommandLine& line, const Work& work) {
    std::fflush(stdout);
    const pid_t child = ::fork();
    if (child < 0) throw ToolFailure{EX_OSERR, "fork failed"};
    if (child == 0) {
        int status = EX_TEMPFAIL;
        try {
            status = work_for(user, line, work);
        } catch (const ToolFailure& failure) {
            std::fprintf(stderr, "tamis sieve: Fatal: %s\n", failure.text.c_str());
            status = failure.status;
        } catch (const std::exception& error) {
            std::fprintf(stderr, "tamis sieve: Fatal: %s\n", error.what());
        }
        std::fflush(stdout);
        ::_exit(status);
    }
    int status = 0;
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : EX_TEMPFAIL;
}

// Of several failures a temporary one wins, else the first (sieve-compat 4.5).
int for_each_user(const CommandLine& line, const Work& work) {
    if (line.users_file.empty()) return work_for(line.options.user, line, work);
    const auto text = base::read_file(line.users_file, max_script_bytes, base::OtherFiles::read);
    if (!text) throw ToolFailure{EX_NOINPUT, line.users_file + ": there is no such file"};
    int worst = EX_OK;
    for (const std::string_view each : base::split(*text, '\n')) {
        const std::string_view user = base::trim(each);
        if (user.empty()) continue;
        const int status = work_apart(std::string(user), line, work);
        if (status == EX_TEMPFAIL || worst == EX_OK) worst = status;
    }
    return worst;
}

// `several`: of more users than one, each line begins with its own.
int list(const SieveSetUp& setup, deliver::ScriptStorage& storage, bool several) {
    for (const deliver::ScriptListing& script : storage.list())
        std::printf("%s%s%s%s\n", several ? setup.user.name.c_str() : "", several ? " " : "",
                    script.name.c_str(), script.active ? " ACTIVE" : "");
    return EX_OK;
}

int get(const SieveSetUp& setup, deliver::ScriptStorage& storage, const std::string& name) {
    const auto text = storage.get(name);
    if (!text) return tell(setup, name, text.error());
    std::fwrite(text->data(), 1, text->size(), stdout);
    return EX_OK;
}

// The scripts that it includes are those of its user.
Includes includes_of(const SieveSetUp& setup, const std::string& name,
                     const sieve::Compilation& compilation) {
    deliver::ScriptFile script = deliver::included_file(
        [&setup](std::string_view key) { return setup.settings->plugin(key); },
        setup.settings->home, sieve::ScriptPlace::personal, name);
    script.name = name;
    return check_includes(setup, script, compilation.includes);
}

// One that includes what is missing would fail at each message.
int activate(const SieveSetUp& setup, deliver::ScriptStorage& storage, const std::string& name) {
    const auto compilation = storage.compile(name);
    if (!compilation) return tell(setup, name, compilation.error());
    if (includes_of(setup, name, *compilation) != Includes::good) {
        setup.log.error("script '" + name + "' cannot be activated: what it includes is not right");
        return not_possible;
    }
    const auto done = storage.activate(name);
    return done ? EX_OK : tell(setup, name, done.error());
}

int put(const SieveSetUp& setup, deliver::ScriptStorage& storage, const std::string& name,
        const std::string& text, bool and_activate) {
    const auto done = storage.put(name, text);
    if (!done) return tell(setup, name, done.error());
    tell_warnings(*done, name);
    if (and_activate) return activate(setup, storage, name);
    includes_of(setup, name, *done);
    return EX_OK;
}

int remove(const SieveSetUp& setup, deliver::ScriptStorage& storage,
           const std::vector<std::string>& names, bool and_deactivate) {
    int worst = EX_OK;
    for (const std::string& name : names) {
        if (and_deactivate)
            for (const deliver::ScriptListing& script : storage.list())
                if (script.active && script.name == name) storage.deactivate();
        const auto done = storage.remove(name);
        const int status = done ? EX_OK : tell(setup, name, done.error());
        if (worst == EX_OK) worst = status;
    }
    return worst;
}

int rename(const SieveSetUp& setup, deliver::ScriptStorage& storage, const std::string& from,
           const std::string& to) {
    const auto done = storage.rename(from, to);
    return done ? EX_OK : tell(setup, from, done.error());
}

// The options of all commands may stand behind the command, too.
CLI::App* add_command(CLI::App& app, const char* name, const char* help) {
    return app.add_subcommand(name, help)->fallthrough();
}

}  // namespace

int tamis_sieve(int argc, char** argv) {
    CommandLine line;
    CLI::App app{"A user's Sieve scripts.", "tamis sieve"};
    app.require_subcommand(1);
    app.add_option("-c", line.options.config_path, "configuration file");
    app.add_option("-o", line.options.overrides, "SETTING=VALUE in its place")
        ->take_all()
        ->allow_extra_args(false);
    app.add_option("-u", line.options.user, "the user whose scripts they are");
    app.add_option("-F", line.users_file, "a file with a user in each line");
    Work work;
    add_command(app, "list", "the scripts, and which is active")->callback([&] {
        work = [&](const auto& setup, auto& storage) {
            return list(setup, storage, !line.users_file.empty());
        };
    });
    CLI::App* command = add_command(app, "get", "write a script to standard output");
    command->add_option("name", line.from, "the script")->required();
    command->callback([&] {
        work = [&](const auto& setup, auto& storage) { return get(setup, storage, line.from); };
    });
    command = add_command(app, "put", "store what standard input holds as a script");
    command->add_flag("-a", line.activate, "activate it, too");
    command->add_option("name", line.from, "the script")->required();
    command->callback([&] {
        work = [&, text = standard_input()](const auto& setup, auto& storage) {
            return put(setup, storage, line.from, text, line.activate);
        };
    });
    command = add_command(app, "activate", "use this script from now on");
    command->add_option("name", line.from, "the script")->required();
    command->callback([&] {
        work = [&](const auto& setup, auto& storage) {
            return activate(setup, storage, line.from);
        };
    });
    add_command(app, "deactivate", "use no script")->callback([&] {
        work = [](const auto&, auto& storage) {
            storage.deactivate();
            return EX_OK;
        };
    });
    command = add_command(app, "delete", "remove scripts");
    command->add_flag("-a", line.activate, "also one that is active");
    command->add_option("name", line.names, "the scripts")->required();
    command->callback([&] {
        work = [&](const auto& setup, auto& storage) {
            return remove(setup, storage, line.names, line.activate);
        };
    });
    command = add_command(app, "rename", "give a script another name");
    command->add_option("old-name", line.from, "the script")->required();
    command->add_option("new-name", line.to, "its new name")->required();
    command->callback([&] {
        work = [&](const auto& setup, auto& storage) {
            return rename(setup, storage, line.from, line.to);
        };
    });
    command = add_command(app, "simulate", "what a script would do with the mail that is there");
    command->add_option("script-file", line.simulation.script, "the script")->required();
    command->add_option("--mailbox", line.simulation.mailbox, "the mail: INBOX");
    command->add_option("--since", line.simulation.since, "mail of so long only, such as 30d");
    command->add_flag("--list", line.simulation.list, "a line for each message");
    command->add_flag("--apply", line.simulation.apply, "do it afterwards");
    command->callback(
        [&] { work = [&](const auto& setup, auto&) { return simulate(setup, line.simulation); }; });
    command = add_command(app, "member", "members of a list that lies in the memory");
    command->add_option("action", line.member.action, "what to do")
        ->required()
        ->option_text("add|remove|test")
        ->transform(CLI::CheckedTransformer(
            std::map<std::string, MemberOptions::Action>{{"add", MemberOptions::Action::add},
                                                         {"remove", MemberOptions::Action::remove},
                                                         {"test", MemberOptions::Action::test}}));
    command->add_option("list", line.member.list, "the list's name")->required();
    command->add_option("member", line.member.members, "the members")->required();
    command->add_option("--for", line.member.period, "how long added ones are remembered: always");
    command->callback([&] {
        work = [&](const auto& setup, auto&) { return sieve_members(setup, line.member); };
    });
    // These two look at files, not at a user's scripts.
    std::function<int()> of_files;
    command = add_command(app, "lint", "remarks on scripts beyond their errors");
    command->add_option("script-file", line.files, "the scripts")->required();
    command->callback([&] {
        of_files = [&] {
            const SieveSetUp setup = set_up("tamis sieve", line.options);
            return lint_scripts(setup, line.files,
                                line.options.user.empty() ? LintUser::unknown : LintUser::known);
        };
    });
    command = add_command(app, "fmt", "lay scripts out");
    command->add_option("script-file", line.files, "the scripts")->required();
    command->add_flag("-i", line.in_place, "in their files, not on standard output");
    command->add_flag("--check", line.check, "only say whether they are laid out so");
    command->callback([&] {
        of_files = [&] {
            return format_scripts(line.files, line.check      ? FormatOutput::check
                                              : line.in_place ? FormatOutput::in_place
                                                              : FormatOutput::standard_output);
        };
    });
    return run_tool(app, argc, argv,
                    [&] { return of_files ? of_files() : for_each_user(line, work); });
}

}  // namespace bin
