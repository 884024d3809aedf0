// SPDX-License-Identifier: MIT
// The table of SASL mechanisms: names, what a client may know of each, which stored secrets serve,
// and how an exchange is made.
#pragma once

#include "auth/sasl/mechanism.h"

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace auth::sasl {

// The words of the auth protocol's MECH lines (compat 6.2) as bits.
using Properties = unsigned;
inline constexpr Properties private_mechanism = 1;  // not told to clients: APOP
inline constexpr Properties anonymous = 2;
inline constexpr Properties plaintext = 4;   // the secret itself crosses the wire
inline constexpr Properties dictionary = 8;  // who listens can try passwords against it
inline constexpr Properties active = 16;     // who changes the stream can take the session over
inline constexpr Properties forward_secrecy = 32;
inline constexpr Properties mutual_auth = 64;  // the server proves that it knows the secret too
inline constexpr Properties channel_binding = 128;

// What the caller will be asked for.
enum class Asks { password, secret, token, certificate, nothing };

using MakeMechanism = std::unique_ptr<Mechanism> (*)(const MechanismInfo& info,
                                                     std::shared_ptr<const Settings> settings,
                                                     Peer peer);

struct MechanismInfo {
    std::string_view name;  // upper case, as registered
    Properties properties = 0;
    Asks asks = Asks::nothing;
    std::span<const SecretScheme> secrets;  // Asks::secret: one of these must be stored
    std::size_t max_message_bytes = 0;
    MakeMechanism make = nullptr;
};

// All mechanisms in the order in which they should be offered: what protects the secret and the
// channel best comes first. Which of them: the configured ones without the private; -PLUS where the
// connection has something to bind to; EXTERNAL where there is a certificate. (Dovecot offers them
// in the order of auth_mechanisms.)
std::span<const MechanismInfo> mechanisms();

// By name in any case (RFC 4422 §3.1 has upper case only, Dovecot's setting lower); null: no such.
const MechanismInfo* find_mechanism(std::string_view name);

// "\tdictionary\tactive": what follows the name in a MECH line. "channel-binding" is a word of
// Dovecot 2.4's protocol; 2.3 has no such mechanism.
std::string property_words(const MechanismInfo& info);

}  // namespace auth::sasl
