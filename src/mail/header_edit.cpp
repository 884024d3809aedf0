// SPDX-License-Identifier: MIT
#include "mail/header_edit.h"

#include "base/text.h"
#include "mail/compose.h"

#include <utility>

namespace mail {

HeaderEditor::HeaderEditor(const HeaderBlock& block, std::string_view header_bytes)
    : crlf_(header_bytes.find("\r\n") != std::string_view::npos) {
    std::size_t end = 0;
    for (std::size_t i = 0; i < block.size(); ++i) {
        const Field field = block.field(i);
        entries_.push_back(
            {std::string(field.name), header_bytes.substr(field.offset, field.size)});
        end = field.offset + field.size;
    }
    // What lies beyond the index's limit.
    if (end < header_bytes.size()) entries_.push_back({{}, header_bytes.substr(end)});
}

HeaderEditor::Entry HeaderEditor::make(std::string_view name, std::string lines) {
    if (crlf_) lines = with_crlf(lines);
    return {std::string(name), added_.emplace_back(std::move(lines))};
}

void HeaderEditor::add_first(std::string_view name, std::string lines) {
    entries_.push_front(make(name, std::move(lines)));
}

void HeaderEditor::add_last(std::string_view name, std::string lines) {
    entries_.push_back(make(name, std::move(lines)));
}

void HeaderEditor::remove(std::string_view name, std::span<const std::size_t> which) {
    std::size_t seen = 0;
    auto next = which.begin();
    std::erase_if(entries_, [&](const Entry& entry) {
        if (next == which.end() || entry.name.empty() || !base::iequals(entry.name, name))
            return false;
        if (seen++ != *next) return false;
        ++next;
        return true;
    });
}

std::string HeaderEditor::text() const {
    std::string text;
    for (const Entry& entry : entries_) {
        // The last line of a message that is nothing but a header may have no end.
        if (!text.empty() && text.back() != '\n') text += crlf_ ? "\r\n" : "\n";
        text += entry.text;
    }
    return text;
}

}  // namespace mail
