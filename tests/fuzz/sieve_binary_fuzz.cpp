// SPDX-License-Identifier: MIT
// Any bytes as a program file. The hashes in the header are put right first, so that the verifier
// sees more than the checksum refuses; what it passes is listed and run.
#include "sieve/extension/table.h"
#include "sieve/machine/machine.h"
#include "sieve/program/binary.h"
#include "sieve/program/dump.h"
#include "sieve/program/listing.h"
#include "sieve/program/seal.h"
#include "tests/sieve/fake_message.h"

#include <cstdint>
#include <cstring>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string bytes(reinterpret_cast<const char*>(data), size);
    const sieve::AllowedExtensions extensions = sieve::every_extension();
    if (bytes.size() >= sizeof(sieve::format::Header)) {
        sieve::format::Header header;
        std::memcpy(&header, bytes.data(), sizeof header);
        header.magic = sieve::format::magic;
        header.version = sieve::format::format_version;
        header.size = static_cast<std::uint32_t>(bytes.size());
        header.compiler = sieve::table_hash();
        header.extensions = sieve::hash_of(extensions);
        std::memcpy(bytes.data(), &header, sizeof header);
        sieve::seal(bytes);
    }
    const sieve::Loaded loaded = sieve::load(std::move(bytes), extensions, std::nullopt);
    if (!loaded.program) return 0;
    sieve::listing(*loaded.program);
    sieve::dump(*loaded.program, "fuzz.sieve");
    const sieve_test::FakeMessage message(
        "From: a@example.com\nTo: b+c@example.org\nSubject: hello\n\nbody\n");
    const sieve_test::FakeHost host;
    const sieve::Envelope envelope{"a@example.com", "b+c@example.org", {}, {}};
    sieve::RunSettings settings;
    settings.max_steps = 100000;
    sieve::run(*loaded.program, {message, envelope, host, settings, "fuzz"});
    return 0;
}
