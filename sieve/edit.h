// SPDX-License-Identifier: MIT
// Changes that a script makes to the message (RFC 5293). The machine collects them; the host makes
// the message that they lead to when something looks at it or is to be done with it.
#pragma once

#include <cstddef>
#include <string>
#include <variant>
#include <vector>

namespace sieve {

struct AddField {
    std::string name;
    std::string value;  // UTF-8, without line ends; the host folds and encodes
    bool last = false;  // at the header's end instead of its beginning
};

struct DeleteFields {
    std::string name;
    std::vector<std::size_t> which;  // among the fields of that name, from 0, going up
};

using Edit = std::variant<AddField, DeleteFields>;

}  // namespace sieve
