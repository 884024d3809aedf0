// SPDX-License-Identifier: MIT
// A part's content in readable form. Declared in mail/mime.h.
#include "mail/decode.h"
#include "mail/html.h"
#include "mail/limits.h"
#include "mail/mime.h"

namespace mail {

namespace {

std::string decoded(TransferEncoding encoding, std::string_view body) {
    switch (encoding) {
        case TransferEncoding::identity:
        case TransferEncoding::unknown:
            break;
        case TransferEncoding::base64:
            return decode_base64(body);
        case TransferEncoding::quoted_printable:
            return decode_quoted_printable(body);
        case TransferEncoding::uuencode:
            return decode_uuencode(body);
    }
    return std::string(body);
}

// A part that cannot be decoded is left out (RFC 5173 §5.2).
std::string leaf_content(std::string_view message, const Part& part, BrokenText broken) {
    if (part.encoding == TransferEncoding::unknown) return {};
    std::string body = decoded_body(message, part);
    if (part.type != "text") return body;
    // One that is cut at the limit may end within a character.
    if (broken == BrokenText::refused && body.size() < limits::decoded_bytes)
        return to_utf8_strictly(body, part.charset).value_or(std::string());
    return to_utf8(body, part.charset);
}

}  // namespace

std::string decoded_body(std::string_view message, const Part& part) {
    // No decoding makes more of it than it takes.
    return decoded(part.encoding, part_body(message, part).substr(0, limits::decoded_bytes));
}

std::string start_of_decoded_body(std::string_view message, const Part& part,
                                  std::size_t max_bytes) {
    // Quoted-printable takes three octets for one, and some lines' ends.
    std::string body = decoded(part.encoding, part_body(message, part).substr(0, max_bytes * 4));
    if (body.size() > max_bytes) body.resize(max_bytes);
    return body;
}

std::vector<std::string> matched_content(std::string_view message, const Part& part) {
    std::vector<std::string> strings;
    switch (part.kind) {
        case PartKind::multipart: {
            strings.emplace_back(message.substr(part.body, part.prologue_end - part.body));
            const std::string_view epilogue =
                message.substr(part.epilogue_begin, part.end - part.epilogue_begin);
            if (!epilogue.empty()) strings.emplace_back(epilogue);
            break;
        }
        case PartKind::message: {
            const std::string_view inner = part_body(message, part);
            strings.emplace_back(inner.substr(0, HeaderBlock(inner).header_bytes()));
            break;
        }
        case PartKind::leaf:
            strings.push_back(leaf_content(message, part, BrokenText::repaired));
            break;
    }
    return strings;
}

std::optional<std::string> readable_text(std::string_view message, const Part& part,
                                         BrokenText broken) {
    if (part.kind != PartKind::leaf || part.type != "text") return std::nullopt;
    std::string text = leaf_content(message, part, broken);
    return part.subtype == "html" ? html_to_text(text) : text;
}

}  // namespace mail
