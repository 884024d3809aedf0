// SPDX-License-Identifier: MIT
#include "mail/compose.h"

#include "base/text.h"
#include "mail/address.h"
#include "mail/decode.h"

#include <fmt/format.h>

#include <algorithm>

namespace mail {

namespace {

constexpr std::size_t line_columns = 78;       // RFC 5322 §2.1.1
constexpr std::size_t line_max = 998;          // the hard limit there
constexpr std::size_t encoded_word_text = 48;  // shorter than allowed, to fit beside a field name
constexpr std::size_t parameter_piece = 60;
constexpr std::string_view word_begin = "=?utf-8?q?";
constexpr std::string_view word_end = "?=";

constexpr bool is_white(char c) {
    return c == ' ' || c == '\t';
}
constexpr bool is_control(char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == '\x7f';
}
constexpr bool is_alnum(char c) {
    const char lower = base::ascii_lower(c);
    return (lower >= 'a' && lower <= 'z') || (c >= '0' && c <= '9');
}
constexpr bool is_atom_char(char c) {
    return is_alnum(c) ||
           (c > ' ' && c < '\x7f' &&
            std::string_view("!#$%&'*+-/=?^_`{|}~").find(c) != std::string_view::npos);
}
// RFC 2045 §5.1.
constexpr bool is_token_char(char c) {
    return c > ' ' && c < '\x7f' &&
           std::string_view("()<>@,;:\\\"/[]?=").find(c) == std::string_view::npos;
}
template <typename Accepts>
bool all_of(std::string_view text, Accepts accepts) {
    return std::all_of(text.begin(), text.end(), accepts);
}

// Nothing in a value may end its line.
std::string on_one_line(std::string_view value) {
    std::string line(base::trim(value));
    for (char& c : line) {
        if (c == '\r' || c == '\n' || c == '\0') c = ' ';
    }
    return line;
}

bool needs_encoding(std::string_view word) {
    return word.find("=?") != std::string_view::npos || word.size() > line_max / 2 ||
           !all_of(word, [](char c) {
               return static_cast<unsigned char>(c) < 0x80 && (!is_control(c) || c == '\t');
           });
}

std::size_t utf8_size(unsigned char lead) {
    return lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
}

// One character of repaired UTF-8 in the alphabet that is right in every place (RFC 2047 §5).
std::string q_encoded(std::string_view character) {
    std::string out;
    for (char c : character) {
        if (c == ' ')
            out += '_';
        else if (is_alnum(c) || c == '!' || c == '*' || c == '+' || c == '-' || c == '/')
            out += c;
        else
            out += fmt::format("={:02X}", static_cast<unsigned char>(c));
    }
    return out;
}

std::string encode_all(std::string_view text) {
    const std::string repaired = repair_utf8(text);
    std::string out;
    std::string word;
    const auto flush = [&] {
        if (word.empty()) return;
        if (!out.empty()) out += ' ';
        out.append(word_begin).append(word).append(word_end);
        word.clear();
    };
    for (std::size_t at = 0; at < repaired.size();) {
        const std::size_t size = utf8_size(static_cast<unsigned char>(repaired[at]));
        const std::string encoded = q_encoded(std::string_view(repaired).substr(at, size));
        if (word.size() + encoded.size() > encoded_word_text) flush();
        word += encoded;
        at += size;
    }
    flush();
    return out;
}

std::string quoted(std::string_view text) {
    std::string out = "\"";
    for (char c : text) {
        if (c == '"' || c == '\\') out += '\\';
        out += c;
    }
    return out += '"';
}

std::string percent_encoded(std::string_view text) {
    std::string out;
    for (char c : text) {
        if (is_alnum(c) || c == '-' || c == '.' || c == '_')
            out += c;
        else
            out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
    return out;
}

}  // namespace

std::string header_field(std::string_view name, std::string_view value) {
    const std::string line = on_one_line(value);
    std::string out;
    out.append(name).append(":");
    std::size_t column = out.size();
    bool first = true;
    for (std::size_t at = 0; at < line.size();) {
        std::size_t word = at;
        while (word < line.size() && is_white(line[word]))
            ++word;
        std::size_t end = word;
        while (end < line.size() && !is_white(line[end]))
            ++end;
        const std::string_view gap =
            first ? std::string_view(" ") : std::string_view(line).substr(at, word - at);
        const std::size_t width = gap.size() + end - word;
        if (!first && column + width > line_columns) {
            out += '\n';
            column = 0;
        }
        out.append(gap).append(line, word, end - word);
        column += width;
        first = false;
        at = end;
    }
    return out += '\n';
}

std::string text_field(std::string_view name, std::string_view text) {
    return header_field(name, encode_words(on_one_line(text)));
}

std::string cut_to_characters(std::string text, std::size_t max_characters) {
    std::size_t characters = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if ((static_cast<unsigned char>(text[i]) & 0xC0) == 0x80) continue;
        if (++characters > max_characters) {
            text.resize(i);
            return text + "\u2026";
        }
    }
    return text;
}

std::string address_field(std::string_view name, const std::vector<Mailbox>& mailboxes) {
    std::string value;
    for (const Mailbox& mailbox : mailboxes) {
        if (!value.empty()) value += ", ";
        value += mailbox_text(mailbox);
    }
    return header_field(name, value);
}

std::string encode_words(std::string_view text) {
    // From the first word that needs it to the last, so that the rest stays readable as it is.
    std::size_t begin = std::string_view::npos;
    std::size_t end = 0;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t stop = std::min(text.find(' ', at), text.size());
        if (needs_encoding(text.substr(at, stop - at))) {
            begin = std::min(begin, at);
            end = stop;
        }
        at = stop + 1;
    }
    if (begin == std::string_view::npos) return std::string(text);
    std::string out(text.substr(0, begin));
    out += encode_all(text.substr(begin, end - begin));
    return out.append(text.substr(end));
}

std::string phrase(std::string_view display_name) {
    const std::string name = on_one_line(display_name);
    if (name.find("=?") != std::string::npos || !all_of(name, [](char c) {
            return static_cast<unsigned char>(c) < 0x80 && !is_control(c);
        }))
        return encode_all(name);
    if (!name.empty() && all_of(name, [](char c) { return is_atom_char(c) || c == ' '; }) &&
        name.find("  ") == std::string::npos)
        return name;
    return quoted(name);
}

std::string mailbox_text(const Mailbox& mailbox) {
    if (!mailbox.valid) return on_one_line(mailbox.source);
    const std::string address = mailbox.address();
    if (mailbox.display_name.empty()) return address;
    return phrase(mailbox.display_name) + " <" + address + '>';
}

std::string parameter_text(std::string_view name, std::string_view value) {
    const bool ascii = all_of(
        value, [](char c) { return static_cast<unsigned char>(c) < 0x80 && !is_control(c); });
    if (ascii && value.size() <= line_columns * 4) {
        const bool token = !value.empty() && all_of(value, is_token_char);
        return fmt::format("{}={}", name, token ? std::string(value) : quoted(value));
    }
    const std::string encoded = percent_encoded(value);
    if (encoded.size() <= parameter_piece) return fmt::format("{}*=utf-8''{}", name, encoded);
    std::string out;
    std::size_t number = 0;
    for (std::size_t at = 0; at < encoded.size(); ++number) {
        std::size_t size = std::min(parameter_piece, encoded.size() - at);
        // Never inside "%XX".
        if (at + size < encoded.size()) {
            const std::size_t percent = encoded.find_last_of('%', at + size - 1);
            if (percent != std::string::npos && percent >= at && percent + 3 > at + size)
                size = percent - at;
        }
        out +=
            fmt::format("{}{}*{}*={}{}", number == 0 ? "" : "; ", name, number,
                        number == 0 ? "utf-8''" : "", std::string_view(encoded).substr(at, size));
        at += size;
    }
    return out;
}

std::string multipart_body(std::string_view boundary, std::string_view preamble,
                           const std::vector<std::string>& parts) {
    std::string out;
    if (!preamble.empty()) out.append(preamble).append("\n\n");
    for (const std::string& part : parts)
        out.append("--").append(boundary).append("\n").append(part).append("\n");
    return out.append("--").append(boundary).append("--\n");
}

std::string free_boundary(std::string_view hint, const std::vector<std::string>& parts) {
    std::string boundary(hint);
    for (unsigned number = 1;; ++number) {
        const bool taken = std::any_of(parts.begin(), parts.end(), [&](const std::string& part) {
            return part.find("--" + boundary) != std::string::npos;
        });
        if (!taken) return boundary;
        boundary = fmt::format("{}.{}", hint, number);
    }
}

std::string with_crlf(std::string_view text) {
    std::string out;
    out.reserve(text.size() + text.size() / 32);
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = text.find('\n', at);
        if (end == std::string_view::npos) return out.append(text.substr(at));
        const bool has_cr = end > at && text[end - 1] == '\r';
        out.append(text.substr(at, end - at)).append(has_cr ? "\n" : "\r\n");
        at = end + 1;
    }
    return out;
}

}  // namespace mail
