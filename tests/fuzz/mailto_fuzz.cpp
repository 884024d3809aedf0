// SPDX-License-Identifier: MIT
// mailto URIs of notifications: whatever they hold, no header field can be smuggled in, and no
// limit is passed.
#include "sieve/extension/mailto.h"
#include "sieve/limits.h"
#include "sieve/text.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

void require(bool holds) {
    if (!holds) std::abort();
}

void check_line(std::string_view text) {
    require(sieve::is_utf8(text));
    for (const char c : text)
        require(static_cast<unsigned char>(c) >= ' ');
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    for (const std::string& uri : {std::string(text), "mailto:" + std::string(text)}) {
        const sieve::MailtoRead read = sieve::read_mailto(uri);
        require(read.mailto.has_value() == read.why.empty());
        if (!read.mailto) continue;
        require(read.mailto->to.size() + read.mailto->cc.size() <=
                sieve::limits::max_mailto_recipients);
        require(read.mailto->headers.size() <= sieve::limits::max_mailto_headers);
        for (const auto* list : {&read.mailto->to, &read.mailto->cc})
            for (const std::string& address : *list)
                check_line(address);
        if (read.mailto->subject) check_line(*read.mailto->subject);
        for (const auto& [name, value] : read.mailto->headers) {
            check_line(name);
            check_line(value);
        }
    }
    return 0;
}
