// SPDX-License-Identifier: MIT
#include "mail/header.h"

#include "base/text.h"
#include "mail/decode.h"
#include "mail/limits.h"

#include <algorithm>
#include <bit>

namespace mail {

namespace {

constexpr bool is_white(char c) {
    return c == ' ' || c == '\t';
}

// FNV-1a over the lower-case name.
std::uint32_t name_hash(std::string_view name) {
    std::uint32_t hash = 2166136261u;
    for (char c : name) {
        hash ^= static_cast<unsigned char>(base::ascii_lower(c));
        hash *= 16777619u;
    }
    return hash;
}

// Position after the next LF at or after `from`, or the end.
std::size_t line_end(std::string_view bytes, std::size_t from) {
    std::size_t found = bytes.find('\n', from);
    return found == std::string_view::npos ? bytes.size() : found + 1;
}

bool is_empty_line(std::string_view bytes, std::size_t at) {
    return bytes[at] == '\n' || bytes.substr(at, 2) == "\r\n";
}

}  // namespace

HeaderBlock::HeaderBlock(std::string_view bytes) : HeaderBlock(bytes, limits::header_block_bytes) {}

HeaderBlock::HeaderBlock(std::string_view bytes, std::size_t max_bytes) : bytes_(bytes) {
    max_bytes = std::min<std::size_t>(max_bytes, limits::header_block_bytes);
    entries_.reserve(32);
    std::size_t at = 0;
    while (at < bytes.size() && !is_empty_line(bytes, at)) {
        std::size_t end = line_end(bytes, at);
        const std::size_t first_line = end;
        while (end < bytes.size() && end <= max_bytes && is_white(bytes[end]))
            end = line_end(bytes, end);
        if (end > max_bytes || entries_.size() == limits::header_fields) {
            truncated_ = true;
            break;
        }
        add(at, first_line, end);
        at = end;
    }
    find_body(at);
    make_buckets();
}

void HeaderBlock::add(std::size_t begin, std::size_t first_line, std::size_t end) {
    std::size_t text_end = end;
    if (text_end > begin && bytes_[text_end - 1] == '\n') --text_end;
    if (text_end > begin && text_end < end && bytes_[text_end - 1] == '\r') --text_end;
    std::size_t colon = bytes_.substr(0, first_line).find(':', begin);
    std::size_t name_end = begin;
    std::size_t value = begin;
    if (colon != std::string_view::npos) {
        name_end = colon;
        while (name_end > begin && is_white(bytes_[name_end - 1]))
            --name_end;
        value = colon + 1;
    }
    Entry entry{};
    entry.offset = static_cast<std::uint32_t>(begin);
    entry.name_size = static_cast<std::uint32_t>(name_end - begin);
    entry.value = static_cast<std::uint32_t>(value);
    entry.value_size = static_cast<std::uint32_t>(text_end - value);
    entry.size = static_cast<std::uint32_t>(end - begin);
    entry.hash = name_hash(bytes_.substr(begin, name_end - begin));
    entry.next = none;
    entries_.push_back(entry);
}

void HeaderBlock::find_body(std::size_t at) {
    while (at < bytes_.size() && !is_empty_line(bytes_, at))
        at = line_end(bytes_, at);
    header_bytes_ = at;
    body_offset_ = at == bytes_.size() ? at : line_end(bytes_, at);
}

void HeaderBlock::make_buckets() {
    if (entries_.empty()) return;
    buckets_.assign(std::bit_ceil(entries_.size() * 2), none);
    const std::size_t mask = buckets_.size() - 1;
    // Backwards, so that each chain is in order of appearance.
    for (std::size_t i = entries_.size(); i-- > 0;) {
        std::uint32_t& head = buckets_[entries_[i].hash & mask];
        entries_[i].next = head;
        head = static_cast<std::uint32_t>(i);
    }
}

std::uint32_t HeaderBlock::next_match(std::uint32_t at, std::uint32_t hash,
                                      std::string_view name) const {
    while (at != none) {
        const Entry& entry = entries_[at];
        if (entry.hash == hash && entry.name_size == name.size() &&
            base::iequals(bytes_.substr(entry.offset, entry.name_size), name))
            return at;
        at = entry.next;
    }
    return none;
}

Field HeaderBlock::field(std::size_t index) const {
    const Entry& entry = entries_[index];
    return {bytes_.substr(entry.offset, entry.name_size),
            bytes_.substr(entry.value, entry.value_size), entry.offset, entry.size};
}

HeaderBlock::Matches HeaderBlock::find(std::string_view name) const {
    if (buckets_.empty() || !is_field_name(name)) return Matches::Iterator();
    const std::uint32_t hash = name_hash(name);
    const std::uint32_t first = next_match(buckets_[hash & (buckets_.size() - 1)], hash, name);
    return Matches::Iterator(this, name, hash, first);
}

std::optional<std::string_view> HeaderBlock::first(std::string_view name) const {
    Matches matches = find(name);
    if (matches.empty()) return std::nullopt;
    return (*matches.begin()).value;
}

std::optional<std::string_view> HeaderBlock::last(std::string_view name) const {
    std::optional<std::string_view> found;
    for (const Field& field : find(name))
        found = field.value;
    return found;
}

bool is_field_name(std::string_view name) {
    return !name.empty() && std::all_of(name.begin(), name.end(),
                                        [](char c) { return c > ' ' && c < '\x7f' && c != ':'; });
}

std::string unfold(std::string_view value) {
    value = base::trim(value);
    std::string unfolded;
    unfolded.reserve(value.size());
    for (;;) {
        std::size_t end = value.find('\n');
        if (end == std::string_view::npos) break;
        std::size_t text = end > 0 && value[end - 1] == '\r' ? end - 1 : end;
        unfolded.append(value.substr(0, text));
        value.remove_prefix(end + 1);
        if (!value.empty() && value.front() == '\t') {
            unfolded += ' ';
            value.remove_prefix(1);
        }
    }
    unfolded.append(value);
    return unfolded;
}

std::string decode_value(std::string_view value) {
    return decode_words(unfold(value));
}

}  // namespace mail
