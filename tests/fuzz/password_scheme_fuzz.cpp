// SPDX-License-Identifier: MIT
// A password, a line end, and what a database holds: any answer is fine, in bounded time and
// memory. What the parsers of stored forms understand is written so that it is read as the same.
#include "auth/otp.h"
#include "auth/password_scheme.h"
#include "auth/secret/scram_secret.h"

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

constexpr auth::SchemeLimits small{.bcrypt_cost = 4,
                                   .rounds = 5000,
                                   .otp_sequence = 1000,
                                   .memory_bytes = 1u << 20,
                                   .memory_passes = 4u << 20};

void check_forms(std::string_view text) {
    if (auto state = auth::read_otp(text)) {
        auto again = auth::read_otp(auth::write_otp(*state));
        if (!again || auth::write_otp(*again) != auth::write_otp(*state)) std::abort();
    }
    for (auto algorithm : {auth::Digest::sha1, auth::Digest::sha256}) {
        auto secret = auth::read_scram(text, algorithm);
        if (!secret) continue;
        auto again = auth::read_scram(auth::write_scram(*secret), algorithm);
        if (!again || auth::write_scram(*again) != auth::write_scram(*secret)) std::abort();
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string_view bytes(reinterpret_cast<const char*>(data), size);
    std::size_t end = bytes.find('\n');
    std::string_view password = bytes.substr(0, end);
    std::string_view text = end == std::string_view::npos ? "" : bytes.substr(end + 1);
    const auth::StoredPassword stored = auth::split_scheme(text, "CRYPT");
    auto result = auth::verify(stored, password, {.user = "ana@x.example", .limits = small});
    if (result.matches() != result.text.empty()) std::abort();
    if (result.matches() && password.find('\0') != std::string_view::npos) std::abort();
    auto strict = auth::verify(
        stored, password,
        {.user = "ana@x.example", .weak = auth::WeakSchemes::refused, .limits = small});
    if (strict.matches() && !strict.weak_scheme.empty()) std::abort();
    check_forms(stored.data);
    return 0;
}
