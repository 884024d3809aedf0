// SPDX-License-Identifier: MIT
#include "deliver/smtp_client.h"

#include "base/error.h"
#include "base/fd.h"
#include "base/text.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <fcntl.h>
#include <memory>
#include <netdb.h>
#include <optional>
#include <poll.h>
#include <sys/socket.h>
#include <utility>

namespace deliver {
namespace {

using Steady = std::chrono::steady_clock;

// RFC 5321 §4.5.3.1.5 says 512 for a line; real servers write longer ones.
constexpr std::size_t max_reply_bytes = 64 * 1024;
constexpr std::size_t write_chunk_bytes = 64 * 1024;

// The dialogue cannot go on: temporary.
struct Broken {
    std::string text;
};

struct Reply {
    int code = 0;
    std::string text;   // of all lines, joined by spaces
    std::string lines;  // in upper case, for the extensions after EHLO
};

struct HostPort {
    std::string host;
    std::string port = "25";
};

HostPort split_host(const std::string& text) {
    if (text.starts_with('[')) {
        const std::size_t end = text.find(']');
        if (end != std::string::npos)
            return {text.substr(1, end - 1),
                    end + 1 < text.size() && text[end + 1] == ':' ? text.substr(end + 2) : "25"};
    }
    const std::size_t colon = text.find(':');
    if (colon == std::string::npos || text.find(':', colon + 1) != std::string::npos)
        return {text, "25"};
    return {text.substr(0, colon), text.substr(colon + 1)};
}

class Dialogue {
  public:
    explicit Dialogue(std::chrono::milliseconds timeout)
        : deadline_(timeout.count() > 0 ? std::optional(Steady::now() + timeout) : std::nullopt) {}

    void connect(const std::string& where) {
        const HostPort target = split_host(where);
        addrinfo hints{};
        hints.ai_socktype = SOCK_STREAM;
        addrinfo* found = nullptr;
        const int error = ::getaddrinfo(target.host.c_str(), target.port.c_str(), &hints, &found);
        if (error != 0) throw Broken{"cannot resolve " + where + ": " + ::gai_strerror(error)};
        const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owner(found, ::freeaddrinfo);
        std::string why = "no address";
        for (const addrinfo* address = found; address; address = address->ai_next)
            if (try_connect(*address, why)) return;
        throw Broken{"connect(" + where + ") failed: " + why};
    }

    Reply command(std::string_view line) {
        write(std::string(line) + "\r\n");
        return reply();
    }

    Reply reply() {
        Reply result;
        for (;;) {
            const std::string line = read_line();
            if (line.size() < 3 || !base::parse_number<int>(std::string_view(line).substr(0, 3)))
                throw Broken{"Invalid reply: " + base::printable(line, 200)};
            result.code = *base::parse_number<int>(std::string_view(line).substr(0, 3));
            if (!result.text.empty()) result.text += ' ';
            if (line.size() > 4) result.text += line.substr(4);
            result.lines += base::to_upper(line.size() > 4 ? line.substr(4) : "") + '\n';
            if (line.size() == 3 || line[3] != '-') return result;
            if (result.text.size() > max_reply_bytes) throw Broken{"Reply is too long"};
        }
    }

    void write(std::string_view bytes) {
        while (!bytes.empty()) {
            const ssize_t count = ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (count < 0 && (errno == EAGAIN || errno == EINTR)) {
                wait_for(POLLOUT);
                continue;
            }
            if (count < 0) throw Broken{"write failed: " + base::error_text(errno)};
            bytes.remove_prefix(static_cast<std::size_t>(count));
        }
    }

  private:
    bool try_connect(const addrinfo& address, std::string& why) {
        socket_ =
            base::Fd(::socket(address.ai_family, address.ai_socktype | SOCK_CLOEXEC | SOCK_NONBLOCK,
                              address.ai_protocol));
        if (!socket_) {
            why = base::error_text(errno);
            return false;
        }
        if (::connect(socket_.get(), address.ai_addr, address.ai_addrlen) == 0) return true;
        if (errno != EINPROGRESS) {
            why = base::error_text(errno);
            return false;
        }
        wait_for(POLLOUT);
        int error = 0;
        socklen_t size = sizeof error;
        ::getsockopt(socket_.get(), SOL_SOCKET, SO_ERROR, &error, &size);
        if (error == 0) return true;
        why = base::error_text(error);
        return false;
    }

    void wait_for(short events) {
        for (;;) {
            int wait = -1;
            if (deadline_) {
                const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
                    *deadline_ - Steady::now());
                if (left.count() <= 0) throw Broken{"Timed out"};
                wait = static_cast<int>(std::min<std::int64_t>(left.count() + 1, 60'000));
            }
            pollfd watched{socket_.get(), events, 0};
            const int ready = ::poll(&watched, 1, wait);
            if (ready > 0) return;
            if (ready < 0 && errno != EINTR)
                throw Broken{"poll failed: " + base::error_text(errno)};
        }
    }

    std::string read_line() {
        for (;;) {
            const std::size_t end = input_.find('\n');
            if (end != std::string::npos) {
                std::string line = input_.substr(0, end);
                input_.erase(0, end + 1);
                if (line.ends_with('\r')) line.pop_back();
                return line;
            }
            if (input_.size() > max_reply_bytes) throw Broken{"Reply is too long"};
            std::array<char, 4096> buffer{};
            const ssize_t count = ::recv(socket_.get(), buffer.data(), buffer.size(), 0);
            if (count == 0) throw Broken{"Connection closed"};
            if (count < 0 && (errno == EAGAIN || errno == EINTR)) {
                wait_for(POLLIN);
                continue;
            }
            if (count < 0) throw Broken{"read failed: " + base::error_text(errno)};
            input_.append(buffer.data(), static_cast<std::size_t>(count));
        }
    }

    std::optional<Steady::time_point> deadline_;
    base::Fd socket_;
    std::string input_;
};

// A path or parameter may never hold what ends a command.
bool fits_in_a_command(std::string_view text) {
    return text.find_first_of(std::string_view("\r\n\0<>", 5)) == std::string_view::npos;
}

bool has_eight_bit(std::string_view text) {
    return std::any_of(text.begin(), text.end(), [](char c) { return (c & 0x80) != 0; });
}

// An EHLO keyword, alone in its line or before a space.
bool offers(const Reply& ehlo, std::string_view keyword) {
    for (std::string_view line : base::split(ehlo.lines, '\n'))
        if (line.starts_with(keyword) &&
            (line.size() == keyword.size() || line[keyword.size()] == ' '))
            return true;
    return false;
}

std::string mail_parameters(const Reply& ehlo, const Letter& letter) {
    std::string parameters;
    if (offers(ehlo, "8BITMIME") &&
        std::any_of(letter.content.begin(), letter.content.end(), has_eight_bit))
        parameters += " BODY=8BITMIME";
    if (offers(ehlo, "SMTPUTF8") &&
        (has_eight_bit(letter.sender) || has_eight_bit(letter.recipient)))
        parameters += " SMTPUTF8";
    const Wishes& wishes = letter.wishes;
    if (!wishes.ret.empty() && offers(ehlo, "DSN")) parameters += " RET=" + wishes.ret;
    if (wishes.by && offers(ehlo, "DELIVERBY"))
        parameters += " BY=" + std::to_string(wishes.by->seconds) +
                      (wishes.by->returns ? ";R" : ";N") + (wishes.by->trace ? "T" : "");
    return parameters;
}

std::string rcpt_parameters(const Reply& ehlo, const Letter& letter) {
    const std::string& notify = letter.wishes.notify;
    return !notify.empty() && offers(ehlo, "DSN") ? " NOTIFY=" + notify : std::string();
}

// Line ends become CRLF, a dot at the start of a line is doubled (RFC 5321 §4.5.2).
void write_content(Dialogue& dialogue, const Letter& letter) {
    std::string out;
    char last = '\n';
    for (const std::string_view piece : letter.content) {
        for (const char c : piece) {
            if (c == '\n' && last != '\r') out += '\r';
            if (c == '.' && last == '\n') out += '.';
            out += c;
            last = c;
            if (out.size() >= write_chunk_bytes) {
                dialogue.write(out);
                out.clear();
            }
        }
    }
    out += last == '\n' ? ".\r\n" : "\r\n.\r\n";
    dialogue.write(out);
}

Sent refusal(const Reply& reply) {
    return {reply.code / 100 == 5 ? Sent::Result::permanent : Sent::Result::temporary,
            std::to_string(reply.code) + ' ' + base::printable(reply.text, 400)};
}

Sent converse(Dialogue& dialogue, const OutgoingSettings& settings, const Letter& letter) {
    dialogue.connect(settings.submission_host);
    Reply reply = dialogue.reply();
    if (reply.code / 100 != 2) return refusal(reply);
    Reply greeting = dialogue.command("EHLO " + settings.hostname);
    if (greeting.code / 100 == 5) greeting = dialogue.command("HELO " + settings.hostname);
    if (greeting.code / 100 != 2) return refusal(greeting);
    if (letter.wishes.by && letter.wishes.by->returns && !offers(greeting, "DELIVERBY"))
        return {Sent::Result::permanent, "the server cannot be asked to return a late message"};
    reply =
        dialogue.command("MAIL FROM:<" + letter.sender + '>' + mail_parameters(greeting, letter));
    if (reply.code / 100 != 2) return refusal(reply);
    reply =
        dialogue.command("RCPT TO:<" + letter.recipient + '>' + rcpt_parameters(greeting, letter));
    if (reply.code / 100 != 2) return refusal(reply);
    reply = dialogue.command("DATA");
    if (reply.code != 354) return refusal(reply);
    write_content(dialogue, letter);
    reply = dialogue.reply();
    if (reply.code / 100 != 2) return refusal(reply);
    try {
        dialogue.command("QUIT");
    } catch (const Broken&) {
        // The message is theirs; how they part is of no interest.
    }
    return {Sent::Result::sent, {}};
}

}  // namespace

Sent send_by_smtp(const OutgoingSettings& settings, const Letter& letter) {
    if (!fits_in_a_command(letter.sender) || !fits_in_a_command(letter.recipient))
        return {Sent::Result::permanent, "an address holds characters that SMTP does not allow"};
    Dialogue dialogue(settings.timeout);
    try {
        return converse(dialogue, settings, letter);
    } catch (const Broken& broken) {
        return {Sent::Result::temporary,
                "SMTP server " + settings.submission_host + ": " + broken.text};
    }
}

}  // namespace deliver
