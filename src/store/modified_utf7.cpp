// SPDX-License-Identifier: MIT
#include "store/modified_utf7.h"

#include <array>
#include <cstddef>
#include <cstdint>

namespace store {
namespace {

constexpr std::string_view alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,";

constexpr std::array<std::int8_t, 256> make_values() {
    std::array<std::int8_t, 256> values{};
    values.fill(-1);
    for (std::size_t i = 0; i < alphabet.size(); ++i)
        values[static_cast<unsigned char>(alphabet[i])] = static_cast<std::int8_t>(i);
    return values;
}
constexpr auto values = make_values();

bool is_direct(char c) {
    return c >= 0x20 && c <= 0x7e;
}

// Takes one character (RFC 3629) off the front; nothing where there is none.
std::optional<char32_t> take_character(std::string_view& text) {
    auto lead = static_cast<unsigned char>(text.front());
    std::size_t length = lead < 0x80 ? 1 : lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
    if ((lead >= 0x80 && lead < 0xc2) || lead > 0xf4 || text.size() < length) return std::nullopt;
    constexpr std::array<unsigned char, 5> masks = {0, 0x7f, 0x1f, 0x0f, 0x07};
    char32_t character = lead & masks[length];
    for (std::size_t i = 1; i < length; ++i) {
        auto next = static_cast<unsigned char>(text[i]);
        if ((next & 0xc0) != 0x80) return std::nullopt;
        character = character << 6 | (next & 0x3f);
    }
    constexpr std::array<char32_t, 5> smallest = {0, 0, 0x80, 0x800, 0x10000};
    if (character < smallest[length] || character > 0x10ffff ||
        (character >= 0xd800 && character <= 0xdfff))
        return std::nullopt;
    text.remove_prefix(length);
    return character;
}

void append_utf8(std::string& text, char32_t character) {
    auto byte = [&](char32_t value) { text += static_cast<char>(value); };
    if (character < 0x80) {
        byte(character);
    } else if (character < 0x800) {
        byte(0xc0 | character >> 6);
        byte(0x80 | (character & 0x3f));
    } else if (character < 0x10000) {
        byte(0xe0 | character >> 12);
        byte(0x80 | (character >> 6 & 0x3f));
        byte(0x80 | (character & 0x3f));
    } else {
        byte(0xf0 | character >> 18);
        byte(0x80 | (character >> 12 & 0x3f));
        byte(0x80 | (character >> 6 & 0x3f));
        byte(0x80 | (character & 0x3f));
    }
}

// Collects UTF-16 units as base64 digits.
class Shift {
  public:
    explicit Shift(std::string& out) : out_(out) { out_ += '&'; }

    void add(char32_t character) {
        if (character >= 0x10000) {
            unit(0xd800 + ((character - 0x10000) >> 10));
            unit(0xdc00 + ((character - 0x10000) & 0x3ff));
        } else {
            unit(character);
        }
    }
    void end() {
        if (bits_ > 0) out_ += alphabet[pending_ << (6 - bits_) & 0x3f];
        out_ += '-';
    }

  private:
    void unit(char32_t value) {
        pending_ = pending_ << 16 | value;
        for (bits_ += 16; bits_ >= 6; bits_ -= 6)
            out_ += alphabet[pending_ >> (bits_ - 6) & 0x3f];
        pending_ &= (1u << bits_) - 1;
    }

    std::string& out_;
    std::uint32_t pending_ = 0;
    unsigned bits_ = 0;
};

// The base64 digits between & and -, as UTF-8 appended to `out`; false where they are not valid.
bool append_shifted(std::string& out, std::string_view digits) {
    std::uint32_t pending = 0;
    unsigned bits = 0;
    char32_t high = 0;
    for (char c : digits) {
        int value = values[static_cast<unsigned char>(c)];
        if (value < 0) return false;
        pending = pending << 6 | static_cast<std::uint32_t>(value);
        bits += 6;
        if (bits < 16) continue;
        bits -= 16;
        char32_t unit = pending >> bits & 0xffff;
        pending &= (1u << bits) - 1;
        if (high != 0) {
            if (unit < 0xdc00 || unit > 0xdfff) return false;
            append_utf8(out, 0x10000 + ((high - 0xd800) << 10) + (unit - 0xdc00));
            high = 0;
        } else if (unit >= 0xd800 && unit <= 0xdbff) {
            high = unit;
        } else if ((unit >= 0xdc00 && unit <= 0xdfff) || (unit >= 0x20 && unit <= 0x7e)) {
            return false;  // a lone surrogate, or what needs no shift
        } else {
            append_utf8(out, unit);
        }
    }
    return high == 0 && bits < 6 && pending == 0;
}

}  // namespace

bool valid_utf8(std::string_view text) {
    while (!text.empty()) {
        if (!take_character(text)) return false;
    }
    return true;
}

std::optional<std::string> to_modified_utf7(std::string_view utf8) {
    std::string encoded;
    while (!utf8.empty()) {
        if (is_direct(utf8.front())) {
            encoded += utf8.front();
            if (utf8.front() == '&') encoded += '-';
            utf8.remove_prefix(1);
            continue;
        }
        Shift shift(encoded);
        while (!utf8.empty() && !is_direct(utf8.front())) {
            auto character = take_character(utf8);
            if (!character) return std::nullopt;
            shift.add(*character);
        }
        shift.end();
    }
    return encoded;
}

std::optional<std::string> from_modified_utf7(std::string_view encoded) {
    std::string text;
    bool after_shift = false;
    while (!encoded.empty()) {
        if (!is_direct(encoded.front())) return std::nullopt;
        if (encoded.front() != '&') {
            text += encoded.front();
            encoded.remove_prefix(1);
            after_shift = false;
            continue;
        }
        std::size_t end = encoded.find('-');
        if (end == encoded.npos) return std::nullopt;
        std::string_view digits = encoded.substr(1, end - 1);
        encoded.remove_prefix(end + 1);
        if (digits.empty()) {
            text += '&';
            after_shift = false;
        } else {
            // Two shifts in a row are a second spelling of one.
            if (after_shift || !append_shifted(text, digits)) return std::nullopt;
            after_shift = true;
        }
    }
    return text;
}

}  // namespace store
