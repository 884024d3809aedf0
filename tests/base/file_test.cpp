// SPDX-License-Identifier: MIT
#include "base/file.h"

#include <catch2/catch.hpp>

#include <string>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

namespace {

struct Directory {
    std::string path = "/tmp/tamis-file-test." + std::to_string(::getpid());
    Directory() { base::make_directories(path, 0700); }
    ~Directory() {
        ::unlink((path + "/x").c_str());
        ::rmdir(path.c_str());
    }
};

}  // namespace

TEST_CASE("output replaces a regular file and makes a missing one") {
    Directory directory;
    const std::string path = directory.path + "/x";
    base::write_output(path, "one", 0600);
    CHECK(base::read_file(path, 100) == "one");
    base::write_output(path, "two", 0600);
    CHECK(base::read_file(path, 100) == "two");
}

TEST_CASE("output goes into a pipe or a device that stands there, which stays") {
    Directory directory;
    const std::string path = directory.path + "/x";
    REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
    std::thread writer([&] { base::write_output(path, "through", 0600); });
    CHECK(base::read_file(path, 100, base::OtherFiles::read) == "through");
    writer.join();
    struct stat status {};
    REQUIRE(::stat(path.c_str(), &status) == 0);
    CHECK(S_ISFIFO(status.st_mode));
}

TEST_CASE("a pipe that a user has put there is not waited for") {
    Directory directory;
    const std::string path = directory.path + "/x";
    REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
    CHECK_THROWS_AS(base::read_file(path, 100), std::system_error);
}

TEST_CASE("a file is rotated once it is large, and not twice at once") {
    Directory directory;
    const std::string path = directory.path + "/x";
    const std::string old = directory.path + "/x.old";
    base::replace_file(path, "12345", 0600);
    base::rotate_file(path, old, 6);
    CHECK(base::read_file(path, 100) == "12345");
    std::vector<std::thread> threads;
    for (int i = 0; i < 8; ++i)
        threads.emplace_back([&] { base::rotate_file(path, old, 5); });
    for (std::thread& thread : threads)
        thread.join();
    CHECK_FALSE(base::read_file(path, 100));
    CHECK(base::read_file(old, 100) == "12345");
    ::unlink(old.c_str());
}
