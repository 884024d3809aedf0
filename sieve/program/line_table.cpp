// SPDX-License-Identifier: MIT
#include "sieve/program/line_table.h"

namespace sieve {

namespace {

void put(std::string& bytes, std::uint32_t value) {
    for (; value >= 0x80; value >>= 7)
        bytes += static_cast<char>(value | 0x80);
    bytes += static_cast<char>(value);
}

}  // namespace

void LineTableWriter::add(std::uint32_t address, unsigned line) {
    if (!entries_.empty() && entries_.back().line == line) return;
    entries_.push_back({address, line});
}

std::string LineTableWriter::bytes() const {
    std::string bytes;
    bytes.reserve(entries_.size() * 2);
    Entry last;
    for (const Entry& each : entries_) {
        put(bytes, each.address - last.address);
        const std::uint32_t change = each.line - last.line;
        put(bytes, change << 1 ^ (change >> 31 != 0 ? ~std::uint32_t{0} : 0));
        last = each;
    }
    return bytes;
}

std::uint32_t LineTableReader::number() {
    std::uint32_t value = 0;
    for (unsigned shift = 0; at_ < bytes_.size() && shift < 35; shift += 7) {
        const auto octet = static_cast<unsigned char>(bytes_[at_++]);
        value |= static_cast<std::uint32_t>(octet & 0x7f) << shift;
        if (octet < 0x80) break;
    }
    return value;
}

unsigned LineTableReader::line(std::uint32_t address) {
    if (address < address_) *this = LineTableReader(bytes_);
    while (true) {
        if (!has_next_) {
            if (at_ >= bytes_.size()) return line_;
            next_address_ += number();
            const std::uint32_t zigzag = number();
            next_line_ += zigzag >> 1 ^ (~(zigzag & 1) + 1);
            has_next_ = true;
        }
        if (next_address_ > address) return line_;
        address_ = next_address_;
        line_ = next_line_;
        has_next_ = false;
    }
}

}  // namespace sieve
