// SPDX-License-Identifier: MIT
// What became of a message for one recipient. LMTP turns it into a reply line (RFC 2033 §4.2), the
// LDA into an exit code and a status line.
#pragma once

#include <cstdint>
#include <string>

namespace deliver {

// RFC 3463: class.subject.detail. The class is 2, 4 or 5.
struct EnhancedStatus {
    std::uint8_t status_class = 4;
    std::uint16_t subject = 3;
    std::uint16_t detail = 0;
    std::string text() const;
    bool operator==(const EnhancedStatus&) const = default;
};

struct [[nodiscard]] Disposition {
    enum class Result { delivered, temporary, permanent };
    Result result = Result::temporary;  // until proven otherwise
    EnhancedStatus status;
    std::string text = "Temporary internal error";
    // What the administrator has to mend, where `text` does not say it. It may name paths and
    // settings: for logs and the LDA's status line, never for an LMTP reply.
    std::string cause;

    // The three shapes; `text` is a line or more for a reply, without status codes and addresses.
    static Disposition delivered();
    static Disposition temporary(EnhancedStatus status, std::string text);
    static Disposition permanent(EnhancedStatus status, std::string text);
    // 4.3.0, the text that names nothing, and the cause.
    static Disposition internal_error(std::string cause);
};

}  // namespace deliver
