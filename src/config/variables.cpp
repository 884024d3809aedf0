// SPDX-License-Identifier: MIT
// %[-][0][width][.[0][-]width2][modifiers]X (compat 2.1). Functions are in variable_functions.cpp.
#include "config/variables.h"

#include "base/text.h"
#include "config/variable_text.h"

#include <algorithm>
#include <cstdlib>
#include <unistd.h>

namespace config {
namespace {

constexpr std::size_t max_modifiers = 10;
constexpr int max_nesting = 8;

struct Width {
    bool given = false;
    bool negative = false;
    bool zero = false;
    int number = 0;
};

struct Spec {
    Width first;
    Width second;  // given where there is a dot
    std::string modifiers;
};

Width take_width(std::string_view& text) {
    Width width;
    if (text.starts_with('-')) {
        width.negative = true;
        text.remove_prefix(1);
    }
    if (text.starts_with('0')) {
        width.zero = true;
        width.given = true;
    }
    while (!text.empty() && text.front() >= '0' && text.front() <= '9') {
        width.given = true;
        if (width.number < 100000) width.number = width.number * 10 + (text.front() - '0');
        text.remove_prefix(1);
    }
    return width;
}

// The end of "name}" in text, with nested braces and escapes; npos where it does not end.
std::size_t closing_brace(std::string_view text) {
    int depth = 1;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\\') {
            ++i;
        } else if (text[i] == '{') {
            ++depth;
        } else if (text[i] == '}' && --depth == 0) {
            return i;
        }
    }
    return std::string_view::npos;
}

void cut(std::string& value, const Spec& spec) {
    int offset = 0;
    Width width = spec.first;
    if (spec.second.given) {
        offset = spec.first.negative ? -spec.first.number : spec.first.number;
        width = spec.second;
    }
    auto size = static_cast<int>(value.size());
    if (offset < 0) offset = std::max(0, size + offset);
    if (offset > 0) value.erase(0, static_cast<std::size_t>(std::min(offset, size)));
    if (!spec.second.given) width.negative = false;  // a lone "-" counts for nothing [obs]
    if (!width.given || (width.number == 0 && !width.zero)) return;
    size = static_cast<int>(value.size());
    if (width.zero && !width.negative) {
        if (size < width.number)
            value.insert(0, static_cast<std::size_t>(width.number - size), '0');
        return;
    }
    if (width.negative) {
        value.resize(static_cast<std::size_t>(std::max(0, size - width.number)));
    } else if (size > width.number) {
        value.resize(static_cast<std::size_t>(width.number));
    }
}

}  // namespace

std::optional<std::string> Expansion::value_of(std::string_view name) const {
    for (const Variable& variable : variables_.values) {
        if (name.size() == 1 ? variable.letter == name.front() : variable.name == name)
            return variable.value;
    }
    if (name.starts_with("env:")) {
        const char* value = std::getenv(std::string(name.substr(4)).c_str());
        return std::string(value ? value : "");
    }
    if (variables_.find) return variables_.find(name);
    return std::nullopt;
}

base::Result<std::string, std::string> Expansion::run(std::string_view text, int depth) {
    if (depth > max_nesting) return base::Unexpected<std::string>{"Too deeply nested variables"};
    std::string out;
    while (!text.empty()) {
        std::size_t percent = text.find('%');
        out.append(text.substr(0, percent));
        if (percent == std::string_view::npos) break;
        text.remove_prefix(percent + 1);
        if (text.empty()) break;  // a lone '%' at the end disappears
        if (text.front() == '%') {
            out += '%';
            text.remove_prefix(1);
            continue;
        }
        Spec spec;
        spec.first = take_width(text);
        if (text.starts_with('.')) {
            text.remove_prefix(1);
            spec.second = take_width(text);
            spec.second.given = true;
        }
        while (!text.empty() && spec.modifiers.size() < max_modifiers &&
               is_modifier(text.front())) {
            spec.modifiers += text.front();
            text.remove_prefix(1);
        }
        if (text.empty()) break;
        if (text.front() == '%') {  // modifiers do nothing to it
            out += '%';
            text.remove_prefix(1);
            continue;
        }
        std::string_view name = text.substr(0, 1);
        if (text.front() == '{') {
            std::size_t end = closing_brace(text.substr(1));
            if (end == std::string_view::npos) break;
            name = text.substr(1, end);
            text.remove_prefix(end + 2);
        } else {
            text.remove_prefix(1);
        }
        auto value =
            name.find_first_of(":;") == std::string_view::npos ? value_of(name) : call(name, depth);
        if (!value && unknown_ == Unknown::shown) {
            value = "UNSUPPORTED_VARIABLE_" + base::printable(name, 100);
            error_.clear();
        }
        if (!error_.empty()) return base::Unexpected{error_};
        if (!value)
            return base::Unexpected<std::string>{"Unknown variable '%" +
                                                 base::printable(name, 100) + "'"};
        bool hashed = false;
        for (char modifier : spec.modifiers) {
            if (modifier == 'H' || modifier == 'N') {
                unsigned modulo = static_cast<unsigned>(spec.second.given ? spec.second.number
                                                                          : spec.first.number);
                unsigned digits = spec.second.given ? static_cast<unsigned>(spec.first.number) : 0;
                *value = modifier == 'H' ? hash_text(*value, modulo, digits)
                                         : new_hash_text(*value, modulo, digits);
                hashed = true;
            } else {
                *value = modified(*value, modifier);
            }
        }
        if (!hashed) cut(*value, spec);
        out += *value;
        if (out.size() > max_expansion_bytes)
            return base::Unexpected<std::string>{"Expanded text is too long"};
    }
    return out;
}

base::Result<std::string, std::string> expand(std::string_view text, const Variables& variables) {
    if (text.find('%') == std::string_view::npos) return std::string(text);
    return Expansion(variables).run(text, 0);
}

std::string expand_label(std::string_view text, const Variables& variables) {
    auto label = Expansion(variables, Expansion::Unknown::shown).run(text, 0);
    return label ? std::move(label).value() : std::string(text);
}

void add_user(Variables& variables, std::string_view user) {
    std::size_t at = user.find('@');
    std::string whole(user), name(user.substr(0, at));
    std::string domain(at == std::string_view::npos ? "" : user.substr(at + 1));
    // The auth_ ones differ only for master users.
    variables.values.push_back({'\0', "auth_user", whole});
    variables.values.push_back({'\0', "auth_username", name});
    variables.values.push_back({'\0', "auth_domain", domain});
    variables.values.push_back({'u', "user", std::move(whole)});
    variables.values.push_back({'n', "username", std::move(name)});
    variables.values.push_back({'d', "domain", std::move(domain)});
}

void add_process(Variables& variables) {
    char host[256] = "";
    ::gethostname(host, sizeof host - 1);
    variables.values.push_back({'p', "pid", std::to_string(::getpid())});
    variables.values.push_back({'i', "uid", std::to_string(::geteuid())});
    variables.values.push_back({'\0', "gid", std::to_string(::getegid())});
    variables.values.push_back({'\0', "hostname", host});
}

}  // namespace config
