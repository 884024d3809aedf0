// SPDX-License-Identifier: MIT
// MIME (RFC 2045, 2046, 2231): the structure of a message as parts with offsets, fields with
// parameters, and a part's content in readable form. Lenient as the wild needs; nothing here fails:
// what cannot be understood is a leaf of type text/plain or application/octet-stream.
#pragma once

#include "mail/header.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mail {

struct Parameter {
    std::string name;   // lower case, without RFC 2231 marks
    std::string value;  // unquoted, continuations joined, charset turned to UTF-8
};

// "value; name=value; ...": Content-Type, Content-Disposition and their like.
struct ParameterField {
    std::string value;                  // without parameters, comments and white space, lower case
    std::vector<Parameter> parameters;  // in order of first appearance; of twins the first counts

    // The parameter's value (name in lower case), or nothing.
    const std::string* parameter(std::string_view name) const;
};

// Parses a raw field value. Encoded words inside values, which RFC 2047 §5 forbids and the wild
// sends, are decoded.
ParameterField parse_parameter_field(std::string_view value);

struct ContentType {
    std::string type = "text";  // lower case
    std::string subtype = "plain";
    std::vector<Parameter> parameters;

    const std::string* parameter(std::string_view name) const;
    std::string text() const { return type + '/' + subtype; }
};
// Nothing where the value has no type/subtype (RFC 2045 §5.2 then gives the default).
std::optional<ContentType> parse_content_type(std::string_view value);

enum class TransferEncoding { identity, base64, quoted_printable, uuencode, unknown };
// 7bit, 8bit and binary are `identity`, and so is an empty value (RFC 2045 §6).
TransferEncoding parse_transfer_encoding(std::string_view value);

enum class PartKind { leaf, multipart, message };

// Offsets are into the whole message. A part's bytes are [begin, end), its header [begin, body),
// empty line included. The line end before a delimiter belongs to the delimiter (RFC 2046 §5.1.1).
struct Part {
    std::string type;  // lower case; the default (RFC 2045 §5.2, RFC 2046 §5.1.5) where the field
    std::string subtype;  // is missing or broken
    std::string charset;  // as written, empty if absent
    PartKind kind = PartKind::leaf;
    TransferEncoding encoding = TransferEncoding::identity;
    std::uint32_t parent = 0;    // index; the root is its own
    std::uint32_t depth = 0;     // 0 for the root
    std::uint32_t children = 0;  // direct ones
    std::size_t begin = 0;
    std::size_t body = 0;
    std::size_t end = 0;
    std::size_t prologue_end = 0;    // of a multipart: [body, prologue_end) and
    std::size_t epilogue_begin = 0;  // [epilogue_begin, end); equal to `end` if it has none

    std::string content_type() const { return type + '/' + subtype; }
};

// A message/rfc822 (or message/global) part has one child, the message in it, whose header is that
// message's. Document order: each part stands before its children.
struct Structure {
    std::vector<Part> parts;
    // A limit was met: what is nested deeper is a leaf; after the last part that was allowed
    // nothing is split any more, and it reaches to the end.
    bool truncated = false;
};
Structure parse_structure(std::string_view message);

std::string_view part_bytes(std::string_view message, const Part& part);
std::string_view part_header(std::string_view message, const Part& part);  // with the empty line
std::string_view part_body(std::string_view message, const Part& part);

// The body with its transfer encoding undone; at most limits::decoded_bytes.
std::string decoded_body(std::string_view message, const Part& part);
// The same of as much of the body as is needed for its first octets, at most that many.
std::string start_of_decoded_body(std::string_view message, const Part& part,
                                  std::size_t max_bytes);
// The strings that RFC 5173 §5.2 matches: for text the decoded body in UTF-8; for other leaves the
// decoded body; for a multipart the prologue, which may be empty, and the epilogue if it has one;
// for a message its header.
std::vector<std::string> matched_content(std::string_view message, const Part& part);
// Text of an unknown charset, or that is not of the charset that it names: with U+FFFD in its
// place, or no text at all (RFC 5703 §7).
enum class BrokenText { repaired, refused };
// The part as readable text in UTF-8, HTML reduced to its text; nothing if it is no text leaf
// (RFC 5173 §5.3).
std::optional<std::string> readable_text(std::string_view message, const Part& part,
                                         BrokenText broken = BrokenText::repaired);

}  // namespace mail
