// SPDX-License-Identifier: MIT
// Writes JSON (RFC 8259) as text, in one pass: a delivery's record must not cost what a tree of
// values does. Who calls keeps objects and arrays in order; commas are put in here.
#pragma once

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>

namespace deliver {

class JsonText {
  public:
    JsonText() { text_.reserve(usual_bytes); }

    void begin_object() { begin('{'); }
    void end_object() { end('}'); }
    void begin_array() { begin('['); }
    void end_array() { end(']'); }
    void key(std::string_view name);
    // Octets that are no UTF-8 become U+FFFD.
    void string(std::string_view value);
    void number(std::integral auto value) { integer(static_cast<std::int64_t>(value)); }
    void truth(bool value);

    void member(std::string_view name, std::string_view value) {
        key(name);
        string(value);
    }
    void number_member(std::string_view name, std::integral auto value) {
        key(name);
        number(value);
    }
    // Left out where there is nothing to say.
    void member_if(std::string_view name, std::string_view value) {
        if (!value.empty()) member(name, value);
    }
    void number_member_if(std::string_view name, std::integral auto value) {
        if (value != 0) number_member(name, value);
    }

    std::string take() { return std::move(text_); }

  private:
    void begin(char bracket);
    void end(char bracket);
    void separate();
    void integer(std::int64_t value);

    static constexpr std::size_t usual_bytes = 8192;

    std::string text_;
};

}  // namespace deliver
