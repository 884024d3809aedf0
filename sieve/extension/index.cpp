// SPDX-License-Identifier: MIT
// index (RFC 5260 §6).
#include "sieve/extension/field_index.h"
#include "sieve/extension/rows.h"
#include "sieve/program/call_check.h"

namespace sieve {

std::pair<std::size_t, std::size_t> selected(const Arguments& arguments, std::size_t count) {
    if (!arguments.has(Slot::index)) return {0, count};
    const std::uint64_t index = arguments.number(Slot::index);
    if (index == 0 || index > count) return {0, 0};
    const std::size_t at = arguments.has(Slot::last) ? count - index : index - 1;
    return {at, at + 1};
}

namespace {

void check_index(CallCheck& check) {
    if (check.number(Slot::index) == std::uint64_t{0})
        check.error(check.where(Slot::index), "':index' counts from 1");
}
void check_last(CallCheck& check) {
    if (!check.has(Slot::index))
        check.error(check.where(Slot::last), "':last' needs ':index' beside it");
}

constexpr TagSpec tags[] = {
    {.name = "index",
     .slot = Slot::index,
     .value = ValueKind::number,
     .groups = Group::index,
     .check = check_index},
    {.name = "last", .slot = Slot::last, .groups = Group::index, .check = check_last},
};

}  // namespace

const Extension extension::index{.name = "index", .rfc = "RFC 5260", .tags = tags};

}  // namespace sieve
