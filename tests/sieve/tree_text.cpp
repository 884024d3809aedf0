// SPDX-License-Identifier: MIT
#include "tree_text.h"

#include "sieve/text.h"

namespace sieve_test {

namespace {

using sieve::ast::Argument;
using sieve::ast::Call;
using sieve::ast::Command;
using sieve::ast::Number;
using sieve::ast::Script;
using sieve::ast::String;
using sieve::ast::StringList;
using sieve::ast::Tag;
using sieve::ast::TestForm;

std::string at(sieve::Range where) {
    return " @" + std::to_string(where.begin) + "-" + std::to_string(where.end);
}

class Writer {
  public:
    void commands(const sieve::Sequence<Command>& commands, int depth) {
        for (const Command& each : commands) {
            call("command", each.head, depth);
            if (!each.has_block) continue;
            line(depth + 1, "block");
            this->commands(each.block, depth + 2);
        }
    }
    std::string text;

  private:
    void line(int depth, const std::string& content) {
        text.append(static_cast<std::size_t>(depth) * 2, ' ').append(content).append("\n");
    }

    void call(const std::string& kind, const Call& call, int depth) {
        line(depth, kind + " " + std::string(call.name.text) + at(call.name.where) +
                        (call.broken ? " broken" : "") +
                        (call.form == TestForm::list ? " with list" : ""));
        for (const Argument& each : call.arguments)
            argument(each, depth + 1);
        for (const Call& each : call.tests)
            this->call("test", each, depth + 1);
    }

    void argument(const Argument& argument, int depth) {
        if (const auto* tag = std::get_if<Tag>(&argument))
            return line(depth, "tag :" + std::string(tag->text) + at(tag->where));
        if (const auto* number = std::get_if<Number>(&argument))
            return line(depth, "number " + (number->value ? std::to_string(*number->value) : "?") +
                                   at(number->where));
        const auto& list = std::get<StringList>(argument);
        std::string content = list.bracketed ? "strings" : "string";
        for (const String& each : list.items)
            content += " \"" + sieve::printable(each.text) + "\"";
        line(depth, content + at(list.where));
    }
};

}  // namespace

std::string to_text(const Script& script) {
    Writer writer;
    writer.commands(script.commands, 0);
    return writer.text;
}

}  // namespace sieve_test
