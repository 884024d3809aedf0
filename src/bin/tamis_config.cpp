// SPDX-License-Identifier: MIT
// `tamis config`, also as doveconf: options and output of compat 1.4, and --check,
// --help-settings.
#include "auth/check_schemes.h"
#include "bin/tamis.h"
#include "bin/tamis_config_manual.h"
#include "config/check.h"
#include "config/configuration.h"
#include "config/listing.h"
#include "config/load_limits.h"
#include "config/parser.h"
#include "config/rules.h"
#include "deliver/setup_check.h"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <getopt.h>
#include <string>
#include <string_view>
#include <sys/utsname.h>
#include <unistd.h>
#include <vector>

namespace bin {
namespace {

// Dovecot's fatal codes: 89 for a configuration, 75 where a sysexits program asks.
constexpr int configuration_error = 89;
constexpr int temporary_failure = 75;
constexpr int usage_error = 64;
// What scripts read as Dovecot's version (compat, beginning).
constexpr const char* compatible_version = "2.3.19.1 (9b53102964)";
constexpr const char* compatible_pigeonhole = "0.5.19 (4eae2f79)";

constexpr const char* usage =
    "usage: tamis config [-adnNhPpsSx] [-c FILE] [-f FILTER] [-m MODULE] [NAME ...]\n"
    "       tamis config [-c FILE] -e COMMAND [ARGUMENTS]\n"
    "       tamis config [-c FILE] --check\n"
    "       tamis config --help-settings | --manual | --version\n"
    "  -a  all settings (the default)         -n  what differs from the defaults\n"
    "  -N  what was set                       -d  the defaults\n"
    "  -h  values only                        -S  flat: section/name/key=value\n"
    "  -x  expand $variables and <files       -P  show passwords and keys\n"
    "  -f  protocol=X, service=X, lname=X, local=IP, remote=IP (repeatable)\n"
    "  -m  settings of one module             -s  hidden settings, too\n"
    "  -e  run a command with the settings in its environment\n"
    "  --check          every mistake at once\n"
    "  --help-settings  all known settings    --manual  the same as a manual page\n";

struct Arguments {
    std::string program;
    std::string path;
    config::ListingOptions listing;
    bool value_only = false;
    bool check = false;
    bool environment = false;
    std::vector<std::string> names;
};

int failure_code() {
    return std::getenv("USE_SYSEXITS") ? temporary_failure : configuration_error;
}

void print(const std::string& text) {
    std::fwrite(text.data(), 1, text.size(), stdout);
}

// "service=lmtp", "lname=x": doveconf's words for what filters ask.
bool take_filter(std::string_view text, config::Filter& filter) {
    auto value = [text](std::string_view name) { return std::string(text.substr(name.size())); };
    for (std::string_view name : {"service=", "protocol="}) {
        if (text.starts_with(name)) return filter.protocol = value(name), true;
    }
    for (std::string_view name : {"lname=", "local_name="}) {
        if (text.starts_with(name)) return filter.local_name = value(name), true;
    }
    for (std::string_view name : {"local=", "lip="}) {
        if (text.starts_with(name)) return filter.local_ip = value(name), true;
    }
    for (std::string_view name : {"remote=", "rip="}) {
        if (text.starts_with(name)) return filter.remote_ip = value(name), true;
    }
    return false;
}

std::string os_text() {
    struct utsname system {};
    ::uname(&system);
    std::string text = std::string(system.sysname) + " " + system.release + " " + system.machine;
    std::ifstream debian("/etc/debian_version");
    std::string version;
    if (std::getline(debian, version)) text += " Debian " + version;
    return text + " ";
}

void print_header(const Arguments& arguments) {
    const std::string& path = arguments.path;
    std::printf("# %s: %s\n", compatible_version, path.empty() ? "(built-in)" : path.c_str());
    if (arguments.program == "doveconf") {
        std::printf("# Pigeonhole version %s\n", compatible_pigeonhole);
    } else {
        std::printf("# Tamis version %s\n", TAMIS_VERSION);
    }
    char host[256] = "";
    ::gethostname(host, sizeof host - 1);
    std::printf("# OS: %s\n# Hostname: %s\n", os_text().c_str(), host);
    if (arguments.listing.scope == config::ListingOptions::Scope::all)
        std::printf("# NOTE: Send %s -n output instead when asking for help.\n",
                    arguments.program == "doveconf" ? "doveconf" : "tamis config");
}

int run_command(const Arguments& arguments, const config::Document& document) {
    for (const std::string& variable : config::list_environment(document, arguments.listing)) {
        std::size_t sign = variable.find('=');
        ::setenv(variable.substr(0, sign).c_str(), variable.c_str() + sign + 1, 1);
    }
    ::setenv("DOVECONF_ENV", "1", 1);
    std::vector<char*> words;
    for (const std::string& word : arguments.names)
        words.push_back(const_cast<char*>(word.c_str()));
    words.push_back(nullptr);
    ::execvp(words[0], words.data());
    std::fprintf(stderr, "%s: Fatal: execvp(%s) failed: %s\n", arguments.program.c_str(), words[0],
                 std::strerror(errno));
    return failure_code();
}

int check(const Arguments& arguments) {
    if (arguments.path.empty()) {
        std::puts("no configuration file: the built-in defaults serve");
        return 0;
    }
    auto look = [](const config::Document& document, config::Problems& problems) {
        deliver::check_setup(document, problems);
        auth::check_schemes(document, problems);
    };
    config::CheckOutcome outcome = config::check_file(arguments.path, look);
    for (const config::Problem& problem : outcome.problems)
        print(config::report(problem));
    std::printf("%s: %u error%s, %u warning%s%s\n", arguments.path.c_str(), outcome.errors,
                outcome.errors == 1 ? "" : "s", outcome.warnings, outcome.warnings == 1 ? "" : "s",
                outcome.errors > 0 ? ": mail is deferred until this is mended" : "");
    return outcome.errors > 0 ? failure_code() : 0;
}

int show(const Arguments& arguments) {
    using Scope = config::ListingOptions::Scope;
    bool whole = arguments.names.empty();
    if (whole && !arguments.listing.flat) print_header(arguments);
    config::ParseOutcome parsed;
    if (!arguments.path.empty()) {
        parsed = config::parse_file(arguments.path);
    } else {
        parsed.document.groups.emplace_back();
    }
    // With names, only what cannot be read is fatal.
    if (whole && parsed.problems.empty() && arguments.listing.scope != Scope::defaults)
        config::check_rules(parsed.document, parsed.problems);
    for (const config::Problem& warning : parsed.document.warnings)
        std::fprintf(stderr, "%s: Warning: %s\n", arguments.program.c_str(),
                     warning.message().c_str());
    if (parsed.problems.empty() && arguments.listing.scope != Scope::defaults) {
        config::Problems low;
        config::check_load_limits(parsed.document, low);
        for (const config::Problem& one : low)
            std::fprintf(stderr, "%s: Warning: %s\n", arguments.program.c_str(), one.text.c_str());
    }
    if (!parsed.problems.empty()) {
        const config::Problem& first = parsed.problems.front();
        std::fprintf(stderr, "%s: Fatal: %s\n", arguments.program.c_str(), first.message().c_str());
        if (!first.hint.empty()) std::fprintf(stderr, "%s\n", first.hint.c_str());
        if (parsed.problems.size() > 1) {
            std::fprintf(stderr, "%zu more errors; tamis config --check shows all\n",
                         parsed.problems.size() - 1);
        }
        return failure_code();
    }
    if (arguments.listing.expand) {
        config::Problems unreadable = config::unreadable_files(parsed.document);
        for (const config::Problem& one : unreadable)
            std::fprintf(stderr, "%s: Fatal: %s\n", arguments.program.c_str(),
                         one.message().c_str());
        if (!unreadable.empty()) return failure_code();
    }
    if (arguments.environment) return run_command(arguments, parsed.document);
    if (whole) {
        print(config::list_configuration(parsed.document, arguments.listing));
        return 0;
    }
    for (const std::string& name : arguments.names)
        print(config::list_setting(parsed.document, name, arguments.listing, arguments.value_only));
    return 0;
}

enum LongOption {
    check_option = 256,
    help_settings_option,
    manual_option,
    help_option,
    version_option
};
constexpr struct option long_options[] = {
    {"check", no_argument, nullptr, check_option},
    {"help-settings", no_argument, nullptr, help_settings_option},
    {"manual", no_argument, nullptr, manual_option},
    {"help", no_argument, nullptr, help_option},
    {"version", no_argument, nullptr, version_option},
    {nullptr, 0, nullptr, 0}};

}  // namespace

int tamis_config(int argc, char** argv) {
    using Scope = config::ListingOptions::Scope;
    Arguments arguments;
    std::string_view called = argv[0];
    called.remove_prefix(called.rfind('/') + 1);
    arguments.program = called == "doveconf" ? "doveconf" : "tamis config";
    arguments.path = config::Configuration::default_path().value_or("");
    int option = 0;
    ::optind = 1;
    while ((option = ::getopt_long(argc, argv, "+ac:def:hm:nNpPsSx", long_options, nullptr)) !=
           -1) {
        switch (option) {
            case 'a':
                arguments.listing.scope = Scope::all;
                break;
            case 'n':
                arguments.listing.scope = Scope::changed;
                break;
            case 'N':
                arguments.listing.scope = Scope::set;
                break;
            case 'd':
                arguments.listing.scope = Scope::defaults;
                break;
            case 'c':
                arguments.path = ::optarg;
                break;
            case 'e':
                arguments.environment = true;
                arguments.listing.expand = true;
                break;
            case 'f':
                if (!take_filter(::optarg, arguments.listing.filter)) {
                    std::fprintf(stderr, "%s: Fatal: Unknown filter argument: %s\n",
                                 arguments.program.c_str(), ::optarg);
                    return failure_code();
                }
                break;
            case 'h':
                arguments.value_only = true;
                break;
            case 'm':
                arguments.listing.module = ::optarg;
                break;
            case 'p':
                break;  // everything is always parsed
            case 'P':
                arguments.listing.show_secrets = true;
                break;
            case 's':
                arguments.listing.show_hidden = true;
                break;
            case 'S':
                arguments.listing.flat = true;
                break;
            case 'x':
                arguments.listing.expand = true;
                break;
            case check_option:
                arguments.check = true;
                break;
            case help_settings_option:
                print(settings_text());
                return 0;
            case manual_option:
                print(settings_manual());
                return 0;
            case version_option:
                // Scripts that call doveconf read Dovecot's number (compat, beginning).
                std::puts(arguments.program == "doveconf" ? compatible_version : TAMIS_VERSION);
                return 0;
            case help_option:
                std::fputs(usage, stdout);
                return 0;
            default:
                std::fputs(usage, stderr);
                return arguments.program == "doveconf" ? failure_code() : usage_error;
        }
    }
    arguments.names.assign(argv + ::optind, argv + argc);
    if (arguments.environment && arguments.names.empty()) {
        std::fprintf(stderr, "%s: Fatal: Missing command for -e\n", arguments.program.c_str());
        return failure_code();
    }
    return arguments.check ? check(arguments) : show(arguments);
}

}  // namespace bin
