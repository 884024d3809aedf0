// SPDX-License-Identifier: MIT
// What a system test asks of a memory on a real server: memory-probe SETTING OWNER COMMAND..., with
// one memory for all commands: remembers ID, claim ID, remember ID SECONDS, forget ID, sleep MS.
// Each answer is a line; complaints follow as "complaint: TEXT".
#include "memory/backend.h"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>

int main(int argc, char** argv) {
    if (argc < 4) return 64;
    auto backend = memory::make_backend(argv[1]);
    if (!backend) {
        std::printf("%s\n", backend.error().c_str());
        return 78;
    }
    const auto memory = (*backend)->of(argv[2], {.patience = std::chrono::seconds(5)});
    const auto say = [](bool answer) { std::puts(answer ? "yes" : "no"); };
    for (int i = 3; i + 1 < argc; i += 2) {
        const std::string command = argv[i];
        const std::string id = argv[i + 1];
        if (command == "remembers") say(memory->remembers(id));
        if (command == "claim") say(memory->claim(id));
        if (command == "forget") memory->forget(id);
        if (command == "sleep")
            std::this_thread::sleep_for(std::chrono::milliseconds(std::atol(id.c_str())));
        if (command == "remember" && i + 2 < argc)
            say(memory->remember(id, std::chrono::seconds(std::atol(argv[++i + 1]))));
        std::fflush(stdout);
        if (const std::string complaint = memory->complaint(); !complaint.empty())
            std::printf("complaint: %s\n", complaint.c_str());
    }
    return 0;
}
