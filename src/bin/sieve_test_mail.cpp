// SPDX-License-Identifier: MIT
#include "bin/sieve_test_mail.h"

#include "base/error.h"
#include "base/fd.h"
#include "mail/address.h"
#include "mail/header.h"

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <initializer_list>
#include <optional>
#include <string_view>
#include <sysexits.h>
#include <system_error>
#include <unistd.h>

namespace bin {
namespace {

std::string read_all(int fd, const std::string& path) {
    std::string bytes;
    std::array<char, 65536> block;
    for (;;) {
        const std::size_t got = base::read_some(fd, block.data(), block.size(), path);
        if (got == 0) return bytes;
        bytes.append(block.data(), got);
    }
}

std::optional<std::string> first_address(const mail::Message& message,
                                         std::initializer_list<std::string_view> names) {
    for (const std::string_view name : names) {
        const auto value = message.header().first(name);
        if (!value) continue;
        // The first address, where the field begins with one.
        const mail::AddressList list = mail::parse_address_list(*value);
        if (list.mailboxes.empty() || (!list.groups.empty() && list.groups[0].first == 0)) continue;
        const mail::Mailbox& first = list.mailboxes[0];
        if (first.valid && !first.domain.empty())
            return mail::address_text(first.local_part, first.domain);
    }
    return std::nullopt;
}

std::optional<std::string> option_address(const std::optional<std::string>& option,
                                          std::string_view letter) {
    if (!option) return std::nullopt;
    const auto path = mail::parse_path(*option);
    if (!path) {
        throw ToolFailure{EX_USAGE,
                          '-' + std::string(letter) + ' ' + *option + ": " + path.error()};
    }
    return mail::address_text(*path);
}

}  // namespace

std::string read_mail(const std::string& path) {
    std::string bytes;
    try {
        if (path == "-") {
            bytes = read_all(STDIN_FILENO, "standard input");
        } else {
            const base::Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
            if (!fd) base::throw_errno("open", path);
            bytes = read_all(fd.get(), path);
        }
    } catch (const std::system_error& error) {
        throw ToolFailure{EX_NOINPUT, std::string("can't read the message: ") + error.what()};
    }
    if (bytes.starts_with("From ")) bytes.erase(0, bytes.find('\n') + 1);
    return bytes;
}

deliver::Envelope test_envelope(const SieveTestOptions& options, const mail::Message& message) {
    deliver::Envelope envelope;
    envelope.sender = option_address(options.sender, "f");
    if (!envelope.sender) {
        envelope.sender = first_address(message, {"return-path", "sender", "from"})
                              .value_or("sender@example.com");
    }
    const auto final_recipient = option_address(options.recipient, "r");
    envelope.original_recipient = option_address(options.original_recipient, "a");
    if (final_recipient) {
        envelope.recipient = *final_recipient;
    } else if (envelope.original_recipient) {
        envelope.recipient = *envelope.original_recipient;
    } else {
        envelope.recipient =
            first_address(message, {"envelope-to", "to"}).value_or("recipient@example.com");
    }
    if (!envelope.original_recipient) envelope.original_recipient = envelope.recipient;
    return envelope;
}

}  // namespace bin
