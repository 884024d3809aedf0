// SPDX-License-Identifier: MIT
// Address fields and envelope paths: what is understood is written so that it is read as the same.
#include "mail/address.h"
#include "mail/compose.h"
#include "mail/decode.h"
#include "mail/header.h"

#include <cstdint>
#include <cstdlib>

namespace {

void check_path(std::string_view bytes) {
    base::Result<mail::Path, std::string> path = mail::parse_path(bytes);
    if (!path) return;
    base::Result<mail::Path, std::string> again = mail::parse_path(mail::path_text(*path));
    // Written with quotes it may be longer than is allowed.
    if (again ? *again != *path : bytes.size() < 400) std::abort();
}

void check_list(std::string_view bytes) {
    const mail::AddressList list = mail::parse_address_list(bytes);
    std::size_t group_end = 0;
    for (const mail::Group& group : list.groups) {
        if (group.first < group_end) std::abort();
        group_end = group.first + group.count;
    }
    if (group_end > list.mailboxes.size()) std::abort();
    for (const mail::Mailbox& mailbox : list.mailboxes) {
        if (mailbox.source.data() < bytes.data() ||
            mailbox.source.data() + mailbox.source.size() > bytes.data() + bytes.size())
            std::abort();
        if (!mail::is_utf8(mailbox.display_name)) std::abort();
        if (!mailbox.valid || mailbox.local_part.find('\0') != std::string::npos ||
            mailbox.domain.find('\0') != std::string::npos)
            continue;
        const std::string field = mail::address_field("To", {mailbox});
        const mail::HeaderBlock block(field);
        if (block.size() != 1) std::abort();
        const mail::AddressList again = mail::parse_address_list(block.field(0).value);
        if (again.mailboxes.size() != 1 || !again.mailboxes[0].valid ||
            again.mailboxes[0].domain != mailbox.domain)
            std::abort();
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    check_path(bytes);
    check_list(bytes);
    return 0;
}
