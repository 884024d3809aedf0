// SPDX-License-Identifier: MIT
// Which part of an address a test looks at (RFC 5228 §2.7.4, RFC 5233), for address and envelope.
#pragma once

#include "sieve/machine/arguments.h"
#include "sieve/message.h"

#include <cstdint>
#include <optional>
#include <string_view>

namespace sieve {

// Values of Slot::address_part.
enum class AddressPart : std::uint32_t { all, local_part, domain, user, detail };
inline constexpr std::uint32_t address_parts = 5;

AddressPart address_part_of(const Arguments& arguments);
std::string_view name_of(AddressPart part);

// Nothing where the address has no such part: :detail without a separator, any part but :all of
// what is no address. `delimiters`: any one character of it separates, the leftmost counts.
std::optional<std::string_view> part_of(const Address& address, AddressPart part,
                                        std::string_view delimiters);

}  // namespace sieve
