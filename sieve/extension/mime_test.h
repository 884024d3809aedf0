// SPDX-License-Identifier: MIT
// Header, address and exists with :mime (RFC 5703 §4): tests of the header of MIME parts.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

namespace sieve {

class Arguments;
class Matching;
class Run;
struct Address;
struct BodyPart;
enum class AddressPart : std::uint32_t;

// The index behind the last part inside of that one.
std::size_t end_of_part(const std::vector<BodyPart>& parts, std::size_t part);

// The address test's own (base_tests.cpp): whether one of a field's addresses matches.
bool match_addresses(Run& run, Matching& matching, const std::vector<Address>& addresses,
                     AddressPart part, std::string_view field);

// The parts that a test looks at, from the first to behind the last: the loop's, or the root; with
// Slot::any_child all below it, too.
std::pair<std::size_t, std::size_t> parts_in_scope(Run& run, const Arguments& arguments);

// For calls that have Slot::mime.
bool test_mime_header(Run& run, const Arguments& arguments);
bool test_mime_address(Run& run, const Arguments& arguments);
bool test_mime_exists(Run& run, const Arguments& arguments);

}  // namespace sieve
