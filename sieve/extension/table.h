// SPDX-License-Identifier: MIT
// The only list of extensions. Constant data; any thread may read it.
#pragma once

#include "sieve/extension/spec.h"

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

namespace sieve {

// In the order of Pigeonhole's capability string; the base language is the first.
std::span<const Extension* const> extension_table();

// The one that the command-line tools always allow.
inline constexpr std::string_view debug_extension = "vnd.dovecot.debug";

// The row of that name (case matters, RFC 5228 §3.2).
std::optional<std::size_t> find_extension(std::string_view name);
// ASCII case does not matter for words and tags.
const WordSpec* find_word(const Extension& extension, std::string_view name, WordKind kind);

// Whether the tag, a row of an extension's own, is one for that word.
bool adds_to(const TagSpec& tag, const WordSpec& word);

// A hash of all rows: what a compiler with other rows made is compiled again.
std::uint64_t table_hash();

}  // namespace sieve
