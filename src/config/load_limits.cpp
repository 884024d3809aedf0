// SPDX-License-Identifier: MIT
// What counts was found out by asking the peer: for auth every service of an enabled protocol that
// serves several clients a process or takes log-ins; for anvil every service that takes log-ins,
// auth itself, and two more.
#include "config/load_limits.h"

#include "base/text.h"
#include "config/builtin_services.h"
#include "config/parser.h"
#include "config/value.h"

#include <algorithm>
#include <cstdint>

namespace config {
namespace {

// The peer's order of the services that exist without being written; others follow as they stand.
constexpr std::string_view usual_order[] = {"managesieve-login",
                                            "managesieve",
                                            "tcpwrap",
                                            "health-check",
                                            "submission",
                                            "submission-login",
                                            "stats",
                                            "replicator",
                                            "pop3",
                                            "pop3-login",
                                            "old-stats",
                                            "log",
                                            "lmtp",
                                            "ipc",
                                            "indexer-worker",
                                            "indexer",
                                            "imap",
                                            "imap-urlauth-worker",
                                            "imap-urlauth",
                                            "imap-urlauth-login",
                                            "imap-login",
                                            "imap-hibernate",
                                            "doveadm",
                                            "dns-client",
                                            "director",
                                            "dict",
                                            "dict-async",
                                            "config",
                                            "auth",
                                            "auth-worker"};
constexpr std::uint64_t anvil_base = 2;

class Services {
  public:
    explicit Services(const Document& document)
        : written_(document.groups.front()),
          built_in_(parse_text(builtin_services(), {}).document) {}

    std::vector<std::string> names() const;
    std::string text(const std::string& service, std::string_view key) const;
    std::uint64_t number(const std::string& service, std::string_view key,
                         const std::string& general) const;
    bool enabled(const std::string& service) const;
    const Assignment* written(const std::string& service, std::string_view key) const {
        return written_.find(path(service) + std::string(key));
    }

  private:
    static std::string path(const std::string& service) {
        return std::string("service") + path_separator + service + path_separator;
    }
    std::string top(const std::string& name) const {
        const Assignment* set = written_.find(name);
        const Setting* known = find_setting(name);
        return set ? set->value : std::string(known ? known->default_value : "");
    }

    const Group& written_;
    Document built_in_;
};

std::vector<std::string> Services::names() const {
    std::vector<std::string> names(std::begin(usual_order), std::end(usual_order));
    for (const Opened& opened : written_.sections) {
        auto parts = base::split(opened.path, path_separator);
        if (parts.size() != 3 || parts[0] != "service") continue;
        std::string name(parts[1]);
        bool usual = built_in_.groups.front().find(path(name) + "executable") != nullptr;
        if (!usual && std::find(names.begin(), names.end(), name) == names.end())
            names.push_back(name);
    }
    return names;
}

std::string Services::text(const std::string& service, std::string_view key) const {
    if (const Assignment* set = written(service, key)) return set->value;
    const Assignment* usual = built_in_.groups.front().find(path(service) + std::string(key));
    if (usual) return usual->value;
    const Section* section = find_section(top_sections(), "service");
    const Setting* known = find_setting(section->keys, key);
    return std::string(known ? known->default_value : "");
}

std::uint64_t Services::number(const std::string& service, std::string_view key,
                               const std::string& general) const {
    auto own = parse_number(text(service, key));
    if (own && *own != 0) return *own;
    auto otherwise = parse_number(top(general));
    return otherwise ? *otherwise : 0;
}

bool Services::enabled(const std::string& service) const {
    std::string protocol = text(service, "protocol");
    if (protocol.empty()) return true;
    std::string protocols = top("protocols");
    auto enabled = base::words(protocols);
    return std::find(enabled.begin(), enabled.end(), protocol) != enabled.end();
}

struct Load {
    std::uint64_t sum = 0;
    std::string counted;

    void add(const std::string& service, std::uint64_t processes) {
        sum += processes;
        counted.append(counted.empty() ? "" : " + ")
            .append("service " + service + " { process_limit=" + std::to_string(processes) + " }");
    }
};

void compare(const Services& services, const std::string& service, const Load& load,
             std::string_view intro, Problems& problems) {
    std::uint64_t limit = services.number(service, "client_limit", "default_client_limit");
    if (limit >= load.sum) return;
    Problem found{Problem::Severity::warning,
                  "service " + service + " { client_limit=" + std::to_string(limit) +
                      " } is lower than required under max. load (" + std::to_string(load.sum) +
                      "). " + std::string(intro) + ": " + load.counted};
    if (const Assignment* set = services.written(service, "client_limit"))
        found.place = set->value_place();
    problems.push_back(std::move(found));
}

}  // namespace

void check_load_limits(const Document& document, Problems& problems) {
    const Services services(document);
    Load auth, anvil{.sum = anvil_base};
    for (const std::string& name : services.names()) {
        if (!services.enabled(name)) continue;
        std::uint64_t processes = services.number(name, "process_limit", "default_process_limit");
        bool logs_in = services.text(name, "type") == "login";
        bool shared = logs_in || services.text(name, "service_count") != "1";
        if (shared && name != "imap-hibernate" && !services.text(name, "protocol").empty())
            auth.add(name, processes);
        if (logs_in || name == "auth") anvil.add(name, processes);
    }
    compare(services, "auth", auth, "Counted for protocol services with service_count != 1",
            problems);
    compare(services, "anvil", anvil, "Counted with", problems);
}

}  // namespace config
