// SPDX-License-Identifier: MIT
// The loop over real loopback sockets.
#include "net/server.h"

#include "net/tls.h"
#include "net/worker_pool.h"
#include "tests/net/line_dialogue.h"
#include "tests/net/test_certificate.h"
#include "tests/net/test_client.h"

#include <atomic>
#include <future>
#include <thread>

namespace {

using namespace std::chrono_literals;

// A server with one listener on a thread of its own.
class Running {
  public:
    explicit Running(net::ServerLimits limits = {}, bool tls_first = false)
        : server_(limits, pool_, base::Log("test: ")) {
        TestCertificate made = make_test_certificate();
        net::TlsSettings settings;
        settings.certificate = made.certificate;
        settings.key = made.key;
        server_.use_tls(std::make_shared<net::TlsContext>(settings));
        std::vector<net::Listener> listeners = net::listen_inet({"127.0.0.1"}, 0);
        port_ = net::bound_port(listeners[0]);
        listeners[0].is_tls = tls_first;
        server_.add(std::move(listeners[0]), [this](const net::Client& client) {
            last_client = client;
            return std::make_unique<LineDialogue>(heard);
        });
    }
    ~Running() { stop(); }

    void start() {
        thread_ = std::thread([this] { server_.run(); });
    }
    void begin_stop() { server_.stop(); }
    void stop() {
        if (!thread_.joinable()) return;
        server_.stop();
        thread_.join();
    }
    TestClient connect() {
        if (!thread_.joinable()) start();
        return TestClient::to_port(port_);
    }

    std::shared_ptr<Heard> heard = std::make_shared<Heard>();
    net::Client last_client;

  private:
    net::WorkerPool pool_{3};
    net::Server server_;
    std::uint16_t port_ = 0;
    std::thread thread_;
};

net::ServerLimits quick() {
    net::ServerLimits limits;
    limits.tick = 5ms;
    return limits;
}

}  // namespace

TEST_CASE("pipelined lines are answered in order, whatever pieces they come in") {
    Running running;
    TestClient client = running.connect();
    CHECK(client.line() == "hello");
    client.send("a\r\nb\nDATA\r\nbytes\nEND\nc\r\nWORK\r\nd");
    CHECK(client.line() == "<a>");
    CHECK(client.line() == "<b>");
    CHECK(client.line() == "go");
    CHECK(client.line() == "10 bytes");
    CHECK(client.line() == "<c>");
    CHECK(client.line() == "worked");
    client.send("\r\nQUIT\r\nlost\r\n");
    CHECK(client.line() == "<d>");
    CHECK(client.line() == "bye");
    CHECK(client.line() == "<end>");
    running.stop();
    CHECK(running.heard->closed == "");
    CHECK(running.last_client.address == "127.0.0.1");
}

TEST_CASE("a line may be as long as the dialogue says, and no longer") {
    Running running;
    TestClient client = running.connect();
    client.line();
    const std::string limit(100, 'x');
    client.send(limit + "\r\n" + limit + "x\r\n" + std::string(300000, 'y') + "\r\nok\r\n");
    CHECK(client.line() == "<" + limit + ">");
    CHECK(client.line() == "too long");
    CHECK(client.line() == "too long");
    CHECK(client.line() == "<ok>");
}

TEST_CASE("large data and large output pass, also to a client that reads late") {
    Running running;
    TestClient client = running.connect();
    client.line();
    client.send("DATA\r\n");
    CHECK(client.line() == "go");
    client.send(std::string(3000000, 'x') + "END\n");
    CHECK(client.line() == "3000004 bytes");
    client.send("FLOOD\r\nFLOOD\r\nFLOOD\r\nFLOOD\r\nQUIT\r\n");
    for (int i = 0; i < 4; ++i)
        CHECK(client.line().size() == 1 << 20);
    CHECK(client.line() == "bye");
}

TEST_CASE("a client that goes away in the middle is noted") {
    Running running;
    TestClient client = running.connect();
    client.line();
    client.send("DATA\r\nhalf");
    CHECK(client.line() == "go");
    client.close();
    running.stop();
    CHECK(running.heard->closed.starts_with("Connection closed"));
}

TEST_CASE("a silent client is told and dropped") {
    net::ServerLimits limits = quick();
    limits.idle = 20ms;
    Running running(limits);
    TestClient client = running.connect();
    CHECK(client.line() == "hello");
    CHECK(client.line() == "idle");
    CHECK(client.line() == "<end>");
}

TEST_CASE("STARTTLS: what came in the clear with it is dropped") {
    Running running;
    TestClient client = running.connect();
    client.line();
    client.send("TLS\r\ninjected\r\n");
    CHECK(client.line() == "tls");
    client.start_tls();
    CHECK_THAT(client.line(), Catch::StartsWith("TLSv1.3 with cipher "));
    client.send("over TLS\r\n");
    CHECK(client.line() == "<over TLS>");
    client.send("DATA\r\n" + std::string(100000, 'x') + "END\nQUIT\r\n");
    CHECK(client.line() == "go");
    CHECK(client.line() == "100004 bytes");
    CHECK(client.line() == "bye");
    CHECK(client.line() == "<end>");
}

TEST_CASE("a listener may speak TLS from the first byte") {
    Running running({}, true);
    TestClient client = running.connect();
    client.start_tls();
    CHECK(client.line() == "hello");
    CHECK_THAT(running.last_client.tls, Catch::StartsWith("TLSv1.3 with cipher "));
}

TEST_CASE("a client that fails at TLS is dropped, others go on") {
    Running running;
    TestClient client = running.connect();
    client.line();
    client.send("TLS\r\n");
    client.line();
    client.send("this is no handshake\r\n");
    while (client.line() != "<end>") {
    }
    TestClient other = running.connect();
    CHECK(other.line() == "hello");
    running.stop();
}

TEST_CASE("past the limit of connections a client is told so") {
    net::ServerLimits limits;
    limits.connections = 2;
    Running running(limits);
    TestClient first = running.connect();
    TestClient second = running.connect();
    CHECK(first.line() == "hello");
    CHECK(second.line() == "hello");
    TestClient third = running.connect();
    CHECK(third.line() == "full");
    CHECK(third.line() == "<end>");
    first.send("QUIT\r\n");
    CHECK(first.line() == "bye");
    CHECK(first.line() == "<end>");
    TestClient fourth = running.connect();
    std::string greeting = fourth.line();
    if (greeting == "full") {  // the first one's end may not have been noticed yet
        fourth = running.connect();
        greeting = fourth.line();
    }
    CHECK(greeting == "hello");
}

TEST_CASE("shutdown: idle clients hear of it, running work and begun data are finished") {
    Running running(quick());
    std::promise<void> at_work;
    std::promise<void> go_on;
    std::atomic<bool> first = true;
    running.heard->job = [&] {
        if (!first.exchange(false)) return;
        at_work.set_value();
        go_on.get_future().wait();
    };
    TestClient idle = running.connect();
    TestClient in_data = running.connect();
    TestClient at_job = running.connect();
    CHECK(idle.line() == "hello");
    CHECK(in_data.line() == "hello");
    CHECK(at_job.line() == "hello");
    in_data.send("DATA\r\nhalf");
    CHECK(in_data.line() == "go");
    at_job.send("WORK\r\nnever heard\r\n");
    at_work.get_future().wait();

    running.begin_stop();
    CHECK(idle.line() == "shutdown");
    CHECK(idle.line() == "<end>");
    in_data.send(" and END\nnever heard\r\n");
    CHECK(in_data.line() == "13 bytes");
    CHECK(in_data.line() == "shutdown");
    CHECK(in_data.line() == "<end>");
    go_on.set_value();
    CHECK(at_job.line() == "worked");
    CHECK(at_job.line() == "shutdown");
    CHECK(at_job.line() == "<end>");
    running.stop();
}

TEST_CASE("shutdown: the grace for begun data ends") {
    net::ServerLimits limits = quick();
    limits.shutdown_grace = 20ms;
    Running running(limits);
    TestClient in_data = running.connect();
    in_data.line();
    in_data.send("DATA\r\nhalf");
    CHECK(in_data.line() == "go");
    running.begin_stop();
    CHECK(in_data.line() == "shutdown");
    CHECK(in_data.line() == "<end>");
    running.stop();
}

TEST_CASE("shutdown: who does not read the answer to its last work is not waited for long") {
    net::ServerLimits limits = quick();
    limits.shutdown_grace = 20ms;
    limits.last_reply = 50ms;
    Running running(limits);
    std::promise<void> at_work;
    std::promise<void> go_on;
    std::atomic<bool> first = true;
    running.heard->worked = std::string(std::size_t{16} << 20, 'x');
    running.heard->job = [&] {
        if (!first.exchange(false)) return;
        at_work.set_value();
        go_on.get_future().wait();
    };
    TestClient client = running.connect();
    TestClient in_data = running.connect();
    client.line();
    in_data.line();
    in_data.send("DATA\r\nhalf");
    CHECK(in_data.line() == "go");
    client.send("WORK\r\n");
    at_work.get_future().wait();
    running.begin_stop();
    CHECK(in_data.line() == "shutdown");  // so the grace is over
    const auto begin = std::chrono::steady_clock::now();
    go_on.set_value();
    running.stop();
    CHECK(std::chrono::steady_clock::now() - begin < 10s);
}
