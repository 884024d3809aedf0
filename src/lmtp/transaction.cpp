// SPDX-License-Identifier: MIT
#include "lmtp/transaction.h"

#include "mail/line_form.h"

namespace lmtp {

const base::Spool& Transaction::stored_message() {
    if (!binary) return message;
    std::call_once(lined_, [this] {
        base::Spool::Limits limits = message.limits();
        limits.line_ends = base::Spool::LineEnds::lf;
        base::Spool lines(std::move(limits));
        mail::line_form(message.view(), [&lines](std::string_view piece) { lines.append(piece); });
        lines.seal();
        message.forget_pages();
        in_lines_.emplace(std::move(lines));
    });
    return *in_lines_;
}

}  // namespace lmtp
