// SPDX-License-Identifier: MIT
// Session ids of delivery programs (compat 4.1): 128 random bits as 22 characters of base64, such
// as "yYxcL9UaAmu/PwAAg+zDdQ".
#pragma once

#include <string>

namespace base {

// Throws std::system_error where the kernel gives no random bytes.
std::string new_session_id();

}  // namespace base
