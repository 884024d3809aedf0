// SPDX-License-Identifier: MIT
// Feeds each input to an LMTP session in every state that it can be in, whole and byte by byte:
// both must say the same, and what is said must be reply lines.
#include "base/log.h"
#include "tests/lmtp/dialogue_runner.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

namespace {

constexpr std::string_view beginnings[] = {
    "",
    "LHLO c\r\n",
    "MAIL FROM:<a@b> SMTPUTF8\r\n",
    "MAIL FROM:<a@b>\r\nRCPT TO:<jdoe>\r\nRCPT TO:<full>\r\n",
    "MAIL FROM:<a@b>\r\nRCPT TO:<jdoe>\r\nDATA\r\n",
    "MAIL FROM:<a@b>\r\nRCPT TO:<jdoe>\r\nDATA\r\nx\r\n.",
    "MAIL FROM:<a@b> BODY=BINARYMIME\r\nRCPT TO:<jdoe>\r\nBDAT 2\r\nab",
    "MAIL FROM:<a@b>\r\nRCPT TO:<jdoe>\r\nBDAT 20 LAST\r\nab",
    "MAIL FROM:<a@b>\r\nRCPT TO:<jdoe>\r\nDATA\r\n.\r\n",
};

lmtp::Settings settings() {
    lmtp::Settings made;
    made.hostname = "mx.test";
    made.starttls = true;
    made.limits.message_bytes = 200;
    made.limits.line_bytes = 300;
    made.limits.recipients = 5;
    made.limits.deliveries_per_user = 2;
    return made;
}

void check_replies(std::string_view output) {
    while (!output.empty()) {
        std::size_t end = output.find("\r\n");
        if (end == std::string_view::npos || end < 4) std::abort();
        std::string_view line = output.substr(0, end);
        if (line[0] < '2' || line[0] > '5' || (line[3] != ' ' && line[3] != '-')) std::abort();
        for (char c : line) {
            if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) std::abort();
        }
        output.remove_prefix(end + 2);
    }
}

std::string talk(std::string_view beginning, std::string_view input, bool trusted, bool by_byte) {
    lmtp::Peer peer;
    peer.session = "SESSION";
    peer.trusted = trusted;
    DialogueRunner runner(settings(), peer);
    std::string said = runner.start() + runner.send(beginning);
    for (std::size_t at = 0; at < input.size() && !runner.closed();) {
        std::size_t size = by_byte ? 1 : input.size() - at;
        said += runner.send(input.substr(at, size));
        at += size;
        if (runner.wants_tls()) {
            said += runner.start_tls();
            if (!by_byte) break;  // dropped with the buffer
            return {};            // the other half would have been dropped: nothing to compare
        }
    }
    for (const Delivered& delivered : runner.backend().delivered) {
        if (!delivered.message.starts_with("Return-Path: <")) std::abort();
        said += "250 " + std::to_string(delivered.message.size()) + " stored\r\n";
    }
    check_replies(said);
    return said;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const bool quiet = [] {
        base::LogTarget target;
        target.path = "/dev/null";
        base::open_log(target);
        return true;
    }();
    (void)quiet;
    std::string_view input(reinterpret_cast<const char*>(data), size);
    for (std::string_view beginning : beginnings) {
        for (bool trusted : {false, true}) {
            std::string whole = talk(beginning, input, trusted, false);
            std::string pieces = talk(beginning, input, trusted, true);
            if (!pieces.empty() && whole != pieces) std::abort();
        }
    }
    return 0;
}
