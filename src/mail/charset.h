// SPDX-License-Identifier: MIT
// One charset's way to UTF-8, kept open for several texts. Behind mail/decode.h; nobody outside
// src/mail needs it. iconv knows the charsets, except those that are so common that loading its
// modules would cost more than the work. Not thread-safe.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace mail {

class CharsetConverter {
  public:
    // `name` as written in a message: any case, perhaps quoted, with a language tag (RFC 2231 §5).
    explicit CharsetConverter(std::string_view name);
    ~CharsetConverter();
    CharsetConverter(const CharsetConverter&) = delete;
    CharsetConverter& operator=(const CharsetConverter&) = delete;

    // Whether the charset is known; an unknown one is treated as UTF-8.
    bool known() const { return known_; }
    // Whether something was no text of the charset.
    bool met_invalid() const { return met_invalid_; }
    // Appends `bytes` as UTF-8, each invalid piece as U+FFFD, until `out` has `max_bytes`.
    void convert(std::string_view bytes, std::string& out, std::size_t max_bytes);

    // The name as iconv shall see it; nothing for one that no charset can have.
    static std::optional<std::string> normal_name(std::string_view name);

  private:
    enum class Way { utf8, latin1, iconv };
    void convert_by_iconv(std::string_view bytes, std::string& out, std::size_t max_bytes);

    Way way_ = Way::utf8;
    bool known_ = true;
    bool met_invalid_ = false;
    void* handle_ = nullptr;  // iconv_t
};

// Appends at most max_bytes - out.size() bytes, whole characters only; false when that was too
// little.
bool append_repaired_utf8(std::string_view bytes, std::string& out, std::size_t max_bytes);

}  // namespace mail
