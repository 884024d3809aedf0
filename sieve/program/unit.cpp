// SPDX-License-Identifier: MIT
#include "sieve/program/unit.h"

#include "sieve/extension/table.h"
#include "sieve/limits.h"
#include "sieve/program/mistakes.h"
#include "sieve/text.h"

#include <algorithm>

namespace sieve {

namespace {

const TagSpec* tag_of(const Extension& extension, const WordSpec& word, std::string_view name) {
    for (const TagSpec& tag : extension.tags)
        if (iequals(tag.name, name) && adds_to(tag, word)) return &tag;
    return nullptr;
}

// The same whatever the case (FNV-1a).
std::uint64_t hash_of(std::string_view name) {
    std::uint64_t hash = 0xcbf29ce484222325;
    for (const char c : name)
        hash = (hash ^ static_cast<unsigned char>(c | 0x20)) * 0x100000001b3;
    return hash;
}

std::string_view kind_name(WordKind kind) {
    return kind == WordKind::command ? "command" : "test";
}

}  // namespace

Unit::Unit(const AllowedExtensions& extensions, Diagnostics& diagnostics, Arena& arena)
    : extensions_(extensions), diagnostics_(diagnostics), arena_(arena) {
    activate(0);  // the base language
    for (std::size_t i = 1; i < extension_table().size(); ++i)
        if (extensions.implicit.has(i)) activate(i);
}

void Unit::activate(std::size_t index) {
    if (active_.has(index)) return;
    active_.add(index);
    const Extension* row = extension_table()[index];
    active_rows_.push_back(row);
    if (!row->name.empty()) active_names_.push_back(row->name);
    for (std::string_view implied : row->implies)
        if (const auto other = find_extension(implied)) activate(*other);
}

bool Unit::could_require(std::string_view name) const {
    const auto index = find_extension(name);
    return index && *index != 0 &&
           (extensions_.allowed.has(*index) ||
            extension_table()[*index]->enabled == Enabled::always);
}

bool Unit::conflicts(std::string_view name) const {
    const auto index = find_extension(name);
    return index && std::ranges::any_of(extension_table()[*index]->conflicts,
                                        [&](std::string_view rival) { return active(rival); });
}

void Unit::require(std::string_view name, Range where) {
    const auto complain = [&](std::string text) {
        if (complained_.insert("require " + std::string(name)).second)
            diagnostics_.error(where, std::move(text));
    };
    if (!could_require(name)) {
        const Extension& base = *extension_table()[0];
        if (sieve::find_word(base, name, WordKind::command) ||
            sieve::find_word(base, name, WordKind::test))
            return complain("'" + printable(name) +
                            "' belongs to the base language and needs no require");
        if (const auto known = find_extension(name); known && *known != 0)
            return complain("the extension '" + printable(name) +
                            "' is not enabled for this script");
        return complain("unknown extension '" + printable(name) + "'" +
                        spelling_hint([&] { return hint_for_extension(name); }));
    }
    const std::size_t index = *find_extension(name);
    const Extension& row = *extension_table()[index];
    for (std::string_view rival : row.conflicts)
        if (active(rival))
            return complain("the extensions '" + std::string(row.name) + "' and '" +
                            std::string(rival) + "' cannot be used together");
    activate(index);
    words_[0] = {};
    words_[1] = {};
}

bool Unit::active(std::string_view extension) const {
    return std::ranges::any_of(active_rows_,
                               [&](const Extension* row) { return row->name == extension; });
}

std::optional<Word> Unit::find_word(std::string_view name, WordKind kind) {
    auto& index = words_[static_cast<std::size_t>(kind)].index;
    auto& words = words_[static_cast<std::size_t>(kind)].words;
    const auto next = static_cast<std::uint32_t>(words.size());
    const std::uint32_t number = index.find(hash_of(name), next, [&](std::uint32_t known) {
        return words[known].name == name || iequals(words[known].name, name);
    });
    if (number != next) return words[number].word;
    Known& known = words.emplace_back();
    known.name = name;
    for (const Extension* row : active_rows_)
        if (const WordSpec* spec = sieve::find_word(*row, name, kind)) {
            known.word = Word{row, spec};
            break;
        }
    return known.word;
}

const TagSpec* Unit::find_tag(const Word& word, std::string_view name) {
    for (const TagSpec& tag : word.spec->tags)
        if (iequals(tag.name, name)) return &tag;
    for (const Extension* row : active_rows_)
        if (const TagSpec* tag = tag_of(*row, *word.spec, name)) return tag;
    return nullptr;
}

void Unit::report_unknown_word(const ast::Name& name, WordKind kind) {
    if (!complained_.insert(lower(name.text)).second) return;
    const std::string quoted = "'" + std::string(name.text) + "'";
    const WordKind other = kind == WordKind::command ? WordKind::test : WordKind::command;
    if (find_word(name.text, other))
        return diagnostics_.error(name.where, quoted + " is a " + std::string(kind_name(other)) +
                                                  ", not a " + std::string(kind_name(kind)));
    std::string text = "unknown " + std::string(kind_name(kind)) + " " + quoted;
    for (const Extension* row : extension_table())
        if (sieve::find_word(*row, name.text, kind)) {
            if (require_is_broken_) return;
            return diagnostics_.error(name.where, text + hint(row->name));
        }
    diagnostics_.error(name.where,
                       text + spelling_hint([&] { return hint_for_word(name.text, kind); }));
}

// How to get at the word or tag of an extension.
std::string Unit::hint(std::string_view extension) const {
    if (could_require(extension)) return "; it needs: require \"" + std::string(extension) + "\"";
    return "; its extension '" + std::string(extension) + "' is not enabled for this script";
}

void Unit::report_unknown_tag(const Word& word, const ast::Tag& tag) {
    const std::string key = std::string(word.spec->name) + " :" + lower(tag.text);
    if (!complained_.insert(key).second) return;
    std::string text =
        "unknown tag ':" + std::string(tag.text) + "' for '" + std::string(word.spec->name) + "'";
    for (const Extension* row : extension_table())
        if (tag_of(*row, *word.spec, tag.text)) {
            if (require_is_broken_) return;
            return diagnostics_.error(tag.where, text + hint(row->name));
        }
    diagnostics_.error(tag.where,
                       text + spelling_hint([&] { return hint_for_tag(tag.text, *word.spec); }));
}

std::optional<std::uint32_t> Unit::variable(std::string_view name, Range where) {
    return slot(lower(name), where);
}

std::optional<std::uint32_t> Unit::global_variable(std::string_view name, Range where) {
    return slot(std::string(format::global_prefix) + lower(name), where);
}

std::optional<std::uint32_t> Unit::slot(std::string key, Range where) {
    if (const auto found = variable_slots_.find(key); found != variable_slots_.end())
        return found->second;
    if (variables_.size() == limits::max_variables) {
        if (!std::exchange(too_many_variables_, true))
            diagnostics_.error(where, "script uses more than " +
                                          std::to_string(limits::max_variables) + " variables");
        return std::nullopt;
    }
    const auto slot = static_cast<std::uint32_t>(variables_.size());
    variables_.push_back(key);
    variable_slots_.emplace(std::move(key), slot);
    return slot;
}

}  // namespace sieve
