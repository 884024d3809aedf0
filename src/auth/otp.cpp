// SPDX-License-Identifier: MIT
#include "auth/otp.h"

#include "auth/secret/encoded_text.h"
#include "base/text.h"

namespace auth {
namespace {

constexpr std::size_t hash_bytes = 8;
constexpr std::size_t most_seed_characters = 16;

struct Named {
    std::string_view name;
    Digest algorithm;
};
constexpr Named algorithms[] = {{"md4", Digest::md4}, {"md5", Digest::md5}, {"sha1", Digest::sha1}};

bool is_letter_or_digit(char c) {
    c = base::ascii_lower(c);
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

// The word before the next space; both are taken from `text`. Nothing where there is no space.
std::optional<std::string_view> take_word(std::string_view& text) {
    std::size_t space = text.find_first_of(" \t");
    if (space == std::string_view::npos) return std::nullopt;
    std::string_view word = text.substr(0, space);
    text.remove_prefix(space + 1);
    return word;
}

std::optional<std::string> take_hash(std::string_view text) {
    std::string digits;
    for (char c : text) {
        if (c == ' ' || c == '\t') continue;
        digits += c;
        if (digits.size() == hash_bytes * 2) return read_hex(digits);
    }
    return std::nullopt;
}

}  // namespace

std::optional<OtpState> read_otp(std::string_view text) {
    OtpState state;
    auto name = take_word(text);
    bool known = false;
    for (const Named& one : algorithms) {
        if (name != one.name) continue;
        state.algorithm = one.algorithm;
        known = true;
    }
    auto number = take_word(text);
    if (!known || !number) return std::nullopt;
    auto sequence = base::parse_number<unsigned>(*number);
    auto seed = take_word(text);
    if (!sequence || !seed || seed->size() > most_seed_characters) return std::nullopt;
    for (char c : *seed) {
        if (!is_letter_or_digit(c)) return std::nullopt;
    }
    auto hash = take_hash(text);
    if (!hash) return std::nullopt;
    state.sequence = *sequence;
    state.seed = base::to_lower(*seed);
    state.hash = *hash;
    return state;
}

std::string write_otp(const OtpState& state) {
    std::string out;
    for (const Named& one : algorithms) {
        if (one.algorithm == state.algorithm) out = one.name;
    }
    return out + " " + std::to_string(state.sequence) + " " + state.seed + " " +
           write_hex(state.hash);
}

std::string otp_step(Digest algorithm, std::string_view bytes) {
    std::string whole = digest(algorithm, {bytes});
    std::string out(hash_bytes, '\0');
    for (std::size_t i = 0; i < whole.size(); ++i)
        out[i % hash_bytes] = static_cast<char>(out[i % hash_bytes] ^ whole[i]);
    if (algorithm != Digest::sha1) return out;
    // SHA-1's words are big-endian, and RFC 2289 writes them little-endian.
    for (std::size_t word = 0; word < hash_bytes; word += 4) {
        std::swap(out[word], out[word + 3]);
        std::swap(out[word + 1], out[word + 2]);
    }
    return out;
}

std::string otp_hash(Digest algorithm, std::string_view seed, std::string_view password,
                     unsigned sequence) {
    std::string hash = otp_step(algorithm, base::to_lower(seed) + std::string(password));
    while (sequence-- > 0)
        hash = otp_step(algorithm, hash);
    return hash;
}

}  // namespace auth
