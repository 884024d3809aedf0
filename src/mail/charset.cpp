// SPDX-License-Identifier: MIT
#include "mail/charset.h"

#include "base/text.h"
#include "mail/decode.h"
#include "mail/limits.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <iconv.h>

namespace mail {

namespace {

constexpr std::string_view replacement = "\xef\xbf\xbd";

// What senders write and iconv does not know, or knows as a narrower charset than they use.
struct Alias {
    std::string_view written;
    std::string_view meant;
};
constexpr std::array aliases = {
    Alias{"ansi_x3.110-1983", "iso-8859-1"},
    Alias{"cp-850", "cp850"},
    Alias{"gb2312", "gb18030"},
    Alias{"gb_2312-80", "gb18030"},
    Alias{"iso-8859-8-e", "iso-8859-8"},
    Alias{"iso-8859-8-i", "iso-8859-8"},
    Alias{"ks_c_5601", "cp949"},
    Alias{"ks_c_5601-1987", "cp949"},
    Alias{"euc-kr", "cp949"},
    Alias{"shift-jis", "cp932"},
    Alias{"shift_jis", "cp932"},
    Alias{"unicode-1-1-utf-7", "utf-7"},
    Alias{"x-big5", "big5-hkscs"},
    Alias{"x-euc-jp", "euc-jp"},
    Alias{"x-gbk", "gbk"},
    Alias{"x-mac-roman", "macintosh"},
    Alias{"x-sjis", "cp932"},
    Alias{"x-windows-949", "cp949"},
};

bool is_any_of(std::string_view name, std::initializer_list<std::string_view> names) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

struct Utf8Piece {
    std::size_t size = 0;
    bool valid = false;
};

// The character at `at`, or the maximal part of one that is broken there (Unicode §3.9).
Utf8Piece utf8_piece(std::string_view text, std::size_t at) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char lead = byte(at);
    if (lead < 0x80) return {1, true};
    std::size_t size = 0;
    unsigned char low = 0x80;
    unsigned char high = 0xbf;
    if (lead >= 0xc2 && lead <= 0xdf) {
        size = 2;
    } else if (lead >= 0xe0 && lead <= 0xef) {
        size = 3;
        if (lead == 0xe0) low = 0xa0;
        if (lead == 0xed) high = 0x9f;
    } else if (lead >= 0xf0 && lead <= 0xf4) {
        size = 4;
        if (lead == 0xf0) low = 0x90;
        if (lead == 0xf4) high = 0x8f;
    } else {
        return {1, false};
    }
    for (std::size_t i = 1; i < size; ++i) {
        if (at + i >= text.size() || byte(at + i) < low || byte(at + i) > high) return {i, false};
        low = 0x80;
        high = 0xbf;
    }
    return {size, true};
}

std::size_t ascii_run(std::string_view text, std::size_t at) {
    std::size_t end = at;
    while (end < text.size() && static_cast<unsigned char>(text[end]) < 0x80)
        ++end;
    return end - at;
}

}  // namespace

bool append_repaired_utf8(std::string_view bytes, std::string& out, std::size_t max_bytes) {
    std::size_t at = 0;
    while (at < bytes.size()) {
        const std::size_t room = max_bytes > out.size() ? max_bytes - out.size() : 0;
        if (room == 0) return false;
        if (std::size_t run = ascii_run(bytes, at)) {
            out.append(bytes.substr(at, std::min(run, room)));
            if (run > room) return false;
            at += run;
            continue;
        }
        Utf8Piece piece = utf8_piece(bytes, at);
        std::string_view text = piece.valid ? bytes.substr(at, piece.size) : replacement;
        if (text.size() > room) return false;
        out.append(text);
        at += piece.size;
    }
    return true;
}

std::optional<std::string> CharsetConverter::normal_name(std::string_view name) {
    name = base::trim(name);
    if (name.size() >= 2 && name.front() == '"' && name.back() == '"')
        name = name.substr(1, name.size() - 2);
    name = name.substr(0, name.find('*'));
    if (name.size() > limits::charset_name_bytes) return std::nullopt;
    std::string normal = base::to_lower(name);
    // No "/": iconv reads flags after it.
    const bool fine = std::all_of(normal.begin(), normal.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
               std::string_view("-_.:+()").find(c) != std::string_view::npos;
    });
    if (!fine) return std::nullopt;
    for (const Alias& alias : aliases) {
        if (normal == alias.written) return std::string(alias.meant);
    }
    return normal;
}

CharsetConverter::CharsetConverter(std::string_view name) {
    std::optional<std::string> normal = normal_name(name);
    if (!normal) {
        known_ = false;
    } else if (is_any_of(*normal, {"utf-8", "utf8", "us-ascii", "ascii", "ansi_x3.4-1968", ""})) {
        way_ = Way::utf8;
    } else if (is_any_of(*normal, {"iso-8859-1", "iso8859-1", "iso_8859-1", "latin1", "latin-1"})) {
        way_ = Way::latin1;
    } else {
        iconv_t handle = iconv_open("UTF-8", normal->c_str());
        if (handle == reinterpret_cast<iconv_t>(-1)) {
            known_ = false;
        } else {
            handle_ = handle;
            way_ = Way::iconv;
        }
    }
}

CharsetConverter::~CharsetConverter() {
    if (handle_ != nullptr) iconv_close(handle_);
}

void CharsetConverter::convert(std::string_view bytes, std::string& out, std::size_t max_bytes) {
    switch (way_) {
        case Way::utf8:
            met_invalid_ = met_invalid_ || !is_utf8(bytes);
            append_repaired_utf8(bytes, out, max_bytes);
            return;
        case Way::latin1:
            for (char c : bytes) {
                const auto code = static_cast<unsigned char>(c);
                if (out.size() + (code < 0x80 ? 1 : 2) > max_bytes) return;
                append_utf8(out, code);
            }
            return;
        case Way::iconv:
            convert_by_iconv(bytes, out, max_bytes);
            return;
    }
}

void CharsetConverter::convert_by_iconv(std::string_view bytes, std::string& out,
                                        std::size_t max_bytes) {
    iconv(handle_, nullptr, nullptr, nullptr, nullptr);
    char* in = const_cast<char*>(bytes.data());  // iconv's prototype; it does not write there
    std::size_t in_left = bytes.size();
    std::array<char, 4096> buffer;
    while (in_left > 0 && out.size() < max_bytes) {
        char* to = buffer.data();
        std::size_t to_left = buffer.size();
        const std::size_t result = iconv(handle_, &in, &in_left, &to, &to_left);
        const int error = result == static_cast<std::size_t>(-1) ? errno : 0;
        const std::string_view made(buffer.data(), buffer.size() - to_left);
        if (!append_repaired_utf8(made, out, max_bytes)) return;
        if (error == 0) break;
        if (error == E2BIG && !made.empty()) continue;
        met_invalid_ = true;
        if (out.size() + replacement.size() > max_bytes) return;
        out.append(replacement);
        if (error == EINVAL) break;  // a character cut off at the end
        ++in;
        --in_left;
    }
    // What a stateful charset still holds back.
    char* to = buffer.data();
    std::size_t to_left = buffer.size();
    iconv(handle_, nullptr, nullptr, &to, &to_left);
    append_repaired_utf8({buffer.data(), buffer.size() - to_left}, out, max_bytes);
}

std::string to_utf8(std::string_view bytes, std::string_view charset, std::size_t max_bytes) {
    std::string out;
    out.reserve(std::min(bytes.size(), max_bytes));
    CharsetConverter(charset).convert(bytes, out, max_bytes);
    return out;
}

std::optional<std::string> to_utf8_strictly(std::string_view bytes, std::string_view charset,
                                            std::size_t max_bytes) {
    CharsetConverter converter(charset);
    if (!converter.known()) return std::nullopt;
    std::string out;
    out.reserve(std::min(bytes.size(), max_bytes));
    converter.convert(bytes, out, max_bytes);
    if (converter.met_invalid()) return std::nullopt;
    return out;
}

bool is_known_charset(std::string_view charset) {
    return CharsetConverter(charset).known();
}

bool is_ascii(std::string_view text) {
    return ascii_run(text, 0) == text.size();
}

bool is_utf8(std::string_view text) {
    std::size_t at = 0;
    while (at < text.size()) {
        at += ascii_run(text, at);
        if (at == text.size()) return true;
        Utf8Piece piece = utf8_piece(text, at);
        if (!piece.valid) return false;
        at += piece.size;
    }
    return true;
}

std::string repair_utf8(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    append_repaired_utf8(text, out, out.max_size());
    return out;
}

void append_utf8(std::string& out, char32_t code) {
    if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) {
        out.append(replacement);
    } else if (code < 0x80) {
        out += static_cast<char>(code);
    } else if (code < 0x800) {
        out += static_cast<char>(0xc0 | (code >> 6));
        out += static_cast<char>(0x80 | (code & 0x3f));
    } else if (code < 0x10000) {
        out += static_cast<char>(0xe0 | (code >> 12));
        out += static_cast<char>(0x80 | ((code >> 6) & 0x3f));
        out += static_cast<char>(0x80 | (code & 0x3f));
    } else {
        out += static_cast<char>(0xf0 | (code >> 18));
        out += static_cast<char>(0x80 | ((code >> 12) & 0x3f));
        out += static_cast<char>(0x80 | ((code >> 6) & 0x3f));
        out += static_cast<char>(0x80 | (code & 0x3f));
    }
}

}  // namespace mail
