// SPDX-License-Identifier: MIT
// A valid script over a message, both out of the input: it decides the same whether its tests share
// passes over their values or not.
#include "tests/sieve/shared_pass.h"

#include <cstdint>
#include <cstdio>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string difference = sieve_test::shared_pass_difference({data, size});
    if (difference.empty()) return 0;
    std::fputs(difference.c_str(), stderr);
    std::abort();
}
