// SPDX-License-Identifier: MIT
#include "bin/tamis_sieve_member.h"

#include "base/text.h"
#include "config/settings.h"
#include "config/value.h"
#include "deliver/external_lists.h"
#include "deliver/user_memory.h"
#include "memory/backend.h"
#include "sieve/extension/list_name.h"
#include "store/local_disk.h"
#include "store/storage.h"

#include <chrono>
#include <cstdio>
#include <string_view>
#include <sysexits.h>

namespace bin {
namespace {

// For good.
constexpr std::chrono::seconds always = std::chrono::hours(24 * 365 * 100);

// The list's canonical name, if it is one that lies in the memory.
std::string list_in_memory(const SieveSetUp& setup, const std::string& written) {
    const auto name = sieve::canonical_list_name(written);
    if (!name) throw ToolFailure{EX_USAGE, "'" + written + "' is no name of a list"};
    std::string trouble;
    deliver::ExternalLists lists([&](std::string_view key) { return setup.settings->plugin(key); },
                                 setup.settings->home, {},
                                 [&](const std::string& text) { trouble = text; });
    if (const std::string why = lists.trouble(*name); !why.empty())
        throw ToolFailure{EX_CONFIG, written + ": " + (trouble.empty() ? why : trouble)};
    if (lists.members(*name))
        throw ToolFailure{EX_CONFIG, written + ": the list lies in a file, not in the memory"};
    return *name;
}

std::chrono::seconds period_of(const MemberOptions& options) {
    if (options.period.empty()) return always;
    const auto period = config::parse_time(options.period, config::Milliseconds::refused);
    if (!period) throw ToolFailure{EX_USAGE, "--for " + options.period + ": " + period.error()};
    return std::chrono::duration_cast<std::chrono::seconds>(*period);
}

}  // namespace

int sieve_members(const SieveSetUp& setup, const MemberOptions& options) {
    const std::string list = list_in_memory(setup, options.list);
    const std::chrono::seconds period = period_of(options);
    store::LocalDisk disk;
    auto storage = store::Storage::make(disk.disk(), setup.settings->storage);
    if (!storage) throw ToolFailure{EX_CONFIG, storage.error().text};
    std::string complaint;
    const auto backend = deliver::memory_backend(*setup.settings->config, complaint);
    if (!complaint.empty()) throw ToolFailure{EX_CONFIG, complaint};
    const auto memory = deliver::user_memory(backend.get(), setup.user.name, *storage);
    int status = EX_OK;
    for (const std::string& member : options.members) {
        const std::string id = deliver::list_memory_id(list, member);
        bool is_member = false;
        switch (options.action) {
            case MemberOptions::Action::add:
                memory->remember(id, period);
                break;
            case MemberOptions::Action::remove:
                memory->forget(id);
                break;
            case MemberOptions::Action::test:
                is_member = memory->remembers(id);
                std::printf("%s %s\n", is_member ? "yes" : "no", base::printable(member).c_str());
                if (!is_member) status = 1;
                break;
        }
        if (const std::string why = memory->complaint(); !why.empty())
            throw ToolFailure{EX_TEMPFAIL, why};
    }
    return status;
}

}  // namespace bin
