// SPDX-License-Identifier: MIT
#include "mail/report.h"

#include "base/text.h"
#include "mail/address.h"
#include "mail/compose.h"
#include "mail/message.h"
#include "mail/message_id.h"
#include "mail/mime.h"

#include <fmt/format.h>

namespace mail {

namespace {

// What %n, %r, %s and %t (or their long names) mean in rejection_subject and rejection_reason.
struct PatternValues {
    std::string_view reason;
    std::string_view subject;
    std::string_view to;

    std::optional<std::string_view> get(std::string_view name) const {
        if (name == "n" || name == "crlf") return "\n";
        if (name == "r" || name == "reason") return reason;
        if (name == "s" || name == "subject") return subject;
        if (name == "t" || name == "to") return to;
        if (name == "%") return "%";
        return std::nullopt;
    }
};

std::string expand(std::string_view pattern, const PatternValues& values) {
    std::string out;
    for (std::size_t at = 0; at < pattern.size();) {
        const std::size_t percent = pattern.find('%', at);
        out.append(pattern.substr(at, percent - at));
        if (percent == std::string_view::npos) return out;
        std::string_view name = pattern.substr(percent + 1, 1);
        std::size_t size = 2;
        if (name == "{") {
            const std::size_t close = std::min(pattern.find('}', percent), pattern.size());
            name = pattern.substr(percent + 2, close - std::min(close, percent + 2));
            size = close + 1 - percent;
        }
        const std::string_view written = pattern.substr(percent, size);
        out.append(values.get(name).value_or(written));
        at = std::min(percent + size, pattern.size());
    }
    return out;
}

std::string first_value(const Message& message, std::string_view name) {
    return unfold(message.header().first(name).value_or(""));
}

std::string original_recipient(const Rejection& rejection, const Message& original) {
    if (!rejection.orig_recipient.empty()) return rejection.orig_recipient;
    std::string value = first_value(original, "Original-Recipient");
    // The field of RFC 3798 §2.3 has the address type already.
    if (base::istarts_with(value, "rfc822;")) value = base::trim(std::string_view(value).substr(7));
    return value;
}

std::string recipient_fields(const Rejection& rejection, const Message& original) {
    std::string fields;
    if (const std::string recipient = original_recipient(rejection, original); !recipient.empty())
        fields += header_field("Original-Recipient", "rfc822; " + recipient);
    return fields + header_field("Final-Recipient", "rfc822; " + rejection.recipient);
}

// The header as it stands but for Content-Type, since the body is gone (RFC 6522 §4 would have
// text/rfc822-headers; the peer sends this).
std::string header_part(const Message& original) {
    std::string part = "Content-Type: message/rfc822\n\n";
    const HeaderBlock& header = original.header();
    for (std::size_t i = 0; i < header.size(); ++i) {
        const Field field = header.field(i);
        if (base::iequals(field.name, "Content-Type") ||
            base::iequals(field.name, "Content-Transfer-Encoding"))
            continue;
        std::string_view lines = original.bytes().substr(field.offset, field.size);
        for (std::size_t end; !lines.empty(); lines.remove_prefix(end)) {
            end = std::min(lines.find('\n'), lines.size() - 1) + 1;
            part.append(base::trim(lines.substr(0, 1)).empty() ? lines.substr(0, 1) : "");
            part.append(base::trim(lines.substr(0, end))).append("\n");
        }
    }
    return part + "\n";
}

struct MachinePart {
    std::string_view report_type;
    std::string text;  // whole part
};

std::string report(const ReportContext& context, const Rejection& rejection,
                   const Message& original, const MachinePart& machine) {
    const std::string subject = decode_value(original.header().first("Subject").value_or(""));
    const PatternValues values{rejection.reason, subject, rejection.recipient};
    const std::vector<std::string> parts = {
        "Content-Type: text/plain; charset=utf-8\nContent-Disposition: inline\n"
        "Content-Transfer-Encoding: 8bit\n\n" +
            expand(rejection.reason_pattern, values),
        machine.text, header_part(original)};
    const std::string boundary =
        free_boundary(fmt::format("{}/{}", context.process_id, context.hostname), parts);

    std::string text;
    text += header_field("Message-ID",
                         make_message_id("dovecot", context.now.unix_seconds, context.microseconds,
                                         context.counter, context.hostname));
    text += header_field("Date", format_date(context.now));
    text += header_field("From", postmaster_mailbox(context.postmaster));
    text += header_field("To", fmt::format("<{}>", rejection.sender));
    text += "MIME-Version: 1.0\n";
    text += fmt::format("Content-Type: multipart/report; report-type={};\n\tboundary=\"{}\"\n",
                        machine.report_type, boundary);
    text += text_field("Subject", expand(rejection.subject_pattern, values));
    text += "Auto-Submitted: auto-replied (rejected)\nPrecedence: bulk\n\n";
    return text + multipart_body(boundary, "This is a MIME-encapsulated message", parts);
}

}  // namespace

std::string postmaster_mailbox(std::string_view postmaster) {
    const bool whole = postmaster.find('<') != std::string_view::npos;
    return whole ? std::string(postmaster) : fmt::format("Postmaster <{}>", postmaster);
}

std::string delivery_status_report(const ReportContext& context, const Rejection& rejection,
                                   const Message& original) {
    // RFC 3464 §2.1: fields about the message, an empty line, fields about the recipient.
    std::string text = "Content-Type: message/delivery-status\n\n";
    text += header_field("Reporting-MTA", "dns; " + context.hostname);
    text += '\n';
    text += recipient_fields(rejection, original);
    text += "Action: failed\n";
    text += header_field("Status", rejection.status);
    return report(context, rejection, original, {"delivery-status", std::move(text)});
}

std::string disposition_report(const ReportContext& context, const Rejection& rejection,
                               const Message& original) {
    std::string text = "Content-Type: message/disposition-notification\n\n";
    text += header_field("Reporting-UA", context.hostname + "; Dovecot Mail Delivery Agent");
    text += recipient_fields(rejection, original);
    if (std::optional<std::string_view> id = original.header().first("Message-ID"))
        text += header_field("Original-Message-ID", message_id_text(*id));
    text += "Disposition: automatic-action/MDN-sent-automatically; deleted\n";
    return report(context, rejection, original, {"disposition-notification", std::move(text)});
}

bool is_auto_submitted(const HeaderBlock& header) {
    std::optional<std::string_view> value = header.first("Auto-Submitted");
    return value && parse_parameter_field(*value).value != "no";
}

}  // namespace mail
