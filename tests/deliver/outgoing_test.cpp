// SPDX-License-Identifier: MIT
#include "deliver/outgoing.h"

#include "base/fd.h"
#include "temporary_directory.h"

#include <catch2/catch.hpp>

#include <arpa/inet.h>
#include <array>
#include <filesystem>
#include <netinet/in.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

using deliver::Letter;
using deliver::OutgoingSettings;
using deliver::Sent;

namespace {

OutgoingSettings with_program(const TemporaryDirectory& directory, const std::string& script) {
    const std::string path = directory.write("sendmail", "#!/bin/sh\n" + script);
    std::filesystem::permissions(path, std::filesystem::perms::owner_all);
    OutgoingSettings settings;
    settings.sendmail_path = path;
    settings.environment = {"PATH=/usr/bin:/bin", "OUT=" + directory.at("out")};
    return settings;
}

// One SMTP connection: answers each command by its first word, keeps what it was told.
class Server {
  public:
    struct Replies {
        std::string greeting = "220 hello";
        std::string ehlo = "250-me\r\n250-8BITMIME\r\n250 SMTPUTF8";
        std::string mail = "250 ok";
        std::string rcpt = "250 ok";
        std::string data = "354 go on";
        std::string end = "250 kept";
    };
    explicit Server(Replies replies) : replies_(std::move(replies)) {
        listener_ = base::Fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        REQUIRE(::bind(listener_.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) ==
                0);
        REQUIRE(::listen(listener_.get(), 1) == 0);
        socklen_t size = sizeof address;
        ::getsockname(listener_.get(), reinterpret_cast<sockaddr*>(&address), &size);
        port_ = ntohs(address.sin_port);
        thread_ = std::thread([this] { serve(); });
    }
    ~Server() {
        if (thread_.joinable()) thread_.join();
    }
    std::string where() const { return "127.0.0.1:" + std::to_string(port_); }
    // What the client said, all of it.
    std::string heard() {
        thread_.join();
        return heard_;
    }

  private:
    void say(int fd, const std::string& text) {
        const std::string line = text + "\r\n";
        (void)!::write(fd, line.data(), line.size());
    }
    void serve() {
        const base::Fd fd(::accept(listener_.get(), nullptr, nullptr));
        say(fd.get(), replies_.greeting);
        bool in_data = false;
        std::size_t from = 0;
        std::array<char, 4096> buffer{};
        for (;;) {
            const ssize_t got = ::read(fd.get(), buffer.data(), buffer.size());
            if (got <= 0) return;
            heard_.append(buffer.data(), static_cast<std::size_t>(got));
            for (std::size_t end = 0; (end = heard_.find("\r\n", from)) != std::string::npos;
                 from = end + 2)
                answer(fd.get(), heard_.substr(from, end - from), in_data);
        }
    }
    void answer(int fd, const std::string& line, bool& in_data) {
        if (in_data) {
            if (line != ".") return;
            in_data = false;
            return say(fd, replies_.end);
        }
        if (line.starts_with("EHLO")) return say(fd, replies_.ehlo);
        if (line.starts_with("MAIL")) return say(fd, replies_.mail);
        if (line.starts_with("RCPT")) return say(fd, replies_.rcpt);
        if (line.starts_with("DATA")) {
            in_data = replies_.data.starts_with("354");
            return say(fd, replies_.data);
        }
        say(fd, "250 ok");
    }

    Replies replies_;
    base::Fd listener_;
    int port_ = 0;
    std::string heard_;
    std::thread thread_;
};

OutgoingSettings to(const Server& server) {
    OutgoingSettings settings;
    settings.submission_host = server.where();
    settings.hostname = "client.example";
    settings.timeout = std::chrono::seconds(20);
    return settings;
}

}  // namespace

TEST_CASE("sendmail gets the message and the addresses as arguments") {
    const TemporaryDirectory directory;
    const auto settings = with_program(directory, "echo \"$*\" > $OUT; cat >> $OUT\n");
    const Sent sent = deliver::send_letter(settings, {"s@x", "r@y", {"A: b\n", "\nbody\n"}});
    CHECK(sent.ok());
    CHECK(directory.read("out") == "-i -f s@x -- r@y\nA: b\n\nbody\n");
    CHECK(deliver::send_letter(settings, {"", "r@y", {"x\n"}}).ok());
    CHECK(directory.read("out") == "-i -f <> -- r@y\nx\n");
}

TEST_CASE("every way in which sendmail fails is temporary") {
    const TemporaryDirectory directory;
    const std::string script =
        GENERATE(values<std::string>({"exit 1\n", "exit 67\n", "exit 75\n", "kill -9 $$\n"}));
    CAPTURE(script);
    const Sent sent = deliver::send_letter(with_program(directory, script), {"s", "r", {"x"}});
    CHECK(sent.result == Sent::Result::temporary);
    CHECK(sent.text.starts_with("Sendmail program"));
}

TEST_CASE("a sendmail that is missing or hangs is temporary too") {
    const TemporaryDirectory directory;
    OutgoingSettings settings;
    settings.sendmail_path = "/nonexistent/sendmail";
    CHECK(deliver::send_letter(settings, {"s", "r", {"x"}}).result == Sent::Result::temporary);
    settings = with_program(directory, "sleep 60\n");
    settings.timeout = std::chrono::milliseconds(50);
    CHECK(deliver::send_letter(settings, {"s", "r", {"x"}}).result == Sent::Result::temporary);
}

TEST_CASE("SMTP: the dialogue, dots doubled, line ends CRLF") {
    Server server({});
    CHECK(deliver::send_letter(to(server), {"s@x", "r@y", {"A: b\n", "\n.dot\r\n..\nend"}}).ok());
    CHECK(server.heard() ==
          "EHLO client.example\r\nMAIL FROM:<s@x>\r\nRCPT TO:<r@y>\r\nDATA\r\n"
          "A: b\r\n\r\n..dot\r\n...\r\nend\r\n.\r\nQUIT\r\n");
}

TEST_CASE("SMTP: 8-bit content and addresses are announced where the server can") {
    Server server({});
    CHECK(deliver::send_letter(to(server), {"s@x", "\xc3\xa9@y", {"\n\xc3\xa9\n"}}).ok());
    CHECK(server.heard().find("MAIL FROM:<s@x> BODY=8BITMIME SMTPUTF8\r\n") != std::string::npos);
}

TEST_CASE("SMTP: what the server refuses, for now or for good") {
    struct Case {
        std::string name;
        std::function<void(Server::Replies&)> change;
        Sent::Result result;
        std::string text;
    };
    const auto c = GENERATE(values<Case>({
        {"greeting", [](auto& r) { r.greeting = "421 busy"; }, Sent::Result::temporary, "421 busy"},
        {"mail", [](auto& r) { r.mail = "550-no\r\n550 never"; }, Sent::Result::permanent,
         "550 no never"},
        {"rcpt", [](auto& r) { r.rcpt = "450 later"; }, Sent::Result::temporary, "450 later"},
        {"data", [](auto& r) { r.data = "554 no"; }, Sent::Result::permanent, "554 no"},
        {"end", [](auto& r) { r.end = "451 disk"; }, Sent::Result::temporary, "451 disk"},
    }));
    CAPTURE(c.name);
    Server::Replies replies;
    c.change(replies);
    Server server(replies);
    const Sent sent = deliver::send_letter(to(server), {"s@x", "r@y", {"x\n"}});
    CHECK(sent.result == c.result);
    CHECK(sent.text == c.text);
}

TEST_CASE("SMTP: nobody there, or nonsense, is temporary") {
    OutgoingSettings settings;
    settings.timeout = std::chrono::seconds(20);
    settings.submission_host = "127.0.0.1:1";
    CHECK(deliver::send_letter(settings, {"s", "r", {"x"}}).result == Sent::Result::temporary);
    Server::Replies replies;
    replies.greeting = "what?";
    Server server(replies);
    CHECK(deliver::send_letter(to(server), {"s", "r", {"x"}}).result == Sent::Result::temporary);
}

TEST_CASE("SMTP: an address can never become a command") {
    OutgoingSettings settings;
    settings.submission_host = "127.0.0.1:1";
    CHECK(deliver::send_letter(settings, {"s@x>\r\nDATA", "r@y", {"x"}}).result ==
          Sent::Result::permanent);
}
