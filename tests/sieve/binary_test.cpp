// SPDX-License-Identifier: MIT
// Programs as files: what is saved loads, what is damaged or hostile is refused.
#include "sieve/program/binary.h"

#include "run_script.h"
#include "sieve/program/listing.h"
#include "sieve/program/seal.h"

#include <catch2/catch.hpp>

#include <cstring>

namespace {

constexpr std::string_view source = R"(require ["fileinto","variables","imap4flags","relational"];
set "a" "x${1}";
if allof (header :matches "Subject" ["*big*", "${a}"], not size :over 100K) {
    fileinto :flags ["\\Seen", "b"] "F${1}";
} elsif address :count "ge" "to" "2" { keep; } else { stop; }
)";

const sieve::AllowedExtensions all = sieve::every_extension();

std::string saved() {
    sieve::CompileOptions options;
    options.extensions = all;
    return std::string(sieve::save(*sieve::compile(source, options).program));
}

std::string why(std::string bytes) {
    return sieve::load(std::move(bytes), all, sieve::hash_source(source)).why;
}

}  // namespace

TEST_CASE("a saved program loads and runs as before") {
    const sieve::Loaded loaded = sieve::load(saved(), all, sieve::hash_source(source));
    REQUIRE(loaded.program);
    const sieve_test::World world;
    const sieve_test::FakeMessage message(world.message);
    const sieve::Job job{message, world.envelope, world.host, world.settings, "t"};
    CHECK(sieve_test::brief(sieve::run(*loaded.program, job)) == "fileinto Fhello  (\\Seen b)");
    CHECK(sieve::save(*loaded.program) == saved());
}

TEST_CASE("a program is refused where its source, its extensions or its bytes changed") {
    CHECK(why(saved()).empty());
    CHECK_THAT(sieve::load(saved(), all, sieve::hash_source("keep;")).why,
               Catch::Contains("changed"));
    CHECK_THAT(sieve::load(saved(),
                           sieve::resolve_extensions({"fileinto", "", ""}, sieve::Rights::personal),
                           std::nullopt)
                   .why,
               Catch::Contains("extensions"));
    CHECK_FALSE(why("").empty());
    CHECK_FALSE(why(saved() + "x").empty());
    const std::string good = saved();
    for (std::size_t i = 0; i < good.size(); ++i) {
        CAPTURE(i);
        CHECK_FALSE(why(good.substr(0, i)).empty());
        std::string flipped = good;
        flipped[i] = static_cast<char>(flipped[i] ^ 0x10);
        CHECK_FALSE(why(flipped).empty());
    }
}

TEST_CASE("whatever the verifier passes can run, however its bytes were changed") {
    const std::string good = saved();
    const sieve_test::World world;
    const sieve_test::FakeMessage message(world.message);
    const sieve::Job job{message, world.envelope, world.host, world.settings, "t"};
    unsigned passed = 0;
    for (std::size_t i = sieve::format::checksum_end; i < good.size(); ++i)
        for (unsigned change : {0x01U, 0x02U, 0x80U, 0xffU}) {
            std::string bytes = good;
            bytes[i] = static_cast<char>(static_cast<unsigned char>(bytes[i]) ^ change);
            sieve::seal(bytes);
            const sieve::Loaded loaded = sieve::load(std::move(bytes), all, std::nullopt);
            if (!loaded.program) continue;
            ++passed;
            sieve::run(*loaded.program, job);
            sieve::listing(*loaded.program);
        }
    CHECK(passed > 0);
}

TEST_CASE(
    "words and tags of extensions that are not allowed are refused whatever the header says") {
    std::string bytes = saved();
    const sieve::AllowedExtensions few =
        sieve::resolve_extensions({"fileinto", "", ""}, sieve::Rights::personal);
    sieve::format::Header header;
    std::memcpy(&header, bytes.data(), sizeof header);
    header.extensions = sieve::hash_of(few);
    std::memcpy(bytes.data(), &header, sizeof header);
    sieve::seal(bytes);
    const sieve::Loaded loaded = sieve::load(std::move(bytes), few, std::nullopt);
    CHECK_FALSE(loaded.program);
    CHECK_THAT(loaded.why, Catch::Contains("unknown"));
}
