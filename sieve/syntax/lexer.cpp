// SPDX-License-Identifier: MIT
#include "sieve/syntax/lexer.h"

#include "sieve/limits.h"

#include <algorithm>
#include <array>

namespace sieve {

namespace {

bool is_space(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}
bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
bool is_alpha(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
constexpr std::array<bool, 256> word_octets = [] {
    std::array<bool, 256> table{};
    for (const char c :
         std::string_view("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789"))
        table[static_cast<unsigned char>(c)] = true;
    return table;
}();

Range make_range(std::size_t begin, std::size_t end) {
    return {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)};
}

std::size_t end_of_word(std::string_view text, std::size_t at) {
    while (at < text.size() && word_octets[static_cast<unsigned char>(text[at])])
        ++at;
    return at;
}

// Where something stands that a quoted string does not hold as it is, its closing quote included.
std::size_t end_of_plain(std::string_view text, std::size_t at) {
    while (at < text.size() && text[at] != '"' && text[at] != '\\' && text[at] != '\n')
        ++at;
    return at;
}

// Behind the comment that begins at `at`; `at` itself where it is not closed or none begins.
std::size_t skip_comment(std::string_view text, std::size_t at) {
    if (text[at] == '#') {
        const std::size_t line_end = text.find('\n', at);
        return line_end == std::string_view::npos ? text.size() : line_end + 1;
    }
    if (text.substr(at, 2) != "/*") return at;
    const std::size_t close = text.find("*/", at + 2);
    return close == std::string_view::npos ? at : close + 2;
}

// As word processors make them of straight ones.
bool is_typographic_quote(std::string_view text) {
    constexpr std::array<std::string_view, 7> quotes{"\xe2\x80\x98", "\xe2\x80\x99", "\xe2\x80\x9a",
                                                     "\xe2\x80\x9c", "\xe2\x80\x9d", "\xe2\x80\x9e",
                                                     "\xc2\xab"};
    return std::ranges::any_of(quotes, [&](auto quote) { return text.starts_with(quote); });
}

// Adds part of a quoted string. A line end in a string is CRLF, however the script's lines end
// (RFC 5228 §2.4.2, §8.1).
void append_lines(std::string_view piece, std::string& out) {
    for (;;) {
        const std::size_t feed = piece.find('\n');
        out.append(piece.substr(0, feed));
        if (feed == std::string_view::npos) return;
        out.append(out.ends_with('\r') ? "\n" : "\r\n");
        piece.remove_prefix(feed + 1);
    }
}

}  // namespace

std::size_t Lexer::skip_gap(std::size_t at) const {
    while (at < text_.size()) {
        if (is_space(text_[at])) {
            ++at;
            continue;
        }
        if (text_[at] != '#' && text_[at] != '/') break;
        const std::size_t behind = skip_comment(text_, at);
        if (behind == at) break;
        at = behind;
    }
    return at;
}

bool Lexer::begins_number(std::size_t at) const {
    return at < text_.size() && is_digit(text_[at]);
}

bool Lexer::begins_tag(std::size_t at) const {
    return at < text_.size() && text_[at] == ':' && begins_word(at + 1);
}

std::size_t Lexer::identifier(std::size_t at, ast::Name& name) const {
    const std::size_t end = end_of_word(text_, at);
    name = {make_range(at, end), text_.substr(at, end - at)};
    if (end - at > limits::max_identifier_bytes) {
        diagnostics_.error(name.where, "identifier is longer than " +
                                           std::to_string(limits::max_identifier_bytes) +
                                           " characters");
        name.text = name.text.substr(0, limits::max_identifier_bytes);
    }
    return end;
}

std::size_t Lexer::tag(std::size_t at, ast::Tag& tag) const {
    ast::Name name;
    const std::size_t end = identifier(at + 1, name);
    tag = {make_range(at, end), name.text};
    return end;
}

std::size_t Lexer::number(std::size_t at, ast::Number& number) const {
    std::size_t end = at;
    std::uint64_t value = 0;
    bool overflow = false;
    for (; end < text_.size() && is_digit(text_[end]); ++end) {
        const auto digit = static_cast<std::uint64_t>(text_[end] - '0');
        overflow = overflow || __builtin_mul_overflow(value, std::uint64_t{10}, &value) ||
                   __builtin_add_overflow(value, digit, &value);
    }
    unsigned shift = 0;
    if (end < text_.size()) {
        switch (text_[end]) {
            case 'k':
            case 'K':
                shift = 10;
                break;
            case 'm':
            case 'M':
                shift = 20;
                break;
            case 'g':
            case 'G':
                shift = 30;
                break;
            default:
                break;
        }
    }
    if (shift != 0) ++end;
    overflow = overflow || __builtin_mul_overflow(value, std::uint64_t{1} << shift, &value);
    const std::size_t word_end = end_of_word(text_, end);
    number.where = make_range(at, word_end);
    number.value = value;
    if (word_end != end) {
        diagnostics_.error(number.where,
                           "'" + std::string(text_.substr(at, word_end - at)) +
                               "' is no number (K, M or G may stand behind one) and no word");
        number.value.reset();
    } else if (overflow) {
        diagnostics_.error(number.where, "number is too large");
        number.value.reset();
    }
    return word_end;
}

std::size_t Lexer::string(std::size_t at, ast::String& string) const {
    const std::size_t closer = text_[at] == '"' ? end_of_plain(text_, at + 1) : text_.size();
    std::size_t end = closer + 1;
    if (closer < text_.size() && text_[closer] == '"') {
        string.text = text_.substr(at + 1, closer - at - 1);
    } else {
        std::string text;
        const std::size_t errors = diagnostics_.errors();
        end = any_string(at, text, &diagnostics_);
        unclosed_ = unclosed_ || (end == text_.size() && diagnostics_.errors() != errors);
        string.text = arena_.keep(text);
    }
    string.where = make_range(at, end);
    if (string.text.size() > limits::max_string_bytes) {
        diagnostics_.error(string.where, "string is longer than " +
                                             std::to_string(limits::max_string_bytes) + " octets");
        string.text = string.text.substr(0, limits::max_string_bytes);
    }
    return end;
}

std::size_t Lexer::any_string(std::size_t at, std::string& out, Diagnostics* report) const {
    if (text_[at] == '"') return quoted(at, out, report);
    return multi_line(at, *multi_line_body(at), out, report);
}

// A backslash stands for the character behind it, whatever that is (RFC 5228 §2.4.2).
std::size_t Lexer::quoted(std::size_t at, std::string& out, Diagnostics* report) const {
    std::size_t begin = at + 1;
    for (std::size_t i = begin; i < text_.size(); ++i) {
        if (text_[i] == '"') {
            append_lines(text_.substr(begin, i - begin), out);
            return i + 1;
        }
        if (text_[i] != '\\') continue;
        append_lines(text_.substr(begin, i - begin), out);
        begin = ++i;
    }
    if (report)
        report->error(make_range(at, at + 1), "string is not closed before the end of the script");
    return text_.size();
}

// The offset of the first line of a "text:" string (RFC 5228 §8.1 multi-line); white space and a
// comment may follow the word on its line.
std::optional<std::size_t> Lexer::multi_line_body(std::size_t at) const {
    constexpr std::string_view word = "text:";
    if (text_.size() - at < word.size()) return std::nullopt;
    for (std::size_t i = 0; i < word.size(); ++i)
        if ((text_[at + i] | (is_alpha(word[i]) ? 0x20 : 0)) != word[i]) return std::nullopt;
    return at + word.size();
}

std::size_t Lexer::multi_line(std::size_t at, std::size_t body, std::string& out,
                              Diagnostics* report) const {
    std::size_t line = body;
    while (line < text_.size() && (text_[line] == ' ' || text_[line] == '\t'))
        ++line;
    const bool ends_here = line < text_.size() && (text_[line] == '#' || text_[line] == '\n' ||
                                                   text_.substr(line, 2) == "\r\n");
    if (!ends_here) {
        if (report)
            report->error(make_range(at, body),
                          "nothing but a comment may follow 'text:' on its line");
        if (line >= text_.size()) return text_.size();
    }
    line = text_.find('\n', line);
    while (line != std::string_view::npos) {
        ++line;
        const std::size_t line_end = text_.find('\n', line);
        std::string_view content = text_.substr(line, line_end - line);  // npos - line: the rest
        if (content == "." || content == ".\r")
            return line_end == std::string_view::npos ? text_.size() : line_end + 1;
        if (line_end == std::string_view::npos) break;
        if (content.starts_with('.'))
            content.remove_prefix(content.size() > 1 && content[1] == '.' ? 1 : 0);
        if (content.ends_with('\r')) content.remove_suffix(1);
        out.append(content).append("\r\n");
        line = line_end;
    }
    if (report)
        report->error(make_range(at, body), "'text:' has no line with a single dot at its end");
    return text_.size();
}

std::size_t Lexer::resume(std::size_t at, std::string_view stops) const {
    std::string open;  // the closers that are due
    while ((at = skip(at)) < text_.size()) {
        const char c = text_[at];
        // A semicolon or brace ends every bracket: what is open was never closed.
        if (c == ';' || c == '{' || c == '}') {
            if (stops.find(c) != std::string_view::npos) return at;
        }
        if (open.empty() && stops.find(c) != std::string_view::npos) return at;
        std::string ignored;
        if (c == '"' || multi_line_body(at)) {
            at = any_string(at, ignored, nullptr);
            continue;
        }
        if (text_.substr(at, 2) == "/*")
            return text_.size();  // not closed, or skip() had passed it
        if (is_alpha(c)) {
            at = end_of_word(text_, at);
            continue;
        }
        if (c == '[') open += ']';
        if (c == '(') open += ')';
        if (!open.empty() && c == open.back()) open.pop_back();
        ++at;
    }
    return text_.size();
}

std::string Lexer::describe(std::size_t at) const {
    if (at >= text_.size()) return "the end of the script";
    const char c = text_[at];
    if (c == '"' || multi_line_body(at)) return "a string";
    if (text_.substr(at, 2) == "/*") return "a comment that is not closed";
    if (is_digit(c)) return "a number";
    if (is_alpha(c)) {
        std::size_t end = end_of_word(text_, at);
        end = std::min(end, at + limits::max_identifier_bytes);
        return "'" + std::string(text_.substr(at, end - at)) + "'";
    }
    if (c == '\'' || c == '`' || is_typographic_quote(text_.substr(at)))
        return "a quotation mark that is none here: strings stand in '\"'";
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x21 || byte > 0x7e) return "a character that has no place here";
    if (c == ':' && at + 1 < text_.size() && is_alpha(text_[at + 1])) {
        std::size_t end = end_of_word(text_, at + 1);
        end = std::min(end, at + limits::max_identifier_bytes);
        return "':" + std::string(text_.substr(at + 1, end - at - 1)) + "'";
    }
    return {'\'', c, '\''};
}

Range Lexer::range(std::size_t at) const {
    if (at >= text_.size()) return make_range(text_.size(), text_.size());
    const char c = text_[at];
    if (is_alpha(c) || is_digit(c)) return make_range(at, end_of_word(text_, at));
    if (c == ':') return make_range(at, std::max(at + 1, end_of_word(text_, at + 1)));
    return make_range(at, at + 1);
}

}  // namespace sieve
