// SPDX-License-Identifier: MIT
#include "deliver/recipient_name.h"

#include "base/text.h"
#include "config/variables.h"
#include "store/mailbox_name.h"

#include <stdexcept>
#include <utility>

namespace deliver {
namespace {

Disposition no_such_user(std::string_view name) {
    return Disposition::permanent({5, 1, 1}, "User doesn't exist: " + base::printable(name, 200));
}

bool safe_parts(std::string_view name) {
    if (!store::safe_path_part(name)) return false;
    const std::size_t at = name.find('@');
    if (at == std::string_view::npos) return true;
    return store::safe_path_part(name.substr(0, at)) && store::safe_path_part(name.substr(at + 1));
}

std::string translate(std::string name, std::string_view pairs) {
    for (char& c : name)
        for (std::size_t i = 0; i + 1 < pairs.size(); i += 2)
            if (c == pairs[i]) {
                c = pairs[i + 1];
                break;
            }
    return name;
}

std::string format_name(const std::string& name, const NameRules& rules) {
    if (rules.format.empty()) return name;
    config::Variables variables;
    config::add_user(variables, name);
    variables.values.push_back({'s', "service", rules.service});
    auto formatted = config::expand(rules.format, variables);
    if (!formatted) throw std::runtime_error("auth_username_format: " + formatted.error());
    return std::move(formatted).value();
}

}  // namespace

SplitName split_detail(std::string_view local_part, std::string_view delimiters) {
    const std::size_t cut = local_part.find_first_of(delimiters);
    if (cut == std::string_view::npos || cut == 0) return {std::string(local_part), {}};
    return {std::string(local_part.substr(0, cut)), std::string(local_part.substr(cut + 1))};
}

base::Result<std::string, Disposition> normalise_name(std::string_view name,
                                                      const NameRules& rules) {
    std::string full(name);
    if (!rules.default_realm.empty() && name.find('@') == std::string_view::npos)
        full += '@' + rules.default_realm;
    if (!safe_parts(full))
        return base::Unexpected{Disposition::permanent({5, 1, 3}, "Invalid recipient address")};
    if (!rules.allowed_characters.empty() &&
        full.find_first_not_of(rules.allowed_characters) != std::string::npos)
        return base::Unexpected{no_such_user(full)};
    std::string normal = format_name(translate(std::move(full), rules.translation), rules);
    if (!safe_parts(normal))
        return base::Unexpected{Disposition::permanent({5, 1, 3}, "Invalid recipient address")};
    return normal;
}

}  // namespace deliver
