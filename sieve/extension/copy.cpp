// SPDX-License-Identifier: MIT
// copy (RFC 3894): the actions look at Slot::copy themselves.
#include "sieve/extension/rows.h"

namespace sieve {

namespace {

constexpr std::string_view words[] = {"fileinto", "redirect"};
constexpr TagSpec tags[] = {{.name = "copy", .slot = Slot::copy, .words = words}};

}  // namespace

const Extension extension::copy{.name = "copy", .rfc = "RFC 3894", .tags = tags};

}  // namespace sieve
