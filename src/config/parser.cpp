// SPDX-License-Identifier: MIT
// Grammar: config/line_reader.h gives lines; this file reads one at a time. Blocks are in
// parser_blocks.cpp, values in parser_values.cpp.
#include "config/parser.h"

#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "config/include_path.h"
#include "config/limits.h"
#include "config/parser_state.h"
#include "config/spelling.h"

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <system_error>
#include <utility>

namespace config {

Place Parser::place_of(std::string_view token) const {
    Place place;
    if (files_.empty() || !at_) return place;
    place.file = files_.back();
    place.line = at_->number;
    std::string_view line = at_->text;
    if (token.empty() || token.size() > line.size()) return place;
    auto begin = reinterpret_cast<std::uintptr_t>(line.data());
    auto at = reinterpret_cast<std::uintptr_t>(token.data());
    std::size_t offset = at - begin;
    if (at < begin || at + token.size() > begin + line.size()) {
        offset = line.find(token, std::min(line.find_first_of(" \t="), line.size()));
        if (offset == std::string_view::npos) offset = line.find(token);
        if (offset == std::string_view::npos) return place;
    }
    if (offset < at_->tail) return place;  // on an earlier physical line
    place.column = static_cast<unsigned>(at_->tail_column + (offset - at_->tail) + 1);
    place.length = static_cast<unsigned>(token.size());
    return place;
}

void Parser::error(std::string text, std::string_view token, std::string hint) {
    if (outcome_.problems.size() >= max_problems) return;
    outcome_.problems.push_back({Problem::Severity::error, std::move(text), std::move(hint),
                                 place_of(token), std::string(at_ ? at_->source_line : "")});
}

void Parser::warning(std::string text, const Place& place) {
    if (outcome_.document.warnings.size() > max_problems) return;
    if (outcome_.document.warnings.size() == max_problems)
        text = "More than " + std::to_string(max_problems) + " warnings: the rest is not shown";
    outcome_.document.warnings.push_back({Problem::Severity::warning,
                                          std::move(text),
                                          {},
                                          place,
                                          std::string(at_ ? at_->source_line : "")});
}

std::string Parser::hint(std::string_view name) {
    if (hints_++ >= max_hints) return {};
    return spelling_hint(name, open_.back().section);
}

void Parser::obsolete(const std::string& text, std::string_view token) {
    if (!std::exchange(obsolete_noted_, true)) {
        outcome_.document.warnings.push_back(
            {Problem::Severity::warning,
             "NOTE: You can get a new clean config file with: doveconf -Pn > dovecot-new.conf"});
    }
    warning(
        "Obsolete setting in " + files_.back() + ":" + std::to_string(at_->number) + ": " + text,
        token);
}

void Parser::file(const std::string& path, const Place& from, bool must_exist) {
    auto complain = [&](const std::string& text) {
        Problem found{
            Problem::Severity::error, text, {}, from, std::string(at_ ? at_->source_line : "")};
        outcome_.problems.push_back(std::move(found));
    };
    if (std::find(files_.begin(), files_.end(), path) != files_.end())
        return complain("Recursive include file: " + path);
    if (files_.size() >= max_include_depth)
        return complain("Too many nested include files: " + path);
    if (++files_read_ > max_included_files) return complain("Too many include files: " + path);
    std::optional<std::string> bytes;
    int error = ENOENT;
    try {
        bytes = base::read_file(path, max_file_bytes, base::OtherFiles::read);
    } catch (const std::system_error& failure) {
        error = failure.code().value();
    }
    if (bytes) return text(*bytes, path);
    if (!must_exist) return;
    complain(files_.empty()
                 ? "open(" + path + ") failed: " + base::error_text(error)
                 : "Couldn't open include file " + path + ": " + base::error_text(error));
}

void Parser::text(std::string_view text, const std::string& name) {
    files_.push_back(name);
    const Line* outer = at_;
    for_each_line(text, [this](const Line& one) {
        if (outcome_.problems.size() >= max_problems) {
            given_up_ = true;
            return false;
        }
        at_ = &one;
        line(one);
        return true;
    });
    at_ = outer;
    files_.pop_back();
}

void Parser::finish() {
    if (given_up_) {
        std::string text = "Too many mistakes: after the first " + std::to_string(max_problems) +
                           " the rest was not read";
        outcome_.problems.push_back({Problem::Severity::error, std::move(text)});
        outcome_.problems.back().place.file = outcome_.document.path;
        return;
    }
    for (std::size_t i = open_.size() - 1; i > 0; --i) {
        const Place& place = open_[i].place;
        Problem found{Problem::Severity::error, "Missing '}' (section started at " + place.file +
                                                    ":" + std::to_string(place.line) + ")"};
        found.place.file = place.file;
        outcome_.problems.push_back(std::move(found));
    }
}

void Parser::line(const Line& one) {
    if (one.text.size() > max_line_bytes) return error("Line too long");
    if (one.ambiguous_comment) {
        warning(
            "Ambiguous '#' character in line, treating it as comment. Add a space before it to "
            "remove this warning.",
            Place{files_.back(), one.number, static_cast<unsigned>(one.comment_column + 1), 1});
    }
    std::string_view rest = one.text;
    std::size_t key_end = std::min(rest.find_first_of(" \t="), rest.size());
    std::string_view key = rest.substr(0, key_end);
    rest = base::trim(rest.substr(key_end));
    if (key == "!include" || key == "!include_try") return include(rest, key == "!include");
    if (rest.starts_with('=')) return assign(key, base::trim(rest.substr(1)));
    if (key == "}" && rest.empty()) return close_block(key);
    if (key == "{" || rest.empty() || rest.back() != '{') {
        std::size_t brace = rest.find('{');
        if (brace != std::string_view::npos && key != "}")
            return error("Garbage after '{'", rest.substr(brace + 1));
        return error("Expecting '{'", key, hint(key));
    }
    open_block(key, base::trim(rest.substr(0, rest.size() - 1)));
}

void Parser::include(std::string_view pattern, bool must_match) {
    bool quoted = false;
    std::string wanted = unquote(pattern, quoted);
    auto paths = matching_files(wanted, files_.back());
    if (!paths) return error("glob() failed for include file " + wanted, pattern);
    // An existing but unreadable directory gives no match either; Dovecot says the same.
    if (paths->empty() && must_match) return error("No matches", pattern);
    Place here = place_of(pattern);
    for (const std::string& path : *paths)
        file(path, here, must_match);
}

ParseOutcome parse_file(const std::string& path) {
    ParseOutcome outcome;
    outcome.document.path = path;
    Parser parser(outcome);
    parser.file(path, {}, true);
    parser.finish();
    return outcome;
}

ParseOutcome parse_text(std::string_view text, const std::string& name) {
    ParseOutcome outcome;
    outcome.document.path = name;
    Parser parser(outcome);
    parser.text(text, name);
    parser.finish();
    return outcome;
}

}  // namespace config
