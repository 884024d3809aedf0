// SPDX-License-Identifier: MIT
// A header block: fields partition it, look-ups find what is there, and every reader of values
// takes any value.
#include "mail/date.h"
#include "mail/decode.h"
#include "mail/header.h"
#include "mail/message_id.h"
#include "mail/mime.h"

#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    const mail::HeaderBlock block(bytes);
    std::size_t at = 0;
    for (std::size_t i = 0; i < block.size(); ++i) {
        const mail::Field field = block.field(i);
        if (field.offset != at || field.size == 0) std::abort();
        at += field.size;
        if (mail::is_field_name(field.name) && !block.has(field.name)) std::abort();
        if (!mail::is_utf8(mail::decode_value(field.value))) std::abort();
        for (const mail::Parameter& parameter : mail::parse_parameter_field(field.value).parameters)
            if (!mail::is_utf8(parameter.value)) std::abort();
        mail::parse_message_ids(field.value);
        if (std::optional<mail::Date> date = mail::parse_date(field.value)) {
            // Written again it is the same moment.
            std::optional<mail::Date> again = mail::parse_date(mail::format_date(*date));
            if (!again || *again != *date) std::abort();
        }
    }
    if (at != block.header_bytes() || block.body_offset() > size) std::abort();
    return 0;
}
