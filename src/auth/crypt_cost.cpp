// SPDX-License-Identifier: MIT
#include "auth/crypt_cost.h"

#include "base/text.h"

#include <algorithm>
#include <cstdint>
#include <optional>

namespace auth {
namespace {

constexpr std::size_t bcrypt_length = 60;
constexpr std::size_t des_length = 13;
constexpr std::size_t most_characters = 384;  // CRYPT_OUTPUT_SIZE

// A digit of crypt's base 64.
std::optional<unsigned> digit(char c) {
    if (c == '.' || c == '/') return c == '.' ? 0u : 1u;
    if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0') + 2;
    if (c >= 'A' && c <= 'Z') return static_cast<unsigned>(c - 'A') + 12;
    if (c >= 'a' && c <= 'z') return static_cast<unsigned>(c - 'a') + 38;
    return std::nullopt;
}

// `count` digits at the beginning of `text`, the lowest first; they are taken from it.
std::optional<std::uint64_t> take_number(std::string_view& text, unsigned count) {
    if (text.size() < count) return std::nullopt;
    std::uint64_t value = 0;
    for (unsigned i = 0; i < count; ++i) {
        auto one = digit(text[i]);
        if (!one) return std::nullopt;
        value |= std::uint64_t{*one} << (6 * i);
    }
    text.remove_prefix(count);
    return value;
}

// A number of yescrypt's form: the first digit says how many follow, as shorter ranges are used up.
std::optional<std::uint64_t> take_varying(std::string_view& text, unsigned least) {
    if (text.empty()) return std::nullopt;
    auto first = digit(text[0]);
    if (!first) return std::nullopt;
    text.remove_prefix(1);
    std::uint64_t value = least;
    unsigned start = 0;
    unsigned end = 47;
    unsigned more = 0;
    while (*first > end) {
        value += std::uint64_t{end + 1 - start} << (6 * more);
        start = end + 1;
        end = start + (62 - end) / 2;
        if (++more > 5) return std::nullopt;
    }
    value += std::uint64_t{*first - start} << (6 * more);
    while (more-- > 0) {
        if (text.empty()) return std::nullopt;
        auto next = digit(text[0]);
        if (!next) return std::nullopt;
        text.remove_prefix(1);
        value += std::uint64_t{*next} << (6 * more);
    }
    return value;
}

CryptForm within(std::uint64_t asked, std::uint64_t most) {
    return asked <= most ? CryptForm::usable : CryptForm::too_costly;
}

// Memory of scrypt and yescrypt: 128 bytes times r times 2^log2_n; `lanes` passes over it.
CryptForm within_memory(std::uint64_t log2_n, std::uint64_t r, std::uint64_t lanes,
                        const SchemeLimits& limits) {
    if (log2_n > 40 || r == 0 || r > 1u << 20 || lanes == 0) return CryptForm::too_costly;
    if (r > (limits.memory_bytes >> 7) >> log2_n) return CryptForm::too_costly;
    std::uint64_t bytes = (r << 7) << log2_n;
    return within(lanes, limits.memory_passes / bytes);
}

// Decimal rounds up to the next '$'.
CryptForm judge_rounds(std::string_view text, const SchemeLimits& limits) {
    auto rounds = base::parse_number<std::uint64_t>(text.substr(0, text.find_first_of("$,")));
    return rounds ? within(*rounds, limits.rounds) : CryptForm::unknown;
}

CryptForm judge_sha2(std::string_view text, const SchemeLimits& limits) {
    constexpr std::string_view given = "rounds=";
    if (!text.starts_with(given)) return within(5000, limits.rounds);
    return judge_rounds(text.substr(given.size()), limits);
}

CryptForm judge_scrypt(std::string_view text, const SchemeLimits& limits) {
    auto log2_n = take_number(text, 1);
    auto r = take_number(text, 5);
    auto p = take_number(text, 5);
    if (!log2_n || !r || !p) return CryptForm::unknown;
    return within_memory(*log2_n, *r, *p, limits);
}

// "j9T$": flavour, N, r. More parameters are legal, but crypt_gensalt(3) never writes them.
CryptForm judge_yescrypt(std::string_view text, const SchemeLimits& limits) {
    auto flavour = take_varying(text, 0);
    auto log2_n = take_varying(text, 1);
    auto r = take_varying(text, 1);
    if (!flavour || !log2_n || !r) return CryptForm::unknown;
    if (!text.starts_with('$')) return CryptForm::too_costly;
    return within_memory(*log2_n, *r, 1, limits);
}

CryptForm judge_des(std::string_view stored, const SchemeLimits& limits) {
    if (stored.starts_with('_')) {
        stored.remove_prefix(1);
        auto rounds = take_number(stored, 4);
        return rounds ? within(*rounds, limits.rounds) : CryptForm::unknown;
    }
    return stored.size() >= 2 && digit(stored[0]) && digit(stored[1]) ? CryptForm::usable
                                                                      : CryptForm::unknown;
}

}  // namespace

bool is_bcrypt(std::string_view stored) {
    return stored.size() == bcrypt_length && stored.starts_with("$2") &&
           std::string_view("abxy").find(stored[2]) != std::string_view::npos && stored[3] == '$' &&
           stored[6] == '$';
}

CryptForm judge_crypt(std::string_view stored, const SchemeLimits& limits) {
    if (stored.size() >= most_characters || stored.find('\0') != std::string_view::npos)
        return CryptForm::unknown;
    if (!stored.starts_with('$')) return judge_des(stored, limits);
    if (stored.starts_with("$2")) {
        if (!is_bcrypt(stored)) return CryptForm::unknown;
        auto cost = base::parse_number<unsigned>(stored.substr(4, 2));
        return cost ? within(*cost, limits.bcrypt_cost) : CryptForm::unknown;
    }
    if (stored.starts_with("$1$") || stored.starts_with("$3$")) return CryptForm::usable;
    if (stored.starts_with("$5$") || stored.starts_with("$6$"))
        return judge_sha2(stored.substr(3), limits);
    if (stored.starts_with("$y$")) return judge_yescrypt(stored.substr(3), limits);
    if (stored.starts_with("$gy$")) return judge_yescrypt(stored.substr(4), limits);
    if (stored.starts_with("$7$")) return judge_scrypt(stored.substr(3), limits);
    if (stored.starts_with("$sha1$")) return judge_rounds(stored.substr(6), limits);
    constexpr std::string_view sun_rounds = "$md5,rounds=";
    if (stored.starts_with(sun_rounds))
        return judge_rounds(stored.substr(sun_rounds.size()), limits);
    if (stored.starts_with("$md5$")) return within(4096, limits.rounds);
    return CryptForm::unknown;
}

std::string_view weak_crypt(std::string_view stored) {
    if (stored.starts_with("$1$")) return "MD5-CRYPT";
    if (stored.starts_with("$md5")) return "SunMD5";
    if (stored.starts_with("$3$")) return "NT";
    if (stored.starts_with('_')) return "DES-CRYPT";
    // "!", "*" and the like in front keep an account shut: nothing matches.
    bool all_digits = std::all_of(stored.begin(), stored.end(), [](char c) { return digit(c); });
    return all_digits && stored.size() >= des_length ? "DES-CRYPT" : "";
}

}  // namespace auth
