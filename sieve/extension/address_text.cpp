// SPDX-License-Identifier: MIT
#include "sieve/extension/address_text.h"

#include <utility>

namespace sieve {

namespace {

// RFC 5322 §3.2.3 atext, and UTF-8.
bool is_atext(char c) {
    const auto octet = static_cast<unsigned char>(c);
    if (octet >= 0x80) return true;
    if (octet <= 0x20 || octet == 0x7f) return false;
    return std::string_view("()<>[]:;@\\,.\"").find(c) == std::string_view::npos;
}

bool is_dot_atom(std::string_view text) {
    bool atom = false;
    for (char c : text) {
        if (c == '.' && !atom) return false;
        if (c != '.' && !is_atext(c)) return false;
        atom = c != '.';
    }
    return atom;
}

bool is_domain(std::string_view text) {
    if (is_dot_atom(text)) return true;
    if (text.size() < 3 || text.front() != '[' || text.back() != ']') return false;
    for (char c : text.substr(1, text.size() - 2))
        if (c <= ' ' || c == '[' || c == ']' || c == '\\' || c == 0x7f) return false;
    return true;
}

bool is_control(char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

// The length of a quoted string at the start, its content in `out`; 0 where it is none. No controls
// (RFC 5321 §4.1.2).
std::size_t read_quoted(std::string_view text, std::string& out) {
    for (std::size_t i = 1; i < text.size(); ++i) {
        if (text[i] == '"') return i + 1;
        if (text[i] == '\\' && ++i == text.size()) break;
        if (is_control(text[i])) break;
        out += text[i];
    }
    return 0;
}

bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

// The first `c` outside quoted strings, or npos.
std::size_t find_unquoted(std::string_view text, char wanted) {
    bool quoted = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '"') quoted = !quoted;
        if (quoted && text[i] == '\\') ++i;
        if (!quoted && text[i] == wanted) return i;
    }
    return std::string_view::npos;
}

// Without the white space that RFC 5322 allows between the words of an address.
std::string tightened(std::string_view text) {
    std::string out;
    bool quoted = false;
    bool blank = false;  // one is due, unless a separator stands on either side
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (!quoted && is_blank(c)) {
            blank = true;
            continue;
        }
        const bool separator = !quoted && (c == '.' || c == '@');
        const bool behind = out.empty() || out.back() == '.' || out.back() == '@';
        if (std::exchange(blank, false) && !separator && !behind) out += ' ';
        if (c == '"') quoted = !quoted;
        out += c;
        if (quoted && c == '\\' && i + 1 < text.size()) out += text[++i];
    }
    return out;
}

}  // namespace

std::optional<Address> read_mailbox(std::string_view text) {
    while (!text.empty() && is_blank(text.back()))
        text.remove_suffix(1);
    const std::size_t open = find_unquoted(text, '<');
    if (open != std::string_view::npos) {
        if (!text.ends_with('>') ||
            find_unquoted(text.substr(0, open), ',') != std::string_view::npos)
            return std::nullopt;
        text = text.substr(open + 1, text.size() - open - 2);
    }
    return read_address(tightened(text));
}

bool is_mailbox_list(std::string_view text) {
    while (true) {
        const std::size_t comma = find_unquoted(text, ',');
        if (!read_mailbox(text.substr(0, comma))) return false;
        if (comma == std::string_view::npos) return true;
        text.remove_prefix(comma + 1);
    }
}

std::optional<Address> read_address(std::string_view text) {
    Address result;
    result.text = text;
    std::size_t at = 0;
    if (text.starts_with('"')) {
        at = read_quoted(text, result.local_part);
        if (at == 0) return std::nullopt;
    } else {
        at = std::min(text.find('@'), text.size());
        result.local_part = text.substr(0, at);
        if (!is_dot_atom(result.local_part)) return std::nullopt;
    }
    if (at >= text.size() || text[at] != '@') return std::nullopt;
    result.domain = text.substr(at + 1);
    if (!is_domain(result.domain)) return std::nullopt;
    return result;
}

}  // namespace sieve
