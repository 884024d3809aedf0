// SPDX-License-Identifier: MIT
// What the words of vnd.dovecot.testsuite work with (sieve-compat 5): the scripts under test, their
// message, their errors and their result. Only sieve-testsuite has one; a Host gives it. One
// thread. A function that answers with a text says why its command fails; empty: it did not.
#pragma once

#include "sieve/action.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace sieve {

class Message;

// What the test script itself has decided since it was asked last, and the message as it has edited
// it (absent: as it came).
struct OwnResult {
    std::vector<Action> actions;
    Flags flags;
    bool implicit_keep = true;
    std::shared_ptr<const Message> message{};
};

class Testsuite {
  public:
    virtual ~Testsuite() = default;

    // Blocks (`test "name" { }`). A block ends by one of the latter two.
    virtual void begin_block(std::string_view name) = 0;
    virtual void end_block() = 0;
    virtual void fail_block(std::string_view reason, unsigned line) = 0;

    // The message under test where a command has changed it since this was asked last, else
    // nothing.
    virtual std::shared_ptr<const Message> changed_message() = 0;
    // `what`: "message" or "envelope.from" and its like, as the compiler has passed it.
    virtual std::string set(std::string_view what, std::string_view value) = 0;

    virtual std::string set_config(std::string_view name, std::string_view value) = 0;
    virtual std::string unset_config(std::string_view name) = 0;
    // An empty extension: the core settings.
    virtual std::string reload_config(std::string_view extension) = 0;

    virtual bool compile(std::string_view path) = 0;
    // Over the message as it stands; the result is then the script's, after what was decided before
    // where that is wanted.
    virtual bool run(bool append) = 0;
    virtual bool run_sequence(const std::vector<std::string_view>& paths) = 0;
    virtual std::string save_binary(std::string_view name) = 0;
    virtual std::string load_binary(std::string_view name) = 0;

    // Of what was compiled or run last, without their places.
    virtual std::vector<std::string> errors() const = 0;

    // Adds to the result.
    virtual void take(OwnResult own) = 0;
    virtual std::vector<std::string> action_names() const = 0;
    virtual bool execute() = 0;
    virtual void print_result() = 0;
    virtual void reset_result() = 0;

    // Mail that was sent, or in a folder, by its number from 0: it becomes the message under test.
    virtual bool take_sent_message(std::uint64_t index) = 0;
    virtual bool take_stored_message(std::string_view folder, std::uint64_t index) = 0;
    virtual void print_message() = 0;
    virtual std::string create_mailbox(std::string_view name) = 0;
    // An empty mailbox: the server's.
    virtual std::string set_annotation(std::string_view mailbox, std::string_view entry,
                                       std::string_view value) = 0;
};

}  // namespace sieve
