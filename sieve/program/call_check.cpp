// SPDX-License-Identifier: MIT
#include "sieve/program/call_check.h"

namespace sieve {

const bound::Value* bound::Call::value(Slot slot) const {
    for (const Value& each : values)
        if (each.slot == slot) return &each;
    return nullptr;
}

std::uint32_t CallCheck::constant(Slot slot, std::uint32_t otherwise) const {
    const bound::Value* value = call_.value(slot);
    return value == nullptr || value->kind != ValueKind::constant ? otherwise : value->constant;
}

std::optional<std::string_view> CallCheck::literal(Slot slot) const {
    const bound::Value* value = call_.value(slot);
    if (value == nullptr || value->texts.size() != 1 || !value->texts[0].constant())
        return std::nullopt;
    return value->texts[0].literal;
}

std::optional<std::uint64_t> CallCheck::number(Slot slot) const {
    const bound::Value* value = call_.value(slot);
    if (value == nullptr || value->kind != ValueKind::number) return std::nullopt;
    return value->number;
}

Range CallCheck::where(Slot slot) const {
    const bound::Value* value = call_.value(slot);
    return value == nullptr ? call_.where : value->where;
}

}  // namespace sieve
