// SPDX-License-Identifier: MIT
// Drives an LMTP session as net/ does, without sockets: bytes in, bytes out, jobs at once.
#pragma once

#include "base/clock.h"
#include "lmtp/session.h"
#include "tests/lmtp/fake_backend.h"

#include <memory>
#include <string>
#include <string_view>

struct FixedClock final : base::Clock {
    base::WallTime now() const override { return base::WallTime{}; }
};

class DialogueRunner {
  public:
    DialogueRunner(lmtp::Settings settings, lmtp::Peer peer);

    // Each gives what the session says to it.
    std::string start();
    std::string send(std::string_view bytes);
    std::string start_tls();
    std::string end(base::End reason);

    bool closed() const { return step_.want == base::Want::close; }
    bool wants_tls() const { return step_.want == base::Want::tls; }
    lmtp::Session& session() { return session_; }
    FakeBackend& backend() { return *backend_; }

  private:
    void take(base::Step step);
    std::string output();

    FixedClock clock_;
    std::shared_ptr<FakeBackend> backend_ = std::make_shared<FakeBackend>();
    lmtp::Session session_;
    base::Step step_;
    std::string input_;
    std::string output_;
    bool long_line_ = false;
};
