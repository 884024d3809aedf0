// SPDX-License-Identifier: MIT
// What the machine asks of the message that a script looks at. The host supplies it (src/deliver
// over src/mail, or a test's fake), so sieve/ knows no MIME parser. Everything is read-only;
// answers may be computed lazily and kept. A message belongs to one run at a time.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sieve {

// One mailbox of an address field (RFC 5228 §2.4.2.3): display names and comments are gone. An
// empty group yields none.
struct Address {
    std::string local_part;  // unquoted
    std::string domain;      // may be empty
    std::string text;        // local_part@domain; where it cannot be parsed: the whole field value
    bool valid = true;
};

// A parsed date header (RFC 5322 §3.3), or the current time.
struct DateTime {
    std::int64_t unix_seconds = 0;
    int zone_minutes = 0;  // east of UTC
};

// A MIME leaf or container in document order; the root is the first (RFC 5173, RFC 5703).
struct BodyPart {
    std::string
        content_type;  // "type/subtype", lower case; the default where the field is missing or bad
    std::string_view raw;       // header and body as they stand in the message
    std::string_view raw_body;  // body, transfer-encoded
    int depth = 0;              // 0 for the root
    bool is_multipart = false;
};

// A field as MIME has it: a value and parameters (RFC 2045 §5.1, RFC 2183).
struct MimeField {
    std::string value;  // lower case, without comments; empty where there is none
    // UTF-8, RFC 2231 undone, in order of appearance.
    std::vector<std::pair<std::string, std::string>> parameters;
};

// By the content's first octets: "type/subtype" in lower case; empty where it looks like nothing
// known, or for a multipart. And what had to be done to find out, in octets looked at.
struct DetectedType {
    std::string_view type;
    std::uint64_t cost = 0;
};

class Message {
  public:
    virtual ~Message() = default;

    // Values of every field of that name (ASCII case ignored), in order of appearance: unfolded,
    // without white space at both ends, encoded words turned to UTF-8 (RFC 5228 §2.7.2). Names that
    // are no field names match nothing.
    virtual const std::vector<std::string>& header(std::string_view name) const = 0;
    // The same without decoding: unfolded and trimmed only.
    virtual const std::vector<std::string>& raw_header(std::string_view name) const = 0;
    // Per field of that name, its addresses.
    virtual const std::vector<std::vector<Address>>& addresses(std::string_view name) const = 0;

    // Octets of the message with CRLF line ends or LF as it came (RFC 5228 §5.9); host decides,
    // always the same way.
    virtual std::uint64_t size() const = 0;

    // The undecoded body of the whole message: what follows the empty line, possibly an empty one;
    // absent where no empty line follows the header (RFC 5173 §4).
    virtual std::optional<std::string_view> raw_body() const = 0;
    virtual const std::vector<BodyPart>& parts() const = 0;
    // The part's content with its transfer encoding undone and, for text, its charset turned to
    // UTF-8; for a multipart prologue and epilogue, each for itself, for a message/* its header
    // (RFC 5173 §5.2).
    virtual const std::vector<std::string>& decoded(std::size_t part) const = 0;
    // As header() and addresses(), of a part's own header (RFC 5703 §4); the root's is the
    // message's. And the fields of that name as MIME has them, for each of which header() has a
    // value.
    virtual const std::vector<std::string>& part_header(std::size_t part,
                                                        std::string_view name) const = 0;
    virtual const std::vector<std::vector<Address>>& part_addresses(
        std::size_t part, std::string_view name) const = 0;
    virtual std::vector<MimeField> part_fields(std::size_t part, std::string_view name) const = 0;
    // The part's content as text in UTF-8, HTML reduced to it; empty for parts that hold others,
    // and where the charset is unknown or the text is not of it (RFC 5703 §7).
    virtual std::string part_text(std::size_t part) const = 0;
    // What the part's content looks like, whatever its header says of it.
    virtual DetectedType detected_type(std::size_t part) const = 0;
    // All text parts' readable text, HTML reduced to it (RFC 5173 §5.3).
    virtual const std::vector<std::string>& text() const = 0;
};

// When a message is to be there (RFC 2852 §4).
struct DeliverBy {
    std::int64_t at = 0;   // unix seconds
    bool returns = false;  // mode R: it is returned if it is late; else N: its sender is told
    bool trace = false;
};

// What the sender wants to hear of the delivery (RFC 3461).
struct DsnParameters {
    std::optional<std::string> notify;  // "NEVER", or "SUCCESS,FAILURE": in upper case
    std::optional<std::string> orcpt;   // "rfc822;user@example.org", decoded
    std::optional<std::string> ret;     // "FULL" or "HDRS"
    std::optional<std::string> envid;   // decoded
};

// The envelope (RFC 5228 §5.4). Absent values match nothing; a null sender is present and empty.
struct Envelope {
    std::optional<std::string> from;
    std::optional<std::string> to;       // the final recipient
    std::optional<std::string> orig_to;  // ORCPT or -a; what the test "to" sees when it is there
    std::optional<std::string> auth;     // authenticated user, Dovecot's own part
    DsnParameters dsn{};
    std::optional<DeliverBy> deliver_by{};
};

}  // namespace sieve
