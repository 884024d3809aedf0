// SPDX-License-Identifier: MIT
// What is known of a script while it is compiled: its extensions, its variables, what was already
// complained about. Lives for one compilation.
#pragma once

#include "sieve/diagnostics.h"
#include "sieve/extension/spec.h"
#include "sieve/extension_set.h"
#include "sieve/limits.h"
#include "sieve/program/bound.h"
#include "sieve/program/entry_index.h"
#include "sieve/syntax/tree.h"

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace sieve {

struct Word {
    const Extension* extension = nullptr;
    const WordSpec* spec = nullptr;
};

class Unit {
  public:
    // What is bound goes to the arena.
    Unit(const AllowedExtensions& extensions, Diagnostics& diagnostics, Arena& arena);

    Diagnostics& diagnostics() { return diagnostics_; }
    Arena& arena() { return arena_; }
    // The hint of `find`, while there are few errors: names are compared letter by letter.
    template <typename Find>
    std::string spelling_hint(Find find) const {
        return diagnostics_.errors() < limits::max_spelling_hints ? find() : std::string();
    }

    // One name of a require command: activates it or reports, each name once.
    void require(std::string_view name, Range where);
    // Whether a require of that name would be accepted (ihave, RFC 5463).
    bool could_require(std::string_view name) const;
    // Whether it cannot stand beside one that is active.
    bool conflicts(std::string_view name) const;
    // A require could not be read: words of extensions that it might have named are no error.
    void forgive_missing_require() { require_is_broken_ = true; }
    bool active(std::string_view extension) const;
    // All that are active, the base language left out: required, implicit, implied.
    const std::vector<std::string_view>& active_names() const { return active_names_; }

    // Among the words of active extensions.
    std::optional<Word> find_word(std::string_view name, WordKind kind);
    const TagSpec* find_tag(const Word& word, std::string_view name);
    // Why there is none, as an error; each unknown name once.
    void report_unknown_word(const ast::Name& name, WordKind kind);
    void report_unknown_tag(const Word& word, const ast::Tag& tag);

    // Undoes ${hex:} and ${unicode:}, then cuts at variables, as far as these extensions are
    // active.
    void bind(const ast::String& string, bound::Text& result);
    // The slot of a variable, declared at its first use; reports a bad name or one too many.
    std::optional<std::uint32_t> variable(std::string_view name, Range where);
    // The same for a name that stands alone, where a string is asked for: it must be an identifier
    // (RFC 5229 §3).
    std::optional<std::uint32_t> variable_named(std::string_view name, Range where);
    // The same for a variable that scripts share (RFC 6609 §3.4), its name without namespace.
    std::optional<std::uint32_t> global_variable(std::string_view name, Range where);
    // From here on the name stands for that variable; reports what is wrong with it.
    void declare_global(std::string_view name, Range where);
    const std::vector<std::string>& variables() const { return variables_; }

    // The loops around what is checked now (RFC 5703 §3), by name.
    bool in_loop() const { return !loops_.empty(); }
    void enter_loop(std::string name) { loops_.push_back(std::move(name)); }
    void leave_loop() { loops_.pop_back(); }
    const std::vector<std::string>& loops() const { return loops_; }

    void note_include(IncludeCommand command, Range where) {
        includes_.push_back({std::move(command), where});
    }
    const std::vector<bound::Include>& includes() const { return includes_; }

  private:
    std::optional<std::uint32_t> referred(std::string_view name_space, std::string_view name,
                                          Range where);
    std::optional<std::uint32_t> slot(std::string key, Range where);
    void activate(std::size_t index);
    std::string hint(std::string_view extension) const;

    const AllowedExtensions& extensions_;
    Diagnostics& diagnostics_;
    Arena& arena_;
    ExtensionSet active_;
    std::vector<const Extension*> active_rows_;
    std::vector<std::string_view> active_names_;
    std::set<std::string, std::less<>> complained_;
    // Found before.
    struct Known {
        std::string name;
        std::optional<Word> word;
    };
    struct KnownWords {
        EntryIndex index;
        std::vector<Known> words;
    };
    KnownWords words_[2];  // by kind
    std::vector<std::string> variables_;
    std::unordered_map<std::string, std::uint32_t> variable_slots_;
    std::vector<std::string> loops_;
    std::vector<bound::Include> includes_;
    bool too_many_variables_ = false;
    bool require_is_broken_ = false;
};

}  // namespace sieve
