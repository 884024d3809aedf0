// SPDX-License-Identifier: MIT
// A whole message: the index of its header at once (microseconds; the body is not touched), its
// MIME structure when first asked for. The bytes must outlive it and are never copied or changed:
// NUL, 8-bit and line ends are as they came. One user at a time: parts() fills in on first use.
// RFC 5322 §2.1.
#pragma once

#include "mail/header.h"
#include "mail/mime.h"

#include <optional>
#include <string_view>

namespace mail {

class Message {
  public:
    explicit Message(std::string_view bytes) : bytes_(bytes), header_(bytes) {}

    std::string_view bytes() const { return bytes_; }
    const HeaderBlock& header() const { return header_; }
    // The fields without the empty line; and what follows it, possibly nothing.
    std::string_view header_bytes() const { return bytes_.substr(0, header_.header_bytes()); }
    std::string_view body() const { return bytes_.substr(header_.body_offset()); }

    // The MIME parts in document order, the message itself first. Linear in the size.
    const Structure& structure() const;

  private:
    std::string_view bytes_;
    HeaderBlock header_;
    mutable std::optional<Structure> structure_;
};

}  // namespace mail
