// SPDX-License-Identifier: MIT
// The whole instruction set. An instruction is 32 bits: the opcode in the low 8, an operand of 24
// bits above. Arguments of a command or test are pushed left to right, then one call takes them
// all; so the stack is empty at every jump and every target. There is one truth register: tests set
// it, conditional jumps read it. Jumps go forward only, but for the end of a loop, which has as
// many rounds as the message has parts: a program ends.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace sieve {

enum class Opcode : std::uint8_t {
    push_string,    // strings[n]
    push_list,      // lists[n]
    push_number,    // numbers[n]
    push_template,  // templates[n], expanded now (RFC 5229 §3)
    make_list,      // n strings become one list
    test,           // shapes[n]: sets the truth register
    command,        // shapes[n]
    jump,           // to instruction n
    jump_if_true,
    jump_if_false,
    loop_begin,   // over the message's parts or those of the loop around it; past it, to
                  // instruction n, where there is none
    loop_next,    // to instruction n, its first, while there is another part
    loop_leave,   // n loops end; a jump out of them follows
    guard_begin,  // what fails until guard_end goes on at instruction n
    guard_end,
    decided,   // a block begins whose condition starts at instruction n
    consider,  // searches[n]: past its test, which is not true, where no value is found for it
    end,       // of the script; also what stop does
};

// What the operand means.
enum class Operand : std::uint8_t {
    none,
    string,
    list,
    number,
    template_,
    count,
    shape,
    target,
    origin,
    search
};

struct OpcodeRow {
    Opcode opcode;
    std::string_view name;
    Operand operand;
};

// clang-format off
inline constexpr std::array opcode_table{
    OpcodeRow{Opcode::push_string,   "push_string",   Operand::string},
    OpcodeRow{Opcode::push_list,     "push_list",     Operand::list},
    OpcodeRow{Opcode::push_number,   "push_number",   Operand::number},
    OpcodeRow{Opcode::push_template, "push_template", Operand::template_},
    OpcodeRow{Opcode::make_list,     "make_list",     Operand::count},
    OpcodeRow{Opcode::test,          "test",          Operand::shape},
    OpcodeRow{Opcode::command,       "command",       Operand::shape},
    OpcodeRow{Opcode::jump,          "jump",          Operand::target},
    OpcodeRow{Opcode::jump_if_true,  "jump_if_true",  Operand::target},
    OpcodeRow{Opcode::jump_if_false, "jump_if_false", Operand::target},
    OpcodeRow{Opcode::loop_begin,    "loop_begin",    Operand::target},
    OpcodeRow{Opcode::loop_next,     "loop_next",     Operand::target},
    OpcodeRow{Opcode::loop_leave,    "loop_leave",    Operand::count},
    OpcodeRow{Opcode::guard_begin,   "guard_begin",   Operand::target},
    OpcodeRow{Opcode::guard_end,     "guard_end",     Operand::none},
    OpcodeRow{Opcode::decided,       "decided",       Operand::origin},
    OpcodeRow{Opcode::consider,      "consider",      Operand::search},
    OpcodeRow{Opcode::end,           "end",           Operand::none},
};
// clang-format on

constexpr bool in_enum_order() {
    for (std::size_t i = 0; i < opcode_table.size(); ++i)
        if (static_cast<std::size_t>(opcode_table[i].opcode) != i) return false;
    return opcode_table.size() == static_cast<std::size_t>(Opcode::end) + 1;
}
static_assert(in_enum_order(), "the rows follow the enumeration");

struct Instruction {
    std::uint32_t bits = 0;

    static constexpr Instruction make(Opcode opcode, std::uint32_t operand = 0) {
        return {static_cast<std::uint32_t>(opcode) | operand << 8};
    }
    // Only after the verifier (or a check against opcode_table's size).
    constexpr Opcode opcode() const { return static_cast<Opcode>(bits & 0xff); }
    constexpr std::uint32_t operand() const { return bits >> 8; }
};

}  // namespace sieve
