// SPDX-License-Identifier: MIT
// Transfer encodings (RFC 2045 §6) in both directions. Declared in mail/decode.h.
#include "mail/decode.h"

#include <array>
#include <cstdint>

namespace mail {

namespace {

constexpr std::string_view base64_alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view hex_digits = "0123456789ABCDEF";
constexpr std::size_t encoded_line = 76;

constexpr std::array<signed char, 256> make_base64_values() {
    std::array<signed char, 256> values{};
    values.fill(-1);
    for (std::size_t i = 0; i < base64_alphabet.size(); ++i)
        values[static_cast<unsigned char>(base64_alphabet[i])] = static_cast<signed char>(i);
    return values;
}
constexpr std::array<signed char, 256> base64_values = make_base64_values();

constexpr int hex_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return -1;
}

// The next line of `text` without its end, which is cut off with it.
std::string_view take_line(std::string_view& text) {
    std::size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    return line;
}

void append_uu_line(std::string_view line, std::string& out) {
    const auto value = [&](std::size_t i) -> unsigned {
        return i < line.size() ? (static_cast<unsigned char>(line[i]) - 32u) & 63u : 0;
    };
    std::size_t count = value(0);
    for (std::size_t at = 1; count > 0 && at < line.size(); at += 4) {
        const std::uint32_t bits =
            value(at) << 18 | value(at + 1) << 12 | value(at + 2) << 6 | value(at + 3);
        for (int shift = 16; shift >= 0 && count > 0; shift -= 8, --count)
            out += static_cast<char>(bits >> shift & 0xff);
    }
}

}  // namespace

std::string decode_base64(std::string_view text) {
    std::string out;
    out.reserve(text.size() / 4 * 3);
    std::uint32_t bits = 0;
    int count = 0;
    for (char c : text) {
        if (c == '=') {  // the rest of the quantum is padding; another text may follow
            count = 0;
            continue;
        }
        const int value = base64_values[static_cast<unsigned char>(c)];
        if (value < 0) continue;
        bits = bits << 6 | static_cast<std::uint32_t>(value);
        count += 6;
        if (count >= 8) {
            count -= 8;
            out += static_cast<char>(bits >> count & 0xff);
        }
    }
    return out;
}

std::string decode_quoted_printable(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    std::size_t white = std::string::npos;  // where a run of white space began in `out`
    for (std::size_t at = 0; at < text.size();) {
        const char c = text[at];
        if (c == ' ' || c == '\t') {
            if (white == std::string::npos) white = out.size();
            out += c;
            ++at;
            continue;
        }
        const bool at_line_end = c == '\n' || text.substr(at, 2) == "\r\n";
        if (at_line_end && white != std::string::npos) out.resize(white);
        white = std::string::npos;
        if (c != '=') {
            out += c;
            ++at;
            continue;
        }
        if (at + 2 < text.size() && hex_value(text[at + 1]) >= 0 && hex_value(text[at + 2]) >= 0) {
            out += static_cast<char>(hex_value(text[at + 1]) * 16 + hex_value(text[at + 2]));
            at += 3;
            continue;
        }
        // A soft line break, white space before the line end allowed (§6.7 rule 3); or a "=" that
        // stands for itself.
        std::size_t end = text.find_first_not_of(" \t", at + 1);
        if (end == std::string_view::npos) return out;
        if (text[end] == '\n') {
            at = end + 1;
        } else if (text.substr(end, 2) == "\r\n") {
            at = end + 2;
        } else {
            out += '=';
            ++at;
        }
    }
    return out;
}

std::string decode_uuencode(std::string_view text) {
    std::string_view rest = text;
    bool begun = false;
    while (!rest.empty() && !begun) {
        std::string_view line = take_line(rest);
        begun =
            line.size() > 6 && line.substr(0, 6) == "begin " && line[6] >= '0' && line[6] <= '7';
    }
    if (!begun) return std::string(text);
    std::string out;
    while (!rest.empty()) {
        std::string_view line = take_line(rest);
        if (line == "end") break;
        append_uu_line(line, out);
    }
    return out;
}

std::string encode_base64(std::string_view bytes) {
    std::string out;
    out.reserve((bytes.size() + 2) / 3 * 4);
    for (std::size_t at = 0; at < bytes.size(); at += 3) {
        const auto byte = [&](std::size_t i) -> std::uint32_t {
            return i < bytes.size() ? static_cast<unsigned char>(bytes[i]) : 0u;
        };
        const std::uint32_t bits = byte(at) << 16 | byte(at + 1) << 8 | byte(at + 2);
        out += base64_alphabet[bits >> 18 & 63];
        out += base64_alphabet[bits >> 12 & 63];
        out += at + 1 < bytes.size() ? base64_alphabet[bits >> 6 & 63] : '=';
        out += at + 2 < bytes.size() ? base64_alphabet[bits & 63] : '=';
    }
    return out;
}

std::string encode_base64_lines(std::string_view bytes) {
    constexpr std::size_t line_bytes = encoded_line / 4 * 3;
    std::string out;
    out.reserve(bytes.size() / line_bytes * (encoded_line + 1) + encoded_line + 1);
    for (std::size_t at = 0; at < bytes.size(); at += line_bytes) {
        out += encode_base64(bytes.substr(at, line_bytes));
        out += '\n';
    }
    return out;
}

std::string encode_quoted_printable(std::string_view bytes) {
    std::string out;
    std::size_t column = 0;
    for (std::size_t at = 0; at < bytes.size(); ++at) {
        const char c = bytes[at];
        if (c == '\n' || bytes.substr(at, 2) == "\r\n") {
            if (c == '\r') ++at;
            out += '\n';
            column = 0;
            continue;
        }
        const std::string_view next = bytes.substr(at + 1, 2);
        const bool before_end = next.empty() || next[0] == '\n' || next == "\r\n";
        // "From " and "." at a line's start are hidden from old transports as well.
        const bool plain = (c > ' ' && c < '\x7f' && c != '=' && !(column == 0 && c == '.') &&
                            !(column == 0 && bytes.substr(at, 5) == "From ")) ||
                           ((c == ' ' || c == '\t') && !before_end);
        const std::size_t width = plain ? 1 : 3;
        if (column + width > encoded_line - 1) {  // one column for the soft break
            out += "=\n";
            column = 0;
        }
        if (plain) {
            out += c;
        } else {
            out += '=';
            out += hex_digits[static_cast<unsigned char>(c) >> 4];
            out += hex_digits[static_cast<unsigned char>(c) & 15];
        }
        column += width;
    }
    return out;
}

}  // namespace mail
