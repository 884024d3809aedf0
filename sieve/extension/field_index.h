// SPDX-License-Identifier: MIT
// Which of several fields of one name a test looks at (RFC 5260 §6): all, or the one that :index
// and :last say.
#pragma once

#include "sieve/machine/arguments.h"

#include <cstddef>
#include <utility>

namespace sieve {

// The first and the one behind the last of `count` fields; equal where none is meant.
std::pair<std::size_t, std::size_t> selected(const Arguments& arguments, std::size_t count);

}  // namespace sieve
