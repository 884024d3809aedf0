// SPDX-License-Identifier: MIT
#include "base/subprocess.h"

#include <catch2/catch.hpp>

#include <sys/resource.h>
#include <unistd.h>

using base::Command;
using base::Ended;

namespace {

Command shell(std::string script) {
    Command command;
    command.arguments = {"/bin/sh", "-c", std::move(script)};
    command.environment = {"PATH=/usr/bin:/bin"};
    command.timeout = std::chrono::seconds(20);
    return command;
}

}  // namespace

TEST_CASE("a command's end is told as it was") {
    struct Case {
        std::string script;
        Ended::How how;
        int code;
        std::string output;
    };
    const auto c = GENERATE(values<Case>({
        {"exit 0", Ended::How::exited, 0, ""},
        {"echo out; echo err >&2; exit 3", Ended::How::exited, 3, "out\nerr\n"},
        {"kill -9 $$", Ended::How::signalled, 9, ""},
    }));
    CAPTURE(c.script);
    const Ended ended = base::run_command(shell(c.script));
    CHECK(ended.how == c.how);
    CHECK(ended.code == c.code);
    CHECK(ended.output == c.output);
}

TEST_CASE("a missing program is not started, and the text says so") {
    Command command;
    command.arguments = {"/nonexistent/program"};
    const Ended ended = base::run_command(command);
    CHECK(ended.how == Ended::How::not_started);
    CHECK(ended.text() == "cannot be started: No such file or directory");
}

TEST_CASE("input arrives whole, also when it is larger than a pipe and comes back") {
    const std::string big(300'000, 'x');
    Command command = shell("cat");
    command.input = {"first\n", big};
    command.max_output_bytes = 1'000'000;
    CHECK(base::run_command(command).output == "first\n" + big);
}

TEST_CASE("a lone LF becomes CRLF where asked, once") {
    Command command = shell("od -An -c | tr -d ' \\n'");
    command.input = {"a\n", "b\r", "\nc\n"};
    command.input_line_ends = Command::LineEnds::crlf;
    CHECK(base::run_command(command).output == "a\\r\\nb\\r\\nc\\r\\n");
}

TEST_CASE("a program that does not read its input still succeeds") {
    const std::string big(1'000'000, 'x');
    Command command = shell("exit 0");
    command.input = {big};
    CHECK(base::run_command(command).success());
}

TEST_CASE("output beyond the limit is dropped") {
    Command command = shell("head -c 100000 /dev/zero");
    command.max_output_bytes = 10;
    const Ended ended = base::run_command(command);
    CHECK(ended.success());
    CHECK(ended.output.size() == 10);
}

TEST_CASE("a hanging program is ended, one that ignores TERM too") {
    const std::string script = GENERATE(values<std::string>(
        {"sleep 60", "trap '' TERM; sleep 60 & wait; sleep 60", "exec cat > /dev/null"}));
    CAPTURE(script);
    Command command = shell(script);
    const std::string endless(10, 'x');
    command.input = {endless};
    if (script.starts_with("exec cat")) command.arguments[2] = "sleep 60";
    command.timeout = std::chrono::milliseconds(50);
    command.kill_after = std::chrono::milliseconds(50);
    const auto begin = std::chrono::steady_clock::now();
    CHECK(base::run_command(command).how == Ended::How::timed_out);
    CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(10));
}

TEST_CASE("a program that ends well after its time, with all of the input, has succeeded") {
    Command command = shell("cat >/dev/null; trap 'exit 0' TERM; sleep 60 & wait");
    const std::string input = "x";
    command.input = {input};
    command.timeout = std::chrono::milliseconds(200);
    command.kill_after = std::chrono::seconds(20);
    CHECK(base::run_command(command).success());
}

TEST_CASE("nobody waits for a grandchild that holds the output") {
    const auto begin = std::chrono::steady_clock::now();
    CHECK(base::run_command(shell("sleep 5 & echo done")).output == "done\n");
    CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(4));
}

TEST_CASE("the environment and the directory are those given") {
    Command command = shell(
        "env | grep -v '^PWD=' | grep -v '^_=' | grep -v SHLVL | sort; pwd; ls /proc/self/fd | wc "
        "-l");
    command.environment = {"PATH=/usr/bin:/bin", "HOME=/x"};
    command.directory = "/";
    // ls itself opens one more to read the directory.
    CHECK(base::run_command(command).output == "HOME=/x\nPATH=/usr/bin:/bin\n/\n4\n");
}

TEST_CASE("without a descriptor left a command is not started, which is no exception") {
    rlimit before{};
    REQUIRE(::getrlimit(RLIMIT_NOFILE, &before) == 0);
    const int next = ::dup(0);
    ::close(next);
    // Room for none, for half a pipe, for one pipe, and for both but not for more.
    for (const int room : {0, 1, 2, 3, 4}) {
        rlimit limit = before;
        limit.rlim_cur = static_cast<rlim_t>(next + room);
        ::setrlimit(RLIMIT_NOFILE, &limit);
        const Ended ended = base::run_command(shell("exit 0"));
        ::setrlimit(RLIMIT_NOFILE, &before);
        CAPTURE(room);
        CHECK(ended.success() == (room == 4));
        CHECK(ended.lacked_resources() == (room < 4));
    }
}

TEST_CASE("standard output goes where it is taken, error stays apart; refused, the program ends") {
    base::Command command;
    command.arguments = {"/bin/sh", "-c", "echo out; echo err >&2; echo more"};
    std::string taken;
    command.take_output = [&](std::string_view bytes) {
        taken += bytes;
        return true;
    };
    const base::Ended ended = base::run_command(command);
    CHECK(ended.success());
    CHECK(taken == "out\nmore\n");
    CHECK(ended.output == "err\n");
    command.arguments = {"/bin/sh", "-c", "while :; do echo out; done"};
    command.take_output = [](std::string_view) { return false; };
    CHECK_FALSE(base::run_command(command).success());
}
