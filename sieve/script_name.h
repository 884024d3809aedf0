// SPDX-License-Identifier: MIT
// Names of scripts in a user's or the site's storage (RFC 5804 §1.6), as include has them (RFC 6609
// §3.2).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace sieve {

// Where an included script lies.
enum class ScriptPlace : std::uint8_t { personal, global };

// 1 to limits::max_script_name_characters characters of UTF-8, none of them a control, a line or
// paragraph separator, or '/'.
bool is_script_name(std::string_view name);

// An include command, for those who look at what a script needs before it runs.
struct IncludeCommand {
    ScriptPlace place = ScriptPlace::personal;
    std::string name;
    bool optional = false;
    unsigned line = 0;
};

}  // namespace sieve
