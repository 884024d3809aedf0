// SPDX-License-Identifier: MIT
// The unplanned: a failed system call becomes a std::system_error whose text names the operation
// and its object. It is caught once per unit of work (recipient, command, connection, process) and
// answered as temporary.
#pragma once

#include <string>
#include <string_view>
#include <system_error>

namespace base {

// Throws std::system_error with errno (or `error`); what() reads "open(/path) failed: No such file
// or directory".
[[noreturn]] void throw_errno(std::string_view operation, std::string_view object = {});
[[noreturn]] void throw_error(int error, std::string_view operation, std::string_view object = {});

// "No such file or directory" for ENOENT. Safe in threads.
std::string error_text(int error);

}  // namespace base
