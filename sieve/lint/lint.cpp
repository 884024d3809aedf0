// SPDX-License-Identifier: MIT
#include "sieve/lint/lint.h"

#include "sieve/extension/address_text.h"
#include "sieve/lint/tree_shape.h"
#include "sieve/syntax/parse.h"
#include "sieve/text.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <utility>
#include <variant>

namespace sieve {

namespace {

// Each of them costs a compilation.
constexpr std::size_t max_checked_extensions = 64;

constexpr std::array<std::string_view, 5> address_fields{"from", "to", "cc", "sender", "reply-to"};
constexpr std::array<std::pair<std::string_view, std::string_view>, 3> successors{
    {{"imapflags", "imap4flags"}, {"notify", "enotify"}, {"vnd.dovecot.duplicate", "duplicate"}}};
// What is used by what strings hold, which no compiler sees.
constexpr std::array<std::pair<std::string_view, std::string_view>, 5> used_in_strings{
    {{"variables", "${"},
     {"encoded-character", "${"},
     {"vnd.dovecot.environment", "vnd.dovecot."},
     {"imapsieve", "imap."},
     {"vnd.dovecot.imapsieve", "vnd.dovecot."}}};

bool is(const ast::Call& call, std::string_view word) {
    return iequals(call.name.text, word);
}

bool has_tag(const ast::Call& call, std::string_view name) {
    return std::ranges::any_of(call.arguments, [&](const ast::Argument& argument) {
        const auto* tag = std::get_if<ast::Tag>(&argument);
        return tag != nullptr && iequals(tag->text, name);
    });
}

// The last positional string lists of a call, in order.
std::vector<const ast::StringList*> lists_of(const ast::Call& call) {
    std::vector<const ast::StringList*> lists;
    for (const ast::Argument& argument : call.arguments)
        if (const auto* list = std::get_if<ast::StringList>(&argument)) lists.push_back(list);
    return lists;
}

bool ends_script(const ast::Call& call) {
    return is(call, "stop") || is(call, "error") || is(call, "return");
}

// Commands that leave every test as it was.
bool leaves_tests_alone(const ast::Call& call) {
    constexpr std::array<std::string_view, 14> words{
        "require", "keep",   "discard", "fileinto", "redirect", "stop",      "error",
        "return",  "reject", "ereject", "vacation", "notify",   "debug_log", "pipe"};
    return is(call, "if") || is(call, "elsif") || is(call, "else") ||
           std::ranges::any_of(words, [&](std::string_view word) { return is(call, word); });
}
bool leave_tests_alone(const Sequence<ast::Command>& commands) {
    return std::ranges::all_of(commands, [](const ast::Command& command) {
        return leaves_tests_alone(command.head) && leave_tests_alone(command.block);
    });
}

bool has_stop(const Sequence<ast::Command>& commands) {
    return std::ranges::any_of(commands, [](const ast::Command& command) {
        return is(command.head, "stop") || has_stop(command.block);
    });
}

// The same for tests that mean the same: names of fields without case, what is the default left
// out.
ast::Call in_plain_words(const ast::Call& call, Arena& arena) {
    ast::Call plain = call;
    plain.tests = {};
    for (const ast::Call& test : call.tests)
        plain.tests.add(arena, in_plain_words(test, arena));
    if (!is(call, "header") && !is(call, "address") && !is(call, "envelope") && !is(call, "exists"))
        return plain;
    const auto is_tag = [](const ast::Argument& argument, std::string_view name) {
        const auto* tag = std::get_if<ast::Tag>(&argument);
        return tag != nullptr && iequals(tag->text, name);
    };
    plain.arguments = {};
    bool names = true;
    for (std::size_t i = 0; i < call.arguments.size(); ++i) {
        const ast::Argument& argument = call.arguments[i];
        if (is_tag(argument, "is")) continue;
        const auto* next = i + 1 < call.arguments.size()
                               ? std::get_if<ast::StringList>(&call.arguments[i + 1])
                               : nullptr;
        if (is_tag(argument, "comparator") && next != nullptr) {
            if (next->items.size() == 1 && next->items[0].text == "i;ascii-casemap") {
                ++i;
                continue;
            }
            plain.arguments.add(arena, argument);
            plain.arguments.add(arena, call.arguments[++i]);
            continue;
        }
        const auto* list = std::get_if<ast::StringList>(&argument);
        if (list == nullptr || !names) {
            plain.arguments.add(arena, argument);
            continue;
        }
        ast::StringList lowered{list->where, {}, list->bracketed};
        for (const ast::String& name : list->items)
            lowered.items.add(arena, {name.where, arena.keep(lower(name.text))});
        plain.arguments.add(arena, lowered);
        names = false;
    }
    return plain;
}

class Linter {
  public:
    Linter(std::string_view source, const CompileOptions& options, const LintWorld& world)
        : source_(source), map_(source), options_(options), world_(world) {}

    std::vector<Diagnostic> run() {
        Diagnostics errors;
        const ast::Script script = parse(source_, errors);
        if (errors.has_errors()) return {};
        look_at_required(script);
        block(script.commands);
        top_level(script.commands);
        return remarks_.take(map_).diagnostics;
    }

  private:
    void warn(Range where, std::string text) { remarks_.warning(where, std::move(text)); }

    // Required extensions: those that are old, and those without which the script is the same.
    void look_at_required(const ast::Script& script) {
        std::vector<const ast::String*> names;
        for (const ast::Command& command : script.commands)
            if (is(command.head, "require"))
                for (const ast::StringList* list : lists_of(command.head))
                    for (const ast::String& name : list->items)
                        names.push_back(&name);
        std::map<std::string_view, std::size_t> count;
        for (const ast::String* name : names)
            ++count[name->text];
        std::size_t checked = 0;
        std::set<std::string_view> seen;
        for (const ast::String* name : names) {
            for (const auto& [old, successor] : successors)
                if (name->text == old)
                    warn(name->where, "'" + std::string(name->text) + "' is deprecated: use '" +
                                          std::string(successor) + "'");
            if (!seen.insert(name->text).second)
                warn(name->where, "'" + printable(name->text) + "' is required twice");
            else if (count[name->text] == 1 && ++checked <= max_checked_extensions &&
                     is_unused(*name))
                warn(name->where, "'" + printable(name->text) + "' is required and not used");
        }
    }

    // The script compiles without it, and its strings do not need it.
    bool is_unused(const ast::String& name) const {
        for (const auto& [extension, piece] : used_in_strings)
            if (name.text == extension && source_.find(piece) != std::string_view::npos)
                return false;
        // Another name in its place that means nothing.
        constexpr std::string_view nothing = "\"comparator-i;octet\"";
        std::string without(source_.substr(0, name.where.begin));
        without += nothing;
        without += source_.substr(name.where.end);
        return compile(without, options_).program.has_value();
    }

    void block(const Sequence<ast::Command>& commands) {
        std::map<std::string, Range> chain;    // tests of this if and its elsifs
        std::map<std::string, Range> stopped;  // tests whose block ends the script
        const ast::Command* ended_by = nullptr;
        for (const ast::Command& command : commands) {
            const ast::Call& head = command.head;
            if (ended_by != nullptr) {
                warn(head.name.where, "this is never reached: '" +
                                          std::string(ended_by->head.name.text) +
                                          "' before it ends the script");
                ended_by = nullptr;  // told once
            }
            if (is(head, "if")) chain.clear();
            if (is(head, "if") || is(head, "elsif")) rule(command, chain, stopped);
            if (command.has_block && command.block.empty() && !is(head, "else"))
                warn(head.name.where, "this block is empty");
            look_at(head);
            block(command.block);
            if (!leaves_tests_alone(head) || !leave_tests_alone(command.block)) stopped.clear();
            if (ends_script(head) || is(head, "break") || always_ends(commands, command))
                ended_by = &command;
        }
        contradictions(commands);
    }

    // An else whose chain ends the script by each of its blocks, or an if that holds always.
    static bool always_ends(const Sequence<ast::Command>& commands, const ast::Command& command) {
        const auto ends = [](const ast::Command& branch) {
            return !branch.block.empty() && ends_script(branch.block.back().head);
        };
        if (is(command.head, "if"))
            return command.head.tests.size() == 1 && is(command.head.tests[0], "true") &&
                   ends(command);
        if (!is(command.head, "else") || !ends(command)) return false;
        for (const ast::Command* branch = &command - 1; branch >= commands.data(); --branch) {
            if (!is(branch->head, "if") && !is(branch->head, "elsif")) return false;
            if (!ends(*branch)) return false;
            if (is(branch->head, "if")) return true;
        }
        return false;
    }

    void rule(const ast::Command& command, std::map<std::string, Range>& chain,
              std::map<std::string, Range>& stopped) {
        if (command.head.tests.size() != 1) return;
        Arena arena;
        const std::string shape = shape_of(in_plain_words(command.head.tests[0], arena));
        const Range where = command.head.tests[0].name.where;
        if (const auto same = chain.find(shape); same != chain.end())
            warn(where, "this rule never holds: line " +
                            std::to_string(map_.line(same->second.begin)) + " has the same test");
        else if (const auto before = stopped.find(shape);
                 is(command.head, "if") && before != stopped.end())
            warn(where, "this rule never holds: line " +
                            std::to_string(map_.line(before->second.begin)) +
                            " has the same test and ends the script");
        chain.emplace(shape, where);
        if (is(command.head, "if") && !command.block.empty() &&
            ends_script(command.block.back().head))
            stopped.emplace(shape, where);
    }

    // A discard beside what stores or sends does nothing.
    void contradictions(const Sequence<ast::Command>& commands) {
        const auto find = [&](auto&&... words) {
            const auto at = std::ranges::find_if(commands, [&](const ast::Command& command) {
                return (is(command.head, words) || ...);
            });
            return at == commands.end() ? nullptr : &*at;
        };
        const ast::Command* discard = find("discard");
        const ast::Command* store = find("keep", "fileinto");
        if (discard != nullptr && store != nullptr)
            warn(discard->head.name.where, "this discard has no effect: '" +
                                               std::string(store->head.name.text) +
                                               "' in the same block stores the message");
    }

    void look_at(const ast::Call& call) {
        if (is(call, "header")) header(call);
        if (is(call, "fileinto")) file_into(call);
        if (is(call, "redirect")) redirect(call);
        if (is(call, "vacation")) vacation(call);
        if (is(call, "import") || is(call, "export"))
            warn(call.name.where,
                 "'" + std::string(call.name.text) + "' is deprecated: use 'global'");
        patterns(call);
        for (const ast::Argument& argument : call.arguments)
            if (const auto* list = std::get_if<ast::StringList>(&argument)) twins(*list);
        for (const ast::Call& test : call.tests)
            look_at(test);
    }

    void twins(const ast::StringList& list) {
        std::set<std::string_view> seen;
        for (const ast::String& each : list.items)
            if (!seen.insert(each.text).second)
                warn(each.where, "'" + printable(each.text) + "' stands twice in this list");
    }

    // header :is "From" "a@b": the field also holds a name.
    void header(const ast::Call& call) {
        const auto lists = lists_of(call);
        if (lists.size() < 2 || has_tag(call, "contains") || has_tag(call, "matches") ||
            has_tag(call, "regex") || has_tag(call, "count") || has_tag(call, "value") ||
            has_tag(call, "mime") || has_tag(call, "list"))
            return;
        const bool of_address =
            std::ranges::any_of(lists[lists.size() - 2]->items, [](const ast::String& name) {
                return std::ranges::find(address_fields, lower(name.text)) != address_fields.end();
            });
        if (!of_address) return;
        for (const ast::String& key : lists.back()->items)
            if (read_address(key.text)) {
                warn(call.name.where,
                     "'header' compares the whole field, with names: 'address' compares addresses");
                return;
            }
    }

    void patterns(const ast::Call& call) {
        const auto lists = lists_of(call);
        if (lists.empty()) return;
        const auto has_wildcard = [](const ast::String& key) {
            return key.text.find_first_of("*?") != std::string::npos;
        };
        if (has_tag(call, "matches") && std::ranges::none_of(lists.back()->items, has_wildcard) &&
            source_.find("${") == std::string_view::npos)
            warn(call.name.where, "':matches' without '*' and '?' is ':is'");
        if (has_tag(call, "is"))
            for (const ast::String& key : lists.back()->items)
                if (key.text.size() > 1 && (key.text.starts_with('*') || key.text.ends_with('*')))
                    warn(key.where, "with ':is' a '*' is only itself: ':matches' may be meant");
    }

    void file_into(const ast::Call& call) {
        if (!world_.mailbox_exists || world_.creates_mailboxes || has_tag(call, "create") ||
            has_tag(call, "mailboxid") || has_tag(call, "specialuse"))
            return;
        const auto lists = lists_of(call);
        if (lists.empty() || lists.back()->items.size() != 1) return;
        const ast::String& name = lists.back()->items[0];
        if (name.text.find("${") == std::string::npos && !world_.mailbox_exists(name.text))
            warn(name.where, "there is no mailbox '" + printable(name.text) +
                                 "': without ':create' nothing is filed there");
    }

    void redirect(const ast::Call& call) {
        const auto lists = lists_of(call);
        if (lists.empty() || has_tag(call, "list")) return;
        for (const ast::String& address : lists.back()->items)
            if (std::ranges::any_of(world_.own_addresses, [&](const std::string& own) {
                    return iequals(own, address.text);
                }))
                warn(address.where, "this is the user's own address: the message comes back");
    }

    void vacation(const ast::Call& call) {
        if (world_.own_addresses.size() > 1 && !has_tag(call, "addresses"))
            warn(call.name.where,
                 "the user has several addresses: without ':addresses' mail to the others gets no "
                 "reply");
    }

    // What every message meets.
    void top_level(const Sequence<ast::Command>& commands) {
        const bool stores = std::ranges::any_of(commands, [](const ast::Command& command) {
            return is(command.head, "keep") || is(command.head, "fileinto") ||
                   has_stop(command.block);  // some messages do not come that far
        });
        for (const ast::Command& command : commands)
            if ((is(command.head, "redirect") || is(command.head, "pipe")) &&
                !has_tag(command.head, "copy") && !stores)
                warn(command.head.name.where,
                     "every message leaves and none is kept: ':copy' keeps one");
    }

    std::string_view source_;
    const SourceMap map_;
    const CompileOptions& options_;
    const LintWorld& world_;
    Diagnostics remarks_;
};

}  // namespace

std::vector<Diagnostic> lint(std::string_view source, const CompileOptions& options,
                             const LintWorld& world) {
    return Linter(source, options, world).run();
}

}  // namespace sieve
