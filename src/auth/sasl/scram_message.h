// SPDX-License-Identifier: MIT
// The client's two messages of SCRAM taken apart (RFC 5802 §7), and the header that OAUTHBEARER
// (RFC 7628) has in common with them. Values are decoded; names are not prepared yet. Linear; the
// caller has limited the size.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace auth::sasl {

// gs2-cbind-flag.
enum class BindingFlag {
    not_supported,  // "n": by the client
    not_offered,    // "y": the client could, but believes that the server cannot
    required        // "p"
};

struct Gs2Header {
    BindingFlag flag = BindingFlag::not_supported;
    std::string binding;  // cb-name of "p="
    std::string act_as;   // authzid; empty: none
};

struct ScramFirst {
    Gs2Header header;
    std::string user;
    std::string nonce;
    std::string gs2_header;  // as sent, for the client's second message to repeat
    std::string bare;        // client-first-message-bare, as sent
};

struct ScramFinal {
    std::string binding;  // cbind-input
    std::string nonce;
    std::string proof;
    std::string without_proof;  // client-final-message-without-proof, as sent
};

// gs2-header with its last comma and nothing after it; nothing where it breaks the grammar.
std::optional<Gs2Header> parse_gs2_header(std::string_view text);

// Nothing where the message breaks the grammar, demands an extension ("m=") or has a nonce that is
// too long.
std::optional<ScramFirst> parse_scram_first(std::string_view message);
std::optional<ScramFinal> parse_scram_final(std::string_view message);

}  // namespace auth::sasl
