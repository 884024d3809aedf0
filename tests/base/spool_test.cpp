// SPDX-License-Identifier: MIT
#include "base/spool.h"

#include <catch2/catch.hpp>

#include <cstdio>
#include <unistd.h>

namespace {

std::string through(base::Spool& spool, const std::vector<std::string>& pieces) {
    for (const auto& piece : pieces)
        spool.append(piece);
    spool.seal();
    return std::string(spool.view());
}

}  // namespace

TEST_CASE("CRLF becomes LF wherever the pieces are cut, a lone CR stays") {
    struct Case {
        std::vector<std::string> pieces;
        std::string kept;
    };
    auto [pieces, kept] = GENERATE(values<Case>({{{"a\r\nb"}, "a\nb"},
                                                 {{"a\r", "\nb"}, "a\nb"},
                                                 {{"a\r", "b\r"}, "a\rb\r"},
                                                 {{"\r\r\n"}, "\r\n"},
                                                 {{"a\n", "\n"}, "a\n\n"}}));
    base::Spool spool;
    CHECK(through(spool, pieces) == kept);
    CHECK(spool.in_memory());
}

TEST_CASE("NUL and 8-bit octets survive, sizes count bytes and line ends") {
    base::Spool spool;
    std::string bytes("a\0\xff\r\n\r\n", 7);
    CHECK(through(spool, {bytes}) == std::string("a\0\xff\n\n", 5));
    CHECK(spool.size() == 5);
    CHECK(spool.virtual_size() == 7);
}

TEST_CASE("past the memory limit the bytes go to a file and read the same") {
    base::Spool spool({.memory_bytes = 10, .temp_dir = "/tmp"});
    std::string big(200000, 'x');
    CHECK(through(spool, {"0123456789", "\r\n", big}) == "0123456789\n" + big);
    CHECK(!spool.in_memory());
    std::FILE* copy = std::tmpfile();
    spool.copy_to(::fileno(copy), "copy");
    CHECK(::lseek(::fileno(copy), 0, SEEK_CUR) == static_cast<off_t>(spool.size()));
    std::fclose(copy);
}
