// SPDX-License-Identifier: MIT
// Which source line an instruction comes from. Stored as pairs of variable-length numbers:
// instructions since the last entry, then the line's change (zigzag), two octets a command as a
// rule. An instruction without an entry has that of the last one before it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sieve {

class LineTableWriter {
  public:
    void reserve(std::size_t entries) { entries_.reserve(entries); }
    // Addresses never go down.
    void add(std::uint32_t address, unsigned line);
    // Gives each address the one that `moved` says, which never go down either.
    template <typename Moved>
    void move(Moved moved) {
        for (Entry& each : entries_)
            each.address = moved(each.address);
    }
    std::string bytes() const;

  private:
    struct Entry {
        std::uint32_t address = 0;
        std::uint32_t line = 0;
    };
    std::vector<Entry> entries_;
};

// Any octets are safe to read; wrong ones give wrong lines. Keeps its place, so a run that goes
// forward reads the table once.
class LineTableReader {
  public:
    explicit LineTableReader(std::string_view bytes) : bytes_(bytes) {}
    unsigned line(std::uint32_t address);

  private:
    std::uint32_t number();

    std::string_view bytes_;
    std::size_t at_ = 0;
    std::uint64_t next_address_ = 0;
    bool has_next_ = false;
    unsigned next_line_ = 0;
    std::uint64_t address_ = 0;
    unsigned line_ = 0;
};

}  // namespace sieve
