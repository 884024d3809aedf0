// SPDX-License-Identifier: MIT
#include "config/line_reader.h"

#include "config/limits.h"

namespace config {
namespace {

constexpr std::string_view white = " \t";

std::string_view trim_left(std::string_view text) {
    std::size_t begin = text.find_first_not_of(white);
    return begin == std::string_view::npos ? std::string_view{} : text.substr(begin);
}

std::string_view trim_right(std::string_view text) {
    std::size_t end = text.find_last_not_of(white);
    return text.substr(0, end == std::string_view::npos ? 0 : end + 1);
}

// Where the comment begins, or npos. An unclosed quote hides every later '#'.
std::size_t comment_start(std::string_view text) {
    for (std::size_t i = 0; i < text.size(); ++i) {
        char c = text[i];
        if (c == '#') return i;
        if (c != '\'' && c != '"') continue;
        for (++i; i < text.size() && text[i] != c; ++i) {
            if (text[i] == '\\') ++i;
        }
        if (i >= text.size()) return std::string_view::npos;
    }
    return std::string_view::npos;
}

}  // namespace

void for_each_line(std::string_view text, const std::function<bool(const Line&)>& take) {
    std::string collected;
    unsigned number = 0;
    while (!text.empty()) {
        std::size_t end = text.find('\n');
        std::string_view physical = text.substr(0, end);
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
        ++number;
        if (physical.ends_with('\r')) physical.remove_suffix(1);
        std::string_view part = trim_left(physical);
        if (part.empty() || part.front() == '#') {
            collected.clear();  // compat 1.1: a skipped line throws a continuation away
            continue;
        }
        Line line{.number = number, .source_line = physical};
        line.tail = collected.size();
        line.tail_column = physical.size() - part.size();
        std::size_t comment = comment_start(part);
        if (comment != std::string_view::npos) {
            line.comment_column = line.tail_column + comment;
            line.ambiguous_comment = white.find(part[comment - 1]) == std::string_view::npos;
            part = part.substr(0, comment);
        }
        part = trim_right(part);
        if (part.ends_with('\\')) {
            part = trim_right(part.substr(0, part.size() - 1));
            if (!text.empty()) {  // the file's last line has nothing to go on with
                collected.append(part).append(" ");
                if (collected.size() > max_line_bytes) collected.resize(max_line_bytes + 1);
                continue;
            }
        }
        line.text = collected.empty() ? std::string(part) : collected + std::string(part);
        collected.clear();
        if (!line.text.empty() && !take(line)) return;
    }
}

std::string unquote(std::string_view text, bool& quoted) {
    quoted = text.size() >= 2 && (text.front() == '"' || text.front() == '\'') &&
             text.back() == text.front();
    if (!quoted) return std::string(text);
    text = text.substr(1, text.size() - 2);
    std::string plain;
    plain.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\\' && i + 1 < text.size()) ++i;
        plain += text[i];
    }
    return plain;
}

}  // namespace config
