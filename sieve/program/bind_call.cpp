// SPDX-License-Identifier: MIT
#include "sieve/program/bind_call.h"

#include "sieve/limits.h"
#include "sieve/program/call_check.h"

#include <algorithm>
#include <cstddef>

namespace sieve {

namespace {

Range range_of(const ast::Argument& argument) {
    return std::visit([](const auto& each) { return each.where; }, argument);
}

std::string_view form_of(const ast::Argument& argument) {
    if (std::holds_alternative<ast::Number>(argument)) return "a number";
    if (std::holds_alternative<ast::Tag>(argument)) return "a tag";
    return std::get<ast::StringList>(argument).bracketed ? "a string list" : "a string";
}

std::string_view form_of(ValueKind kind) {
    switch (kind) {
        case ValueKind::constant:
        case ValueKind::string:
            return "a string";
        case ValueKind::list:
            return "a string list";
        case ValueKind::number:
            return "a number";
    }
    return {};
}

class Binding {
  public:
    Binding(Unit& unit, const Word& word, const ast::Call& source, bound::Call& call)
        : unit_(unit), word_(word), source_(source), call_(call) {
        call_.extension = word.extension;
        call_.word = word.spec;
        call_.where = source.name.where;
    }

    void run() {
        call_.values.reserve(unit_.arena(), source_.arguments.size());
        // Unfilled optional arguments are the first ones: the number of positional ones decides.
        split();
        for (const auto& [tag, at] : tags_)
            bind_tag(*tag, at);
        bind_positional();
        if (sound_) check();
    }

  private:
    void error(Range where, std::string text) {
        sound_ = false;
        unit_.diagnostics().error(where, std::move(text));
    }
    std::string word() const { return "'" + std::string(word_.spec->name) + "'"; }

    // Tags with the argument behind them on one side, positional arguments on the other.
    void split() {
        const Sequence<ast::Argument>& arguments = source_.arguments;
        if (arguments.size() > limits::max_arguments)
            error(call_.where, word() + " has more than " + std::to_string(limits::max_arguments) +
                                   " arguments");
        for (std::size_t i = 0; i < arguments.size(); ++i) {
            const auto* tag = std::get_if<ast::Tag>(&arguments[i]);
            if (tag == nullptr) {
                positional_.add(unit_.arena(), i);
                continue;
            }
            // RFC 5228 §2.6.2.
            if (!positional_.empty())
                error(tag->where, "tag ':" + std::string(tag->text) +
                                      "' must stand before the other arguments");
            const TagSpec* spec = unit_.find_tag(word_, tag->text);
            if (spec == nullptr) {
                sound_ = false;
                unknown_tags_ = true;
                unit_.report_unknown_tag(word_, *tag);
                continue;
            }
            tags_.add(unit_.arena(), {spec, i});
            const bool takes = spec->value != ValueKind::constant || spec->translate != nullptr;
            if (takes && i + 1 < arguments.size() &&
                !std::holds_alternative<ast::Tag>(arguments[i + 1]))
                ++i;
        }
    }

    void bind_tag(const TagSpec& spec, std::size_t at) {
        const auto& tag = std::get<ast::Tag>(source_.arguments[at]);
        for (const TagSpec* other : bound_tags_) {
            if (other == &spec)
                return error(tag.where, "tag ':" + std::string(tag.text) + "' stands twice");
            if (other->slot == spec.slot || (spec.excludes && other->excludes == spec.excludes))
                return error(tag.where, "tag ':" + std::string(tag.text) +
                                            "' cannot stand beside ':" + std::string(other->name) +
                                            "'");
        }
        bound_tags_.add(unit_.arena(), &spec);
        if (spec.value == ValueKind::constant && spec.translate == nullptr) {
            add(spec.slot, ValueKind::constant, tag.where).constant = spec.constant;
            return;
        }
        if (at + 1 >= source_.arguments.size() ||
            std::holds_alternative<ast::Tag>(source_.arguments[at + 1]))
            return error(tag.where, "tag ':" + std::string(tag.text) + "' needs " +
                                        std::string(form_of(spec.value)) + " behind it");
        bind_value(spec.slot, spec.value, spec.translate, source_.arguments[at + 1],
                   [&] { return "':" + std::string(tag.text) + "'"; });
    }

    void bind_positional() {
        const auto specs = word_.spec->arguments;
        const auto optional = static_cast<std::size_t>(
            std::ranges::count_if(specs, [](const ArgumentSpec& each) { return each.optional; }));
        const std::size_t given = positional_.size();
        if (given > specs.size() && !unknown_tags_) {
            error(range_of(source_.arguments[positional_[specs.size()]]),
                  word() + " takes " + count(specs.size()) +
                      (specs.empty() ? "" : ", but here stands one more"));
        } else if (given + optional < specs.size() && !unknown_tags_) {
            error(call_.where, word() + " needs " + count(specs.size() - optional) +
                                   ", but has only " + std::to_string(given));
        }
        if (unknown_tags_ && given != specs.size()) return;  // whose argument is what?
        std::size_t left_out = specs.size() - std::min(given, specs.size());
        for (std::size_t i = 0, next = 0; i < specs.size() && next < given; ++i) {
            if (specs[i].optional && left_out > 0) {
                --left_out;
                continue;
            }
            const std::size_t argument = next++;
            bind_value(positional(i), specs[i].value, specs[i].translate,
                       source_.arguments[positional_[argument]],
                       [&] { return "argument " + std::to_string(next) + " of " + word(); });
        }
    }

    static std::string count(std::size_t n) {
        if (n == 0) return "no arguments";
        return n == 1 ? "one argument" : std::to_string(n) + " arguments";
    }

    // `what` names the argument where something is wrong with it.
    template <typename What>
    void bind_value(Slot slot, ValueKind kind, Translate translate, const ast::Argument& argument,
                    What what) {
        const auto* strings = std::get_if<ast::StringList>(&argument);
        const auto* number = std::get_if<ast::Number>(&argument);
        const bool fits = kind == ValueKind::number ? number != nullptr
                          : kind == ValueKind::list ? strings != nullptr
                                                    : strings != nullptr && !strings->bracketed;
        if (!fits)
            return error(range_of(argument), what() + " must be " + std::string(form_of(kind)) +
                                                 ", but is " + std::string(form_of(argument)));
        if (number != nullptr) {
            if (!number->value) sound_ = false;
            add(slot, kind, number->where).number = number->value.value_or(0);
        } else if (translate != nullptr) {
            bind_translated(slot, translate, *strings, what);
        } else {
            bind_texts(*strings, add(slot, kind, strings->where));
        }
    }

    void bind_texts(const ast::StringList& strings, bound::Value& value) {
        value.texts.reserve(unit_.arena(), strings.items.size());
        for (const ast::String& each : strings.items)
            unit_.bind(each, value.texts.add(unit_.arena()));
    }

    template <typename What>
    void bind_translated(Slot slot, Translate translate, const ast::StringList& strings,
                         What what) {
        bound::Value value;
        bind_texts(strings, value);
        if (value.texts.size() != 1 || !value.texts[0].constant())
            return error(strings.where, what() + " must be a constant string");
        CallCheck check(unit_, call_);
        check.set_here(strings.where);
        const auto constant = translate(check, value.texts[0].literal);
        if (constant)
            add(slot, ValueKind::constant, strings.where).constant = *constant;
        else
            sound_ = false;
    }

    // Values stand in the order of their slots.
    bound::Value& add(Slot slot, ValueKind kind, Range where) {
        Sequence<bound::Value>& values = call_.values;
        bound::Value* value = &values.add(unit_.arena());
        for (; value != values.begin() && slot < value[-1].slot; --value)
            value[0] = value[-1];
        *value = {slot, kind, where};
        return *value;
    }

    void check() {
        CallCheck check(unit_, call_);
        for (const TagSpec* tag : bound_tags_)
            if (tag->check != nullptr) tag->check(check);
        if (word_.spec->check != nullptr) word_.spec->check(check);
    }

    Unit& unit_;
    const Word& word_;
    const ast::Call& source_;
    bound::Call& call_;
    struct WrittenTag {
        const TagSpec* spec = nullptr;
        std::size_t at = 0;
    };
    Sequence<WrittenTag> tags_;
    Sequence<const TagSpec*> bound_tags_;
    Sequence<std::size_t> positional_;
    bool sound_ = true;
    bool unknown_tags_ = false;
};

}  // namespace

void bind_call(Unit& unit, const Word& word, const ast::Call& call, bound::Call& bound) {
    Binding(unit, word, call, bound).run();
}

}  // namespace sieve
