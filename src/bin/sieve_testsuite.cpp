// SPDX-License-Identifier: MIT
// sieve-testsuite(1): unit tests of Sieve scripts (sieve-compat 5).
#include "bin/sieve_tool.h"
#include "bin/testsuite_case.h"
#include "sieve/extension_set.h"

#include <CLI/CLI.hpp>

#include <cstdio>
#include <cstdlib>
#include <string>
#include <sysexits.h>
#include <vector>

namespace {

struct CommandLine {
    bin::TestsuiteOptions options;
    std::string extensions;                // -x
    std::vector<std::string> plugins;      // -P
    std::vector<std::string> trace_words;  // -T
    std::vector<std::string> files;
    bool debug = false;  // -D
};

sieve::AllowedExtensions scripts_extensions(const std::string& wanted) {
    sieve::AllowedExtensions every = sieve::every_extension();
    if (wanted.empty()) return every;
    const bool relative = wanted.front() == '+' || wanted.front() == '-';
    sieve::ExtensionSettings settings;
    settings.extensions = relative ? sieve::capability_string(every) + ' ' + wanted : wanted;
    sieve::AllowedExtensions result = sieve::resolve_extensions(settings, sieve::Rights::global);
    for (const std::string& name : result.unknown)
        std::fprintf(stderr, "sieve-testsuite: Warning: ignored unknown extension '%s'\n",
                     name.c_str());
    return result;
}

void tell_end(const bin::TestsuiteCount& count, bool expect_failure) {
    const unsigned good = count.blocks - count.failed;
    if (expect_failure) {
        if (good == 0)
            std::printf("\nPASS: %u tests failed (expected).\n\n", count.failed);
        else
            std::printf("\nFAIL: only %u of %u tests failed.\n\n", count.failed, count.blocks);
    } else if (count.failed == 0 && !count.case_failed) {
        std::printf("\nPASS: %u tests succeeded.\n\n", good);
    } else {
        std::printf("\nFAIL: %u of %u tests failed.\n\n", count.failed, count.blocks);
    }
}

bool passes(const bin::TestsuiteCount& count, bool expect_failure) {
    if (expect_failure) return !count.case_failed && count.failed == count.blocks;
    return !count.case_failed && count.failed == 0;
}

int run(CommandLine& line) {
    line.options.extensions = scripts_extensions(line.extensions);
    line.options.trace = bin::read_trace_words(line.trace_words);
    unsigned blocks = 0;
    unsigned bad_files = 0;
    for (const std::string& file : line.files) {
        try {
            const bin::TestsuiteCount count = bin::TestsuiteCase(file, line.options).run();
            tell_end(count, line.options.expect_failure);
            blocks += count.blocks;
            if (!passes(count, line.options.expect_failure)) ++bad_files;
        } catch (const bin::ToolFailure& failure) {  // a file that is not there, say
            if (line.files.size() == 1) throw;
            std::fflush(stdout);
            std::fprintf(stderr, "sieve-testsuite: Fatal: %s\n", failure.text.c_str());
            ++bad_files;
        }
    }
    if (line.files.size() > 1)
        std::printf("%s: %zu files, %u tests; %u files failed.\n", bad_files == 0 ? "PASS" : "FAIL",
                    line.files.size(), blocks, bad_files);
    return bad_files == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

}  // namespace

int main(int argc, char** argv) {
    CommandLine line;
    CLI::App app{"Runs tests of Sieve scripts.", "sieve-testsuite"};
    app.add_flag("-D", line.debug, "accepted and ignored");
    app.add_flag("-E", line.options.show_errors, "show the errors of the scripts under test");
    app.add_flag("-F", line.options.expect_failure, "every test must fail");
    app.add_option("-d", line.options.dump_file,
                   "show the compiled test script there; - is standard output");
    app.add_option("-t", line.options.trace_file,
                   "tell there what the scripts do; - is standard output");
    app.add_option("-T", line.trace_words,
                   "level=none|actions|commands|tests|matching, debug, addresses; may be repeated")
        ->take_all()
        ->allow_extra_args(false);
    app.add_option("-P", line.plugins, "accepted and ignored: all extensions are built in")
        ->take_all()
        ->allow_extra_args(false);
    app.add_option("-x", line.extensions, "extensions of the scripts: a list, or +name and -name");
    app.add_option("file", line.files, "the tests (.svtest)")->required();
    return bin::run_tool(app, argc, argv, [&line] { return run(line); });
}
