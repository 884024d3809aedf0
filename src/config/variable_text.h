// SPDX-License-Identifier: MIT
// The pieces of %variable expansion (config/variables.h): modifiers and functions. Internal to
// config/.
#pragma once

#include "config/variables.h"

#include <string>
#include <string_view>

namespace config {

bool is_modifier(char c);
// L U E X R T M D.
std::string modified(std::string_view value, char modifier);
// %H and %N: hexadecimal, modulo where it is not 0, padded to so many digits.
std::string hash_text(std::string_view value, unsigned modulo, unsigned digits);
std::string new_hash_text(std::string_view value, unsigned modulo, unsigned digits);

class Expansion {
  public:
    enum class Unknown { refused, shown };
    explicit Expansion(const Variables& variables, Unknown unknown = Unknown::refused)
        : variables_(variables), unknown_(unknown) {}
    base::Result<std::string, std::string> run(std::string_view text, int depth);

  private:
    std::optional<std::string> value_of(std::string_view name) const;
    // "%{if;...}", "%{sha256;rounds=2:user}", "env:X", "userdb:f". Nothing: unknown. Sets error_
    // for a bad argument.
    std::optional<std::string> call(std::string_view name, int depth);
    std::optional<std::string> condition(std::string_view arguments, int depth);
    std::optional<std::string> digest(std::string_view function, std::string_view options,
                                      std::string_view field);

    const Variables& variables_;
    const Unknown unknown_;
    std::string error_;
};

}  // namespace config
