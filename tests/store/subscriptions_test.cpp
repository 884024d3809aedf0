// SPDX-License-Identifier: MIT
#include "store/subscriptions.h"

#include <catch2/catch.hpp>

namespace store {

TEST_CASE("a subscription is added in the file's own format") {
    struct Case {
        std::string name;
        std::string before;
        std::string mailbox;
        char separator;
        std::string after;
    };
    auto [name, before, mailbox, separator, after] = GENERATE(values<Case>({
        {"new file", "", "a.b", '.', "V\t2\n\na\tb\n"},
        {"new file, fs", "", "a/b.c", '/', "V\t2\n\na\tb.c\n"},
        {"version 2", "V\t2\n\nx\n", "Envoy&AOk-s", '.', "V\t2\n\nx\nEnvoy&AOk-s\n"},
        {"already there", "V\t2\n\na\tb\n", "a.b", '.', "V\t2\n\na\tb\n"},
        {"version 1", "x\n", "a.b", '.', "x\na.b\n"},
        {"version 1, already there", "a.b\nx\n", "a.b", '.', "a.b\nx\n"},
        {"no line end", "x", "a", '.', "x\na\n"},
        {"tab in a name", "V\t2\n\n", "a\tb", '.', "V\t2\n\na\001tb\n"},
    }));
    CAPTURE(name);
    CHECK(with_subscription(before, mailbox, separator) == after);
}

}  // namespace store
