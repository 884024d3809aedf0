// SPDX-License-Identifier: MIT
#include "base/error.h"
#include "memory/claim_wait.h"
#include "memory/id_locks.h"
#include "memory/memory.h"

#include <sqlite3.h>

#include <cerrno>
#include <cstdint>
#include <fcntl.h>
#include <optional>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace memory {
namespace {

// A user's other delivery holds the file for milliseconds; a dead host on NFS for longer.
constexpr int busy_timeout_ms = 5000;

struct CloseDatabase {
    void operator()(sqlite3* database) const { sqlite3_close(database); }
};
struct Finalize {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Statement = std::unique_ptr<sqlite3_stmt, Finalize>;

class SqliteMemory final : public Memory {
  public:
    SqliteMemory(std::string path, const base::Clock& clock, std::function<void()> make_room,
                 base::WaitingSlots* waiters)
        : path_(std::move(path)),
          clock_(clock),
          make_room_(std::move(make_room)),
          wait_(waiters),
          locks_(path_ + ".lock") {}

    bool remembers(std::string_view id) override {
        if (!database_ && ::access(path_.c_str(), F_OK) != 0) return false;
        return ask("SELECT 1 FROM seen WHERE id = ?1 AND ends > ?2", id, now()) == SQLITE_ROW;
    }

    bool claim(std::string_view id) override {
        if (remembers(id)) return true;
        try {
            if (!wait_.until([&] { return locks_.try_hold(id, make_room_); }))
                complaint_ = path_ + ": " + takes_long;
        } catch (const TooManyWaiting&) {
            throw;
        } catch (const std::exception& error) {
            complaint_ = error.what();
        }
        return remembers(id);
    }

    bool remember(std::string_view id, std::chrono::seconds period) override {
        if (ask("INSERT INTO seen (id, ends) VALUES (?1, ?2) "
                "ON CONFLICT (id) DO UPDATE SET ends = max(ends, excluded.ends)",
                id, now() + period.count()) != SQLITE_DONE)
            return false;
        ask("DELETE FROM seen WHERE ends <= ?2", {}, now());
        return true;
    }

    void forget(std::string_view id) override { ask("DELETE FROM seen WHERE id = ?1", id, 0); }

    std::string complaint() override { return std::exchange(complaint_, {}); }

  private:
    std::int64_t now() const {
        return std::chrono::duration_cast<std::chrono::seconds>(clock_.now().time_since_epoch())
            .count();
    }

    // SQLite's answer to the statement's first step; anything but SQLITE_ROW and SQLITE_DONE has
    // been complained of. A file that turns out to be damaged is begun anew, once.
    int ask(const char* sql, std::string_view id, std::int64_t time) {
        if (!open()) return SQLITE_ERROR;
        int result = step(sql, id, time);
        if (is_damage(result) && begin_anew()) result = step(sql, id, time);
        if (result != SQLITE_ROW && result != SQLITE_DONE) complain();
        return result;
    }

    int step(const char* sql, std::string_view id, std::int64_t time) {
        sqlite3_stmt* raw = nullptr;
        const int prepared = sqlite3_prepare_v2(database_.get(), sql, -1, &raw, nullptr);
        const Statement statement(raw);
        if (prepared != SQLITE_OK) return prepared;
        // Either parameter may be absent from the statement.
        sqlite3_bind_blob(raw, 1, id.data(), static_cast<int>(id.size()), SQLITE_TRANSIENT);
        sqlite3_bind_int64(raw, 2, time);
        return sqlite3_step(raw);
    }

    bool open() {
        if (database_) return true;
        if (std::exchange(tried_, true)) return false;
        const int result = open_file();
        if (result == SQLITE_OK) return true;
        if (is_damage(result)) return begin_anew();
        complain();
        database_.reset();
        return false;
    }

    int open_file() {
        // SQLite would make it with our umask; it names people who wrote to the user.
        const auto make = [this] {
            return base::Fd(::open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOCTTY, 0600));
        };
        if (!make() && errno == ENOENT) {
            try {
                make_room_();
            } catch (const std::exception& error) {
                complaint_ = error.what();
            }
            make();
        }
        sqlite3* raw = nullptr;
        const int result = sqlite3_open_v2(path_.c_str(), &raw,
                                           SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr);
        database_.reset(raw);
        if (result != SQLITE_OK) return result;
        sqlite3_busy_timeout(raw, busy_timeout_ms);
        return sqlite3_exec(raw,
                            "CREATE TABLE IF NOT EXISTS seen "
                            "(id BLOB PRIMARY KEY, ends INTEGER NOT NULL) WITHOUT ROWID",
                            nullptr, nullptr, nullptr);
    }

    static bool is_damage(int result) {
        return (result & 0xFF) == SQLITE_NOTADB || (result & 0xFF) == SQLITE_CORRUPT;
    }

    // What is in it can only be lost: the file is put aside, for whoever wants to look at it, with
    // its journal, which must not be played into the new one.
    bool begin_anew() {
        if (std::exchange(renewed_, true)) return false;
        const std::string why = sqlite3_errmsg(database_.get());
        database_.reset();
        const std::string aside = path_ + ".corrupt";
        ::rename((path_ + "-journal").c_str(), (aside + "-journal").c_str());
        if (::rename(path_.c_str(), aside.c_str()) != 0) {
            complaint_ =
                path_ + ": " + why + "; it cannot be put aside: " + base::error_text(errno);
            return false;
        }
        complaint_ = path_ + ": " + why + "; it was put aside as " + aside + " and begun anew";
        if (open_file() == SQLITE_OK) return true;
        database_.reset();
        return false;
    }

    void complain() {
        if (complaint_.empty()) complaint_ = path_ + ": " + sqlite3_errmsg(database_.get());
    }

    std::string path_;
    const base::Clock& clock_;
    std::function<void()> make_room_;
    ClaimWait wait_;
    IdLocks locks_;
    std::unique_ptr<sqlite3, CloseDatabase> database_;
    bool tried_ = false;
    bool renewed_ = false;
    std::string complaint_;
};

class NoMemory final : public Memory {
  public:
    bool remembers(std::string_view) override { return false; }
    bool claim(std::string_view) override { return false; }
    bool remember(std::string_view, std::chrono::seconds) override { return false; }
    void forget(std::string_view) override {}
    std::string complaint() override { return {}; }
};

}  // namespace

std::unique_ptr<Memory> sqlite_memory(std::string path, const base::Clock& clock,
                                      std::function<void()> make_room,
                                      base::WaitingSlots* waiters) {
    return std::make_unique<SqliteMemory>(std::move(path), clock, std::move(make_room), waiters);
}

std::unique_ptr<Memory> no_memory() {
    return std::make_unique<NoMemory>();
}

}  // namespace memory
