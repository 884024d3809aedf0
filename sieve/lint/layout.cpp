// SPDX-License-Identifier: MIT
#include "sieve/lint/layout.h"

#include "sieve/diagnostics.h"
#include "sieve/lint/tree_shape.h"
#include "sieve/syntax/lexer.h"
#include "sieve/syntax/parse.h"
#include "sieve/text.h"

#include <algorithm>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <vector>

namespace sieve {

namespace {

constexpr std::size_t width = 100;
constexpr std::size_t indent_width = 4;

enum class TokenKind : std::uint8_t { piece, punctuation, line_comment, block_comment };

struct Token {
    TokenKind kind = TokenKind::piece;
    std::string_view text;     // as it stands
    bool begins_line = false;  // nothing but white space before it
    bool after_blank = false;  // an empty line before it

    bool is(char c) const { return kind == TokenKind::punctuation && text.front() == c; }
    bool is_comment() const {
        return kind == TokenKind::line_comment || kind == TokenKind::block_comment;
    }
    bool has_lines() const { return text.find('\n') != std::string_view::npos; }
};
using Tokens = std::span<const Token>;

std::vector<Token> tokens_of(std::string_view source) {
    Diagnostics ignored;
    Arena arena;
    const Lexer lexer(source, ignored, arena);
    std::vector<Token> tokens;
    unsigned lines = 1;  // line ends since the last token
    for (std::size_t at = 0; at < source.size();) {
        const char c = source[at];
        if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
            lines += c == '\n' ? 1 : 0;
            ++at;
            continue;
        }
        Token token;
        std::size_t end = at + 1;
        if (c == '#') {
            end = std::min(source.find('\n', at), source.size());
            token.kind = TokenKind::line_comment;
        } else if (source.substr(at, 2) == "/*") {
            end = std::min(source.find("*/", at + 2), source.size() - 2) + 2;
            token.kind = TokenKind::block_comment;
        } else if (std::string_view("()[]{},;").find(c) != std::string_view::npos) {
            token.kind = TokenKind::punctuation;
        } else {
            ast::String string;
            ast::Tag tag;
            ast::Number number;
            ast::Name name;
            if (lexer.begins_string(at))
                end = lexer.string(at, string);
            else if (lexer.begins_tag(at))
                end = lexer.tag(at, tag);
            else if (lexer.begins_number(at))
                end = lexer.number(at, number);
            else if (lexer.begins_word(at))
                end = lexer.identifier(at, name);
        }
        token.text = source.substr(at, end - at);
        token.begins_line = lines > 0;
        token.after_blank = lines > 1;
        while (token.is_comment() && (token.text.ends_with('\r') || token.text.ends_with(' ')))
            token.text.remove_suffix(1);
        lines = token.text.ends_with('\n') ? 1 : 0;
        tokens.push_back(token);
        at = end;
    }
    return tokens;
}

std::string spaces(std::size_t level) {
    return std::string(level * indent_width, ' ');
}

bool closes(const Token& token) {
    return token.is(')') || token.is(']') || token.is(',') || token.is(';');
}
bool opens(const Token& token) {
    return token.is('(') || token.is('[');
}

// In one line; where a piece has lines of its own, with these.
std::string flat(Tokens tokens) {
    std::string line;
    for (std::size_t i = 0; i < tokens.size(); ++i) {
        const bool first = i == 0 || line.ends_with('\n');
        if (!first && !closes(tokens[i]) && !opens(tokens[i - 1])) line += ' ';
        line += tokens[i].text;
        // What ends multi-line text is alone in its line.
        if (tokens[i].has_lines() && tokens[i].text.starts_with("text:") && !line.ends_with('\n'))
            line += '\n';
    }
    return line;
}

std::size_t matching(Tokens tokens, std::size_t open) {
    std::size_t depth = 0;
    for (std::size_t i = open; i < tokens.size(); ++i) {
        if (opens(tokens[i])) ++depth;
        if ((tokens[i].is(')') || tokens[i].is(']')) && --depth == 0) return i;
    }
    return tokens.size() - 1;
}

std::vector<Tokens> items_of(Tokens tokens) {
    std::vector<Tokens> items;
    std::size_t depth = 0;
    std::size_t begin = 0;
    for (std::size_t i = 0; i < tokens.size(); ++i) {
        if (opens(tokens[i])) ++depth;
        if (tokens[i].is(')') || tokens[i].is(']')) --depth;
        if (depth != 0 || !tokens[i].is(',')) continue;
        items.push_back(tokens.subspan(begin, i - begin));
        begin = i + 1;
    }
    items.push_back(tokens.subspan(begin));
    return items;
}

// A command up to its end, or a test, at this level.
std::string broken(Tokens tokens, std::size_t level, std::size_t room);

// A list over several lines: tests one a line, strings as many as fit.
std::string broken_list(Tokens tokens, std::size_t open, std::size_t level) {
    const std::size_t close = matching(tokens, open);
    const bool of_tests = tokens[open].is('(');
    std::string text = flat(tokens.first(open + 1)) + '\n' + spaces(level + 1);
    std::size_t column = (level + 1) * indent_width;
    const auto items = items_of(tokens.subspan(open + 1, close - open - 1));
    for (std::size_t i = 0; i < items.size(); ++i) {
        const std::string item = broken(items[i], level + 1, 2) + (i + 1 < items.size() ? "," : "");
        const bool fits = !of_tests && column + 1 + item.size() <= width;
        if (i > 0 && fits) {
            text += ' ';
            ++column;
        } else if (i > 0) {
            text += '\n' + spaces(level + 1);
            column = (level + 1) * indent_width;
        }
        text += item;
        column += item.size();
    }
    text += '\n' + spaces(level);
    Tokens rest = tokens.subspan(close);
    text += broken(rest, level, 2);
    return text;
}

std::string broken(Tokens tokens, std::size_t level, std::size_t room) {
    const auto comment = std::ranges::find(tokens, TokenKind::line_comment, &Token::kind);
    if (comment != tokens.end()) {
        const auto before = static_cast<std::size_t>(comment - tokens.begin());
        std::string text = broken(tokens.first(before), level, room);
        text += (text.empty() ? "" : "  ") + std::string(comment->text) + '\n';
        Tokens rest = tokens.subspan(before + 1);
        return rest.empty() ? text : text + spaces(level + 1) + broken(rest, level + 1, room);
    }
    std::string line = flat(tokens);
    if (level * indent_width + line.size() + room <= width || line.find('\n') != std::string::npos)
        return line;
    for (const char bracket : {'(', '['})
        for (std::size_t i = 0; i < tokens.size(); ++i)
            if (tokens[i].is(bracket) && matching(tokens, i) > i + 1)
                return broken_list(tokens, i, level);
    return line;
}

class Layout {
  public:
    explicit Layout(Tokens tokens) : tokens_(tokens) {}

    std::string run() {
        std::size_t begin = 0;  // of what stands before its end
        for (std::size_t i = 0; i < tokens_.size(); ++i) {
            const Token& token = tokens_[i];
            const Tokens head = tokens_.subspan(begin, i - begin);
            if (token.is_comment() && head.empty()) {
                comment(token);
            } else if (token.is(';')) {
                statement(head, ";");
            } else if (token.is('{')) {
                statement(head, " {");
                ++level_;
                first_in_block_ = true;
            } else if (token.is('}')) {
                level_ -= level_ > 0 ? 1 : 0;
                close(i);
            } else {
                continue;
            }
            begin = i + 1;
        }
        if (!text_.empty() && !text_.ends_with('\n')) text_ += '\n';
        return std::move(text_);
    }

  private:
    void begin_line(const Token& token) {
        if (joins_) {
            text_ += ' ';
            joins_ = false;
            return;
        }
        if (!text_.empty() && !text_.ends_with('\n')) text_ += '\n';
        if (token.after_blank && !first_in_block_ && !text_.empty()) text_ += '\n';
        text_ += spaces(level_);
    }

    void comment(const Token& token) {
        if (token.begins_line || text_.empty()) {
            joins_ = false;
            begin_line(token);
            text_ += token.text;
        } else {
            text_.append("  ").append(token.text);
        }
        first_in_block_ = false;
    }

    void statement(Tokens head, std::string_view end) {
        if (head.empty()) {
            text_ += end;
            return;
        }
        begin_line(head.front());
        text_ += broken(head, level_, end.size());
        if (text_.ends_with('\n')) text_ += spaces(level_);
        text_ += end;
        first_in_block_ = false;
    }

    // What belongs to the same chain stays in its line.
    void close(std::size_t at) {
        Token plain = tokens_[at];
        plain.after_blank = false;
        joins_ = false;
        if (first_in_block_ && text_.ends_with('{'))
            text_ += " }";
        else {
            begin_line(plain);
            text_ += '}';
        }
        first_in_block_ = false;
        joins_ = at + 1 < tokens_.size() &&
                 (iequals(tokens_[at + 1].text, "elsif") || iequals(tokens_[at + 1].text, "else"));
    }

    Tokens tokens_;
    std::string text_;
    std::size_t level_ = 0;
    bool first_in_block_ = true;
    bool joins_ = false;
};

}  // namespace

std::optional<std::string> lay_out(std::string_view source) {
    Diagnostics errors;
    const ast::Script before = parse(source, errors);
    if (errors.has_errors()) return std::nullopt;
    const std::vector<Token> tokens = tokens_of(source);
    std::string text = Layout(tokens).run();
    // The same script, or our mistake.
    const ast::Script after = parse(text, errors);
    if (errors.has_errors() || shape_of(before) != shape_of(after))
        throw std::logic_error("the script would not be the same");
    return text;
}

}  // namespace sieve
