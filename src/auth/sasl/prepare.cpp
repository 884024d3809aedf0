// SPDX-License-Identifier: MIT
#include "auth/sasl/prepare.h"

#include "auth/sasl/limits.h"
#include "mail/decode.h"

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <stringprep.h>

namespace auth::sasl {
namespace {

struct Free {
    void operator()(char* text) const { std::free(text); }
};

bool is_printable_ascii(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return c >= 0x20 && c < 0x7f; });
}

// Canonical ordering of combining marks is quadratic in libidn, so the caller limits the length.
std::optional<std::string> saslprep(std::string_view text) {
    if (is_printable_ascii(text)) return std::string(text);
    if (text.find('\0') != std::string_view::npos || !mail::is_utf8(text)) return std::nullopt;
    char* made = nullptr;
    const int status = ::stringprep_profile(std::string(text).c_str(), &made, "SASLprep",
                                            static_cast<Stringprep_profile_flags>(0));
    const std::unique_ptr<char, Free> owner(made);
    if (status != STRINGPREP_OK || !made) return std::nullopt;
    return std::string(made);
}

}  // namespace

std::optional<std::string> prepare_name(std::string_view name) {
    if (name.size() > limits::max_name_bytes) return std::nullopt;
    std::optional<std::string> prepared = saslprep(name);
    if (!prepared || prepared->empty() || prepared->size() > limits::max_name_bytes)
        return std::nullopt;
    return prepared;
}

std::string prepare_password(std::string_view password) {
    if (password.size() > limits::max_password_bytes) return std::string(password);
    std::optional<std::string> prepared = saslprep(password);
    if (!prepared || prepared->empty()) return std::string(password);
    return *std::move(prepared);
}

std::optional<std::string> to_latin1(std::string_view text) {
    if (!mail::is_utf8(text)) return std::nullopt;
    std::string made;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const auto byte = static_cast<unsigned char>(text[at]);
        if (byte < 0x80) {
            made += text[at];
        } else if (byte == 0xc2 || byte == 0xc3) {  // U+0080 to U+00FF
            const auto next = static_cast<unsigned char>(text[++at]);
            made += static_cast<char>((byte & 3) << 6 | (next & 0x3f));
        } else {
            return std::nullopt;
        }
    }
    return made;
}

std::string from_latin1(std::string_view text) {
    std::string made;
    for (const char c : text)
        mail::append_utf8(made, static_cast<unsigned char>(c));
    return made;
}

}  // namespace auth::sasl
