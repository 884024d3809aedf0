// SPDX-License-Identifier: MIT
#include "sieve/lint/tree_shape.h"

#include "sieve/text.h"

#include <variant>

namespace sieve {

namespace {

// Lengths keep neighbours apart, whatever the text holds.
void add(std::string& shape, std::string_view text) {
    shape.append(std::to_string(text.size())).append(":").append(text);
}

struct AddArgument {
    std::string& shape;
    void operator()(const ast::StringList& list) const {
        shape += '[';
        for (const ast::String& each : list.items)
            add(shape, each.text);
        shape += ']';
    }
    void operator()(const ast::Number& number) const {
        shape += '#';
        add(shape, number.value ? std::to_string(*number.value) : std::string());
    }
    void operator()(const ast::Tag& tag) const {
        shape += ':';
        add(shape, lower(tag.text));
    }
};

void add(std::string& shape, const ast::Call& call) {
    add(shape, lower(call.name.text));
    for (const ast::Argument& argument : call.arguments)
        std::visit(AddArgument{shape}, argument);
    shape += '(';
    for (const ast::Call& test : call.tests)
        add(shape, test);
    shape += ')';
}

void add(std::string& shape, const Sequence<ast::Command>& commands) {
    for (const ast::Command& command : commands) {
        add(shape, command.head);
        if (!command.has_block) continue;
        shape += '{';
        add(shape, command.block);
        shape += '}';
    }
}

}  // namespace

std::string shape_of(const ast::Call& call) {
    std::string shape;
    add(shape, call);
    return shape;
}

std::string shape_of(const ast::Script& script) {
    std::string shape;
    add(shape, script.commands);
    return shape;
}

}  // namespace sieve
