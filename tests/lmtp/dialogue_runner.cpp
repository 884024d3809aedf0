// SPDX-License-Identifier: MIT
#include "tests/lmtp/dialogue_runner.h"

#include "lmtp/user_slots.h"

#include <utility>

DialogueRunner::DialogueRunner(lmtp::Settings settings, lmtp::Peer peer)
    : session_({std::make_shared<lmtp::Settings>(std::move(settings)), backend_,
                lmtp::UserSlots::create(), &clock_},
               std::move(peer), base::Log("lmtp(1): ")) {}

std::string DialogueRunner::output() {
    return std::exchange(output_, {});
}

void DialogueRunner::take(base::Step step) {
    output_ += step.output;
    while (step.want == base::Want::work) {
        for (const base::Job& job : step.jobs)
            job();
        step = session_.on_work_done();
        output_ += step.output;
    }
    step_ = std::move(step);
}

std::string DialogueRunner::start() {
    take(session_.start());
    return output();
}

std::string DialogueRunner::send(std::string_view bytes) {
    input_ += bytes;
    while (!input_.empty() && !closed() && !wants_tls()) {
        if (step_.want == base::Want::data) {
            base::Step step = session_.on_data(input_);
            std::size_t consumed = step.consumed;
            take(std::move(step));
            input_.erase(0, consumed);
            continue;
        }
        std::size_t lf = input_.find('\n');
        if (lf == std::string::npos) {
            if (input_.size() > session_.max_line_bytes() + 1) {
                long_line_ = true;
                input_.clear();
            }
            break;
        }
        std::string line = input_.substr(0, lf);
        input_.erase(0, lf + 1);
        if (line.ends_with('\r')) line.pop_back();
        bool too_long = std::exchange(long_line_, false) || line.size() > session_.max_line_bytes();
        take(too_long ? session_.on_long_line() : session_.on_line(line));
    }
    return output();
}

std::string DialogueRunner::start_tls() {
    input_.clear();
    take(session_.on_tls("TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits)"));
    return output();
}

std::string DialogueRunner::end(base::End reason) {
    return session_.farewell(reason);
}
