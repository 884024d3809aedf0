// SPDX-License-Identifier: MIT
#include "sieve/extension/address_part.h"

namespace sieve {

AddressPart address_part_of(const Arguments& arguments) {
    return static_cast<AddressPart>(arguments.constant(Slot::address_part, 0));
}

std::string_view name_of(AddressPart part) {
    switch (part) {
        case AddressPart::all:
            return "all";
        case AddressPart::local_part:
            return "localpart";
        case AddressPart::domain:
            return "domain";
        case AddressPart::user:
            return "user";
        case AddressPart::detail:
            return "detail";
    }
    return {};
}

std::optional<std::string_view> part_of(const Address& address, AddressPart part,
                                        std::string_view delimiters) {
    const std::string_view local = address.local_part;
    const std::size_t separator = local.find_first_of(delimiters);
    if (part == AddressPart::all) return address.text;
    if (!address.valid) return std::nullopt;
    switch (part) {
        case AddressPart::all:
            return address.text;
        case AddressPart::local_part:
            return local;
        case AddressPart::domain:
            // Only the null sender has an empty one (RFC 5228 §5.4); a local part alone has none.
            if (address.domain.empty() && !local.empty()) return std::nullopt;
            return address.domain;
        case AddressPart::user:
            return local.substr(0, separator);
        case AddressPart::detail:
            if (separator == std::string_view::npos) return std::nullopt;
            return local.substr(separator + 1);
    }
    return std::nullopt;
}

}  // namespace sieve
