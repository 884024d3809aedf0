// SPDX-License-Identifier: MIT
#include "sieve/extension_set.h"

#include "sieve/extension/table.h"
#include "sieve/hash.h"

#include <algorithm>

namespace sieve {

namespace {

std::vector<std::string_view> words(std::string_view text) {
    std::vector<std::string_view> result;
    constexpr std::string_view blanks = " \t\r\n,";
    for (std::size_t at = text.find_first_not_of(blanks); at != std::string_view::npos;
         at = text.find_first_not_of(blanks, at)) {
        const std::size_t end = std::min(text.find_first_of(blanks, at), text.size());
        result.push_back(text.substr(at, end - at));
        at = end;
    }
    return result;
}

ExtensionSet default_set() {
    ExtensionSet set;
    for (std::size_t i = 1; i < extension_table().size(); ++i)
        if (extension_table()[i]->enabled == Enabled::by_default) set.add(i);
    return set;
}

// One setting over what it starts from: an absolute list replaces that, "+name" and "-name" change
// it.
ExtensionSet apply(std::string_view setting, ExtensionSet start,
                   std::vector<std::string>& unknown) {
    const std::vector<std::string_view> names = words(setting);
    const bool relative =
        !names.empty() && (names.front().front() == '+' || names.front().front() == '-');
    ExtensionSet set = relative ? start : ExtensionSet{};
    for (std::string_view name : names) {
        const char sign = name.front();
        if (sign == '+' || sign == '-') name.remove_prefix(1);
        const auto index = find_extension(name);
        if (!index || *index == 0 ||
            extension_table()[*index]->enabled == Enabled::testsuite) {
            unknown.emplace_back(name);
            continue;
        }
        if (sign == '-')
            set.remove(*index);
        else
            set.add(*index);
    }
    return set;
}

ExtensionSet united(ExtensionSet a, const ExtensionSet& b) {
    for (std::size_t i = 0; i < ExtensionSet::capacity; ++i)
        if (b.has(i)) a.add(i);
    return a;
}

}  // namespace

AllowedExtensions resolve_extensions(const ExtensionSettings& settings, Rights rights) {
    AllowedExtensions result;
    const ExtensionSet defaults = default_set();
    result.allowed =
        settings.extensions ? apply(*settings.extensions, defaults, result.unknown) : defaults;
    const ExtensionSet global = apply(settings.global_extensions, {}, result.unknown);
    result.implicit = apply(settings.implicit_extensions, {}, result.unknown);
    for (std::size_t i = 0; i < ExtensionSet::capacity; ++i) {
        // What is global only is out of reach of users even where sieve_extensions names it, too.
        if (!global.has(i)) continue;
        if (rights == Rights::global)
            result.allowed.add(i);
        else
            result.implicit.remove(i);
        if (rights == Rights::personal) result.allowed.remove(i);
    }
    result.allowed = united(result.allowed, result.implicit);
    return result;
}

AllowedExtensions every_extension() {
    AllowedExtensions result = testsuite_extensions();
    for (std::size_t i = 1; i < extension_table().size(); ++i)
        if (extension_table()[i]->enabled == Enabled::testsuite) result.allowed.remove(i);
    return result;
}

AllowedExtensions testsuite_extensions() {
    AllowedExtensions result;
    for (std::size_t i = 1; i < extension_table().size(); ++i)
        result.allowed.add(i);
    return result;
}

std::string capability_string(const AllowedExtensions& extensions) {
    std::string result;
    for (std::size_t i = 1; i < extension_table().size(); ++i) {
        const Extension& row = *extension_table()[i];
        if (!extensions.allowed.has(i) || row.enabled == Enabled::always) continue;
        if (!result.empty()) result += ' ';
        result += row.name;
    }
    return result;
}

ExtensionSet usable(const AllowedExtensions& extensions) {
    ExtensionSet set = united(extensions.allowed, extensions.implicit);
    for (std::size_t i = 0; i < extension_table().size(); ++i)
        if (extension_table()[i]->enabled == Enabled::always) set.add(i);
    for (std::size_t i = 0; i < extension_table().size(); ++i)
        if (set.has(i))
            for (std::string_view implied : extension_table()[i]->implies)
                if (const auto other = find_extension(implied)) set.add(*other);
    return set;
}

std::uint64_t hash_of(const AllowedExtensions& extensions) {
    std::string text;
    for (std::size_t i = 1; i < extension_table().size(); ++i) {
        const std::string_view name = extension_table()[i]->name;
        if (extensions.allowed.has(i)) text.append(" ").append(name);
        if (extensions.implicit.has(i)) text.append(" =").append(name);
    }
    return hash64(text);
}

}  // namespace sieve
