// SPDX-License-Identifier: MIT
// A user's scripts by name, and which of them is active (sieve-compat 3.16; RFC 5804 §2): files
// NAME.sieve in a directory, and a symbolic link to the active one. Every change is one rename, so
// a delivery sees the old state or the new one. For `tamis sieve` and ManageSieve. Each call looks
// at the disk anew; what nobody planned throws std::system_error.
#pragma once

#include "base/result.h"
#include "deliver/script_sequence.h"
#include "sieve/compile.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace deliver {

struct ScriptListing {
    std::string name;
    bool active = false;
};

// Why something was not done.
struct ScriptRefusal {
    enum class Reason {
        invalid_name,
        missing,
        exists,
        active,        // it cannot be deleted
        has_errors,    // `compilation` says which
        too_many,      // sieve_quota_max_scripts
        too_large,     // sieve_max_script_size
        over_storage,  // sieve_quota_max_storage
    };
    Reason reason = Reason::missing;
    std::string text;
    sieve::Compilation compilation{};
};
template <typename Value>
using ScriptResult = base::Result<Value, ScriptRefusal>;

struct ScriptStorageRules {
    sieve::CompileOptions compile;  // with the rights of personal scripts
    std::uint64_t max_scripts = 0;  // 0: no limit
    std::uint64_t max_storage = 0;  // bytes; 0: no limit
};

class ScriptStorage {
  public:
    // The location as find_storage() gives it, with a link for the active script.
    ScriptStorage(ScriptLocation location, ScriptStorageRules rules);

    // Sorted by name; none where there is no directory.
    std::vector<ScriptListing> list() const;
    ScriptResult<std::string> get(std::string_view name) const;
    // The compiler's opinion of one that is there; a refusal where it has errors.
    ScriptResult<sieve::Compilation> compile(std::string_view name) const;
    // These two compile it first, too.
    ScriptResult<sieve::Compilation> put(std::string_view name, std::string_view text);
    ScriptResult<sieve::Compilation> activate(std::string_view name);
    // A missing link is no refusal.
    void deactivate();
    ScriptResult<std::monostate> remove(std::string_view name);
    ScriptResult<std::monostate> rename(std::string_view from, std::string_view to);

  private:
    ScriptResult<sieve::Compilation> compile_text(std::string_view text) const;
    std::string path_of(std::string_view name) const;
    std::string active_name() const;
    void keep_plain_file();
    void link_to(const std::string& file);
    void make_directory() const;
    std::optional<ScriptRefusal> over_quota(std::string_view name, std::uint64_t bytes) const;

    ScriptLocation location_;
    ScriptStorageRules rules_;
};

}  // namespace deliver
