// SPDX-License-Identifier: MIT
#include "deliver/lda_dupes.h"

#include "base/file.h"
#include "base/text.h"
#include "deliver/vacation.h"
#include "memory/memory.h"
#include "sieve/action.h"

#include <array>
#include <chrono>
#include <exception>
#include <nettle/md5.h>
#include <optional>

namespace deliver {
namespace {

constexpr std::uint32_t known_version = 2;
constexpr std::size_t max_id_bytes = 1024;
constexpr std::string_view imported_prefix = "dovecot-lda-dupes ";
constexpr std::string_view imported_mark = "dovecot-lda-dupes were read";
// The mark outlives all periods that Dovecot knows.
constexpr std::chrono::hours mark_period{24 * 365 * 10};

class Reader {
  public:
    explicit Reader(std::string_view bytes) : bytes_(bytes) {}

    std::optional<std::uint32_t> number() {
        if (bytes_.size() < 4) return std::nullopt;
        std::uint32_t value = 0;
        for (std::size_t i = 4; i-- > 0;)
            value = value << 8 | static_cast<unsigned char>(bytes_[i]);
        bytes_.remove_prefix(4);
        return value;
    }
    std::optional<std::string_view> octets(std::size_t count) {
        if (bytes_.size() < count) return std::nullopt;
        const std::string_view text = bytes_.substr(0, count);
        bytes_.remove_prefix(count);
        return text;
    }

  private:
    std::string_view bytes_;
};

}  // namespace

std::vector<LdaDupe> parse_lda_dupes(std::string_view bytes, std::string_view user,
                                     std::int64_t now) {
    std::vector<LdaDupe> dupes;
    Reader reader(bytes);
    if (reader.number() != known_version) return dupes;
    for (std::size_t count = 0; count < max_lda_dupes; ++count) {
        const auto ends = reader.number();
        const auto id_bytes = reader.number();
        const auto user_bytes = reader.number();
        if (!ends || !id_bytes || !user_bytes || *id_bytes > max_id_bytes) break;
        const auto id = reader.octets(*id_bytes);
        const auto owner = reader.octets(*user_bytes);
        if (!id || !owner) break;
        if (*owner == user && *ends > now) dupes.push_back({std::string(*id), *ends});
    }
    return dupes;
}

void import_lda_dupes(memory::Memory& memory, const std::string& home, std::string_view user,
                      std::int64_t now) {
    if (home.empty()) return;
    try {
        const auto bytes = base::read_file(home + "/.dovecot.lda-dupes", max_lda_dupes_bytes);
        if (!bytes || memory.remembers(imported_mark)) return;
        std::vector<LdaDupe> dupes = parse_lda_dupes(*bytes, user, now);
        std::vector<memory::Remembered> all;
        for (LdaDupe& dupe : dupes) {
            dupe.id.insert(0, imported_prefix);
            all.push_back({dupe.id, std::chrono::seconds(dupe.ends - now)});
        }
        if (memory.remember(all)) memory.remember(imported_mark, mark_period);
    } catch (const std::exception&) {
        return;  // an old file that cannot be read tells nothing
    }
}

std::string imported_vacation_key(std::string_view sender, const sieve::Vacation& vacation) {
    const std::string text = base::to_lower(sender) + effective_handle(vacation);
    md5_ctx context{};
    ::md5_init(&context);
    ::md5_update(&context, text.size(), reinterpret_cast<const std::uint8_t*>(text.data()));
    std::array<std::uint8_t, MD5_DIGEST_SIZE> digest{};
    ::md5_digest(&context, digest.size(), digest.data());
    return std::string(imported_prefix) +
           std::string(reinterpret_cast<const char*>(digest.data()), digest.size());
}

}  // namespace deliver
