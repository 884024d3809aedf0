// SPDX-License-Identifier: MIT
// Handling of secrets: comparing without telling where they differ, random salts, wiping.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace auth {

// Takes the same time wherever texts of one length differ; only their lengths may be seen from
// outside.
bool same_secret(std::string_view a, std::string_view b);

// From the kernel. Throws std::system_error where it has none.
std::string random_bytes(std::size_t count);
// Of the alphabet of crypt(3): "./0-9A-Za-z".
std::string random_salt(std::size_t characters);

// Overwrites the text, so that it doesn't stay behind in freed memory, and empties it.
void wipe(std::string& secret);

}  // namespace auth
