// SPDX-License-Identifier: MIT
// sieve-dump(1): shows what a compiled script holds (sieve-compat 4.3).
#include "base/file.h"
#include "bin/sieve_tool.h"
#include "sieve/limits.h"
#include "sieve/program/binary.h"
#include "sieve/program/listing.h"

#include <CLI/CLI.hpp>

#include <string>

namespace {

struct Options : bin::SieveOptions {
    std::string binary;
    std::string out = "-";
    bool hexadecimal = false;
};

int run(const Options& options) {
    const bin::SieveSetUp setup = bin::set_up("sieve-dump", options);
    auto bytes = base::read_file(options.binary, sieve::limits::max_program_bytes);
    if (!bytes) {
        setup.log.error("failed to load binary: " + options.binary + ": No such file or directory");
        return EXIT_FAILURE;
    }
    const sieve::Loaded loaded = sieve::load(std::move(*bytes), std::nullopt, std::nullopt);
    if (!loaded.program) {
        setup.log.error("sieve: binary " + options.binary + ": " + loaded.why);
        setup.log.error("failed to load binary: " + options.binary);
        return EXIT_FAILURE;
    }
    std::string text = sieve::listing(*loaded.program);
    if (options.hexadecimal) text += sieve::hex_listing(*loaded.program);
    bin::write_text(options.out, text);
    return EXIT_SUCCESS;
}

}  // namespace

int main(int argc, char** argv) {
    Options options;
    CLI::App app{"Shows compiled Sieve scripts.", "sieve-dump"};
    // -h is the hexadecimal listing here, as it is in Pigeonhole's.
    app.set_help_flag("--help", "show this");
    bin::add_sieve_options(app, options, bin::UserOption::no);
    app.add_flag("-h", options.hexadecimal, "add the sections in hexadecimal");
    app.add_option("sieve-binary", options.binary, "compiled script")->required();
    app.add_option("out-file", options.out, "where the text goes; - is standard output");
    return bin::run_tool(app, argc, argv, [&options] { return run(options); });
}
