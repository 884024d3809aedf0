// SPDX-License-Identifier: MIT
// Finds the entries of a table by what they hold. The table itself is its user's; here are only the
// entries' numbers, by hash, in one piece of memory (open addressing).
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace sieve {

class EntryIndex {
  public:
    // The number of the entry for which `same(number)` holds. Where there is none it is `next`,
    // known from here on: the caller adds that entry.
    template <typename Same>
    std::uint32_t find(std::uint64_t hash, std::uint32_t next, Same same) {
        if (count_ * 2 >= places_.size()) grow();
        const auto short_hash = static_cast<std::uint32_t>(hash >> 32);
        Place* place = &places_[first(short_hash)];
        for (; !place->free(); place = after(place))
            if (place->hash == short_hash && same(place->number)) return place->number;
        *place = {short_hash, next};
        ++count_;
        return next;
    }

  private:
    struct Place {
        std::uint32_t hash = 0;
        std::uint32_t number = ~std::uint32_t{0};
        bool free() const { return number == ~std::uint32_t{0}; }
    };

    std::size_t first(std::uint32_t hash) const { return hash & (places_.size() - 1); }
    Place* after(Place* place) { return place == &places_.back() ? places_.data() : place + 1; }
    void grow() {
        std::vector<Place> old(places_.empty() ? 16 : places_.size() * 2);
        old.swap(places_);
        for (const Place& each : old) {
            if (each.free()) continue;
            Place* place = &places_[first(each.hash)];
            while (!place->free())
                place = after(place);
            *place = each;
        }
    }

    std::vector<Place> places_;  // a power of two of them
    std::size_t count_ = 0;
};

}  // namespace sieve
