// SPDX-License-Identifier: MIT
#include "lmtp/reply.h"

#include "base/text.h"

namespace lmtp {
namespace {

// RFC 5321 §4.5.3.1.5: 512 octets for the whole line; the address comes first and may be long.
constexpr std::size_t max_text_bytes = 400;

// RFC 3463 says what happened, RFC 5321 §4.2.3 wants a code that suits it.
int permanent_code(const deliver::EnhancedStatus& status) {
    if (status.subject == 2) return 552;                        // mailbox: full, disabled, refuses
    if (status.subject == 3 && status.detail == 4) return 552;  // message too big
    if (status.subject == 6) return 554;                        // the content
    return 550;
}

int temporary_code(const deliver::EnhancedStatus& status) {
    if (status.subject == 2 && status.detail == 2) return 452;  // over quota
    if (status.subject == 3 && status.detail == 1) return 452;  // disk full
    if (status.subject == 5 && status.detail == 3) return 452;  // too many recipients
    return 451;
}

}  // namespace

int reply_code(const deliver::Disposition& disposition) {
    switch (disposition.result) {
        case deliver::Disposition::Result::delivered:
            return 250;
        case deliver::Disposition::Result::temporary:
            return temporary_code(disposition.status);
        case deliver::Disposition::Result::permanent:
            return permanent_code(disposition.status);
    }
    return 451;
}

std::string recipient_reply(const deliver::Disposition& disposition, std::string_view address,
                            std::string_view prefix) {
    const std::string code = std::to_string(reply_code(disposition));
    const auto lines = base::split(std::string_view(disposition.text), '\n');
    std::string reply;
    for (std::size_t i = 0; i < lines.size(); ++i) {
        reply.append(code).append(i + 1 < lines.size() ? "-" : " ");
        reply.append(disposition.status.text()).append(" ");
        if (i == 0) {
            reply.append("<").append(address).append("> ");
            if (!prefix.empty()) reply.append(prefix).append(" ");
        }
        std::string_view line = lines[i];
        if (line.ends_with('\r')) line.remove_suffix(1);
        reply.append(base::printable(line, max_text_bytes)).append("\r\n");
    }
    return reply;
}

}  // namespace lmtp
