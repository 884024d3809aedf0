// SPDX-License-Identifier: MIT
#include "bin/sieve_tool.h"

#include "base/file.h"
#include "config/settings.h"
#include "deliver/envelope.h"
#include "deliver/identity.h"
#include "deliver/sieve_rules.h"
#include "sieve/extension/table.h"
#include "user/from_settings.h"

#include <CLI/CLI.hpp>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <grp.h>
#include <pwd.h>
#include <stdexcept>
#include <sysexits.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace bin {
namespace {

constexpr std::size_t max_script_bytes = std::size_t{64} << 20;
constexpr int fatal_status = 89;  // as Dovecot's tools (compat 8.6)

config::Overrides overrides_of(const SieveOptions& options) {
    config::Overrides result;
    for (const std::string& text : options.overrides) {
        const std::size_t equals = text.find('=');
        if (equals == std::string::npos || equals == 0)
            throw ToolFailure{EX_USAGE, "-o " + text + ": SETTING=VALUE is wanted"};
        result.emplace_back(text.substr(0, equals), text.substr(equals + 1));
    }
    return result;
}

config::Configuration load_configuration(const SieveOptions& options) {
    const auto path = options.config_path.empty() ? config::Configuration::default_path()
                                                  : std::optional(options.config_path);
    const config::Overrides overrides = overrides_of(options);
    auto loaded = path ? config::Configuration::load(*path, overrides)
                       : config::Configuration::built_in(overrides);
    if (loaded) return std::move(loaded).value();
    std::string text;
    for (const config::Problem& problem : loaded.error()) {
        if (problem.severity != config::Problem::Severity::error) continue;
        if (!text.empty()) text += '\n';
        text += problem.message();
        if (!problem.hint.empty()) text += " (" + problem.hint + ")";
    }
    throw ToolFailure{EX_CONFIG, text};
}

// Whoever runs the program, from the environment and the password file.
user::User calling_user() {
    user::User user;
    const passwd* entry = ::getpwuid(::geteuid());
    if (const char* name = std::getenv("USER"))
        user.name = name;
    else if (entry != nullptr)
        user.name = entry->pw_name;
    else
        user.name = std::to_string(::geteuid());
    const char* home = std::getenv("HOME");
    if (home != nullptr && home[0] == '/')
        user.home = home;
    else if (entry != nullptr)
        user.home = entry->pw_dir;
    return user;
}

user::User named_user(const config::Settings& settings, const std::string& name) {
    user::Request request;
    request.name = name;
    request.service = "sieve";
    auto found = user::make_chain(settings)->find(request);
    if (auto* user = std::get_if<user::User>(&found)) return std::move(*user);
    if (const auto* failure = std::get_if<user::LookupFailure>(&found))
        throw ToolFailure{EX_TEMPFAIL, "user " + name + ": " + failure->text};
    throw ToolFailure{EX_NOUSER, "user " + name + " is not known"};
}

void apply_extensions(const SieveSetUp& result, const std::string& wanted,
                      deliver::LoadRules& rules) {
    sieve::ExtensionSettings settings;
    // A relative list changes what the settings allow.
    const auto configured = result.settings->plugin("sieve_extensions");
    const std::size_t first = wanted.find_first_not_of(" \t,");
    const bool relative =
        first != std::string::npos && (wanted[first] == '+' || wanted[first] == '-');
    settings.extensions = relative && configured ? *configured + ' ' + wanted : wanted;
    settings.implicit_extensions =
        result.settings->plugin("sieve_implicit_extensions").value_or("");
    rules.compile.extensions = sieve::resolve_extensions(settings, sieve::Rights::global);
}

// Nothing where it cannot be read: whoever compiles it says why.
std::optional<std::string> readable_text(const std::string& path) {
    try {
        return base::read_file(path, max_script_bytes);
    } catch (const std::system_error&) {
        return std::nullopt;
    }
}

}  // namespace

void add_sieve_options(CLI::App& app, SieveOptions& options, UserOption user) {
    app.add_option("-c", options.config_path, "configuration file");
    app.add_option("-o", options.overrides, "SETTING=VALUE in its place")
        ->take_all()
        ->allow_extra_args(false);
    app.add_option("-x", options.extensions, "extensions: a list, or +name and -name");
    app.add_option("-P", options.plugins, "accepted and ignored: all extensions are built in")
        ->take_all()
        ->allow_extra_args(false);
    app.add_flag("-D", options.debug, "tell more");
    if (user == UserOption::yes) app.add_option("-u", options.user, "the user whose settings hold");
}

int run_tool(CLI::App& app, int argc, char** argv, const std::function<int()>& body) {
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        if (error.get_exit_code() == 0) return app.exit(error);  // --help
        std::fprintf(stderr, "%s: Fatal: %s\n%s", app.get_name().c_str(), error.what(),
                     app.help().c_str());
        return EX_USAGE;
    }
    std::string text;
    int status = EX_TEMPFAIL;
    try {
        const int answer = body();
        base::flush_standard_output();
        return answer;
    } catch (const ToolFailure& failure) {
        text = failure.text;
        status = failure.status;
    } catch (const std::exception& error) {
        text = error.what();
    }
    std::fflush(stdout);
    if (!text.empty())
        std::fprintf(stderr, "%s: Fatal: %s\n", app.get_name().c_str(), text.c_str());
    return status;
}

SieveSetUp set_up(std::string_view program, const SieveOptions& options,
                  const std::optional<std::string>& mail_location) {
    base::open_log({.path = "/dev/stderr", .timestamp_format = ""});
    const config::Configuration configuration = load_configuration(options);
    SieveSetUp result;
    result.user =
        options.user.empty() ? calling_user() : named_user(configuration.settings(), options.user);
    result.log = base::Log(std::string(program) + '(' + result.user.name + "): ");
    deliver::SettingsSource source;
    auto settings =
        std::make_shared<config::Settings>(configuration.settings({}, result.user.fields));
    settings->mail_log_prefix = result.log.prefix();
    if (mail_location) {
        settings->mail_location = *mail_location;
        result.user.mail.clear();
    }
    source.hostname = settings->host_name();
    source.config = std::move(settings);
    config::add_process(source.process_variables);
    try {
        result.settings = deliver::make_user_settings(source, result.user, {});
        result.rules = deliver::load_rules(*result.settings, sieve::Rights::global);
    } catch (const std::invalid_argument& error) {
        throw ToolFailure{EX_CONFIG, error.what()};
    }
    if (options.extensions) apply_extensions(result, *options.extensions, result.rules);
    for (const std::string& name : result.rules.compile.extensions.unknown)
        result.log.warning("sieve: ignored unknown extension '" + name +
                           "' while configuring available extensions");
    if (options.debug) {
        result.log.debug("configuration: " +
                         (configuration.path().empty() ? "built in" : configuration.path()));
        result.log.debug("extensions: " +
                         sieve::capability_string(result.rules.compile.extensions));
        for (const std::string& name : options.plugins)
            result.log.debug("-P " + name + ": nothing to load, all extensions are built in");
    }
    return result;
}

deliver::LoadRules rules_for(const SieveSetUp& setup, const std::string& path) {
    deliver::LoadRules rules = setup.rules;
    const auto debug = sieve::find_extension(sieve::debug_extension);
    const auto source = readable_text(path);
    if (debug && source && source->find(sieve::debug_extension) != std::string::npos)
        rules.compile.extensions.allowed.add(*debug);
    return rules;
}

deliver::TraceOptions read_trace_words(const std::vector<std::string>& words) {
    using sieve::TraceLevel;
    constexpr std::array<std::pair<std::string_view, TraceLevel>, 5> levels{
        {{"level=none", TraceLevel::none},
         {"level=actions", TraceLevel::actions},
         {"level=commands", TraceLevel::commands},
         {"level=tests", TraceLevel::tests},
         {"level=matching", TraceLevel::matching}}};
    deliver::TraceOptions options;
    for (const std::string& word : words) {
        bool known = word == "debug" || word == "addresses";
        if (word == "addresses") options.addresses = true;
        if (word == "debug") options.debug = true;
        for (const auto& [name, level] : levels) {
            if (word != name) continue;
            options.level = level;
            known = true;
        }
        if (!known)
            throw ToolFailure{EX_USAGE,
                              "-T " + word +
                                  ": unknown trace option (known are level=none, level=actions, "
                                  "level=commands, level=tests, level=matching, debug, addresses)"};
    }
    return options;
}

std::unique_ptr<deliver::FileTrace> open_trace(const std::string& path,
                                               deliver::TraceOptions options) {
    try {
        return std::make_unique<deliver::FileTrace>(path, options);
    } catch (const std::system_error&) {
        throw ToolFailure{EX_CANTCREAT, path + ": can't be written"};
    }
}

void leave_root(const SieveSetUp& setup) {
    if (::geteuid() != 0 && ::getegid() != 0) return;
    const auto identity = deliver::identify(setup.user, *setup.settings->config, {0, 0});
    if (!identity)
        throw ToolFailure{fatal_status, "Couldn't drop privileges: " + identity.error() +
                                            "; run this as the user whose mail it is"};
    if (identity->gid == 0 || ::setgroups(1, &identity->gid) != 0 || ::setgid(identity->gid) != 0 ||
        ::setuid(identity->uid) != 0)
        throw ToolFailure{fatal_status, "Couldn't drop privileges: no change to uid " +
                                            std::to_string(identity->uid) + ", gid " +
                                            std::to_string(identity->gid)};
}

void show_diagnostics(const sieve::Compilation& compilation, const deliver::ScriptFile& script,
                      std::string_view source) {
    const bool terminal = ::isatty(STDERR_FILENO) != 0;
    const std::string text =
        sieve::render(compilation, script.name,
                      terminal && !source.empty() ? std::optional(source) : std::nullopt);
    std::fflush(stdout);
    std::fwrite(text.data(), 1, text.size(), stderr);
}

void show_trouble(const deliver::ScriptTrouble& trouble, const deliver::ScriptFile& script,
                  std::string_view source) {
    switch (trouble.kind) {
        case deliver::ScriptTrouble::Kind::missing:
            std::fprintf(stderr, "%s: error: script not found.\n", script.name.c_str());
            return;
        case deliver::ScriptTrouble::Kind::compile_error:
            show_diagnostics(trouble.compilation, script, source);
            return;
        case deliver::ScriptTrouble::Kind::unreadable:
        case deliver::ScriptTrouble::Kind::temporary:
            std::fprintf(stderr, "%s: error: %s.\n", script.name.c_str(), trouble.text.c_str());
            return;
    }
}

void write_text(const std::string& path, std::string_view text) {
    if (path == "-") {
        std::fwrite(text.data(), 1, text.size(), stdout);
        std::fflush(stdout);
        return;
    }
    try {
        base::write_output(path, text, 0666);
    } catch (const std::system_error& error) {
        throw ToolFailure{EX_CANTCREAT, error.what()};
    }
}

}  // namespace bin
