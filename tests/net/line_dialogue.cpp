// SPDX-License-Identifier: MIT
#include "tests/net/line_dialogue.h"

namespace {

base::Step say(std::string text, base::Want want = base::Want::line) {
    base::Step step;
    step.output = std::move(text);
    step.want = want;
    return step;
}

}  // namespace

base::Step LineDialogue::start() {
    return say("hello\r\n");
}

base::Step LineDialogue::on_line(std::string_view line) {
    if (line == "DATA") {
        in_data_ = true;
        return say("go\r\n", base::Want::data);
    }
    if (line == "WORK") {
        base::Step step = say("", base::Want::work);
        step.jobs.assign(3, heard_->job);
        return step;
    }
    if (line == "TLS") return say("tls\r\n", base::Want::tls);
    if (line == "QUIT") return say("bye\r\n", base::Want::close);
    if (line == "FLOOD") return say(std::string(1 << 20, 'x').append("\r\n"));
    return say("<" + std::string(line) + ">\r\n");
}

base::Step LineDialogue::on_long_line() {
    return say("too long\r\n");
}

base::Step LineDialogue::on_data(std::string_view bytes) {
    base::Step step;
    step.want = base::Want::data;
    for (char c : bytes) {
        data_ += c;
        ++step.consumed;
        if (data_.ends_with("END\n")) {
            step.output = std::to_string(data_.size()) + " bytes\r\n";
            step.want = base::Want::line;
            data_.clear();
            in_data_ = false;
            break;
        }
    }
    return step;
}

base::Step LineDialogue::on_work_done() {
    return say(heard_->worked);
}

base::Step LineDialogue::on_tls(std::string_view description) {
    return say(std::string(description) + "\r\n");
}

std::string LineDialogue::farewell(base::End reason) {
    switch (reason) {
        case base::End::inactivity:
            return "idle\r\n";
        case base::End::shutdown:
            return "shutdown\r\n";
        case base::End::too_many_connections:
            return "full\r\n";
    }
    return {};
}
