// SPDX-License-Identifier: MIT
// subaddress (RFC 5233): the parts are cut in address_part.cpp.
#include "sieve/extension/address_part.h"
#include "sieve/extension/rows.h"

namespace sieve {

namespace {

// clang-format off
constexpr TagSpec tags[] = {
    {.name = "user",   .slot = Slot::address_part, .constant = 3, .groups = Group::address_part, .constants = address_parts},
    {.name = "detail", .slot = Slot::address_part, .constant = 4, .groups = Group::address_part, .constants = address_parts},
};
// clang-format on

}  // namespace

const Extension extension::subaddress{.name = "subaddress", .rfc = "RFC 5233", .tags = tags};

}  // namespace sieve
