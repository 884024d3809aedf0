// SPDX-License-Identifier: MIT
// sievec(1): compiles a script, or every script of a directory, and keeps the binaries, or shows
// what would be kept (sieve-compat 4.1). Exit status 1 where a script has errors; the others of a
// directory are compiled all the same.
#include "base/file.h"
#include "bin/include_check.h"
#include "bin/sieve_tool.h"
#include "sieve/program/binary.h"
#include "sieve/program/dump.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <string>
#include <sys/stat.h>
#include <sysexits.h>
#include <system_error>
#include <utility>
#include <vector>

namespace {

struct Options : bin::SieveOptions {
    std::string script;
    std::string out;
    bool dump = false;
};

unsigned mode_of(const std::string& path) {
    struct stat status {};
    return ::stat(path.c_str(), &status) == 0 ? status.st_mode & 0666 : 0600;
}

// Whether it went well.
bool compile(const deliver::ScriptFile& script, const Options& options,
             const bin::SieveSetUp& setup) {
    std::string source;
    auto compiled =
        deliver::compile_script(script, bin::rules_for(setup, script.path).compile, source);
    if (!compiled) {
        bin::show_trouble(compiled.error(), script, source);
        return false;
    }
    sieve::Compilation warnings;
    warnings.diagnostics = compiled->warnings;
    bin::show_diagnostics(warnings, script, source);
    if (bin::check_includes(setup, script, compiled->includes) == bin::Includes::broken)
        return false;
    if (options.dump) {
        bin::write_text(options.out.empty() ? "-" : options.out,
                        sieve::dump(compiled->program, script.path));
        return true;
    }
    const std::string& path = options.out.empty() ? script.binary_path : options.out;
    try {
        base::write_output(path, sieve::save(compiled->program), mode_of(script.path));
    } catch (const std::system_error& error) {
        setup.log.error("sieve: binary " + path + ": save: " + error.what());
        return false;
    }
    if (options.debug) setup.log.debug("sieve: " + script.path + " compiled to " + path);
    return true;
}

std::vector<std::string> scripts_of(const std::string& directory) {
    std::vector<std::string> paths;
    for (const auto& entry : std::filesystem::directory_iterator(directory))
        if (entry.path().extension() == ".sieve" && !entry.is_directory())
            paths.push_back(entry.path());
    std::sort(paths.begin(), paths.end());
    return paths;
}

int run(const Options& options) {
    const bin::SieveSetUp setup = bin::set_up("sievec", options);
    std::vector<std::string> paths{options.script};
    if (std::filesystem::is_directory(options.script)) {
        if (!options.out.empty())
            throw bin::ToolFailure{EX_USAGE, "an out-file and a directory do not go together"};
        paths = scripts_of(options.script);
    }
    int status = EX_OK;
    for (const std::string& path : paths) {
        if (compile(deliver::ScriptFile::at(path, deliver::ScriptRole::before), options, setup))
            continue;
        std::fprintf(stderr, "sievec: Fatal: failed to compile sieve script '%s'\n", path.c_str());
        status = EXIT_FAILURE;
    }
    return status;
}

}  // namespace

int main(int argc, char** argv) {
    Options options;
    CLI::App app{"Compiles Sieve scripts.", "sievec"};
    bin::add_sieve_options(app, options, bin::UserOption::yes);
    app.add_flag("-d", options.dump, "show the compiled program instead of keeping it");
    app.add_option("script-file", options.script, "script, or directory of scripts (*.sieve)")
        ->required();
    app.add_option("out-file", options.out, "where the binary goes; - is standard output for -d");
    return bin::run_tool(app, argc, argv, [&options] { return run(options); });
}
