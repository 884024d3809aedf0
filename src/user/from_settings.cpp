// SPDX-License-Identifier: MIT
#include "user/from_settings.h"

#include "config/settings.h"
#include "config/variables.h"

#include <stdexcept>

namespace user {
namespace {

Block block_of(const config::Database& database) {
    return {.driver = database.driver,
            .args = database.args,
            .default_fields = database.default_fields,
            .override_fields = database.override_fields,
            .skip = database.skip,
            .result_success = database.result_success,
            .result_failure = database.result_failure,
            .result_internalfail = database.result_internalfail,
            .deny = database.deny,
            .master = database.master};
}

}  // namespace

std::string expand_for(std::string_view text, const Request& request) {
    if (text.find('%') == std::string_view::npos) return std::string(text);
    config::Variables variables;
    config::add_user(variables, request.name);
    config::add_process(variables);
    variables.values.push_back({'s', "service", request.service});
    variables.values.push_back({'r', "rip", request.remote_ip});
    variables.values.push_back({'l', "lip", request.local_ip});
    variables.values.push_back({'\0', "session", request.session});
    auto expanded = config::expand(text, variables);
    if (!expanded) throw std::invalid_argument(expanded.error());
    return *expanded;
}

std::unique_ptr<Chain> make_chain(const config::Settings& settings) {
    Blocks blocks;
    for (const config::Database& database : settings.userdbs)
        blocks.userdbs.push_back(block_of(database));
    for (const config::Database& database : settings.passdbs)
        blocks.passdbs.push_back(block_of(database));
    return std::make_unique<Chain>(blocks, expand_for);
}

}  // namespace user
