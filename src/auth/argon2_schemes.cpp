// SPDX-License-Identifier: MIT
// ARGON2I and ARGON2ID, by libsodium. Either name verifies either kind; the data says which it is.
#include "auth/scheme.h"
#include "auth/secret/secret_bytes.h"
#include "base/error.h"
#include "base/text.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <sodium.h>

namespace auth {
namespace {

constexpr std::uint64_t kibibyte = 1024;

bool sodium_ready() {
    static const bool ready = ::sodium_init() >= 0;
    return ready;
}

// The number after "m=" or "t=" in "m=65536,t=3,p=1".
std::optional<std::uint64_t> parameter(std::string_view list, std::string_view name) {
    for (std::string_view one : base::split(list, ',')) {
        if (one.starts_with(name))
            return base::parse_number<std::uint64_t>(one.substr(name.size()));
    }
    return std::nullopt;
}

enum class Form { unknown, usable, too_costly };

// "$argon2id$v=19$m=65536,t=3,p=1$salt$hash", m in KiB.
Form judge(std::string_view raw, const SchemeLimits& limits) {
    if (raw.find('\0') != std::string_view::npos) return Form::unknown;
    auto fields = base::split(raw, '$');
    if (fields.size() != 6 || (fields[1] != "argon2i" && fields[1] != "argon2id"))
        return Form::unknown;
    auto memory = parameter(fields[3], "m=");
    auto passes = parameter(fields[3], "t=");
    if (!memory || !passes || *memory == 0) return Form::unknown;
    if (*memory > limits.memory_bytes / kibibyte ||
        *passes > limits.memory_passes / (*memory * kibibyte))
        return Form::too_costly;
    return Form::usable;
}

struct Kind {
    const char* function;
    int algorithm;
    unsigned interactive_passes;
    unsigned moderate_passes;
    unsigned sensitive_passes;
    std::size_t interactive_bytes;
    std::size_t moderate_bytes;
    std::size_t sensitive_bytes;
    unsigned least_passes;  // fewer become these
};

// Dovecot's argon2id never makes fewer than three passes; its argon2i fails below libsodium's
// least.
constexpr Kind argon2i{"crypto_pwhash_argon2i_str",
                       crypto_pwhash_ALG_ARGON2I13,
                       crypto_pwhash_argon2i_OPSLIMIT_INTERACTIVE,
                       crypto_pwhash_argon2i_OPSLIMIT_MODERATE,
                       crypto_pwhash_argon2i_OPSLIMIT_SENSITIVE,
                       crypto_pwhash_argon2i_MEMLIMIT_INTERACTIVE,
                       crypto_pwhash_argon2i_MEMLIMIT_MODERATE,
                       crypto_pwhash_argon2i_MEMLIMIT_SENSITIVE,
                       0};
constexpr Kind argon2id{"crypto_pwhash_argon2id_str",
                        crypto_pwhash_ALG_ARGON2ID13,
                        crypto_pwhash_argon2id_OPSLIMIT_INTERACTIVE,
                        crypto_pwhash_argon2id_OPSLIMIT_MODERATE,
                        crypto_pwhash_argon2id_OPSLIMIT_SENSITIVE,
                        crypto_pwhash_argon2id_MEMLIMIT_INTERACTIVE,
                        crypto_pwhash_argon2id_MEMLIMIT_MODERATE,
                        crypto_pwhash_argon2id_MEMLIMIT_SENSITIVE,
                        3};

Generated generate_kind(const Generating& asked, const Kind& kind) {
    unsigned passes = asked.options.rounds ? asked.options.rounds : kind.interactive_passes;
    std::size_t memory = kind.interactive_bytes;
    if (passes >= kind.sensitive_passes) {
        memory = kind.sensitive_bytes;
    } else if (passes >= kind.moderate_passes) {
        memory = kind.moderate_bytes;
    }
    passes = std::max(passes, kind.least_passes);
    const std::uint64_t most = asked.options.limits.memory_passes / memory;
    if (memory > asked.options.limits.memory_bytes || passes > most)
        return too_many_rounds(passes, most);
    char text[crypto_pwhash_STRBYTES];
    errno = 0;
    if (!sodium_ready() ||
        ::crypto_pwhash_str_alg(text, asked.password.data(), asked.password.size(), passes, memory,
                                kind.algorithm) != 0)
        return base::Unexpected{std::string(kind.function) +
                                " failed: " + base::error_text(errno ? errno : ENOMEM)};
    return std::string(text);
}

}  // namespace

Verification verify_argon2(const Verifying& asked) {
    switch (judge(asked.raw, asked.options.limits)) {
        case Form::unknown:
            return match_if(false);
        case Form::too_costly:
            return too_costly();
        case Form::usable:
            break;
    }
    errno = 0;
    if (sodium_ready() &&
        ::crypto_pwhash_str_verify(std::string(asked.raw).c_str(), asked.password.data(),
                                   asked.password.size()) == 0)
        return match_if(true);
    if (errno == ENOMEM) return verify_error("Not enough memory to verify an Argon2 password");
    return match_if(false);
}

Generated generate_argon2i(const Generating& asked) {
    return generate_kind(asked, argon2i);
}

Generated generate_argon2id(const Generating& asked) {
    return generate_kind(asked, argon2id);
}

}  // namespace auth
