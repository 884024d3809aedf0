// SPDX-License-Identifier: MIT
// Drives an LMTP session as net/ does, without sockets: bytes in, bytes out, jobs at once. In the
// header, so that the fuzz target is one file.
#pragma once

#include "base/clock.h"
#include "lmtp/session.h"
#include "lmtp/user_slots.h"
#include "tests/lmtp/fake_backend.h"

#include <memory>
#include <string>
#include <string_view>
#include <utility>

struct FixedClock final : base::Clock {
    base::WallTime now() const override { return base::WallTime{}; }
};

class DialogueRunner {
  public:
    DialogueRunner(lmtp::Settings settings, lmtp::Peer peer)
        : session_({std::make_shared<lmtp::Settings>(std::move(settings)), backend_,
                    lmtp::UserSlots::create(), &clock_},
                   std::move(peer), base::Log("lmtp(1): ")) {}

    // Each gives what the session says to it.
    std::string start() {
        take(session_.start());
        return output();
    }

    std::string send(std::string_view bytes) {
        input_ += bytes;
        while (!input_.empty() && !closed() && !wants_tls()) {
            std::size_t used = step_.want == base::Want::data ? feed_data() : feed_line();
            if (used == 0) break;
            input_.erase(0, used);
        }
        return output();
    }

    std::string start_tls() {
        input_.clear();
        take(session_.on_tls("TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits)"));
        return output();
    }

    std::string end(base::End reason) { return session_.farewell(reason); }

    bool closed() const { return step_.want == base::Want::close; }
    bool wants_tls() const { return step_.want == base::Want::tls; }
    lmtp::Session& session() { return session_; }
    FakeBackend& backend() { return *backend_; }

  private:
    std::size_t feed_data() {
        base::Step step = session_.on_data(input_);
        std::size_t consumed = step.consumed;
        take(std::move(step));
        return consumed;
    }

    std::size_t feed_line() {
        std::size_t lf = input_.find('\n');
        if (lf == std::string::npos) {
            if (input_.size() <= session_.max_line_bytes() + 1) return 0;
            long_line_ = true;
            return input_.size();
        }
        std::string_view line = std::string_view(input_).substr(0, lf);
        if (line.ends_with('\r')) line.remove_suffix(1);
        bool too_long = std::exchange(long_line_, false) || line.size() > session_.max_line_bytes();
        take(too_long ? session_.on_long_line() : session_.on_line(line));
        return lf + 1;
    }

    void take(base::Step step) {
        output_ += step.output;
        while (step.want == base::Want::work) {
            for (const base::Job& job : step.jobs)
                job();
            step = session_.on_work_done();
            output_ += step.output;
        }
        step_ = std::move(step);
    }

    std::string output() { return std::exchange(output_, {}); }

    FixedClock clock_;
    std::shared_ptr<FakeBackend> backend_ = std::make_shared<FakeBackend>();
    lmtp::Session session_;
    base::Step step_;
    std::string input_;
    std::string output_;
    bool long_line_ = false;
};
