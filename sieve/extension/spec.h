// SPDX-License-Identifier: MIT
// What an extension is: rows. The checker holds scripts against them, the generator and the
// verifier take the slots' kinds from them, the machine calls what they point at. An extension is
// one file that defines one Extension, and one line in table.cpp.
#pragma once

#include "sieve/extension/slot.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace sieve {

class Arguments;
class CallCheck;
class Run;
class Unit;
namespace bound {
struct Call;
}

// What a slot holds. `constant` stands in the call's shape, the others are pushed.
enum class ValueKind : std::uint8_t { constant, string, list, number };

// Turns a literal into the slot's constant; reports and gives nothing where it cannot be one.
using Translate = std::optional<std::uint32_t> (*)(CallCheck&, std::string_view literal);

// Groups of tags that several words take: match types and comparators (RFC 5228 §2.7), address
// parts (§2.7.4), field indices (RFC 5260 §6), modifiers of set (RFC 5229 §4.1).
enum class Group : std::uint8_t { none = 0, match = 1, address_part = 2, index = 4, modifier = 8 };
constexpr Group operator|(Group a, Group b) {
    return static_cast<Group>(static_cast<unsigned>(a) | static_cast<unsigned>(b));
}
constexpr bool overlap(Group a, Group b) {
    return (static_cast<unsigned>(a) & static_cast<unsigned>(b)) != 0;
}

// In place of a bound of constants: the slots of the script's variables.
inline constexpr std::uint32_t variable_slots = 0xfffffffe;

// A tag. Without `value` or `translate` it stands alone and puts `constant` into its slot. With
// `translate` its argument is a literal string. With `value` the argument is pushed.
struct TagSpec {
    std::string_view name;
    Slot slot;
    std::uint32_t constant = 1;
    ValueKind value = ValueKind::constant;
    Translate translate = nullptr;
    // Added to words outside its own row: those of a group, or those named.
    Group groups = Group::none;
    std::span<const std::string_view> words{};
    // Tags that exclude each other though their slots differ share this.
    std::optional<Slot> excludes{};
    // What else must be right; called after the whole call is bound.
    void (*check)(CallCheck&) = nullptr;
    // Constants lie below this (the verifier's concern).
    std::uint32_t constants = 2;
};

// A positional argument. An optional one is left out first where a call has fewer.
struct ArgumentSpec {
    ValueKind value = ValueKind::string;
    Translate translate = nullptr;
    bool optional = false;
    std::uint32_t constants = 0;
};

enum class WordKind : std::uint8_t { command, test };

// Words that the compiler itself understands; all others are calls.
enum class Control : std::uint8_t {
    none,
    require,
    if_,
    elsif,
    else_,
    stop,
    foreverypart,
    break_,
    test_block,   // whatever fails in its block ends that alone
    return_,      // ends this script, not those that include it (RFC 6609)
    declaration,  // leaves no code: its check does all
    allof,
    anyof,
    not_,
    true_,
    false_
};

struct WordSpec {
    std::string_view name;
    WordKind kind;
    std::span<const ArgumentSpec> arguments{};
    std::span<const TagSpec> tags{};
    Group groups = Group::none;
    Control control = Control::none;
    // What rows cannot say, on a bound call.
    void (*check)(CallCheck&) = nullptr;
    // A test whose worth the compiler knows (RFC 5463 §4): it leaves no code.
    bool (*constant)(const Unit&, const bound::Call&) = nullptr;
    // Where a test's keys stand, if its values are of the message alone and the same whatever the
    // keys: many such tests share one pass over them (program/search_plan.h).
    std::optional<Slot> searched{};
    // For traces: whether the command is an action of the language (RFC 5228 §4).
    bool is_action = false;
    std::string_view trace_note{};  // what it does, where no argument must be told
    void (*command)(Run&, const Arguments&) = nullptr;
    bool (*test)(Run&, const Arguments&) = nullptr;
};

enum class Enabled : std::uint8_t {
    by_default,
    when_configured,
    always,    // may be required without being listed
    testsuite  // by sieve-testsuite alone; settings do not know it
};

struct Extension {
    std::string_view name;  // for require; empty for the base language
    std::string_view rfc;
    Enabled enabled = Enabled::by_default;
    std::span<const WordSpec> words{};
    std::span<const TagSpec> tags{};  // for words of other extensions
    // Active with this one.
    std::span<const std::string_view> implies{};
    // Cannot be required together with these.
    std::span<const std::string_view> conflicts{};
};

}  // namespace sieve
