// SPDX-License-Identifier: MIT
// What crypt(3) would do with a stored string, read before it does: the numbers in the string say
// how long it runs and how much memory it takes. Forms are those of libxcrypt's crypt(5).
#pragma once

#include "auth/scheme_limits.h"

#include <string_view>

namespace auth {

enum class CryptForm {
    unknown,  // nothing that crypt(3) is asked about: "*", "!", names of no method
    usable,
    too_costly,  // beyond the limits, or with parameters whose cost isn't known
};
CryptForm judge_crypt(std::string_view stored, const SchemeLimits& limits);

// "$2a$NN$" or with b, x, y, and 60 characters long.
bool is_bcrypt(std::string_view stored);

// The name of the weak scheme that a crypt string is of: "MD5-CRYPT", "DES-CRYPT" and their kin;
// empty for others.
std::string_view weak_crypt(std::string_view stored);

}  // namespace auth
