// SPDX-License-Identifier: MIT
// %{if;...}, digests and PBKDF2 (compat 2.1). Digests are nettle's.
#include "base/text.h"
#include "config/variable_text.h"

#include <algorithm>
#include <cstdint>
#include <nettle/base64.h>
#include <nettle/nettle-meta.h>
#include <nettle/pbkdf2.h>
#include <regex.h>
#include <utility>

namespace config {
namespace {

constexpr unsigned max_rounds = 100'000;
constexpr std::size_t pkcs5_bytes = 336;

// Split at unescaped ';', escapes and variables kept.
std::vector<std::string> split_escaped(std::string_view text) {
    std::vector<std::string> pieces(1);
    int depth = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        char c = text[i];
        if (c == '\\' && i + 1 < text.size()) {
            pieces.back() += text[++i];
        } else if (c == ';' && depth == 0) {
            pieces.emplace_back();
        } else {
            if (c == '{') ++depth;
            if (c == '}') --depth;
            pieces.back() += c;
        }
    }
    return pieces;
}

// '*' and '?' as in file names, linear by remembering the last star only.
bool wildcard_match(std::string_view text, std::string_view pattern) {
    std::size_t t = 0, p = 0, star = std::string_view::npos, mark = 0;
    while (t < text.size()) {
        if (p < pattern.size() &&
            (pattern[p] == '?' || (pattern[p] == text[t] && pattern[p] != '*'))) {
            ++t, ++p;
        } else if (p < pattern.size() && pattern[p] == '*') {
            star = p++;
            mark = t;
        } else if (star != std::string_view::npos) {
            p = star + 1;
            t = ++mark;
        } else {
            return false;
        }
    }
    return pattern.find_first_not_of('*', p) == std::string_view::npos;
}

std::optional<bool> regex_match(const std::string& text, const std::string& pattern) {
    regex_t compiled;
    if (::regcomp(&compiled, pattern.c_str(), REG_EXTENDED | REG_NOSUB) != 0) return std::nullopt;
    bool found = ::regexec(&compiled, text.c_str(), 0, nullptr, 0) == 0;
    ::regfree(&compiled);
    return found;
}

std::optional<bool> compare(const std::string& left, std::string_view op, const std::string& right,
                            std::string& error) {
    if (op == "eq") return left == right;
    if (op == "ne") return left != right;
    if (op == "lt") return left < right;
    if (op == "le") return left <= right;
    if (op == "gt") return left > right;
    if (op == "ge") return left >= right;
    if (op == "*") return wildcard_match(left, right);
    if (op == "!*") return !wildcard_match(left, right);
    if (op == "~" || op == "!~") {
        auto found = regex_match(left, right);
        if (!found) error = "if: Invalid regular expression: " + right;
        return found ? std::optional(*found == (op == "~")) : std::nullopt;
    }
    auto a = base::parse_number<std::int64_t>(left), b = base::parse_number<std::int64_t>(right);
    if (!a || !b) {
        error = "if: Not a number: " + (a ? right : left);
        return std::nullopt;
    }
    if (op == "==") return *a == *b;
    if (op == "!=") return *a != *b;
    if (op == "<") return *a < *b;
    if (op == "<=") return *a <= *b;
    if (op == ">") return *a > *b;
    if (op == ">=") return *a >= *b;
    error = "if: Unknown operator: " + std::string(op);
    return std::nullopt;
}

const struct nettle_hash* find_hash(std::string_view name) {
    std::string wanted(name);
    if (wanted.starts_with("sha3-")) wanted = "sha3_" + wanted.substr(5);
    for (const auto* const* hash = nettle_get_hashes(); *hash; ++hash) {
        if (wanted == (*hash)->name) return *hash;
    }
    return nullptr;
}

std::string digest_of(const struct nettle_hash& hash, std::string_view value) {
    std::string context(hash.context_size, '\0');
    std::string digest(hash.digest_size, '\0');
    hash.init(context.data());
    hash.update(context.data(), value.size(), reinterpret_cast<const std::uint8_t*>(value.data()));
    hash.digest(context.data(), digest.size(), reinterpret_cast<std::uint8_t*>(digest.data()));
    return digest;
}

std::string formatted(std::string_view bytes, std::string_view format) {
    if (format == "base64") {
        std::string text(BASE64_ENCODE_RAW_LENGTH(bytes.size()), '\0');
        ::base64_encode_raw(text.data(), bytes.size(),
                            reinterpret_cast<const std::uint8_t*>(bytes.data()));
        return text;
    }
    // "hexuc" gives lower case, too: that is what the peer does, and paths are made of it.
    const char* digits = "0123456789abcdef";
    std::string text;
    for (char c : bytes) {
        text += digits[static_cast<unsigned char>(c) >> 4];
        text += digits[static_cast<unsigned char>(c) & 15];
    }
    return text;
}

// The first `bits` bits, as a number in whole bytes (Dovecot shifts the cut value to the right).
void truncate_bits(std::string& bytes, std::size_t bits) {
    if (bits == 0 || bits >= bytes.size() * 8) return;
    bytes.resize((bits + 7) / 8);
    unsigned shift = static_cast<unsigned>(bytes.size() * 8 - bits);
    unsigned carry = 0;
    for (char& c : bytes) {
        unsigned value = static_cast<unsigned char>(c);
        c = static_cast<char>((value >> shift) | carry);
        carry = (value << (8 - shift)) & 0xff;
    }
}

}  // namespace

std::optional<std::string> Expansion::call(std::string_view name, int depth) {
    std::size_t end = name.find_first_of(":;");
    std::string_view function = name.substr(0, end);
    if (function == "if" && name[end] == ';') return condition(name.substr(end + 1), depth);
    if (find_hash(function) || function == "pkcs5") {
        std::size_t colon = name.find(':');
        if (colon == std::string_view::npos) return std::nullopt;
        std::string_view options =
            colon > end ? name.substr(end + 1, colon - end - 1) : std::string_view{};
        return digest(function, options, name.substr(colon + 1));
    }
    return value_of(name);
}

std::optional<std::string> Expansion::condition(std::string_view arguments, int depth) {
    auto pieces = split_escaped(arguments);
    if (pieces.size() < 4 || pieces.size() > 5) {
        error_ = "if: Requires three to four parameters: lhs;op;rhs;then;else";
        return std::nullopt;
    }
    auto left = run(pieces[0], depth + 1), right = run(pieces[2], depth + 1);
    if (!left || !right) {
        error_ = left ? right.error() : left.error();
        return std::nullopt;
    }
    auto holds = compare(*left, pieces[1], *right, error_);
    if (!holds) return std::nullopt;
    if (!*holds && pieces.size() == 4) return std::string();
    auto chosen = run(*holds ? pieces[3] : pieces[4], depth + 1);
    if (!chosen) {
        error_ = chosen.error();
        return std::nullopt;
    }
    return *chosen;
}

std::optional<std::string> Expansion::digest(std::string_view function, std::string_view options,
                                             std::string_view field) {
    auto value = value_of(field);
    if (!value) return std::nullopt;
    bool is_pkcs5 = function == "pkcs5";
    unsigned rounds = is_pkcs5 ? 2048 : 1;
    std::size_t bits = 0;
    std::string salt = is_pkcs5 ? std::string(field) : std::string();  // [obs]
    std::string format = "hex";
    for (std::string_view option : base::split(options, ',')) {
        std::size_t equals = option.find('=');
        std::string_view key = option.substr(0, equals);
        std::string_view argument =
            equals == std::string_view::npos ? std::string_view{} : option.substr(equals + 1);
        if (key == "rounds") rounds = base::parse_number<unsigned>(argument).value_or(0);
        if (key == "truncate") bits = base::parse_number<std::size_t>(argument).value_or(0);
        if (key == "salt") salt = std::string(argument);
        if (key == "format") format = std::string(argument);
    }
    if (rounds == 0 || rounds > max_rounds) {
        error_ = std::string(function) + ": invalid rounds";
        return std::nullopt;
    }
    std::string bytes;
    if (is_pkcs5) {
        // SHA-256 and hexadecimal whatever the options say, and this length [obs].
        format = "hex";
        bytes.resize(pkcs5_bytes);
        ::pbkdf2_hmac_sha256(value->size(), reinterpret_cast<const std::uint8_t*>(value->data()),
                             rounds, salt.size(),
                             reinterpret_cast<const std::uint8_t*>(salt.data()), bytes.size(),
                             reinterpret_cast<std::uint8_t*>(bytes.data()));
    } else {
        bytes = *value;
        for (unsigned round = 0; round < rounds; ++round)
            bytes = digest_of(*find_hash(function), salt + bytes);
    }
    truncate_bits(bytes, bits);
    return formatted(bytes, format);
}

}  // namespace config
