// SPDX-License-Identifier: MIT
#include "config/unheeded.h"

#include "base/text.h"
#include "config/configuration.h"
#include "config/value.h"

#include <algorithm>
#include <unordered_set>

namespace config {
namespace {

constexpr Setting idle_service{"service", Type::text, "", "", Effect::later, "nothing runs it"};
constexpr Setting idle_dict{"dict", Type::text, "", "", Effect::later, "nothing asks it"};
// Services whose blocks a program of ours reads.
constexpr std::string_view running_services[] = {"lmtp"};

class Collector {
  public:
    void add(const Assignment& assignment);
    std::vector<Unheeded> take() { return std::move(found_); }

  private:
    void plugins(const Assignment& assignment);
    void add(std::string name, const Setting* setting, const Place& place, bool in_plugin = false) {
        if (setting && setting->effect == Effect::acts) return;
        if (seen_.insert(name).second)
            found_.push_back({std::move(name), setting, in_plugin, place});
    }

    std::vector<Unheeded> found_;
    std::unordered_set<std::string> seen_;
};

void Collector::plugins(const Assignment& assignment) {
    std::string spaced = assignment.value;
    std::replace(spaced.begin(), spaced.end(), ',', ' ');
    for (std::string_view word : base::words(spaced)) {
        // The same word in the value itself, for its place.
        std::string_view there =
            std::string_view(assignment.value)
                .substr(static_cast<std::size_t>(word.data() - spaced.data()), word.size());
        const Setting* known = find_setting(mail_plugin_names, word);
        add(known ? "mail_plugins = " + std::string(word) : std::string(word), known,
            assignment.place_in_value(there));
    }
}

void Collector::add(const Assignment& assignment) {
    if (assignment.place.file.empty()) return;
    auto parts = base::split(assignment.path, path_separator);
    std::string name(parts.back());
    if (parts[0] == "plugin") {
        const Setting* setting = find_plugin_setting(name);
        if (name == "global_script_path") return;  // has a remark of its own
        add(name, setting, assignment.place, true);
    } else if (parts[0] == "dict") {
        add("dict " + name, &idle_dict, assignment.place);
    } else if (parts[0] == "service" && parts.size() > 2 &&
               std::find(std::begin(running_services), std::end(running_services), parts[1]) ==
                   std::end(running_services)) {
        add("service " + std::string(parts[1]), &idle_service, assignment.place);
    } else if (parts[0] == "mail_plugins") {
        plugins(assignment);
    } else if (assignment.setting && name != "name") {
        bool asks = shown_value(*assignment.setting, assignment.value) !=
                    shown_value(*assignment.setting, assignment.setting->default_value);
        // The same key may act in one section and not in another.
        std::string where = parts.size() > 1 ? std::string(parts[0]) + "/" : std::string();
        if (asks) add(where + name, assignment.setting, assignment.place);
    }
}

}  // namespace

std::vector<Unheeded> unheeded(const Document& document, std::string_view protocol) {
    Collector collector;
    for (const Group& group : document.groups) {
        Condition only{.protocol = group.condition.protocol};
        if (!protocol.empty() && !match(only, Filter{.protocol = std::string(protocol)})) continue;
        for (const Assignment& assignment : group.assignments)
            collector.add(assignment);
    }
    return collector.take();
}

}  // namespace config
