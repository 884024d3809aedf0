// SPDX-License-Identifier: MIT
#include "deliver/script_store.h"

#include "base/error.h"
#include "base/fd.h"
#include "base/file.h"
#include "base/text.h"
#include "deliver/program_memory.h"
#include "deliver/script_source.h"
#include "sieve/program/binary.h"

#include <cerrno>
#include <fcntl.h>
#include <optional>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace deliver {
namespace {

constexpr std::string_view script_suffix = ".sieve";
constexpr std::string_view binary_suffix = ".svbin";
// Where the settings know no limit.
constexpr std::size_t max_source_bytes = std::size_t{64} << 20;

struct RegularFile {
    std::string bytes;
    FileStamp stamp;  // as it was before reading
    mode_t mode = 0600;
};

// Nothing where it does not exist. Never waits, as a FIFO would have it. Throws std::system_error;
// EINVAL for what is no regular file, EFBIG beyond `max_bytes`.
std::optional<RegularFile> read_regular(const std::string& path, std::size_t max_bytes) {
    base::Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
    if (!fd) {
        if (errno == ENOENT || errno == ENOTDIR) return std::nullopt;
        base::throw_errno("open", path);
    }
    struct stat status {};
    if (::fstat(fd.get(), &status) != 0) base::throw_errno("fstat", path);
    if (S_ISDIR(status.st_mode)) base::throw_error(EISDIR, "open", path);
    if (!S_ISREG(status.st_mode)) base::throw_error(EINVAL, "open", path);
    if (static_cast<std::uint64_t>(status.st_size) > max_bytes)
        base::throw_error(EFBIG, "read", path);
    RegularFile file;
    file.stamp = FileStamp::of(status);
    file.mode = status.st_mode & 0666;
    file.bytes.resize(static_cast<std::size_t>(status.st_size));
    std::size_t have = 0;
    while (have < file.bytes.size()) {
        const std::size_t got =
            base::read_some(fd.get(), file.bytes.data() + have, file.bytes.size() - have, path);
        if (got == 0) break;
        have += got;
    }
    file.bytes.resize(have);
    return file;
}

ScriptTrouble trouble(const std::system_error& error) {
    ScriptTrouble result;
    result.text = error.what();
    switch (error.code().value()) {
        case EACCES:
        case EPERM:
        case ELOOP:
        case ENAMETOOLONG:
        case EINVAL:
        case EISDIR:
        case EFBIG:
            result.kind = ScriptTrouble::Kind::unreadable;
            break;
        default:
            result.kind = ScriptTrouble::Kind::temporary;
    }
    return result;
}

std::size_t source_limit(const sieve::CompileOptions& options) {
    return options.max_script_bytes == 0 ? max_source_bytes : options.max_script_bytes;
}

base::Result<LoadedScript, ScriptTrouble> compile_source(std::string_view source,
                                                         const sieve::CompileOptions& options) {
    sieve::Compilation compilation = sieve::compile(source, options);
    if (!compilation.program) {
        ScriptTrouble result;
        result.kind = ScriptTrouble::Kind::compile_error;
        result.text = "the script has errors";
        result.compilation = std::move(compilation);
        return base::Unexpected{std::move(result)};
    }
    LoadedScript loaded{std::move(*compilation.program), ProgramOrigin::compiled, {}, {}, {}};
    loaded.warnings = std::move(compilation.diagnostics);
    loaded.includes = std::move(compilation.includes);
    return loaded;
}

// One file per script: a cache directory does not grow when scripts are edited. The script's path
// is part of the name, because equal hashes are only trusted within one script (binary.h).
std::string cached_binary(const std::string& directory, const ScriptFile& file) {
    return directory + '/' + sieve::to_string(sieve::hash_source(file.path)) +
           std::string(binary_suffix);
}

std::optional<sieve::Program> load_binary(const std::string& path,
                                          const sieve::AllowedExtensions& extensions,
                                          const sieve::SourceHash& hash) {
    try {
        auto file = read_regular(path, sieve::limits::max_program_bytes);
        if (!file) return std::nullopt;
        return sieve::load(std::move(file->bytes), extensions, hash).program;
    } catch (const std::system_error&) {
        return std::nullopt;  // a cache that cannot be read is no cache
    }
}

bool save_binary(const std::string& path, const sieve::Program& program, mode_t mode) {
    try {
        base::replace_file(path, sieve::save(program), mode);
        return true;
    } catch (const std::system_error&) {
        return false;
    }
}

void save_somewhere(const ScriptFile& file, const LoadRules& rules, const sieve::Program& program,
                    mode_t mode) {
    if (!file.binary_path.empty() && save_binary(file.binary_path, program, mode)) return;
    for (const std::string& directory : rules.cache_directories) {
        try {
            base::make_directories(directory, 0700);
        } catch (const std::system_error&) {
            continue;
        }
        if (save_binary(cached_binary(directory, file), program, 0600)) return;
    }
}

std::optional<sieve::Program> load_from_disk(const ScriptFile& file, const LoadRules& rules,
                                             const sieve::SourceHash& hash) {
    const sieve::AllowedExtensions& extensions = rules.compile.extensions;
    if (!file.binary_path.empty())
        if (auto program = load_binary(file.binary_path, extensions, hash)) return program;
    for (const std::string& directory : rules.cache_directories)
        if (auto program = load_binary(cached_binary(directory, file), extensions, hash))
            return program;
    return std::nullopt;
}

}  // namespace

ScriptFile ScriptFile::at(std::string path, ScriptRole role, std::string_view binary_directory) {
    ScriptFile file;
    file.role = role;
    const std::size_t slash = path.rfind('/');
    const std::size_t begin = slash == std::string::npos ? 0 : slash + 1;
    file.name = path.substr(begin);
    // ".dovecot.sieve" is named ".dovecot", and "x" without the suffix just that.
    if (file.name.ends_with(script_suffix) && file.name.size() > script_suffix.size())
        file.name.resize(file.name.size() - script_suffix.size());
    const std::string directory =
        binary_directory.empty() ? path.substr(0, begin) : std::string(binary_directory) + '/';
    file.binary_path = directory + file.name + std::string(binary_suffix);
    file.path = std::move(path);
    return file;
}

ScriptStore::ScriptStore(std::size_t memory_programs)
    : memory_(std::make_unique<ProgramMemory>(memory_programs)) {}

ScriptStore::~ScriptStore() = default;

base::Result<LoadedScript, ScriptTrouble> ScriptStore::load(const ScriptFile& file,
                                                            const LoadRules& rules) {
    if (file.listing_error != 0) {
        const std::system_error error(file.listing_error, std::generic_category(),
                                      "opendir(" + file.path + ") failed");
        return base::Unexpected{trouble(error)};
    }
    const sieve::AllowedExtensions& allowed = rules.compile.extensions;
    if (auto known = memory_->find(file.path, allowed))
        return LoadedScript{
            std::move(known->program), ProgramOrigin::memory, {}, std::move(known->source), {}};
    try {
        auto read = read_regular(file.path, source_limit(rules.compile));
        if (!read) {
            ScriptTrouble missing;
            missing.text = "script not found";
            return base::Unexpected{std::move(missing)};
        }
        const sieve::SourceHash hash = sieve::hash_source(read->bytes);
        if (auto known = memory_->confirm(file.path, allowed, read->stamp, hash))
            return LoadedScript{
                std::move(known->program), ProgramOrigin::memory, {}, std::move(known->source), {}};
        const auto source = std::make_shared<const ScriptSource>(std::move(read->bytes), hash);
        if (auto program = load_from_disk(file, rules, hash)) {
            memory_->keep(file.path, allowed, read->stamp, {*program, source});
            return LoadedScript{std::move(*program), ProgramOrigin::binary, {}, source, {}};
        }
        auto compiled = compile_source(source->text(), rules.compile);
        if (!compiled) {
            compiled.error().source = source;
            return compiled;
        }
        save_somewhere(file, rules, compiled->program, read->mode);
        memory_->keep(file.path, allowed, read->stamp, {compiled->program, source});
        compiled->source = source;
        return compiled;
    } catch (const std::system_error& error) {
        return base::Unexpected{trouble(error)};
    }
}

void ScriptStore::forget(const ScriptFile& file) {
    memory_->forget(file.path);
    if (!file.binary_path.empty()) ::unlink(file.binary_path.c_str());
}

base::Result<LoadedScript, ScriptTrouble> compile_script(const ScriptFile& file,
                                                         const sieve::CompileOptions& options,
                                                         std::string& source) {
    try {
        auto content = read_regular(file.path, source_limit(options));
        if (!content) {
            ScriptTrouble missing;
            missing.text = "script not found";
            return base::Unexpected{std::move(missing)};
        }
        source = std::move(content->bytes);
        auto loaded = compile_source(source, options);
        auto& kept = loaded ? loaded->source : loaded.error().source;
        kept = std::make_shared<const ScriptSource>(source, sieve::hash_source(source));
        return loaded;
    } catch (const std::system_error& error) {
        return base::Unexpected{trouble(error)};
    }
}

}  // namespace deliver
