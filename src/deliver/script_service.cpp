// SPDX-License-Identifier: MIT
#include "deliver/script_service.h"

#include "base/fd.h"
#include "base/input_queue.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <optional>
#include <poll.h>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <utility>

namespace deliver {
namespace {

using base::Ended;
using Steady = std::chrono::steady_clock;

constexpr std::string_view version_line = "VERSION\tscript\t4\t0\n";
// Between two attempts where the service has no room for another connection.
constexpr int retry_ms = 20;
// The result: a sign and a line end.
constexpr std::size_t result_bytes = 2;

// Lines are the protocol's, so what would end one is written behind an octet 1.
void add_escaped(std::string_view text, std::string& out) {
    for (const char c : text) {
        switch (c) {
            case '\0':
                out += "\0010";
                break;
            case '\001':
                out += "\0011";
                break;
            case '\t':
                out += "\001t";
                break;
            case '\r':
                out += "\001r";
                break;
            case '\n':
                out += "\001n";
                break;
            default:
                out += c;
        }
    }
}

std::string opening_lines(const base::Command& command) {
    std::string lines(version_line);
    for (const std::string& each : command.environment) {
        lines += "env_";
        add_escaped(each, lines);
        lines += '\n';
    }
    lines += "-\n";  // a reply is wanted
    for (std::size_t i = 1; i < command.arguments.size(); ++i) {
        add_escaped(command.arguments[i], lines);
        lines += '\n';
    }
    return lines + '\n';
}

Ended not_started(int error) {
    return {Ended::How::not_started, error, {}};
}

class Call {
  public:
    explicit Call(const base::Command& command)
        : command_(command),
          opening_(opening_lines(command)),
          pieces_{opening_},
          head_(pieces_, base::Command::LineEnds::as_given),
          queue_(command.input, command.input_line_ends) {
        if (command.timeout.count() > 0) deadline_ = Steady::now() + command.timeout;
    }

    Ended run() {
        if (const int error = connect())
            return error == ETIMEDOUT ? timed_out() : not_started(error);
        while (!at_end_) {
            if (is_over()) return timed_out();
            std::array<pollfd, 1> watched{{{socket_.get(), POLLIN, 0}}};
            if (writing_) watched[0].events |= POLLOUT;
            ::poll(watched.data(), watched.size(), wait_ms());
            if (writing_) feed();
            if (!drain()) return {Ended::How::no_result, 0, std::move(collected_)};
        }
        if (held_back_ == "+\n") return {Ended::How::exited, 0, std::move(collected_)};
        if (held_back_ == "-\n") return {Ended::How::exited, 1, std::move(collected_)};
        return {Ended::How::no_result, 0, std::move(collected_)};
    }

  private:
    Ended timed_out() { return {Ended::How::timed_out, 0, std::move(collected_)}; }
    bool is_over() const { return deadline_ && Steady::now() >= *deadline_; }

    int wait_ms() const {
        if (!deadline_) return -1;
        const auto left =
            std::chrono::duration_cast<std::chrono::milliseconds>(*deadline_ - Steady::now());
        return static_cast<int>(std::clamp<long>(static_cast<long>(left.count()) + 1, 0, 60'000));
    }

    // 0, or an errno.
    int connect() {
        sockaddr_un address{};
        const std::string& path = command_.arguments.front();
        if (path.size() >= sizeof address.sun_path) return ENAMETOOLONG;
        address.sun_family = AF_UNIX;
        std::memcpy(address.sun_path, path.data(), path.size());
        socket_ = base::Fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
        if (!socket_) return errno;
        while (::connect(socket_.get(), reinterpret_cast<const sockaddr*>(&address),
                         sizeof address) != 0) {
            if (errno != EAGAIN && errno != EINTR) return errno;
            if (is_over()) return ETIMEDOUT;
            if (errno != EAGAIN) continue;
            const int left = wait_ms();
            ::poll(nullptr, 0, left < 0 ? retry_ms : std::min(retry_ms, std::max(left, 1)));
        }
        return 0;
    }

    void feed() {
        while (true) {
            base::InputQueue& queue = head_.pending().empty() ? queue_ : head_;
            const std::string_view bytes = queue.pending();
            if (bytes.empty()) break;
            const ssize_t count = ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
            if (count < 0) break;  // it does not want more; what it says is still to be read
            queue.written(static_cast<std::size_t>(count));
        }
        ::shutdown(socket_.get(), SHUT_WR);
        writing_ = false;
    }

    // False: whoever takes the output wants no more of it.
    bool drain() {
        std::array<char, 16384> buffer{};
        while (true) {
            const ssize_t count = ::read(socket_.get(), buffer.data(), buffer.size());
            if (count < 0 && (errno == EAGAIN || errno == EINTR)) return true;
            if (count <= 0) {
                // A service that ends with input unread resets the connection: what it said counts.
                at_end_ = true;
                return true;
            }
            held_back_.append(buffer.data(), static_cast<std::size_t>(count));
            if (held_back_.size() <= result_bytes) continue;
            const std::size_t output = held_back_.size() - result_bytes;
            if (!take(std::string_view(held_back_).substr(0, output))) return false;
            held_back_.erase(0, output);
        }
    }

    bool take(std::string_view output) {
        if (command_.take_output) return command_.take_output(output);
        collected_.append(output.substr(0, command_.max_output_bytes - collected_.size()));
        return true;
    }

    const base::Command& command_;
    const std::string opening_;
    const std::vector<std::string_view> pieces_;
    base::InputQueue head_;
    base::InputQueue queue_;
    std::optional<Steady::time_point> deadline_;
    base::Fd socket_;
    bool writing_ = true;
    bool at_end_ = false;
    std::string held_back_;  // the last octets, which may be the result
    std::string collected_;
};

}  // namespace

base::Ended run_by_service(const base::Command& command) {
    return Call(command).run();
}

}  // namespace deliver
