// SPDX-License-Identifier: MIT
// Blocks and values as doveconf's text; for listing.cpp.
#pragma once

#include "config/block.h"
#include "config/listing.h"

#include <cstddef>
#include <string>

namespace config {

// The lines of a block's content, `indent` spaces deep; empty where nothing is to be shown.
std::string block_text(const Block& block, const ListingOptions& options, std::size_t indent);

// The block with its header and closing brace.
std::string one_block_text(const Block& block, const ListingOptions& options);

// The value alone, unquoted and with its secrets.
std::string entry_text(const Block::Entry& entry, const ListingOptions& options);

}  // namespace config
