// SPDX-License-Identifier: MIT
#include "sieve/extension/table.h"

#include "sieve/extension/rows.h"
#include "sieve/extension_set.h"
#include "sieve/hash.h"
#include "sieve/program/format.h"
#include "sieve/text.h"

#include <algorithm>
#include <array>
#include <string>

namespace sieve {

namespace {

constexpr std::array table{
    &extension::base,
    &extension::fileinto,
    &extension::reject,
    &extension::envelope,
    &extension::encoded_character,
    &extension::vacation,
    &extension::subaddress,
    &extension::ascii_numeric,
    &extension::relational,
    &extension::regex,
    &extension::imap4flags,
    &extension::copy,
    &extension::include,
    &extension::body,
    &extension::variables,
    &extension::enotify,
    &extension::environment,
    &extension::mailbox,
    &extension::date,
    &extension::index,
    &extension::ihave,
    &extension::duplicate,
    &extension::mime,
    &extension::foreverypart,
    &extension::extracttext,
    &extension::replace,
    &extension::enclose,
    &extension::fcc,
    &extension::mailboxid,
    &extension::ereject,
    &extension::vacation_seconds,
    &extension::spamtest,
    &extension::spamtestplus,
    &extension::virustest,
    &extension::editheader,
    &extension::extlists,
    &extension::special_use,
    &extension::mboxmetadata,
    &extension::servermetadata,
    &extension::envelope_dsn,
    &extension::envelope_deliverby,
    &extension::redirect_dsn,
    &extension::redirect_deliverby,
    &extension::imapsieve,
    &extension::dovecot_imapsieve,
    &extension::debug,
    &extension::dovecot_environment,
    &extension::report,
    &extension::old_duplicate,
    &extension::imapflags,
    &extension::notify,
    &extension::pipe,
    &extension::filter,
    &extension::execute,
    &extension::filetype,
    &extension::octet,
    &extension::ascii_casemap,
    &extension::unicode_casemap,
    &extension::testsuite,
};
static_assert(table.size() <= ExtensionSet::capacity);

void add(std::string& text, const TagSpec& tag) {
    text.append(" :").append(tag.name);
    for (auto number : {static_cast<std::uint32_t>(tag.slot), tag.constant,
                        static_cast<std::uint32_t>(tag.value), tag.constants})
        text.append(" ").append(std::to_string(number));
}

std::uint64_t compute_hash() {
    std::string text = "tamis " + std::to_string(format::format_version);
    for (const Extension* row : table) {
        text.append("\n").append(row->name);
        for (const TagSpec& tag : row->tags)
            add(text, tag);
        for (const WordSpec& word : row->words) {
            text.append("\n ").append(word.name);
            for (const ArgumentSpec& argument : word.arguments)
                text.append(" ").append(std::to_string(static_cast<int>(argument.value)));
            for (const TagSpec& tag : word.tags)
                add(text, tag);
        }
    }
    return hash64(text);
}

}  // namespace

std::span<const Extension* const> extension_table() {
    return table;
}

std::optional<std::size_t> find_extension(std::string_view name) {
    const auto at = std::ranges::find(table, name, &Extension::name);
    if (at == table.end()) return std::nullopt;
    return static_cast<std::size_t>(at - table.begin());
}

const WordSpec* find_word(const Extension& extension, std::string_view name, WordKind kind) {
    for (const WordSpec& word : extension.words)
        if (word.kind == kind && iequals(word.name, name)) return &word;
    return nullptr;
}

bool adds_to(const TagSpec& tag, const WordSpec& word) {
    return overlap(tag.groups, word.groups) ||
           std::ranges::find(tag.words, word.name) != tag.words.end();
}

std::uint64_t table_hash() {
    static const std::uint64_t hash = compute_hash();
    return hash;
}

}  // namespace sieve
