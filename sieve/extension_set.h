// SPDX-License-Identifier: MIT
// Which extensions a script may use. The settings are lists of names, absolute ("fileinto copy") or
// relative to the default ("+editheader -vacation"). Values; no ownership.
#pragma once

#include <bitset>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sieve {

// A set over the rows of the extension table (sieve/extension/table.h).
class ExtensionSet {
  public:
    static constexpr std::size_t capacity = 96;

    bool has(std::size_t index) const { return index < capacity && bits_[index]; }
    void add(std::size_t index) { bits_.set(index); }
    void remove(std::size_t index) { bits_.reset(index); }
    bool operator==(const ExtensionSet&) const = default;

  private:
    std::bitset<capacity> bits_;
};

struct ExtensionSettings {
    std::optional<std::string> extensions;  // sieve_extensions; nothing: the default set
    std::string global_extensions;          // sieve_global_extensions
    std::string implicit_extensions;        // sieve_implicit_extensions
};

// Scripts of the administrator (before, after, default, global) may use the global extensions too.
enum class Rights { personal, global };

struct AllowedExtensions {
    ExtensionSet allowed;              // may be required
    ExtensionSet implicit;             // active without require
    std::vector<std::string> unknown;  // names in the settings that no extension has: ignored
};

AllowedExtensions resolve_extensions(const ExtensionSettings& settings, Rights rights);
// All that the table has, those that are off by default too.
AllowedExtensions every_extension();
// The same with what sieve-testsuite alone has.
AllowedExtensions testsuite_extensions();
// The names as a capability line shows them, separated by spaces.
std::string capability_string(const AllowedExtensions& extensions);
// The rows that a script under these may use at all: the base language, what is allowed, what that
// implies, what needs no permission.
ExtensionSet usable(const AllowedExtensions& extensions);
// Equal for equal sets: binaries keep it.
std::uint64_t hash_of(const AllowedExtensions& extensions);

}  // namespace sieve
