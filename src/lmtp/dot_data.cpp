// SPDX-License-Identifier: MIT
#include "lmtp/dot_data.h"

namespace lmtp {

DotData::Piece DotData::next(std::string_view bytes) {
    std::size_t at = 0;
    if (state_ == State::line_start && bytes[at] == '.') {
        state_ = State::dot;
        ++at;
    }
    if (state_ == State::dot && at < bytes.size()) {
        state_ = State::text;  // the dot was a stuffed one: drop it, unless the line ends here
        if (bytes[at] == '\r') {
            state_ = State::dot_cr;
            ++at;
        }
    }
    if (at == bytes.size()) return {{}, at, false};
    if (state_ == State::dot_cr) {
        if (bytes[at] == '\n') return {{}, at + 1, true};
        state_ = State::cr;
        return {"\r", at, false};  // a stuffed dot before a lone CR
    }

    const std::size_t begin = at;
    while (at < bytes.size()) {
        std::size_t lf = bytes.find('\n', at);
        if (lf == std::string_view::npos) {
            state_ = bytes.back() == '\r' ? State::cr : State::text;
            at = bytes.size();
            break;
        }
        bool crlf = lf > at ? bytes[lf - 1] == '\r' : state_ == State::cr;
        state_ = crlf ? State::line_start : State::text;
        at = lf + 1;
        if (crlf && at < bytes.size() && bytes[at] == '.') break;
    }
    return {bytes.substr(begin, at - begin), at, false};
}

}  // namespace lmtp
