// SPDX-License-Identifier: MIT
#include "deliver/disposition.h"

#include <utility>

namespace deliver {

std::string EnhancedStatus::text() const {
    return std::to_string(status_class) + '.' + std::to_string(subject) + '.' +
           std::to_string(detail);
}

Disposition Disposition::delivered() {
    return {Result::delivered, {2, 0, 0}, "Saved", {}};
}

Disposition Disposition::temporary(EnhancedStatus status, std::string text) {
    return {Result::temporary, status, std::move(text), {}};
}

Disposition Disposition::permanent(EnhancedStatus status, std::string text) {
    return {Result::permanent, status, std::move(text), {}};
}

Disposition Disposition::internal_error(std::string cause) {
    Disposition disposition;
    disposition.cause = std::move(cause);
    return disposition;
}

}  // namespace deliver
