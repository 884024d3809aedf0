// SPDX-License-Identifier: MIT
// What octets look like, by libmagic and its database. The library is loaded by the first that
// asks, so that a delivery whose scripts do not ask is not slower for it. One thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace deliver {

// Of a content, the octets that are looked at: with them the time is bounded.
constexpr std::size_t max_detected_bytes = 64 * 1024;
// What one detection counts for among a script's work, in octets looked at by a matcher.
constexpr std::uint64_t detection_cost = std::uint64_t{16} << 20;

class FileTypes {
  public:
    FileTypes();
    ~FileTypes();

    // "type/subtype"; empty where it looks like nothing known or is empty, and where libmagic or
    // its database is missing (is_there()).
    std::string detect(std::string_view octets);
    bool is_there() const { return library_ != nullptr; }

  private:
    class Library;
    std::unique_ptr<Library> library_;
};

}  // namespace deliver
