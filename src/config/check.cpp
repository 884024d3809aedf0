// SPDX-License-Identifier: MIT
#include "config/check.h"

#include "base/file.h"
#include "base/text.h"
#include "config/limits.h"
#include "config/load_limits.h"
#include "config/parser.h"
#include "config/remark.h"
#include "config/rules.h"

#include <algorithm>
#include <map>
#include <system_error>
#include <vector>

namespace config {
namespace {

constexpr std::size_t max_shown_line = 200;

// Lines of the files that problems stand in, for problems that were found after parsing.
class SourceLines {
  public:
    std::string line(const std::string& file, unsigned number) {
        auto [at, added] = files_.try_emplace(file);
        if (added) read(file, at->second);
        return number > 0 && number <= at->second.size() ? at->second[number - 1] : std::string();
    }

  private:
    static void read(const std::string& file, std::vector<std::string>& lines) {
        try {
            auto bytes = base::read_file(file, max_file_bytes, base::OtherFiles::read);
            if (!bytes) return;
            for (std::string_view line : base::split(*bytes, '\n'))
                lines.emplace_back(line.ends_with('\r') ? line.substr(0, line.size() - 1) : line);
        } catch (const std::system_error&) {
            return;  // it was readable a moment ago; the problem stands without its line
        }
    }

    std::map<std::string, std::vector<std::string>> files_;
};

void complete(Problem& problem, SourceLines& sources) {
    Place& place = problem.place;
    if (place.file.empty() || place.line == 0) return;
    if (problem.source_line.empty()) problem.source_line = sources.line(place.file, place.line);
    if (place.column != 0) return;
    // The whole line, without the space around it.
    std::size_t begin = problem.source_line.find_first_not_of(" \t");
    if (begin == std::string::npos) return;
    std::size_t end = problem.source_line.find_last_not_of(" \t");
    place.column = static_cast<unsigned>(begin + 1);
    place.length = static_cast<unsigned>(end - begin + 1);
}

}  // namespace

CheckOutcome check_file(const std::string& path, const Look& more) {
    ParseOutcome parsed = parse_file(path);
    CheckOutcome outcome{std::move(parsed.problems)};
    check_rules(parsed.document, outcome.problems);
    check_namespaces(parsed.document, outcome.problems);
    check_load_limits(parsed.document, outcome.problems);
    if (more) more(parsed.document, outcome.problems);
    Problems remarked = remarks(parsed.document);
    for (Problems* list : {&parsed.document.warnings, &remarked})
        std::move(list->begin(), list->end(), std::back_inserter(outcome.problems));
    SourceLines sources;
    for (Problem& problem : outcome.problems)
        complete(problem, sources);
    // Files in the order in which they first complain; lines upwards within each.
    std::map<std::string, std::size_t> rank;
    for (const Problem& problem : outcome.problems)
        rank.try_emplace(problem.place.file, rank.size());
    std::stable_sort(outcome.problems.begin(), outcome.problems.end(),
                     [&rank](const Problem& a, const Problem& b) {
                         if (a.place.file != b.place.file)
                             return rank[a.place.file] < rank[b.place.file];
                         return a.place.line < b.place.line;
                     });
    for (const Problem& problem : outcome.problems)
        ++(problem.severity == Problem::Severity::error ? outcome.errors : outcome.warnings);
    return outcome;
}

std::string report(const Problem& problem) {
    const Place& place = problem.place;
    std::string out = place.file;
    if (place.line > 0) out += ":" + std::to_string(place.line);
    if (place.column > 0) out += ":" + std::to_string(place.column);
    if (!out.empty()) out += ": ";
    out += problem.severity == Problem::Severity::error ? "error: " : "warning: ";
    out += problem.text + "\n";
    if (!problem.source_line.empty() && place.column > 0) {
        std::string line = base::printable(problem.source_line, max_shown_line);
        out += "    " + line + "\n    ";
        std::size_t before = std::min<std::size_t>(place.column - 1, line.size());
        for (std::size_t i = 0; i < before; ++i)
            out += ' ';
        std::size_t marked = std::min<std::size_t>(std::max(place.length, 1u),
                                                   std::max<std::size_t>(line.size() - before, 1));
        out += '^' + std::string(marked - 1, '~') + "\n";
    }
    if (!problem.hint.empty()) out += "    " + problem.hint + "\n";
    return out;
}

}  // namespace config
