// SPDX-License-Identifier: MIT
// For compare_samples.py: reads names of message files from standard input, checks that each is
// put together from its pieces again, and says how Tamis sees it, a line a fact, bytes in hex:
//   file PATH / field NAME VALUE / subject TEXT / address FIELD TEXT / date UNIX-SECONDS /
//   part DEPTH TYPE / content BYTES of decoded leaves / broken WHAT
#include "mail/address.h"
#include "mail/date.h"
#include "mail/decode.h"
#include "mail/message.h"

#include <fmt/format.h>

#include <cstdio>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>

namespace {

std::string hex(std::string_view bytes) {
    std::string text = "x";
    for (char c : bytes)
        text += fmt::format("{:02x}", static_cast<unsigned char>(c));
    return text;
}

// The header's fields, the empty line, and the parts with what stands between them, joined.
std::string put_together(const mail::Message& message) {
    const std::string_view bytes = message.bytes();
    std::string joined;
    const mail::HeaderBlock& header = message.header();
    for (std::size_t i = 0; i < header.size(); ++i)
        joined += bytes.substr(header.field(i).offset, header.field(i).size);
    const std::vector<mail::Part>& parts = message.structure().parts;
    if (joined.size() > parts[0].body) return "header ends after its body's begin";
    joined += bytes.substr(joined.size(), parts[0].body - joined.size());
    std::size_t at = parts[0].body;
    for (std::size_t i = 1; i < parts.size(); ++i) {
        const mail::Part& parent = parts[parts[i].parent];
        if (parts[i].begin < at || parts[i].end > parent.end) return "parts overlap";
        joined += bytes.substr(at, parts[i].begin - at);
        joined += mail::part_header(bytes, parts[i]);
        at = parts[i].body;
    }
    return joined += bytes.substr(at);
}

void describe(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    std::string bytes{std::istreambuf_iterator<char>(file), {}};
    if (bytes.starts_with("From ")) bytes.erase(0, bytes.find('\n') + 1);
    const mail::Message message(bytes);
    fmt::print("file {}\n", hex(path));
    if (put_together(message) != bytes) fmt::print("broken pieces\n");
    const mail::HeaderBlock& header = message.header();
    for (std::size_t i = 0; i < header.size(); ++i) {
        const mail::Field field = header.field(i);
        fmt::print("field {} {}\n", hex(field.name), hex(mail::unfold(field.value)));
        if (!mail::is_utf8(mail::decode_value(field.value))) fmt::print("broken UTF-8\n");
    }
    if (std::optional<std::string_view> subject = header.first("Subject"))
        fmt::print("subject {}\n", hex(mail::decode_value(*subject)));
    for (std::string_view name : {"From", "To", "Cc", "Reply-To", "Sender"}) {
        for (const mail::Field& field : header.find(name)) {
            for (const mail::Mailbox& mailbox : mail::parse_address_list(field.value).mailboxes)
                fmt::print("address {} {} {}\n", name, mailbox.valid ? 1 : 0,
                           hex(mailbox.valid ? mailbox.local_part + "@" + mailbox.domain
                                             : std::string(mailbox.source)));
        }
    }
    if (std::optional<std::string_view> value = header.first("Date")) {
        std::optional<mail::Date> date = mail::parse_date(*value);
        fmt::print("date {}\n", date ? std::to_string(date->unix_seconds) : "none");
    }
    for (const mail::Part& part : message.structure().parts) {
        fmt::print("part {} {}\n", part.depth, hex(part.content_type()));
        if (part.kind == mail::PartKind::leaf && part.encoding != mail::TransferEncoding::unknown)
            fmt::print("content {}\n", hex(mail::decoded_body(bytes, part)));
        mail::matched_content(bytes, part);
        mail::readable_text(bytes, part);
    }
}

}  // namespace

int main() {
    for (std::string path; std::getline(std::cin, path);)
        describe(path);
    return 0;
}
