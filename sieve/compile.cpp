// SPDX-License-Identifier: MIT
#include "sieve/compile.h"

#include "sieve/diagnostics.h"
#include "sieve/extension/table.h"
#include "sieve/program/binary.h"
#include "sieve/program/check.h"
#include "sieve/program/generate.h"
#include "sieve/program/image_builder.h"
#include "sieve/program/program_maker.h"
#include "sieve/syntax/parse.h"

#include <span>
#include <stdexcept>
#include <vector>

namespace sieve {

namespace {

format::Header header_for(std::string_view source, const AllowedExtensions& extensions) {
    const SourceHash hash = hash_source(source);
    format::Header header;
    header.source_high = hash.high;
    header.source_low = hash.low;
    header.compiler = table_hash();
    header.extensions = hash_of(extensions);
    return header;
}

Program make(std::string bytes, const AllowedExtensions& extensions) {
    std::string why;
    std::optional<Program> program = ProgramMaker::make(std::move(bytes), usable(extensions), why);
    if (!program) throw std::logic_error("the generator made a program that is refused: " + why);
    return *std::move(program);
}

class Compiler {
  public:
    Compiler(std::string_view source, const CompileOptions& options)
        : source_(source), options_(options), map_(source) {}

    Compilation run() {
        stages();
        auto [diagnostics, omitted] = diagnostics_.take(map_);
        result_.diagnostics = std::move(diagnostics);
        result_.omitted = omitted;
        return std::move(result_);
    }

  private:
    void stages() {
        const std::size_t limit = options_.max_script_bytes;
        if ((limit != 0 && source_.size() > limit) || source_.size() > UINT32_MAX) {
            diagnostics_.error({}, "script is larger than " + std::to_string(limit) + " octets");
            return fail(Stage::parse);
        }
        const Diagnostics before = diagnostics_;
        if (!translate(options_.shared_from)) return report_all();
        if (result_.failed != Stage::generation || options_.shared_from == 0) return;
        // The tables of the shared tests may be what makes it too large.
        diagnostics_ = before;
        result_ = {};
        too_large_ = false;
        translate(0);
    }

    // Command by command from text to code, so that a long script never lies in memory as a whole.
    // Gives up at a syntax error: false.
    bool translate(std::size_t shared_from) {
        Diagnostics syntax_errors;
        Arena arena;
        Parser parser(source_, syntax_errors, arena);
        Check check(options_.extensions, diagnostics_, arena);
        Generator generator(map_, shared_from);
        Sequence<bound::Statement> statements;
        while (ast::Command* const command = parser.next()) {
            if (syntax_errors.has_errors()) return false;
            check.add(*command, statements);
            if (parser.goes_on()) continue;
            generate(check, statements, generator);
            statements = {};
            arena.reset();
        }
        if (syntax_errors.has_errors()) return false;
        finish(check, generator);
        return true;
    }

    void generate(const Check& check, std::span<const bound::Statement> statements,
                  Generator& generator) {
        if (diagnostics_.has_errors() || too_large_) return;
        try {
            generator.declare(check.extensions(), check.variables());
            generator.add(statements);
        } catch (const ProgramTooLarge&) {
            too_large_ = true;  // and yet the rest is checked
        }
    }

    void finish(const Check& check, Generator& generator) {
        if (diagnostics_.has_errors()) return fail(Stage::validation);
        for (const bound::Include& each : check.includes()) {
            result_.includes.push_back(each.command);
            result_.includes.back().line = map_.line(each.where.begin);
        }
        try {
            if (too_large_) throw ProgramTooLarge();
            result_.program = make(generator.finish(header_for(source_, options_.extensions)),
                                   options_.extensions);
        } catch (const ProgramTooLarge& error) {
            diagnostics_.error({}, error.what());
            fail(Stage::generation);
        }
    }

    // All syntax errors, then what else is wrong.
    void report_all() {
        diagnostics_ = {};
        ast::Script tree = parse(source_, diagnostics_);
        fail(Stage::parse);
        if (options_.after_syntax_errors == AfterSyntaxErrors::stop) return;
        Arena arena;
        Check check(options_.extensions, diagnostics_, arena);
        Sequence<bound::Statement> statements;
        for (ast::Command& each : tree.commands)
            check.add(each, statements);
    }

    void fail(Stage stage) {
        if (result_.failed == Stage::none) result_.failed = stage;
    }

    std::string_view source_;
    const CompileOptions& options_;
    SourceMap map_;
    Diagnostics diagnostics_;
    bool too_large_ = false;
    Compilation result_;
};

}  // namespace

Compilation compile(std::string_view source, const CompileOptions& options) {
    return Compiler(source, options).run();
}

std::string render(const Compilation& compilation, std::string_view script_name,
                   std::optional<std::string_view> source) {
    std::string text;
    for (const Diagnostic& each : compilation.diagnostics) {
        text.append(to_line(each, script_name)).append("\n");
        if (source) text.append(excerpt(each, *source));
    }
    if (compilation.omitted != 0)
        text.append(script_name)
            .append(": error: " + std::to_string(compilation.omitted) + " more are not shown.\n");
    if (compilation.failed != Stage::none)
        text.append(summary_line(compilation.failed, script_name)).append("\n");
    return text;
}

}  // namespace sieve
