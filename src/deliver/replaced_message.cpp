// SPDX-License-Identifier: MIT
#include "deliver/replaced_message.h"

#include "base/session_id.h"
#include "base/text.h"
#include "deliver/edited_message.h"
#include "mail/address.h"
#include "mail/compose.h"
#include "mail/decode.h"
#include "mail/header_edit.h"
#include "mail/message_id.h"
#include "mail/mime.h"

#include <algorithm>
#include <atomic>
#include <set>
#include <string_view>
#include <unistd.h>
#include <utility>
#include <vector>

namespace deliver {
namespace {

constexpr std::size_t max_line_bytes = 998;  // RFC 5322 §2.1.1

bool is_mime_field(std::string_view name) {
    const std::string lower = base::to_lower(name);
    return lower.starts_with("content-") || lower == "mime-version";
}

// A MIME entity: fields that say what it is, each with its line end, and the content.
struct Entity {
    std::string header;
    std::string body;
};

bool needs_encoding(std::string_view text) {
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find('\n', at), text.size());
        // A line that could be a multipart's delimiter, or that is too long.
        if (text.substr(at, 2) == "--" || end - at > max_line_bytes) return true;
        at = end + 1;
    }
    return text.find('\0') != std::string_view::npos;
}

Entity text_entity(std::string text) {
    std::erase(text, '\r');
    Entity entity;
    const bool encoded = needs_encoding(text);
    entity.header = mail::header_field("Content-Type", "text/plain; charset=utf-8");
    entity.header += mail::header_field("Content-Transfer-Encoding", encoded ? "base64" : "8bit");
    entity.body = encoded ? mail::encode_base64_lines(text) : std::move(text);
    return entity;
}

// What a script gives as one (RFC 2045 §2.4): fields that have nothing to do with MIME are left
// out.
Entity mime_entity(std::string text) {
    std::erase(text, '\r');
    const mail::HeaderBlock block(text);
    Entity entity;
    for (std::size_t i = 0; i < block.size(); ++i) {
        const mail::Field field = block.field(i);
        if (!base::to_lower(field.name).starts_with("content-")) continue;
        entity.header += text.substr(field.offset, field.size);
        if (!entity.header.ends_with('\n')) entity.header += '\n';
    }
    entity.body = text.substr(std::min(block.body_offset(), text.size()));
    return entity;
}

void remove_all(mail::HeaderEditor& editor, const mail::HeaderBlock& block, std::string_view name) {
    std::vector<std::size_t> which;
    for ([[maybe_unused]] const mail::Field field : block.find(name))
        which.push_back(which.size());
    editor.remove(name, which);
}

// Another field in the place of that one, whose old values go on under "Original-NAME".
void supersede(mail::HeaderEditor& editor, const mail::HeaderBlock& block, const std::string& name,
               std::string field) {
    for (const mail::Field old : block.find(name))
        editor.add_last("Original-" + name,
                        "Original-" + name + ':' + std::string(old.value) + '\n');
    remove_all(editor, block, name);
    editor.add_last(name, std::move(field));
}

std::string root_header(const SieveMessage& before, const sieve::ReplacePart& edit,
                        const Entity& entity) {
    const mail::HeaderBlock& block = before.fields();
    mail::HeaderEditor editor(block, before.header_bytes());
    std::set<std::string> mime_fields;
    for (std::size_t i = 0; i < block.size(); ++i)
        if (is_mime_field(block.field(i).name))
            mime_fields.insert(base::to_lower(block.field(i).name));
    for (const std::string& name : mime_fields)
        remove_all(editor, block, name);
    if (edit.subject && !edit.is_mime)
        supersede(editor, block, "Subject", mail::text_field("Subject", *edit.subject));
    if (edit.from && !edit.is_mime) {
        auto list = mail::parse_address_list(*edit.from);
        for (mail::Mailbox& mailbox : list.mailboxes)
            mailbox.source = {};
        supersede(editor, block, "From", mail::address_field("From", list.mailboxes));
    }
    editor.add_last("MIME-Version", mail::header_field("MIME-Version", "1.0"));
    editor.add_last("Content-Type", entity.header);
    return editor.text();
}

std::string_view rest_of(const mail::Message& message) {
    return message.bytes().substr(message.header_bytes().size());
}

std::shared_ptr<const WholeMessage> seal(base::Spool spool) {
    spool.seal();
    return std::make_shared<const WholeMessage>(std::move(spool));
}

std::string message_id(const Enclosing& enclosing) {
    static std::atomic<std::uint64_t> counter{0};
    return mail::make_message_id("tamis-enclose", enclosing.now.unix_seconds, ::getpid(), counter++,
                                 enclosing.host);
}

mail::Mailbox mailbox_of(const std::string& address) {
    mail::Mailbox mailbox;
    const std::size_t at = address.rfind('@');
    mailbox.local_part = address.substr(0, at);
    if (at != std::string::npos) mailbox.domain = address.substr(at + 1);
    return mailbox;
}

// The fields of a message that encloses another.
std::string enclosing_header(const SieveMessage& before, const sieve::Enclose& edit,
                             const Enclosing& enclosing, const std::string& boundary) {
    const mail::HeaderBlock& block = before.fields();
    std::string text;
    std::set<std::string> copied;
    for (const std::string& name : edit.headers) {
        const std::string lower = base::to_lower(name);
        if (is_mime_field(name) || copied.contains(lower)) continue;
        if (edit.subject && lower == "subject") continue;  // there is one Subject (RFC 5322 §3.6)
        for (const mail::Field field : block.find(name)) {
            copied.insert(lower);
            text += std::string(field.name) + ':' + std::string(field.value) + '\n';
        }
    }
    const auto lacks = [&](const char* name) { return !copied.contains(name); };
    if (lacks("date")) text += mail::header_field("Date", mail::format_date(enclosing.now));
    if (lacks("from"))
        text += mail::address_field(
            "From", {mailbox_of(enclosing.own_address.empty() ? "postmaster@" + enclosing.host
                                                              : enclosing.own_address)});
    if (lacks("message-id")) text += mail::header_field("Message-ID", message_id(enclosing));
    if (edit.subject)
        text += mail::text_field("Subject", *edit.subject);
    else if (const auto subject = block.first("Subject"); subject && lacks("subject"))
        text += "Subject:" + std::string(*subject) + '\n';
    text += mail::header_field("MIME-Version", "1.0");
    return text +
           mail::header_field("Content-Type", "multipart/mixed; boundary=\"" + boundary + '"');
}

}  // namespace

std::shared_ptr<const WholeMessage> replaced(const SieveMessage& before,
                                             const sieve::ReplacePart& edit,
                                             const base::Spool::Limits& limits) {
    const Entity entity = edit.is_mime ? mime_entity(edit.text) : text_entity(edit.text);
    base::Spool spool(limits);
    const mail::Message& original = before.original();
    const std::vector<mail::Part>& parts = original.structure().parts;
    if (edit.part == 0 || edit.part >= parts.size()) {
        spool.append(root_header(before, edit, entity));
        spool.append("\n");
        spool.append(entity.body);
        if (!entity.body.empty() && !entity.body.ends_with('\n')) spool.append("\n");
        return seal(std::move(spool));
    }
    const mail::Part& part = parts[edit.part];
    const std::string_view bytes = original.bytes();
    const std::size_t from = original.header_bytes().size();
    spool.append(before.header_bytes());
    spool.append(bytes.substr(from, part.begin - from));
    spool.append(entity.header);
    spool.append("\n");
    // The line end before a delimiter belongs to the delimiter; behind an inner multipart's last
    // one it may be that line's own.
    const std::string_view behind = bytes.substr(part.end);
    const bool has_line_end = behind.starts_with('\n') || behind.starts_with("\r\n");
    std::string_view body = entity.body;
    if (body.ends_with('\n') && has_line_end) body.remove_suffix(1);
    spool.append(body);
    if (!behind.empty() && !has_line_end && !body.ends_with('\n')) spool.append("\n");
    spool.append(behind);
    return seal(std::move(spool));
}

std::shared_ptr<const WholeMessage> enclosed(const SieveMessage& before, const sieve::Enclose& edit,
                                             const Enclosing& enclosing,
                                             const base::Spool::Limits& limits) {
    const std::string boundary = "=_" + base::new_session_id();
    const Entity entity = text_entity(edit.text);
    base::Spool spool(limits);
    spool.append(enclosing_header(before, edit, enclosing, boundary));
    spool.append("\n--" + boundary + '\n' + entity.header + '\n' + entity.body + "\n--" + boundary +
                 '\n' + mail::header_field("Content-Type", "message/rfc822") + '\n');
    spool.append(before.header_bytes());
    spool.append(rest_of(before.original()));
    spool.append("\n--" + boundary + "--\n");
    return seal(std::move(spool));
}

}  // namespace deliver
