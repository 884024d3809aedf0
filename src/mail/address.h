// SPDX-License-Identifier: MIT
// Addresses: fields of them (RFC 5322 §3.4 with the obsolete syntax of §4.4, and what the wild
// writes), and envelope paths (RFC 5321 §4.1.2, SMTPUTF8 by RFC 6531). The Spirit grammar is in
// address.cpp alone. Pure functions, linear time.
#pragma once

#include "base/result.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace mail {

struct Mailbox {
    std::string display_name;  // UTF-8, encoded words decoded, unquoted; or the comment of the old
                               // form "user@host (Name)"
    std::string local_part;    // unquoted, comments gone
    std::string domain;        // as written, comments and white space gone; empty where there is
                               // none ("root")
    bool valid = true;         // false: not understood; then `source` is all there is
    std::string_view source;   // the piece of the field, trimmed; lives as long as the value given

    // local_part@domain without quoting (what scripts compare), or local_part alone.
    std::string address() const;
};

// "name: a, b;" (RFC 5322 §3.4): mailboxes[first, first + count) are its members.
struct Group {
    std::string name;
    std::size_t first = 0;
    std::size_t count = 0;
};

struct AddressList {
    std::vector<Mailbox> mailboxes;  // all, members of groups included, in order
    std::vector<Group> groups;
    bool truncated = false;
    // Whether everything was understood.
    bool valid() const;
};

// Parses a raw field value (folded is fine). A piece that cannot be understood becomes a mailbox
// with valid == false, and parsing goes on after the next comma.
AddressList parse_address_list(std::string_view value);

// An envelope address. Both empty: the null path "<>".
struct Path {
    std::string local_part;  // unquoted
    std::string domain;      // may be empty for a recipient of LMTP ("user")
    bool is_null() const { return local_part.empty() && domain.empty(); }
    bool operator==(const Path&) const = default;
};

// The error is a short reason without a full stop ("Missing '>' at end of path").
// The whole of `text`: "<user@dom>", "user@dom", "user", "<>" or "". A source route is dropped
// (RFC 5321 appendix C).
base::Result<Path, std::string> parse_path(std::string_view text);
// The path "<...>" at the front of `text`, which is cut off from it; for MAIL and RCPT.
base::Result<Path, std::string> take_path(std::string_view& text);

// For output: local part quoted where it must be, then @ and the domain if there is one.
std::string address_text(std::string_view local_part, std::string_view domain);
std::string address_text(const Path& path);
// `user@dom` in angle brackets; "<>" for the null path.
std::string path_text(const Path& path);
// Quoted string if `local_part` is no dot-atom (RFC 5321 §4.1.2).
std::string quote_local_part(std::string_view local_part);
// For comparing and as a key: domain (and, where asked by name, the local part) in lower case.
Path with_lower_domain(const Path& path);
Path with_lower_address(const Path& path);

}  // namespace mail
