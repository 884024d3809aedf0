// SPDX-License-Identifier: MIT
// Takes the dots out of DATA (RFC 5321 §4.5.2) and finds its end, in place: the pieces that come
// out point into what went in, whatever way the bytes are cut. Only CRLF "." CRLF ends the message:
// a bare LF or CR never does, so that no client can be tricked into smuggling a second message.
#pragma once

#include <cstddef>
#include <string_view>

namespace lmtp {

class DotData {
  public:
    struct Piece {
        std::string_view text;     // of the message; may be empty
        std::size_t consumed = 0;  // may be 0 only where text is not empty
        bool ended = false;        // the final dot's line is among what was consumed
    };

    // The next piece of the message from the front of `bytes` (not empty). Not called again after
    // the end.
    Piece next(std::string_view bytes);

  private:
    enum class State { line_start, text, cr, dot, dot_cr };
    State state_ = State::line_start;
};

}  // namespace lmtp
