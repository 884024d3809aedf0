// SPDX-License-Identifier: MIT
#include "memory/backend.h"

#include "base/text.h"

#include <cstdint>
#include <optional>
#include <utility>

namespace memory {
namespace {

using Words = std::map<std::string, std::string, std::less<>>;

base::Unexpected<std::string> failure(std::string text) {
    return {std::move(text)};
}

// Taken out of the words; nothing where it is no number.
std::optional<std::chrono::milliseconds> take_timeout(Words& words) {
    const auto found = words.find("timeout_msecs");
    if (found == words.end()) return default_server_timeout;
    const auto number = base::parse_number<std::uint32_t>(found->second);
    words.erase(found);
    if (!number || *number == 0) return std::nullopt;
    return std::chrono::milliseconds(*number);
}

base::Result<std::unique_ptr<Backend>, std::string> redis(std::string_view text) {
    Words words;
    for (const std::string_view piece : base::split(text, ':')) {
        const std::size_t equals = piece.find('=');
        if (piece.empty()) continue;
        if (equals == std::string_view::npos)
            return failure("tamis_memory: '" + std::string(piece) + "' is no KEY=VALUE");
        words[std::string(piece.substr(0, equals))] = piece.substr(equals + 1);
    }
    const auto timeout = take_timeout(words);
    if (!timeout) return failure("tamis_memory: timeout_msecs is no number of milliseconds");
    for (const auto& [key, value] : words) {
        if (key != "host" && key != "port" && key != "path" && key != "db" && key != "password" &&
            key != "prefix")
            return failure("tamis_memory: redis has no '" + key + "'");
        if ((key == "port" || key == "db") && !base::parse_number<std::uint16_t>(value))
            return failure("tamis_memory: " + key + " '" + value + "' is no number");
    }
    return redis_backend(words, *timeout);
}

base::Result<std::unique_ptr<Backend>, std::string> pgsql(std::string_view text) {
    Words own;
    std::string conninfo;
    for (const std::string_view word : base::words(text)) {
        if (word.starts_with("timeout_msecs="))
            own["timeout_msecs"] = word.substr(std::string_view("timeout_msecs=").size());
        else
            conninfo.append(conninfo.empty() ? "" : " ").append(word);
    }
    const auto timeout = take_timeout(own);
    if (!timeout) return failure("tamis_memory: timeout_msecs is no number of milliseconds");
    return pgsql_backend(std::move(conninfo), *timeout);
}

}  // namespace

base::Result<std::unique_ptr<Backend>, std::string> make_backend(std::string_view setting) {
    const std::size_t colon = setting.find(':');
    const std::string_view kind = setting.substr(0, colon);
    const std::string_view rest =
        colon == std::string_view::npos ? std::string_view() : setting.substr(colon + 1);
    if (kind == "redis") return redis(rest);
    if (kind == "pgsql") return pgsql(rest);
    return failure("tamis_memory: '" + std::string(kind) +
                   "' is no kind of memory: sqlite, redis and pgsql are");
}

}  // namespace memory
