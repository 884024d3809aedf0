// SPDX-License-Identifier: MIT
// Any octets as Dovecot's file of duplicates.
#include "deliver/lda_dupes.h"

#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    for (const deliver::LdaDupe& dupe : deliver::parse_lda_dupes(bytes, "me@example.com", 1000))
        if (dupe.ends <= 1000 || dupe.id.size() > size) std::abort();
    return 0;
}
