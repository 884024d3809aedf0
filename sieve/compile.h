// SPDX-License-Identifier: MIT
// Source text to program: the one entry point for everybody who compiles. Pure: no files, no
// settings but those passed in. All errors of a script come at once, each once.
#pragma once

#include "sieve/diagnostic.h"
#include "sieve/extension_set.h"
#include "sieve/limits.h"
#include "sieve/program/program.h"
#include "sieve/script_name.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sieve {

// Whether a script with syntax errors is also checked for the errors that only the checker sees in
// its well-formed commands. Pigeonhole stops, and scripts that count its errors expect that.
enum class AfterSyntaxErrors { check_the_rest, stop };

struct CompileOptions {
    AllowedExtensions extensions = resolve_extensions({}, Rights::personal);
    std::size_t max_script_bytes = limits::default_max_script_bytes;  // 0 = no limit
    AfterSyntaxErrors after_syntax_errors = AfterSyntaxErrors::check_the_rest;
    // From how many tests of the same values on these share a pass over them; 0: never. It changes
    // the cost of a run and nothing else.
    std::size_t shared_from = limits::default_shared_from;
};

struct Compilation {
    std::optional<Program> program;       // nothing where there was an error
    std::vector<Diagnostic> diagnostics;  // in order of position; may be warnings only
    Stage failed = Stage::none;
    // Of a program: what it includes, each command once, in order of position.
    std::vector<IncludeCommand> includes;
    std::size_t omitted = 0;  // diagnostics beyond limits::max_diagnostics
};

// Never throws for what stands in the source.
Compilation compile(std::string_view source, const CompileOptions& options);

// All lines, each with its line end: diagnostics, then the summary line where it failed.
// `script_name` is the display name (the file's base name without ".sieve"). With a source, the
// excerpt of each place follows it.
std::string render(const Compilation& compilation, std::string_view script_name,
                   std::optional<std::string_view> source = std::nullopt);

}  // namespace sieve
