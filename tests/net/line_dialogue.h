// SPDX-License-Identifier: MIT
// A small protocol to try the loop with: it answers lines, reads data up to a lone "END" (as bytes,
// four at the end), works on a worker thread, and starts TLS.
#pragma once

#include "base/dialogue.h"

#include <functional>
#include <memory>
#include <string>

struct Heard {
    std::string closed;  // why on_close() was called
    bool loop_waited = false;
    std::function<void()> job = [] {};
    std::string worked = "worked\r\n";
};

class LineDialogue final : public base::Dialogue {
  public:
    explicit LineDialogue(std::shared_ptr<Heard> heard) : heard_(std::move(heard)) {}

    base::Step start() override;
    std::size_t max_line_bytes() const override { return 100; }
    base::Step on_line(std::string_view line) override;
    base::Step on_long_line() override;
    base::Step on_data(std::string_view bytes) override;
    base::Step on_work_done() override;
    base::Step on_tls(std::string_view description) override;
    bool between_commands() const override { return !in_data_; }
    std::string farewell(base::End reason) override;
    void on_close(std::string_view reason) override { heard_->closed = reason; }

  private:
    std::shared_ptr<Heard> heard_;
    std::string data_;
    bool in_data_ = false;
};
