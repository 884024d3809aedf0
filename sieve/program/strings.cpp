// SPDX-License-Identifier: MIT
// What ${...} in a constant string means: RFC 5228 §2.4.2.4 (encoded-character), then RFC 5229 §3
// (variables). Anything that is not well formed stands for itself.
#include "sieve/limits.h"
#include "sieve/program/unit.h"
#include "sieve/text.h"

#include <charconv>

namespace sieve {

namespace {

bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}
bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
bool is_word_start(char c) {
    return (ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z') || c == '_';
}

bool istarts_with(std::string_view text, std::string_view prefix) {
    return text.size() >= prefix.size() && iequals(text.substr(0, prefix.size()), prefix);
}

struct Encoded {
    std::string octets;
    std::size_t length = 0;  // of the reference, braces included
    bool out_of_range = false;
};

// A "${hex: 40 41}" or "${unicode: 00e4}" at the start of `text`.
std::optional<Encoded> read_encoded(std::string_view text) {
    const bool hex = istarts_with(text, "${hex:");
    if (!hex && !istarts_with(text, "${unicode:")) return std::nullopt;
    Encoded result;
    std::size_t at = text.find(':') + 1;
    bool any = false;
    while (true) {
        const std::size_t before = at;
        while (at < text.size() && is_blank(text[at]))
            ++at;
        if (at == text.size()) return std::nullopt;
        if (text[at] == '}') break;
        if (any && at == before) return std::nullopt;  // no blank between two
        std::uint32_t value = 0;
        const char* begin = text.data() + at;
        const char* limit = text.data() + text.size();
        const auto [end, error] = std::from_chars(begin, limit, value, 16);
        if (error == std::errc::invalid_argument) return std::nullopt;
        if (hex && end - begin > 2) return std::nullopt;
        if (hex) {
            result.octets += static_cast<char>(value);
        } else if (error != std::errc{} || value > 0x10ffff ||
                   (value >= 0xd800 && value < 0xe000)) {
            result.out_of_range = true;
        } else {
            append_utf8(result.octets, value);
        }
        at += static_cast<std::size_t>(end - begin);
        any = true;
    }
    if (!any) return std::nullopt;
    result.length = at + 1;
    return result;
}

constexpr std::size_t env_item = std::string_view("${env.").size();

struct Reference {
    std::string_view name_space;  // "global" of ${global.x}
    std::string_view name;
    std::size_t length = 0;
    std::size_t elements = 1;
};

// A "${name}", "${ns.name}" or "${3}" at the start of `text` (RFC 5229 §3, variable-ref).
std::optional<Reference> read_reference(std::string_view text) {
    if (!text.starts_with("${")) return std::nullopt;
    std::size_t at = 2;
    std::size_t element = at;
    Reference result;
    while (true) {
        const std::size_t begin = at;
        if (at < text.size() && is_digit(text[at])) {
            while (at < text.size() && is_digit(text[at]))
                ++at;
        } else if (at < text.size() && is_word_start(text[at])) {
            while (at < text.size() && (is_word_start(text[at]) || is_digit(text[at])))
                ++at;
        }
        if (at == begin || at == text.size()) return std::nullopt;
        element = begin;
        if (text[at] == '}') break;
        if (text[at] != '.' || is_digit(text[begin])) return std::nullopt;
        ++at;
        ++result.elements;
    }
    result.name = text.substr(element, at - element);
    if (element > 2) result.name_space = text.substr(2, element - 3);
    result.length = at + 1;
    return result;
}

std::string_view undo_encoding(std::string_view text, Range where, Diagnostics& diagnostics,
                               Arena& arena) {
    std::string out;
    std::size_t copied = 0;
    bool complained = false;
    for (std::size_t at = text.find("${"); at != text.npos; at = text.find("${", at)) {
        const auto encoded = read_encoded(text.substr(at));
        if (!encoded) {
            at += 2;
            continue;
        }
        if (encoded->out_of_range && !std::exchange(complained, true))
            diagnostics.error(where, "'" + printable(text.substr(at, encoded->length)) +
                                         "' names no Unicode character");
        out.append(text, copied, at - copied).append(encoded->octets);
        at += encoded->length;
        copied = at;
    }
    if (copied == 0) return text;
    return arena.keep(out.append(text, copied));
}

void add_literal(bound::Text& result, std::string_view text, Arena& arena) {
    if (text.empty()) return;
    result.parts.add(arena, {format::PartKind::literal, 0, text});
}

}  // namespace

std::optional<std::uint32_t> Unit::variable_named(std::string_view name, Range where) {
    const std::string reference = "${" + std::string(name) + "}";
    const auto parsed = read_reference(reference);
    if (!parsed || parsed->length != reference.size() || is_digit(parsed->name.front())) {
        diagnostics_.error(where, "'" + printable(name) + "' is no variable name");
        return std::nullopt;
    }
    return referred(parsed->name_space, parsed->name, where);
}

// A variable by its namespace and name, which is an identifier.
std::optional<std::uint32_t> Unit::referred(std::string_view name_space, std::string_view name,
                                            Range where) {
    const bool global = iequals(name_space, "global") && active("include");
    if (!name_space.empty() && !global) {
        diagnostics_.error(where, "unknown variable namespace '" + printable(name_space) + "'");
        return std::nullopt;
    }
    if (name.size() > limits::max_variable_name_bytes) {
        diagnostics_.error(where, "variable name is longer than " +
                                      std::to_string(limits::max_variable_name_bytes) +
                                      " characters");
        return std::nullopt;
    }
    return global ? global_variable(name, where) : variable(name, where);
}

void Unit::declare_global(std::string_view name, Range where) {
    const std::string reference = "${" + std::string(name) + "}";
    const auto parsed = read_reference(reference);
    if (!parsed || parsed->length != reference.size() || is_digit(parsed->name.front()) ||
        !parsed->name_space.empty())
        return diagnostics_.error(where, "'" + printable(name) + "' is no variable name");
    const auto global = referred("global", name, where);
    if (!global) return;
    const auto [at, fresh] = variable_slots_.try_emplace(lower(name), *global);
    if (!fresh && at->second != *global)
        diagnostics_.error(where, "variable '" + std::string(name) +
                                      "' was used before it is declared global here");
}

void Unit::bind(const ast::String& string, bound::Text& result) {
    result.where = string.where;
    result.literal = string.text;
    if (result.literal.find("${") == std::string_view::npos) return;
    if (active("encoded-character"))
        result.literal = undo_encoding(result.literal, result.where, diagnostics_, arena_);
    if (!active("variables")) return;

    const std::string_view text = result.literal;
    std::size_t copied = 0;
    for (std::size_t at = text.find("${"); at != std::string_view::npos; at = text.find("${", at)) {
        const auto reference = read_reference(text.substr(at));
        if (!reference) {
            at += 1;
            continue;
        }
        const std::string shown = "'" + printable(text.substr(at, reference->length)) + "'";
        bound::Part part;
        if (is_digit(reference->name.front()) && reference->name_space.empty()) {
            part.kind = format::PartKind::match_value;
            const std::string_view digits = reference->name;
            const auto [end, error] =
                std::from_chars(digits.data(), digits.data() + digits.size(), part.index);
            if (error != std::errc{} || part.index > limits::max_match_values)
                diagnostics_.error(result.where, shown + " is beyond the last match value, ${" +
                                                     std::to_string(limits::max_match_values) +
                                                     "}");
        } else if (reference->elements > limits::max_namespace_elements) {
            diagnostics_.error(result.where, shown + " has too many name elements");
        } else if (active("vnd.dovecot.environment") &&
                   (reference->name_space == "env" || reference->name_space.starts_with("env."))) {
            part.kind = format::PartKind::environment;
            part.literal = text.substr(at + env_item, reference->length - env_item - 1);
        } else if (active("vnd.dovecot.testsuite") && reference->name_space == "tst") {
            part.kind = format::PartKind::environment;
            part.literal = arena_.keep("tst." + std::string(reference->name));
        } else if (is_digit(reference->name.front())) {
            diagnostics_.error(result.where, shown + " is no variable name");
        } else {
            part.kind = format::PartKind::variable;
            part.index = referred(reference->name_space, reference->name, result.where).value_or(0);
        }
        add_literal(result, text.substr(copied, at - copied), arena_);
        result.parts.add(arena_, part);
        at += reference->length;
        copied = at;
    }
    if (!result.parts.empty()) add_literal(result, text.substr(copied), arena_);
}

}  // namespace sieve
