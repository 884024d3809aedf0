// SPDX-License-Identifier: MIT
#include "net/listener.h"

#include "tests/net/test_client.h"

#include <cstdlib>
#include <filesystem>
#include <sys/stat.h>

namespace {

struct Folder {
    Folder() {
        char name[] = "/tmp/net-test-XXXXXX";
        path = ::mkdtemp(name);
    }
    ~Folder() { std::filesystem::remove_all(path); }
    std::string path;
};

}  // namespace

TEST_CASE("a unix socket has the mode that was asked for") {
    Folder folder;
    net::Listener listener = net::listen_unix({folder.path + "/lmtp", 0660});
    struct stat info {};
    REQUIRE(::stat((folder.path + "/lmtp").c_str(), &info) == 0);
    CHECK((info.st_mode & 07777) == 0660);
    CHECK_NOTHROW(TestClient::to_path(folder.path + "/lmtp"));
}

TEST_CASE("a stale socket is replaced, a living one is an error") {
    Folder folder;
    const std::string path = folder.path + "/lmtp";
    { net::Listener gone = net::listen_unix({path, 0600}); }
    net::Listener listener = net::listen_unix({path, 0600});
    CHECK_THROWS_WITH(net::listen_unix({path, 0600}),
                      "Dovecot is already running? Socket already exists: " + path);
    CHECK_THROWS_WITH(net::listen_unix({folder.path + "/missing/lmtp", 0600}),
                      Catch::Contains("No such file or directory"));
    CHECK_THROWS_WITH(net::listen_unix({"/" + std::string(200, 'x'), 0600}),
                      Catch::Contains("too long"));
}

TEST_CASE("inet listeners get a port of their own and refuse names") {
    std::vector<net::Listener> listeners = net::listen_inet({"127.0.0.1"}, 0);
    REQUIRE(listeners.size() == 1);
    CHECK(net::bound_port(listeners[0]) != 0);
    CHECK_THROWS_WITH(net::listen_inet({"127.0.0.1"}, net::bound_port(listeners[0])),
                      Catch::Contains("Address already in use"));
    CHECK_THROWS_WITH(net::listen_inet({"localhost"}, 0), Catch::Contains("localhost"));
}
