// SPDX-License-Identifier: MIT
// From a script's path to a program that may run: the source is read, and its program comes from
// memory, from a binary file, or from the compiler, in this order. A binary counts only while
// it was made from the same content by the same compiler with the same extensions (never by time
// stamps), and only after the verifier has passed it (sieve/program/binary.h). It lies beside the
// script or in `bindir`; where it cannot be written there, in a cache directory; where it cannot be
// written anywhere, the script is compiled each time and nothing is said about it. Thread-safe; the
// memory holds a bounded number of programs, the least recently used go first.
#pragma once

#include "base/result.h"
#include "sieve/compile.h"
#include "sieve/extension_set.h"
#include "sieve/program/program.h"

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace deliver {

class ProgramMemory;
class ScriptSource;

enum class ScriptRole {
    before,
    personal,
    fallback,
    after,
    discard,
    included  // from the site's storage (RFC 6609)
};

// A script of a sequence; it may not exist.
struct ScriptFile {
    std::string path;         // of the source
    std::string name;         // display name: base name without ".sieve"
    std::string binary_path;  // beside it or in bindir; empty: never on disk
    ScriptRole role = ScriptRole::personal;
    // Where `path` is a directory that could not be listed, the errno: load() answers with it.
    int listing_error = 0;

    // Of the administrator (before, after, default, discard): global extensions, errors go to the
    // server's log.
    bool is_global() const { return role != ScriptRole::personal; }
    static ScriptFile at(std::string path, ScriptRole role, std::string_view binary_directory = {});
};

enum class ProgramOrigin { memory, binary, compiled };

struct LoadedScript {
    sieve::Program program;
    ProgramOrigin origin = ProgramOrigin::compiled;
    std::vector<sieve::Diagnostic> warnings;  // of this compilation
    std::shared_ptr<const ScriptSource> source;
    std::vector<sieve::IncludeCommand> includes;  // of a script that was compiled now
};

struct ScriptTrouble {
    enum class Kind {
        missing,        // no such file: skipped silently
        compile_error,  // `compilation` says what
        unreadable,     // permission and the like: as a compile error
        temporary,      // an I/O error, or the path is a directory: nothing may be delivered
    };
    Kind kind = Kind::missing;
    std::string text;                            // for the log
    sieve::Compilation compilation;              // for compile_error
    std::shared_ptr<const ScriptSource> source;  // likewise
};

struct LoadRules {
    sieve::CompileOptions compile;
    // Tried in order where the binary cannot be written beside its script; made at need, mode 0700.
    std::vector<std::string> cache_directories;
};

class ScriptStore {
  public:
    static constexpr std::size_t default_memory_programs = 4096;

    explicit ScriptStore(std::size_t memory_programs = default_memory_programs);
    ~ScriptStore();

    base::Result<LoadedScript, ScriptTrouble> load(const ScriptFile& file, const LoadRules& rules);
    // Removes the program from memory and its binary from disk: for one that failed while it ran
    // because it was damaged.
    void forget(const ScriptFile& file);

  private:
    std::unique_ptr<ProgramMemory> memory_;
};

// For tools: reads and compiles, without any cache. `source` takes the text for excerpts.
base::Result<LoadedScript, ScriptTrouble> compile_script(const ScriptFile& file,
                                                         const sieve::CompileOptions& options,
                                                         std::string& source);

}  // namespace deliver
