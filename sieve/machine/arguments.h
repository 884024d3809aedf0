// SPDX-License-Identifier: MIT
// Values on the machine's stack, and what a word sees of them: its arguments by slot. Views into
// the program or into what the run has made; they live until the call returns.
#pragma once

#include "sieve/extension/spec.h"
#include "sieve/program/image.h"
#include "sieve/program/shape.h"

#include <cstdint>
#include <span>
#include <string_view>

namespace sieve {

// A string, and its index among the program's constants where it is one (caches go by it).
struct StringRef {
    std::string_view text;
    std::uint32_t constant = format::absent;
};

struct Value {
    ValueKind kind = ValueKind::string;
    StringRef string;
    Slice list;                        // of a constant list
    std::span<const StringRef> items;  // of one made in the run
    bool made = false;
    std::uint64_t number = 0;
};

// A string list; one string alone is a list of one.
class StringList {
  public:
    StringList(const Image& image, const Value& value) : image_(image), value_(value) {}

    std::uint32_t size() const {
        if (value_.kind == ValueKind::string) return 1;
        return value_.made ? static_cast<std::uint32_t>(value_.items.size()) : value_.list.count;
    }
    StringRef operator[](std::uint32_t i) const {
        if (value_.kind == ValueKind::string) return value_.string;
        if (value_.made) return value_.items[i];
        const std::uint32_t constant = image_.list_item(value_.list.first + i);
        return {image_.string(constant), constant};
    }

    class Iterator {
      public:
        Iterator(const StringList& list, std::uint32_t at) : list_(&list), at_(at) {}
        StringRef operator*() const { return (*list_)[at_]; }
        Iterator& operator++() {
            ++at_;
            return *this;
        }
        bool operator==(const Iterator& other) const { return at_ == other.at_; }

      private:
        const StringList* list_;
        std::uint32_t at_;
    };
    Iterator begin() const { return {*this, 0}; }
    Iterator end() const { return {*this, size()}; }

  private:
    const Image& image_;
    const Value& value_;
};

class Arguments {
  public:
    Arguments(const Image& image, const Shape& shape, const Value* values)
        : image_(image), shape_(shape), values_(values) {}

    const WordSpec& spec() const { return *shape_.word; }
    std::string_view word() const { return shape_.word->name; }
    bool has(Slot slot) const { return at(slot) != format::absent; }
    // The constant of a slot that holds one.
    std::uint32_t constant(Slot slot, std::uint32_t otherwise) const {
        return has(slot) ? at(slot) : otherwise;
    }
    // These need has(), which the verifier guarantees for positional arguments that are not
    // optional.
    StringRef string(Slot slot) const { return value(slot).string; }
    StringList list(Slot slot) const { return {image_, value(slot)}; }
    std::uint64_t number(Slot slot) const { return value(slot).number; }

  private:
    std::uint32_t at(Slot slot) const { return shape_.at[static_cast<std::size_t>(slot)]; }
    const Value& value(Slot slot) const { return values_[at(slot)]; }

    const Image& image_;
    const Shape& shape_;
    const Value* values_;
};

}  // namespace sieve
