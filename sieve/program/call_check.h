// SPDX-License-Identifier: MIT
// What a row's check function sees: one call, bound to its slots, and the script around it. Checks
// of extensions use it; they add diagnostics and change nothing else.
#pragma once

#include "sieve/program/bound.h"
#include "sieve/program/unit.h"

#include <optional>
#include <string>
#include <string_view>

namespace sieve {

class CallCheck {
  public:
    CallCheck(Unit& unit, bound::Call& call) : unit_(unit), call_(call) {}

    const bound::Call& call() const { return call_; }
    std::string_view word() const { return call_.word->name; }
    Unit& unit() { return unit_; }

    bool has(Slot slot) const { return call_.value(slot) != nullptr; }
    std::uint32_t constant(Slot slot, std::uint32_t otherwise) const;
    // The string of a slot where it is there and constant.
    std::optional<std::string_view> literal(Slot slot) const;
    std::optional<std::uint64_t> number(Slot slot) const;
    // Calls `visit(text, where)` for each constant string of a slot; the others are the run's
    // matter.
    template <typename Visit>
    void each_literal(Slot slot, Visit visit) const {
        const bound::Value* value = call_.value(slot);
        if (value == nullptr) return;
        for (const bound::Text& text : value->texts)
            if (text.constant()) visit(std::string_view(text.literal), text.where);
    }
    // Where a slot's argument stands, or the word.
    Range where(Slot slot) const;

    // The place of the argument that a Translate function is working on.
    Range here() const { return here_; }
    void set_here(Range range) { here_ = range; }

    void error(Range where, std::string text) { unit_.diagnostics().error(where, std::move(text)); }
    void warning(Range where, std::string text) {
        unit_.diagnostics().warning(where, std::move(text));
    }

  private:
    Unit& unit_;
    bound::Call& call_;
    Range here_;
};

}  // namespace sieve
