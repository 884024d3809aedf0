// SPDX-License-Identifier: MIT
// Blocks and values as doveconf's text; for listing.cpp.
#pragma once

#include "config/block.h"
#include "config/listing.h"

#include <cstddef>
#include <string>
#include <string_view>

namespace config {

// The lines of a block's content, `indent` spaces deep; empty where nothing is to be shown.
std::string block_text(const Block& block, const ListingOptions& options, std::size_t indent);

// The block with its header and closing brace.
std::string one_block_text(const Block& block, const ListingOptions& options);

// -S: a line "type/name/key=value" for each setting in the block, whose own path is `prefix`; a
// line "type=names" for each type of section. Entries without a name have numbers, from 0. Sorted.
std::string flat_text(const Block& block, const ListingOptions& options, const std::string& prefix);
// The same for the sections of one type.
std::string flat_sections(const Block& block, std::string_view type, const ListingOptions& options,
                          const std::string& prefix);

// The value alone, unquoted and with its secrets.
std::string entry_text(const Block::Entry& entry, const ListingOptions& options);

}  // namespace config
