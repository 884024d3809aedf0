// SPDX-License-Identifier: MIT
#include "auth/sasl/digest_response.h"

#include "auth/sasl/limits.h"
#include "base/text.h"

#include <algorithm>
#include <bitset>
#include <iterator>

namespace auth::sasl {
namespace {

struct Directive {
    std::string_view name;
    std::string DigestResponse::*value;  // null: read and left
    std::size_t max_bytes;
};

constexpr Directive directives[] = {
    {"username", &DigestResponse::username, limits::max_name_bytes},
    {"realm", &DigestResponse::realm, limits::max_realm_bytes},
    {"nonce", &DigestResponse::nonce, limits::max_nonce_bytes},
    {"cnonce", &DigestResponse::cnonce, limits::max_nonce_bytes},
    {"nc", &DigestResponse::nonce_count, 8},
    {"qop", &DigestResponse::qop, 16},
    {"digest-uri", &DigestResponse::digest_uri, limits::max_short_message_bytes},
    {"response", &DigestResponse::response, 32},
    {"authzid", &DigestResponse::authzid, limits::max_name_bytes},
    {"charset", nullptr, 16},
    {"maxbuf", nullptr, 16},  // of security layers, which are not offered
    {"cipher", nullptr, 16},
};

bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

// RFC 2616's token: no control character, space or separator.
bool is_token_char(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte > 0x20 && byte < 0x7f &&
           std::string_view("()<>@,;:\\\"/[]?={}").find(c) == std::string_view::npos;
}

class Reader {
  public:
    explicit Reader(std::string_view text) : text_(text) {}

    bool at_end() const { return at_ == text_.size(); }
    void skip_blanks() {
        while (!at_end() && is_blank(text_[at_]))
            ++at_;
    }
    bool take(char wanted) {
        if (at_end() || text_[at_] != wanted) return false;
        ++at_;
        return true;
    }
    std::string_view token() {
        const std::size_t start = at_;
        while (!at_end() && is_token_char(text_[at_]))
            ++at_;
        return text_.substr(start, at_ - start);
    }
    // After its first quote; nothing where the last one is missing or a NUL is in it.
    std::optional<std::string> quoted_rest() {
        std::string value;
        while (!at_end()) {
            char c = text_[at_++];
            if (c == '"') return value;
            if (c == '\\') {
                if (at_end()) break;
                c = text_[at_++];
            }
            if (c == '\0') break;
            value += c;
        }
        return std::nullopt;
    }

  private:
    std::string_view text_;
    std::size_t at_ = 0;
};

std::optional<std::string> read_value(Reader& reader) {
    if (reader.take('"')) return reader.quoted_rest();
    const std::string_view token = reader.token();
    if (token.empty()) return std::nullopt;
    return std::string(token);
}

bool is_complete(const DigestResponse& response) {
    return !response.username.empty() && !response.nonce.empty() && !response.cnonce.empty() &&
           response.nonce_count.size() == 8 && !response.digest_uri.empty() &&
           response.response.size() == 32;
}

}  // namespace

std::optional<DigestResponse> parse_digest_response(std::string_view text) {
    DigestResponse response;
    std::bitset<std::size(directives)> seen;
    Reader reader(text);
    std::size_t count = 0;
    while (true) {
        // An element of a list may be empty (RFC 2616 §2.1, which RFC 2831 §7.1 repeats).
        do
            reader.skip_blanks();
        while (reader.take(','));
        if (reader.at_end()) break;
        const std::string_view name = reader.token();
        reader.skip_blanks();
        if (name.empty() || !reader.take('=') || ++count > limits::max_directives)
            return std::nullopt;
        reader.skip_blanks();
        auto value = read_value(reader);
        reader.skip_blanks();
        if (!value || (!reader.at_end() && !reader.take(','))) return std::nullopt;
        const auto* known = std::ranges::find_if(
            directives, [&](const Directive& one) { return base::iequals(one.name, name); });
        if (known == std::end(directives)) continue;
        const auto index = static_cast<std::size_t>(known - directives);
        if (seen[index] || value->size() > known->max_bytes) return std::nullopt;
        seen[index] = true;
        if (known->value) {
            response.*known->value = *std::move(value);
        } else if (known->name == "charset") {
            if (!base::iequals(*value, "utf-8")) return std::nullopt;
            response.charset = DigestResponse::Charset::utf8;
        }
    }
    if (!is_complete(response)) return std::nullopt;
    return response;
}

std::string quoted(std::string_view text) {
    std::string made = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') made += '\\';
        made += c;
    }
    return made + '"';
}

}  // namespace auth::sasl
