// SPDX-License-Identifier: MIT
// What a protocol session is to the loop that drives it (net/): it is fed with lines and data and
// answers with output and with what it needs next. A dialogue does no I/O, owns no socket and is
// called by one thread at a time; so it can be tested and fuzzed as text.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace base {

// What the loop is to do when it has sent the output.
enum class Want {
    line,   // on_line() with the next line
    data,   // on_data() with whatever bytes there are
    work,   // run all jobs on worker threads, side by side, then on_work_done()
    tls,    // drop the buffered input, start TLS as the server, then on_tls() (or close)
    close,  // send the output and close
};

// A job may block; it must not throw, and touches only what it owns together with the dialogue:
// the connection may end before it does.
using Job = std::function<void()>;

struct Step {
    std::string output;
    Want want = Want::line;
    std::vector<Job> jobs;     // Want::work: at least one
    std::size_t consumed = 0;  // on_data(): how many of the bytes were taken; the rest comes again
};

// Why a dialogue ends from outside.
enum class End { inactivity, shutdown, too_many_connections };

class Dialogue {
  public:
    virtual ~Dialogue() = default;

    // The greeting.
    virtual Step start() = 0;
    // The longest line, without its line end, that on_line() takes.
    virtual std::size_t max_line_bytes() const = 0;
    // A whole line without CRLF (or LF).
    virtual Step on_line(std::string_view line) = 0;
    // A line was longer than allowed; all of it has been dropped.
    virtual Step on_long_line() = 0;
    // At least one byte, as read: a piece of what Want::data asked for, and perhaps what follows
    // it.
    virtual Step on_data(std::string_view bytes) = 0;
    virtual Step on_work_done() = 0;
    // TLS stands; `description` is as "TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits)".
    virtual Step on_tls(std::string_view description) = 0;
    // Whether ending now loses nothing that the client has handed over (false inside DATA).
    virtual bool between_commands() const = 0;
    // The last words for `reason`; the connection closes after them.
    virtual std::string farewell(End reason) = 0;
    // The connection is gone or about to close: called once, last. `reason` is for the log; empty
    // where the dialogue itself asked to close.
    virtual void on_close(std::string_view reason) = 0;
};

}  // namespace base
