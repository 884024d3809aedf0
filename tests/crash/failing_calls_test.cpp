// SPDX-License-Identifier: MIT
// Every system call of a delivery in turn fails, writes short, is interrupted, or is the last one
// before the process dies or the power goes.
#include "tests/crash/delivery.h"

#include <catch2/catch.hpp>

#include <cerrno>
#include <optional>
#include <sys/wait.h>
#include <unistd.h>

using testing::Delivery;
using testing::FaultyFiles;
using testing::Plan;

namespace {

int count_calls(const Plan& plan) {
    Delivery delivery(plan);
    int before = delivery.files().calls();
    delivery.run();
    return delivery.files().calls() - before;
}

// Fails the `call`-th call from now on.
void fail_once(Delivery& delivery, int call, int error) {
    int at = delivery.files().calls() + call;
    delivery.files().before_call = [=](int number, std::string_view) {
        return number == at ? error : 0;
    };
}

bool succeeds(Delivery& delivery) {
    try {
        delivery.run();
        return true;
    } catch (const std::system_error&) {
        return false;
    }
}

// Either everything is stored or nothing is; then the next try, with nothing failing, stores it.
void check_outcome(const Plan& plan, Delivery& delivery, bool stored) {
    for (const std::string& mailbox : plan.mailboxes) {
        CAPTURE(mailbox);
        CHECK(delivery.copies(mailbox) == (stored ? 1 : 0));
    }
    delivery.files().before_call = nullptr;
    if (!stored) {
        delivery.run();
        for (const std::string& mailbox : plan.mailboxes) {
            CAPTURE(mailbox);
            CHECK(delivery.copies(mailbox) == 1);
        }
    }
    delivery.sweep();
    for (const std::string& mailbox : plan.mailboxes)
        CHECK(delivery.left_in_tmp(mailbox) == 0);
}

}  // namespace

TEST_CASE("a call that fails leaves everything stored or nothing") {
    for (const Plan& plan : testing::plans()) {
        int calls = count_calls(plan);
        REQUIRE(calls > 5);
        for (int call = 1; call <= calls; ++call) {
            for (int error : {EIO, ENOSPC, EDQUOT, EMFILE, EACCES, ENOMEM}) {
                Delivery delivery(plan);
                fail_once(delivery, call, error);
                bool stored = succeeds(delivery);
                CAPTURE(plan.name, call, error, delivery.files().names().back());
                check_outcome(plan, delivery, stored);
            }
        }
    }
}

TEST_CASE("a call that is interrupted, or writes short, changes nothing") {
    for (const Plan& plan : testing::plans()) {
        int calls = count_calls(plan);
        for (int call = 1; call <= calls; ++call) {
            for (int error : {EINTR, FaultyFiles::short_write}) {
                Delivery delivery(plan);
                int at = delivery.files().calls() + call;
                delivery.files().before_call = [=](int number, std::string_view name) {
                    bool applies = number == at && (error == EINTR || name == "write");
                    return applies ? error : 0;
                };
                bool stored = succeeds(delivery);
                CAPTURE(plan.name, call, error);
                CHECK(stored);
                check_outcome(plan, delivery, stored);
            }
        }
    }
}

TEST_CASE("a disk that is full from some call on leaves nothing stored until it has room") {
    auto needs_room = [](std::string_view name) {
        return name == "open" || name == "write" || name == "fsync" || name == "mkdir" ||
               name == "rename" || name == "link";
    };
    for (const Plan& plan : testing::plans()) {
        int calls = count_calls(plan);
        for (int call = 1; call <= calls; ++call) {
            Delivery delivery(plan);
            int at = delivery.files().calls() + call;
            delivery.files().before_call = [=](int number, std::string_view name) {
                return number >= at && needs_room(name) ? ENOSPC : 0;
            };
            bool stored = succeeds(delivery);
            CAPTURE(plan.name, call);
            check_outcome(plan, delivery, stored);
        }
    }
}

TEST_CASE("what was acknowledged is there after a loss of power, and nothing else is half there") {
    for (const Plan& plan : testing::plans()) {
        int calls = count_calls(plan);
        for (int call = 1; call <= calls + 1; ++call) {
            Delivery delivery(plan);
            delivery.files().start_journal(delivery.attic());
            int at = delivery.files().calls() + call;
            // Nothing works any more once the power is gone.
            delivery.files().before_call = [=](int number, std::string_view) {
                return number >= at ? EIO : 0;
            };
            bool stored = succeeds(delivery);
            delivery.files().power_loss();
            CAPTURE(plan.name, call);
            if (call > calls) CHECK(stored);
            for (const std::string& mailbox : plan.mailboxes) {
                CAPTURE(mailbox);
                int copies = delivery.copies(mailbox);
                CHECK((stored ? copies == 1 : copies == 0 || copies == 1));
            }
            if (!stored) {
                delivery.run();
                for (const std::string& mailbox : plan.mailboxes)
                    CHECK(delivery.copies(mailbox) >= 1);
            }
            delivery.sweep();
            for (const std::string& mailbox : plan.mailboxes)
                CHECK(delivery.left_in_tmp(mailbox) == 0);
        }
    }
}

TEST_CASE("keywords and subscriptions that a delivery made survive a loss of power") {
    for (const char* location : {"maildir:~/Maildir", "maildir:~/Maildir:CONTROL=~/c"}) {
        Plan plan{"keywords", location, {"Work"}, {"label"}, false};
        Delivery delivery(plan);
        delivery.files().start_journal(delivery.attic());
        std::string path = delivery.run().front().path;
        auto work = *delivery.storage().locate("Work");
        delivery.files().power_loss();
        CHECK(path.ends_with(":2,a"));
        CHECK(testing::read_whole(path) == testing::message_text);
        CHECK(testing::read_whole(work.control_directory + "/dovecot-keywords") == "0 label\n");
        std::string home = path.substr(0, path.find("/home/") + 5);
        std::string control = std::string(location).ends_with("/c") ? "/c" : "/Maildir";
        CHECK(testing::read_whole(home + control + "/subscriptions") == "V\t2\n\nWork\n");
    }
}

TEST_CASE("a process killed before any call leaves no half message, and the next try stores it") {
    constexpr int killed = 99;
    for (const Plan& plan : testing::plans()) {
        int calls = count_calls(plan);
        for (int call = 1; call <= calls; ++call) {
            Delivery delivery(plan);
            pid_t child = ::fork();
            if (child == 0) {
                int at = delivery.files().calls() + call;
                delivery.files().before_call = [=](int number, std::string_view) {
                    if (number == at) ::_exit(killed);
                    return 0;
                };
                ::_exit(succeeds(delivery) ? 0 : 1);
            }
            int status = 0;
            REQUIRE(::waitpid(child, &status, 0) == child);
            CAPTURE(plan.name, call);
            REQUIRE(WIFEXITED(status));
            CHECK(WEXITSTATUS(status) == killed);
            std::vector<int> left;
            for (const std::string& mailbox : plan.mailboxes) {
                left.push_back(delivery.copies(mailbox));
                CHECK((left.back() == 0 || left.back() == 1));
            }
            delivery.run();
            for (std::size_t i = 0; i < plan.mailboxes.size(); ++i)
                CHECK(delivery.copies(plan.mailboxes[i]) == left[i] + 1);
            delivery.sweep();
            for (const std::string& mailbox : plan.mailboxes)
                CHECK(delivery.left_in_tmp(mailbox) == 0);
        }
    }
}
