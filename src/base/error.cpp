// SPDX-License-Identifier: MIT
#include "base/error.h"

#include <cerrno>

namespace base {

void throw_errno(std::string_view operation, std::string_view object) {
    throw_error(errno, operation, object);
}

void throw_error(int error, std::string_view operation, std::string_view object) {
    std::string what(operation);
    if (!object.empty()) what.append("(").append(object).append(")");
    what += " failed";
    throw std::system_error(error, std::generic_category(), what);
}

std::string error_text(int error) {
    return std::generic_category().message(error);
}

}  // namespace base
