// SPDX-License-Identifier: MIT
// Whether a content is what its declared type and its file name say. Contents are told apart by
// families, not by formats: what matters is a program that calls itself a document, not a JPEG that
// calls itself a PNG. Pure.
#pragma once

#include <string_view>

namespace sieve {

// "type/subtype" in lower case. Where one of both is unknown or says nothing
// (application/octet-stream), nothing is contradicted.
bool contradicts_type(std::string_view declared, std::string_view detected);
// By the name's last extension.
bool contradicts_name(std::string_view file_name, std::string_view detected);

}  // namespace sieve
