// SPDX-License-Identifier: MIT
#include "bin/sieve_test_options.h"

#include <CLI/CLI.hpp>

namespace bin {

void add_sieve_test_options(CLI::App& app, SieveTestOptions& options) {
    add_sieve_options(app, options, UserOption::yes);
    app.add_option("-a", options.original_recipient, "original envelope recipient");
    app.add_flag("-C", options.compile, "compile always, ignore binaries");
    app.add_option("-d", options.dump_file,
                   "show the compiled program there; - is standard output");
    app.add_flag("-e", options.execute, "carry the actions out; what would be sent is printed");
    app.add_flag("--explain", options.explain,
                 "say in words what was true and what was not, and why");
    app.add_flag("--json", options.json, "the same for programs");
    app.add_option("-f", options.sender, "envelope sender; \"\" is the null sender");
    app.add_option("-l", options.mail_location, "mail store, for -e");
    app.add_option("-m", options.default_mailbox, "where keep stores");
    app.add_option("-r", options.recipient, "envelope recipient");
    app.add_option("-s", options.first_scripts, "run this script before, may be repeated")
        ->take_all()
        ->allow_extra_args(false);
    app.add_option("-t", options.trace_file,
                   "tell there what the script does; - is standard output");
    app.add_option("-T", options.trace_words,
                   "level=none|actions|commands|tests|matching, debug, addresses; may be repeated")
        ->take_all()
        ->allow_extra_args(false);
    app.add_option("script-file", options.script, "the script")->required();
    app.add_option("mail-file", options.mail_file, "the message; - is standard input")->required();
}

}  // namespace bin
