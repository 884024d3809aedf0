// SPDX-License-Identifier: MIT
// `tamis explain`: why a message lies where it lies, or doesn't. Man page tamis-explain(1).
#include "base/clock.h"
#include "bin/tamis.h"
#include "config/configuration.h"
#include "deliver/agent.h"
#include "deliver/envelope.h"
#include "deliver/explain.h"
#include "store/local_disk.h"
#include "user/from_settings.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <getopt.h>
#include <optional>
#include <pwd.h>
#include <string>
#include <string_view>
#include <unistd.h>
#include <utility>
#include <vector>

namespace bin {
namespace {

constexpr int usage_error = 64;
constexpr int not_found = 68;
constexpr int temporary_failure = 75;
constexpr int configuration_error = 89;

constexpr const char* usage =
    "usage: tamis explain [-c FILE] [-u USER] [--json] [--all] [MESSAGE-ID | QUEUE-ID | last]\n"
    "       tamis explain [-c FILE] [-u USER] --list\n"
    "  -c, -u  configuration, user (also --user)   --json  the record as it stands in the file\n"
    "  --all   every attempt, oldest first         --list  one line per delivery\n";

struct Arguments {
    std::string configuration;
    std::string user;
    std::string wanted;
    bool json = false;
    bool all = false;
    bool list = false;
    bool help = false;
};

std::optional<Arguments> read_arguments(int argc, char** argv) {
    static const option options[] = {
        {"json", no_argument, nullptr, 'j'}, {"all", no_argument, nullptr, 'a'},
        {"list", no_argument, nullptr, 'l'}, {"user", required_argument, nullptr, 'u'},
        {"help", no_argument, nullptr, 'h'}, {nullptr, 0, nullptr, 0}};
    Arguments arguments;
    for (int c = 0; (c = ::getopt_long(argc, argv, "c:u:", options, nullptr)) != -1;) {
        switch (c) {
            case 'c':
                arguments.configuration = optarg;
                break;
            case 'u':
                arguments.user = optarg;
                break;
            case 'h':
                arguments.help = true;
                break;
            case 'j':
                arguments.json = true;
                break;
            case 'a':
                arguments.all = true;
                break;
            case 'l':
                arguments.list = true;
                break;
            default:
                return std::nullopt;
        }
    }
    if (argc - optind > 1) return std::nullopt;
    if (optind < argc && std::string_view(argv[optind]) != "last") arguments.wanted = argv[optind];
    return arguments;
}

base::Result<config::Configuration, config::Problems> load(const std::string& path) {
    if (!path.empty()) return config::Configuration::load(path);
    if (const auto found = config::Configuration::default_path())
        return config::Configuration::load(*found);
    return config::Configuration::built_in();
}

user::User this_user() {
    user::User user;
    const passwd* entry = ::getpwuid(::geteuid());
    if (const char* name = std::getenv("USER")) user.name = name;
    if (const char* home = std::getenv("HOME")) user.home = home;
    if (user.name.empty() && entry) user.name = entry->pw_name;
    if (user.home.empty() && entry) user.home = entry->pw_dir;
    return user;
}

void print(const deliver::FoundRecord& found, const Arguments& arguments) {
    const bool terminal = ::isatty(STDOUT_FILENO) != 0 && std::getenv("NO_COLOR") == nullptr;
    std::string text = arguments.json ? found.line + '\n'
                       : arguments.list
                           ? deliver::summary(found.record) + '\n'
                           : deliver::explain(found.record, terminal ? deliver::Colours::terminal
                                                                     : deliver::Colours::none);
    std::fwrite(text.data(), 1, text.size(), stdout);
}

int show(const std::vector<deliver::FoundRecord>& records, const Arguments& arguments) {
    if (records.empty()) {
        std::fprintf(stderr, "tamis explain: there is no record of %s\n",
                     arguments.wanted.empty() ? "any delivery" : arguments.wanted.c_str());
        return not_found;
    }
    const bool many = arguments.all || arguments.list;
    for (std::size_t i = many ? 0 : records.size() - 1; i < records.size(); ++i) {
        if (many && i > 0 && !arguments.json && !arguments.list) std::puts("");
        print(records[i], arguments);
    }
    if (!many && !arguments.json && !arguments.wanted.empty() && records.size() > 1)
        std::printf("%zu earlier attempts are on record: --all shows them\n", records.size() - 1);
    return 0;
}

}  // namespace

int tamis_explain(int argc, char** argv) {
    const auto arguments = read_arguments(argc, argv);
    if (!arguments) {
        std::fputs(usage, stderr);
        return usage_error;
    }
    if (arguments->help) return std::fputs(usage, stdout) < 0;
    const auto configuration = load(arguments->configuration);
    if (!configuration) {
        for (const config::Problem& problem : configuration.error())
            std::fprintf(stderr, "tamis explain: %s\n", problem.message().c_str());
        return configuration_error;
    }
    store::LocalDisk disk;
    const auto users = user::make_chain(configuration->settings({.protocol = "lda"}));
    deliver::Agent agent(*configuration, deliver::Protocol::lda, *users, disk.disk());
    const deliver::Envelope envelope;
    const auto recipient = arguments->user.empty() ? agent.as_recipient(this_user(), envelope)
                                                   : agent.find_user(arguments->user, envelope);
    if (!recipient) {
        std::fprintf(stderr, "tamis explain: %s\n", recipient.error().text.c_str());
        return recipient.error().result == deliver::Disposition::Result::permanent
                   ? not_found
                   : temporary_failure;
    }
    std::vector<deliver::FoundRecord> found;
    for (const std::string& path : agent.record_paths(*recipient))
        for (deliver::FoundRecord& record : deliver::find_records(path, arguments->wanted))
            found.push_back(std::move(record));
    std::stable_sort(found.begin(), found.end(), [](const auto& one, const auto& other) {
        return one.record.time < other.record.time;
    });
    return show(found, *arguments);
}

}  // namespace bin
