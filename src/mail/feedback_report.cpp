// SPDX-License-Identifier: MIT
#include "base/text.h"
#include "mail/compose.h"
#include "mail/decode.h"
#include "mail/header.h"
#include "mail/report.h"

#include <fmt/format.h>

namespace mail {

namespace {

std::string text_part(const std::string& text) {
    const bool ascii = is_ascii(text);
    return fmt::format(
        "Content-Type: text/plain; charset={}\nContent-Transfer-Encoding: {}\n"
        "Content-Disposition: inline\n\n{}\n",
        ascii ? "us-ascii" : "utf-8", ascii ? "7bit" : "8bit", text);
}

// RFC 5965 §3: the fields that programs read.
std::string machine_part(const Feedback& feedback) {
    std::string part = "Content-Type: message/feedback-report\n\n";
    part += header_field("Version", "1");
    part += header_field("Feedback-Type", feedback.type);
    part += header_field("User-Agent", feedback.user_agent);
    part += header_field("Original-Mail-From", '<' + feedback.sender + '>');
    part += header_field("Original-Rcpt-To", '<' + feedback.recipient + '>');
    part += header_field("Dovecot-Reporting-User", '<' + feedback.user + '>');
    return part;
}

std::string message_part(const Feedback& feedback, std::string_view header, std::string_view rest) {
    std::string part = feedback.headers_only ? "Content-Type: text/rfc822-headers\n"
                                             : "Content-Type: message/rfc822\n";
    part += "Content-Disposition: attachment\n\n";
    part += header;
    if (!feedback.headers_only) part += rest;
    return part;
}

}  // namespace

std::string feedback_report(const ReportContext& context, const Feedback& feedback,
                            std::string_view header, std::string_view rest) {
    const std::vector<std::string> parts = {text_part(feedback.text), machine_part(feedback),
                                            message_part(feedback, header, rest)};
    const std::string boundary =
        free_boundary(fmt::format("{}/{}", context.process_id, context.hostname), parts);
    const HeaderBlock fields(header);
    const std::string subject = decode_value(fields.first("Subject").value_or("(none)"));
    std::string text;
    text += header_field("Message-ID", feedback.message_id);
    text += header_field("Date", format_date(context.now));
    text += header_field("From", feedback.from);
    text += header_field("To", '<' + feedback.to + '>');
    text += text_field("Subject", "Report: " + subject);
    text += "Auto-Submitted: auto-generated (report)\nMIME-Version: 1.0\n";
    text += fmt::format(
        "Content-Type: multipart/report; report-type=feedback-report;\n\tboundary=\"{}\"\n\n",
        boundary);
    return text + multipart_body(boundary, "This is a MIME-encapsulated message", parts);
}

}  // namespace mail
