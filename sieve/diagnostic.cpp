// SPDX-License-Identifier: MIT
#include "sieve/diagnostic.h"

#include "sieve/diagnostics.h"
#include "sieve/limits.h"

#include <algorithm>
#include <utility>

namespace sieve {

namespace {

std::string_view severity_name(Severity severity) {
    switch (severity) {
        case Severity::error:
            return "error";
        case Severity::warning:
            return "warning";
    }
    return {};
}

// A source line may be a megabyte; a terminal wants the part around the place.
constexpr std::size_t max_excerpt_bytes = 160;

}  // namespace

std::string to_line(const Diagnostic& diagnostic, std::string_view script_name) {
    std::string line(script_name);
    if (diagnostic.line != 0) line += ": line " + std::to_string(diagnostic.line);
    line.append(": ").append(severity_name(diagnostic.severity)).append(": ");
    line.append(diagnostic.text);
    return line.ends_with('?') ? line : line.append(".");
}

std::string summary_line(Stage stage, std::string_view script_name) {
    std::string_view what;
    switch (stage) {
        case Stage::none:
            return {};
        case Stage::parse:
            what = "parse";
            break;
        case Stage::validation:
            what = "validation";
            break;
        case Stage::generation:
            what = "code generation";
            break;
    }
    return std::string(script_name).append(": error: ").append(what).append(" failed.");
}

std::string excerpt(const Diagnostic& diagnostic, std::string_view source) {
    if (diagnostic.line == 0) return {};
    const SourceMap map(source);
    std::string_view text = map.text(diagnostic.line);
    std::size_t column = diagnostic.column - 1;
    if (column > text.size()) return {};
    std::size_t width = std::max<std::size_t>(1, diagnostic.where.end - diagnostic.where.begin);
    if (column > max_excerpt_bytes / 2) {
        const std::size_t cut = column - max_excerpt_bytes / 2;
        text.remove_prefix(cut);
        column -= cut;
    }
    text = text.substr(0, max_excerpt_bytes);
    width = std::min(width, std::max<std::size_t>(1, text.size() - std::min(column, text.size())));

    std::string shown = "    ";
    std::string marks = "    ";
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto c = static_cast<unsigned char>(text[i]);
        const bool continuation = (c & 0xc0) == 0x80;
        shown += c == '\t' ? ' ' : c < 0x20 || c == 0x7f ? '?' : text[i];
        // One mark a code point, so that the carets stand under what they mean.
        if (!continuation && i < column + width) marks += i < column ? ' ' : '^';
    }
    if (column >= text.size()) marks += '^';
    return shown + "\n" + marks + "\n";
}

SourceMap::SourceMap(std::string_view source) : source_(source), starts_{0} {
    for (std::size_t at = source.find('\n'); at != std::string_view::npos;
         at = source.find('\n', at + 1))
        starts_.push_back(static_cast<std::uint32_t>(at + 1));
}

unsigned SourceMap::line(std::uint32_t offset) const {
    const auto after = std::upper_bound(starts_.begin(), starts_.end(), offset);
    return static_cast<unsigned>(after - starts_.begin());
}

unsigned SourceMap::line(std::uint32_t offset, unsigned near) const {
    constexpr unsigned next_lines = 4;
    if (near == 0 || offset < starts_[near - 1]) return line(offset);
    for (unsigned i = 0; i < next_lines; ++i, ++near)
        if (near == starts_.size() || offset < starts_[near]) return near;
    return line(offset);
}

unsigned SourceMap::column(std::uint32_t offset) const {
    return offset - starts_[line(offset) - 1] + 1;
}

std::string_view SourceMap::text(unsigned line) const {
    if (line == 0 || line > starts_.size()) return {};
    const std::size_t begin = starts_[line - 1];
    const std::size_t end = line < starts_.size() ? starts_[line] - 1 : source_.size();
    std::string_view text = source_.substr(begin, end - begin);
    if (text.ends_with('\r')) text.remove_suffix(1);
    return text;
}

void Diagnostics::error(Range where, std::string text) {
    ++errors_;
    add(Severity::error, where, std::move(text));
}

void Diagnostics::warning(Range where, std::string text) {
    add(Severity::warning, where, std::move(text));
}

void Diagnostics::add(Severity severity, Range where, std::string text) {
    if (kept_.size() == limits::max_diagnostics) {
        ++omitted_;
        return;
    }
    kept_.push_back({severity, where, 0, 0, std::move(text)});
}

Diagnostics::Collected Diagnostics::take(const SourceMap& map) {
    for (Diagnostic& each : kept_) {
        each.line = map.line(each.where.begin);
        each.column = map.column(each.where.begin);
    }
    const auto position = [](const Diagnostic& d) { return d.where.begin; };
    std::ranges::stable_sort(kept_, {}, position);
    return {std::exchange(kept_, {}), std::exchange(omitted_, 0)};
}

}  // namespace sieve
