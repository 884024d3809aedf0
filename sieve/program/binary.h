// SPDX-License-Identifier: MIT
// The binary file: a program's bytes with magic, format version and a checksum, tied to the hash of
// its source and to the extensions that it was compiled with. What comes from a file is hostile
// until load() has passed it: checksum, then the verifier, always. Whatever is unfamiliar is a
// reason to compile again, never an error of delivery.
#pragma once

#include "sieve/extension_set.h"
#include "sieve/program/program.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sieve {

// 128 bits of the source text's content. Not made against collisions on purpose: share binaries
// only among scripts of one owner.
struct SourceHash {
    std::uint64_t high = 0;
    std::uint64_t low = 0;
    bool operator==(const SourceHash&) const = default;
};

SourceHash hash_source(std::string_view source);
// As 32 hexadecimal digits, for file names.
std::string to_string(const SourceHash& hash);

struct Loaded {
    std::optional<Program> program;
    std::string why;  // where there is none: why the bytes are not usable
};

// Takes the file's content and checks everything: that it is whole, of this format and compiler,
// made from the source with that hash (where one is given), that the extensions allowed now (where
// given: who only looks at a program need not) are those that it was compiled with, and that the
// verifier passes it. Linear in its size.
Loaded load(std::string bytes, const std::optional<AllowedExtensions>& extensions,
            const std::optional<SourceHash>& source);

// What is written to the file: program.bytes(), ready with its checksum.
std::string_view save(const Program& program);

}  // namespace sieve
