// SPDX-License-Identifier: MIT
// Programs as files: what is saved loads, what is damaged or hostile is refused.
#include "sieve/program/binary.h"

#include "run_script.h"
#include "sieve/limits.h"
#include "sieve/match/automaton.h"
#include "sieve/program/image_builder.h"
#include "sieve/program/listing.h"
#include "sieve/program/seal.h"

#include <catch2/catch.hpp>

#include <cstring>
#include <functional>

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

// Two groups of tests that share a pass, then changed; why it is refused.
std::string why_shared(
    const std::function<void(std::string& bytes, const sieve::format::Header&)>& change) {
    std::string script;
    for (const char* field : {"subject", "from"})
        for (int i = 0; i < 10; ++i)
            script += std::string("if header :contains \"") + field + "\" \"word" +
                      std::to_string(i) + "\" { stop; }\n";
    std::string bytes(sieve::save(*sieve::compile(script, {}).program));
    sieve::format::Header header;
    std::memcpy(&header, bytes.data(), sizeof header);
    change(bytes, header);
    sieve::seal(bytes);
    return sieve::load(std::move(bytes), std::nullopt, std::nullopt).why;
}

std::size_t place_of(const sieve::format::Header& header, sieve::format::Section section,
                     std::uint32_t entry) {
    const auto i = static_cast<std::size_t>(section);
    return header.sections[i].offset + std::size_t{entry} * sieve::format::entry_bytes[i];
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

TEST_CASE("tables that would be searched more than once for one value are refused") {
    using sieve::format::Section;
    CHECK(why_shared([](std::string&, const auto&) {}).empty());
    CHECK_THAT(why_shared([](std::string& bytes, const auto& header) {
                   std::memcpy(&bytes[place_of(header, Section::search_groups, 1)],
                               &bytes[place_of(header, Section::search_groups, 0)], 16);
               }),
               Catch::Contains("overlaps"));
    CHECK_THAT(why_shared([](std::string& bytes, const auto& header) {
                   sieve::match::AutomatonState state;
                   const std::size_t last = place_of(header, Section::search_states, 13);
                   std::memcpy(&state, &bytes[last], sizeof state);
                   state.fail = 12;
                   std::memcpy(&bytes[last], &state, sizeof state);
               }),
               Catch::Contains("does not go back"));
}

TEST_CASE("a program has no more shapes of calls than its limit") {
    sieve::ImageBuilder builder(0);
    for (std::uint32_t i = 0; i < sieve::limits::max_shapes; ++i) {
        const sieve::SlotEntry slot{0, i};
        CHECK(builder.shape(0, {&slot, 1}) == i);
    }
    const sieve::SlotEntry again{0, 7};
    CHECK(builder.shape(0, {&again, 1}) == 7);
    const sieve::SlotEntry more{0, sieve::limits::max_shapes};
    CHECK_THROWS_AS(builder.shape(0, {&more, 1}), sieve::ProgramTooLarge);
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
