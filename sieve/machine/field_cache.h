// SPDX-License-Identifier: MIT
// Header fields that the run has asked for: once each for a constant name, whatever number of rules
// looks at it. Values are matched in place, folded once. Lives in one run.
#pragma once

#include "sieve/machine/arguments.h"
#include "sieve/match/search.h"
#include "sieve/message.h"

#include <cstdint>
#include <deque>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace sieve {

class FieldCache {
  public:
    FieldCache(const Message& message, std::uint32_t constants)
        : message_(&message), headers_(constants), addresses_(constants) {}

    // From now on another message's; the values given out are gone.
    void look_at(const Message& message);

    // Decoded values in order of appearance; valid until the run ends, or for a name that is no
    // constant until the next call.
    std::span<match::Subject> header(StringRef name);
    const std::vector<std::vector<Address>>& addresses(StringRef name);
    bool exists(StringRef name);

  private:
    using Subjects = std::vector<match::Subject>;
    static void fill(Subjects& subjects, const std::vector<std::string>& values);

    const Message* message_;
    std::vector<std::unique_ptr<Subjects>> headers_;  // by constant
    std::vector<const std::vector<std::vector<Address>>*> addresses_;
    Subjects other_;
};

}  // namespace sieve
