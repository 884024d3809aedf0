// SPDX-License-Identifier: MIT
// sieve-dump(1): shows what a compiled script holds (sieve-compat 4.3).
#include "base/file.h"
#include "bin/sieve_tool.h"
#include "sieve/limits.h"
#include "sieve/program/binary.h"
#include "sieve/program/dump.h"

#include <CLI/CLI.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <system_error>

namespace {

struct Options : bin::SieveOptions {
    std::string binary;
    std::string out = "-";
    bool hexadecimal = false;
};

// A binary does not name its script. Where one lies beside it, whether it is the one.
std::string location_of(const std::string& binary, const sieve::Program& program) {
    constexpr std::string_view suffix = ".svbin";
    if (!binary.ends_with(suffix)) return {};
    const std::string path = binary.substr(0, binary.size() - suffix.size()) + ".sieve";
    std::optional<std::string> source;
    try {
        source = base::read_file(path, sieve::limits::default_max_script_bytes);
    } catch (const std::system_error&) {
        return {};
    }
    if (!source) return {};
    const sieve::format::Header& header = program.image().header();
    const sieve::SourceHash hash = sieve::hash_source(*source);
    const bool same = hash == sieve::SourceHash{header.source_high, header.source_low};
    return path + (same ? "" : " (changed since it was compiled)");
}

int run(const Options& options) {
    const bin::SieveSetUp setup = bin::set_up("sieve-dump", options);
    auto bytes =
        base::read_file(options.binary, sieve::limits::max_program_bytes, base::OtherFiles::read);
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
    std::string text = sieve::dump(*loaded.program, location_of(options.binary, *loaded.program));
    if (options.hexadecimal) text += sieve::hex_dump(*loaded.program);
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
