// SPDX-License-Identifier: MIT
#include "sieve/program/binary.h"

#include "sieve/extension/table.h"
#include "sieve/hash.h"
#include "sieve/limits.h"
#include "sieve/program/program_maker.h"
#include "sieve/program/seal.h"

#include <cstdio>
#include <cstring>

namespace sieve {

namespace {

constexpr std::size_t checksum_begin = offsetof(format::Header, checksum);

std::uint64_t checksum(std::string_view bytes) {
    // What stands before the checksum is checked by itself, except these.
    static_assert(format::checksum_end == checksum_begin + sizeof(std::uint64_t));
    return hash64(bytes.substr(format::checksum_end));
}

}  // namespace

void seal(std::string& bytes) {
    const std::uint64_t sum = checksum(bytes);
    std::memcpy(bytes.data() + checksum_begin, &sum, sizeof sum);
}

bool sealed(std::string_view bytes) {
    std::uint64_t sum = 0;
    std::memcpy(&sum, bytes.data() + checksum_begin, sizeof sum);
    return sum == checksum(bytes);
}

SourceHash hash_source(std::string_view source) {
    const auto [high, low] = hash128(source);
    return {high, low};
}

std::string to_string(const SourceHash& hash) {
    char text[33];
    std::snprintf(text, sizeof text, "%016llx%016llx", static_cast<unsigned long long>(hash.high),
                  static_cast<unsigned long long>(hash.low));
    return text;
}

Loaded load(std::string bytes, const std::optional<AllowedExtensions>& extensions,
            const std::optional<SourceHash>& source) {
    if (bytes.size() < sizeof(format::Header)) return {std::nullopt, "file is too short"};
    if (bytes.size() > limits::max_program_bytes) return {std::nullopt, "file is too large"};
    format::Header header;
    std::memcpy(&header, bytes.data(), sizeof header);
    if (header.magic != format::magic) return {std::nullopt, "file is no program"};
    if (header.version != format::format_version)
        return {std::nullopt, "program has another format version"};
    if (header.size != bytes.size())
        return {std::nullopt, "file has another size than the program"};
    if (!sealed(bytes)) return {std::nullopt, "checksum is wrong"};
    if (header.compiler != table_hash())
        return {std::nullopt, "program was made by another version of the compiler"};
    if (source && *source != SourceHash{header.source_high, header.source_low})
        return {std::nullopt, "script has changed since"};
    if (extensions && header.extensions != hash_of(*extensions))
        return {std::nullopt, "program was made with other extensions enabled"};
    Loaded loaded;
    loaded.program = ProgramMaker::make(
        std::move(bytes), usable(extensions ? *extensions : every_extension()), loaded.why);
    return loaded;
}

std::string_view save(const Program& program) {
    return program.image().bytes();
}

}  // namespace sieve
