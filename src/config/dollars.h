// SPDX-License-Identifier: MIT
// "$name" in unquoted values (compat 1.1).
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace config {

// The value with each word "$name" replaced by what `lookup` says ("$ENV:NAME" by what it says of
// "ENV:NAME"). Runs of spaces collapse to one. Nothing where `lookup`
// knows no answer.
std::optional<std::string> replace_dollars(
    std::string_view value,
    const std::function<std::optional<std::string>(std::string_view name)>& lookup);

// The value of "ENV:NAME" (empty where unset), or nothing for other names.
std::optional<std::string> environment_value(std::string_view name);

}  // namespace config
