// SPDX-License-Identifier: MIT
// Programs behind the sockets of a script service; the service here is a thread that hears one
// call. tests/system/test_script_service.py asks Dovecot's own.
#include "deliver/script_service.h"

#include "base/fd.h"
#include "site.h"
#include "temporary_directory.h"

#include <catch2/catch.hpp>

#include <array>
#include <filesystem>
#include <functional>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <thread>
#include <unistd.h>

using base::Ended;

namespace {

base::Fd listen_at(const std::string& path, int backlog = 4) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    REQUIRE(path.size() < sizeof address.sun_path);
    path.copy(address.sun_path, path.size());
    base::Fd listener(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    REQUIRE(::bind(listener.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
    REQUIRE(::listen(listener.get(), backlog) == 0);
    return listener;
}

std::string read_all(int fd) {
    std::string text;
    std::array<char, 65536> buffer{};
    for (ssize_t count = 0; (count = ::read(fd, buffer.data(), buffer.size())) > 0;)
        text.append(buffer.data(), static_cast<std::size_t>(count));
    return text;
}

void write_all(int fd, std::string_view text) {
    while (!text.empty()) {
        const ssize_t count = ::send(fd, text.data(), text.size(), MSG_NOSIGNAL);
        if (count < 0) return;
        text.remove_prefix(static_cast<std::size_t>(count));
    }
}

// One call is heard by `serve`, which gets the connection.
class Service {
  public:
    Service(const std::string& path, std::function<void(int)> serve)
        : listener_(listen_at(path)), thread_([this, serve = std::move(serve)] {
              const base::Fd client(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
              serve(client.get());
          }) {}
    ~Service() { thread_.join(); }

  private:
    base::Fd listener_;
    std::thread thread_;
};

struct Trial {
    TemporaryDirectory directory;
    base::Command command;
    std::string heard;

    Trial() {
        command.arguments = {directory.at("s"), "one"};
        command.environment = {"USER=joe"};
        command.input = {"in", "put\n"};
        command.timeout = std::chrono::seconds(20);
    }
    // The service hears all and says this.
    Ended answered(const std::string& answer) {
        Service service(directory.at("s"), [&](int client) {
            heard = read_all(client);
            write_all(client, answer);
        });
        return deliver::run_by_service(command);
    }
    Ended served(const std::function<void(int)>& serve) {
        Service service(directory.at("s"), serve);
        return deliver::run_by_service(command);
    }
};

}  // namespace

TEST_CASE("a service hears environment, arguments and input, and tells output and result") {
    Trial trial;
    trial.command.arguments = {trial.directory.at("s"), "two words", "tab\there", "\001"};
    trial.command.environment = {"USER=joe", "SENDER=a\nb"};
    trial.command.input_line_ends = base::Command::LineEnds::crlf;
    const Ended ended = trial.answered("the output\n+\n");
    CHECK(ended.success());
    CHECK(ended.output == "the output\n");
    CHECK(trial.heard ==
          "VERSION\tscript\t4\t0\nenv_USER=joe\nenv_SENDER=a\001nb\n-\ntwo words\ntab\001there\n"
          "\0011\n\ninput\r\n");
}

TEST_CASE("what a service says at the end is the result") {
    struct Case {
        const char* answer;
        Ended::How how;
        int code;
        const char* output;
    };
    const auto c = GENERATE(values<Case>({
        {"+\n", Ended::How::exited, 0, ""},
        {"-\n", Ended::How::exited, 1, ""},
        {"out-\n", Ended::How::exited, 1, "out"},
        {"+\n+\n", Ended::How::exited, 0, "+\n"},
        {"", Ended::How::no_result, 0, ""},
        {"+", Ended::How::no_result, 0, ""},
        {"some output\n", Ended::How::no_result, 0, "some outpu"},
    }));
    CAPTURE(c.answer);
    Trial trial;
    const Ended ended = trial.answered(c.answer);
    CHECK(ended.how == c.how);
    CHECK(ended.code == c.code);
    CHECK(ended.output == c.output);
}

TEST_CASE("a service that does not read all of the input is heard all the same") {
    Trial trial;
    const std::string large(8 << 20, 'x');
    trial.command.input = {large};
    CHECK(trial.served([](int client) { write_all(client, "+\n"); }).success());
}

TEST_CASE("large input and output pass each other") {
    Trial trial;
    const std::string large(4 << 20, 'x');
    trial.command.input = {large};
    std::string output;
    trial.command.take_output = [&](std::string_view bytes) {
        output += bytes;
        return true;
    };
    CHECK(trial
              .served([](int client) {
                  std::array<char, 4096> buffer{};
                  for (ssize_t count = 0;
                       (count = ::read(client, buffer.data(), buffer.size())) > 0;)
                      write_all(client, {buffer.data(), static_cast<std::size_t>(count)});
                  write_all(client, "+\n");
              })
              .success());
    CHECK(output.size() > large.size());
    CHECK(output.ends_with("xxx"));
}

TEST_CASE("output that nobody wants more of ends the call") {
    Trial trial;
    trial.command.take_output = [](std::string_view) { return false; };
    CHECK(trial.answered("too much\n+\n").how == Ended::How::no_result);
}

TEST_CASE("output beyond the limit is dropped") {
    Trial trial;
    trial.command.max_output_bytes = 10;
    const Ended ended = trial.answered(std::string(100000, 'x') + "+\n");
    CHECK(ended.success());
    CHECK(ended.output == "xxxxxxxxxx");
}

TEST_CASE("a service that stalls is left after the time limit") {
    Trial trial;
    trial.command.timeout = std::chrono::milliseconds(50);
    CHECK(trial
              .served([](int client) {
                  write_all(client, "half");
                  pollfd gone{client, 0, 0};
                  ::poll(&gone, 1, 20'000);  // until the other side is
              })
              .how == Ended::How::timed_out);
}

TEST_CASE("a service that takes no more connections is left after the time limit") {
    Trial trial;
    const base::Fd listener = listen_at(trial.directory.at("s"), 0);
    trial.command.timeout = std::chrono::milliseconds(60);
    // The backlog takes the first ones, of which nobody hears.
    Ended ended;
    for (int i = 0; i < 3; ++i)
        ended = deliver::run_by_service(trial.command);
    CHECK(ended.how == Ended::How::timed_out);
}

TEST_CASE("where nobody listens the call is not started") {
    Trial trial;
    { listen_at(trial.directory.at("s")); }
    Ended ended = deliver::run_by_service(trial.command);
    CHECK(ended.how == Ended::How::not_started);
    CHECK(ended.code == ECONNREFUSED);
    trial.command.arguments[0] = "/" + std::string(200, 'x');
    CHECK(deliver::run_by_service(trial.command).code == ENAMETOOLONG);
}

TEST_CASE("a socket goes before the program of the same name, and only that that exists") {
    Site site{R"(
base_dir = @D@
mail_plugins = sieve
lda_mailbox_autocreate = yes
plugin {
  sieve = file:~/.dovecot.sieve
  sieve_extensions = +vnd.dovecot.execute
  sieve_execute_socket_dir = sockets
  sieve_execute_bin_dir = @D@/bin
}
)"};
    for (const char* name : {"both", "file"}) {
        site.directory.write(std::string("bin/") + name, "#!/bin/sh\nprintf File\n");
        std::filesystem::permissions(site.directory.at(std::string("bin/") + name),
                                     std::filesystem::perms::owner_all);
    }
    std::filesystem::create_directory(site.directory.at("sockets"));
    site.script(
        "require [\"vnd.dovecot.execute\", \"variables\", \"fileinto\"];\n"
        "execute :output \"a\" \"both\"; execute :output \"b\" \"file\" [\"\"];\n"
        "if not execute \"both\" [\"\"] { set \"c\" \"-Refused\"; }\n"
        "fileinto \"${a}-${b}${c}\";\n");
    {
        Service service(site.directory.at("sockets/both"), [](int client) {
            read_all(client);
            write_all(client, "Socket+\n");
        });
        CHECK(site.deliver().result == deliver::Disposition::Result::delivered);
    }
    CHECK(std::filesystem::exists(site.directory.at("home/M/.Socket-File-Refused/new")));
}
