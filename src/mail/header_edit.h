// SPDX-License-Identifier: MIT
// Changes a header block without parsing and printing it anew: fields that nobody touches stay as
// they are, octet for octet. RFC 5293. Used by one thread; what it is made from must outlive it.
#pragma once

#include "mail/header.h"

#include <cstddef>
#include <deque>
#include <span>
#include <string>
#include <string_view>

namespace mail {

class HeaderEditor {
  public:
    // `header_bytes`: the fields that `block` indexes, without the empty line.
    HeaderEditor(const HeaderBlock& block, std::string_view header_bytes);

    // `lines` is a whole field ending in LF (mail/compose.h); its line ends become the block's.
    void add_first(std::string_view name, std::string lines);
    void add_last(std::string_view name, std::string lines);
    // Those fields of that name (ASCII case ignored), counted from 0, going up. Linear in the
    // number of fields.
    void remove(std::string_view name, std::span<const std::size_t> which);

    std::string text() const;

  private:
    struct Entry {
        std::string name;       // empty: no field
        std::string_view text;  // with its line end
    };
    Entry make(std::string_view name, std::string lines);

    bool crlf_ = false;
    std::deque<std::string> added_;
    std::deque<Entry> entries_;
};

}  // namespace mail
