// SPDX-License-Identifier: MIT
// "$name" in unquoted values (compat 1.1).
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace config {

// The value with each word "$name" replaced by what `lookup` says, and "$ENV:NAME" by the
// environment's value (empty where unset). Runs of spaces collapse to one. Nothing where `lookup`
// knows no answer.
std::optional<std::string> replace_dollars(
    std::string_view value,
    const std::function<std::optional<std::string>(std::string_view name)>& lookup);

}  // namespace config
