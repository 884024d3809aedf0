// SPDX-License-Identifier: MIT
// What a Sieve script costs inside of one process: to compile it, to load its binary (checksum and
// verification included) and to run it over a message, the message's parsing included. Microseconds
// of CPU time, the first decile of the rounds, because a neighbour's work only adds; as JSON.
//
//   sieve-rate ROUNDS MESSAGE SCRIPT
#include "base/file.h"
#include "deliver/sieve_message.h"
#include "mail/message.h"
#include "sieve/compile.h"
#include "sieve/machine/machine.h"
#include "sieve/program/binary.h"

#include <fmt/core.h>

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

constexpr std::size_t max_bytes = std::size_t{16} << 20;

double cpu_us() {
    timespec now{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return 1e6 * static_cast<double>(now.tv_sec) + 1e-3 * static_cast<double>(now.tv_nsec);
}

template <typename What>
double first_decile(unsigned rounds, What what) {
    std::vector<double> times;
    for (unsigned i = 0; i < rounds; ++i) {
        const double begin = cpu_us();
        what();
        times.push_back(cpu_us() - begin);
    }
    std::ranges::sort(times);
    return times[times.size() / 10];
}

void measure(unsigned rounds, const std::string& text, const std::string& source) {
    const sieve::CompileOptions options;
    const auto compile = [&] { return sieve::compile(source, options).program.value(); };
    const sieve::Program compiled = compile();
    const std::string binary(sieve::save(compiled));
    const auto load = [&] {
        return sieve::load(binary, options.extensions, sieve::hash_source(source)).program.value();
    };
    const sieve::Program program = load();
    const sieve::Envelope envelope{"sender@example.com", "me@example.org", {}, {}};
    const deliver::SieveHost host{deliver::SieveHost::World{}};
    const sieve::RunSettings settings;
    const auto run = [&] {
        const mail::Message parsed(text);
        const deliver::SieveMessage message(parsed);
        const sieve::Job job{message, envelope, host, settings, "rules"};
        if (sieve::run(program, job).error) throw std::runtime_error("the script fails");
    };
    fmt::print(
        "{{\"compile_us\": {:.1f}, \"load_us\": {:.1f}, \"run_us\": {:.2f}, \"bytes\": {}}}\n",
        first_decile(rounds, compile), first_decile(rounds, load), first_decile(rounds * 10, run),
        binary.size());
}

}  // namespace

int main(int argc, char** argv) try {
    if (argc != 4) {
        fmt::print(stderr, "usage: sieve-rate ROUNDS MESSAGE SCRIPT\n");
        return 64;
    }
    const auto rounds = static_cast<unsigned>(std::max(1, std::atoi(argv[1])));
    const auto text = base::read_file(argv[2], max_bytes);
    const auto source = base::read_file(argv[3], max_bytes);
    if (!text || !source) throw std::runtime_error("a file is missing or too large");
    measure(rounds, *text, *source);
    return 0;
} catch (const std::exception& error) {
    fmt::print(stderr, "sieve-rate: {}\n", error.what());
    return 1;
}
