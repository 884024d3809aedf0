// SPDX-License-Identifier: MIT
#include "sieve/program/mistakes.h"

#include "sieve/extension/table.h"
#include "sieve/program/unit.h"
#include "sieve/spelling.h"
#include "sieve/text.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

namespace sieve {

namespace {

using Names = std::vector<std::string_view>;

// What other languages call it, and people who know Sieve a little.
constexpr std::array<std::pair<std::string_view, std::string_view>, 22> other_words{{
    {"and", "allof"},          {"all", "allof"},      {"or", "anyof"},
    {"any", "anyof"},          {"elif", "elsif"},     {"elseif", "elsif"},
    {"file", "fileinto"},      {"move", "fileinto"},  {"moveto", "fileinto"},
    {"save", "fileinto"},      {"store", "fileinto"}, {"copy", "fileinto"},
    {"delete", "discard"},     {"drop", "discard"},   {"trash", "discard"},
    {"forward", "redirect"},   {"bounce", "reject"},  {"refuse", "reject"},
    {"autoreply", "vacation"}, {"mark", "addflag"},   {"exit", "stop"},
    {"return", "stop"},
}};

constexpr std::array<std::string_view, 16> common_fields{
    "subject", "from",      "to",           "cc",           "bcc",      "sender",
    "date",    "list-id",   "received",     "message-id",   "reply-to", "x-spam-flag",
    "x-spam",  "body-text", "delivered-to", "x-spam-status"};

std::string did_you_mean(std::string_view word) {
    return word.empty() ? std::string() : "; did you mean '" + std::string(word) + "'?";
}

Names words_of(WordKind kind) {
    Names names;
    for (const Extension* row : extension_table())
        for (const WordSpec& word : row->words)
            if (word.kind == kind) names.push_back(word.name);
    return names;
}

Names tags_of(const WordSpec& word) {
    Names names;
    for (const TagSpec& tag : word.tags)
        names.push_back(tag.name);
    for (const Extension* row : extension_table())
        for (const TagSpec& tag : row->tags)
            if (adds_to(tag, word)) names.push_back(tag.name);
    return names;
}

bool has_tag(const WordSpec& word, std::string_view name) {
    return std::ranges::any_of(tags_of(word),
                               [&](std::string_view each) { return iequals(each, name); });
}

bool joins_tests(std::string_view name) {
    return iequals(name, "and") || iequals(name, "or");
}

// A string in quotes that goes over a line end: its own closing quote may be missing.
const ast::String* long_string(const ast::Call& call) {
    if (call.arguments.empty()) return nullptr;
    const auto* list = std::get_if<ast::StringList>(&call.arguments.back());
    if (list == nullptr || list->items.empty()) return nullptr;
    const ast::String& last = list->items.back();
    return last.text.find('\n') == std::string_view::npos ? nullptr : &last;
}

}  // namespace

bool is_word(std::string_view name, WordKind kind) {
    return std::ranges::any_of(extension_table(), [&](const Extension* row) {
        return find_word(*row, name, kind) != nullptr;
    });
}

std::uint32_t end_of(const ast::Call& call) {
    if (call.arguments.empty()) return call.name.where.end;
    return std::visit([](const auto& last) { return last.where.end; }, call.arguments.back());
}

std::string hint_for_word(std::string_view name, WordKind kind) {
    for (const auto& [other, word] : other_words)
        if (iequals(other, name) && is_word(word, kind)) return did_you_mean(word);
    if (kind == WordKind::test && std::ranges::any_of(common_fields, [&](std::string_view each) {
            return iequals(each, name);
        }))
        return "; a header field is tested by: header :contains \"" + lower(name) + "\" \"...\"";
    return did_you_mean(nearest(name, words_of(kind)));
}

std::string hint_for_tag(std::string_view name, const WordSpec& word) {
    return did_you_mean([&] {
        const std::string_view tag = nearest(name, tags_of(word));
        return tag.empty() ? std::string() : ":" + std::string(tag);
    }());
}

std::string hint_for_extension(std::string_view name) {
    Names names;
    for (const Extension* row : extension_table())
        if (!row->name.empty()) names.push_back(row->name);
    return did_you_mean(nearest(name, names));
}

std::string hint_for_comparator(std::string_view name) {
    Names names;
    constexpr std::string_view prefix = "comparator-";
    for (const Extension* row : extension_table())
        if (row->name.starts_with(prefix)) names.push_back(row->name.substr(prefix.size()));
    return did_you_mean(nearest(name, names));
}

Mistake stray_word(Unit& unit, const ast::Call& call) {
    const ast::Name& word = call.tests.front().name;
    const std::string owner = "'" + std::string(call.name.text) + "'";
    const std::string stray = "'" + std::string(word.text) + "'";
    if (const ast::String* string = long_string(call))
        return {{string->where.begin, string->where.begin + 1},
                "this string goes on over the end of its line; is its closing '\"' missing?",
                true};
    if (call.form == ast::TestForm::list) return {word.where, owner + " takes no test"};
    if (is_word(word.text, WordKind::command)) {
        const std::uint32_t end = end_of(call);
        return {{end, end}, "missing ';' after " + owner};
    }
    if (joins_tests(word.text))
        return {word.where,
                "tests are joined by allof (..., ...) or anyof (..., ...), not by " + stray};
    for (const WordKind kind : {WordKind::test, WordKind::command}) {
        const auto known = unit.find_word(call.name.text, kind);
        if (known && has_tag(*known->spec, word.text))
            return {word.where, "missing ':' before " + stray, true};
    }
    if (is_word(word.text, WordKind::test)) return {word.where, owner + " takes no test"};
    return {
        word.where,
        stray + " has no place here; a string stands in quotes: \"" + std::string(word.text) + "\"",
        true};
}

}  // namespace sieve
