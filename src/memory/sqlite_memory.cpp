// SPDX-License-Identifier: MIT
#include "memory/memory.h"

#include <sqlite3.h>

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
    SqliteMemory(std::string path, const base::Clock& clock)
        : path_(std::move(path)), clock_(clock) {}

    bool remembers(std::string_view id) override {
        if (!database_ && ::access(path_.c_str(), F_OK) != 0) return false;
        if (!open()) return false;
        const Statement query = prepare("SELECT 1 FROM seen WHERE id = ?1 AND ends > ?2");
        if (!query) return false;
        bind(query, 1, id);
        sqlite3_bind_int64(query.get(), 2, now());
        const int result = sqlite3_step(query.get());
        if (result != SQLITE_ROW && result != SQLITE_DONE) complain();
        return result == SQLITE_ROW;
    }

    bool remember(std::string_view id, std::chrono::seconds period) override {
        if (!open()) return false;
        const Statement insert = prepare(
            "INSERT INTO seen (id, ends) VALUES (?1, ?2) "
            "ON CONFLICT (id) DO UPDATE SET ends = max(ends, excluded.ends)");
        if (!insert) return false;
        bind(insert, 1, id);
        sqlite3_bind_int64(insert.get(), 2, now() + period.count());
        const bool kept = sqlite3_step(insert.get()) == SQLITE_DONE;
        if (!kept) complain();
        forget_the_old();
        return kept;
    }

    void forget(std::string_view id) override {
        if (!open()) return;
        const Statement remove = prepare("DELETE FROM seen WHERE id = ?1");
        if (!remove) return;
        bind(remove, 1, id);
        if (sqlite3_step(remove.get()) != SQLITE_DONE) complain();
    }

    std::string complaint() override { return std::exchange(complaint_, {}); }

  private:
    std::int64_t now() const {
        return std::chrono::duration_cast<std::chrono::seconds>(clock_.now().time_since_epoch())
            .count();
    }

    bool open() {
        if (database_) return true;
        if (tried_) return false;
        tried_ = true;
        // SQLite would make it with our umask; it names people who wrote to the user.
        const int made = ::open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOCTTY, 0600);
        if (made >= 0) ::close(made);
        sqlite3* raw = nullptr;
        const int result = sqlite3_open_v2(path_.c_str(), &raw,
                                           SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr);
        database_.reset(raw);
        if (result != SQLITE_OK) return fail();
        sqlite3_busy_timeout(raw, busy_timeout_ms);
        if (execute("CREATE TABLE IF NOT EXISTS seen "
                    "(id BLOB PRIMARY KEY, ends INTEGER NOT NULL) WITHOUT ROWID"))
            return true;
        return start_anew();
    }

    // What is in it can only be lost; a file that is no database is put aside.
    bool start_anew() {
        const int error = sqlite3_errcode(database_.get());
        if (error != SQLITE_NOTADB && error != SQLITE_CORRUPT) return fail();
        complain();
        database_.reset();
        ::rename(path_.c_str(), (path_ + ".broken").c_str());
        tried_ = renewed_;
        if (std::exchange(renewed_, true)) return false;
        return open();
    }

    void forget_the_old() {
        const Statement remove = prepare("DELETE FROM seen WHERE ends <= ?1");
        if (!remove) return;
        sqlite3_bind_int64(remove.get(), 1, now());
        if (sqlite3_step(remove.get()) != SQLITE_DONE) complain();
    }

    bool execute(const char* sql) {
        return sqlite3_exec(database_.get(), sql, nullptr, nullptr, nullptr) == SQLITE_OK;
    }
    Statement prepare(const char* sql) {
        sqlite3_stmt* statement = nullptr;
        if (sqlite3_prepare_v2(database_.get(), sql, -1, &statement, nullptr) != SQLITE_OK)
            complain();
        return Statement(statement);
    }
    static void bind(const Statement& statement, int index, std::string_view value) {
        sqlite3_bind_blob(statement.get(), index, value.data(), static_cast<int>(value.size()),
                          SQLITE_TRANSIENT);
    }
    bool fail() {
        complain();
        database_.reset();
        return false;
    }
    void complain() {
        if (complaint_.empty()) complaint_ = path_ + ": " + sqlite3_errmsg(database_.get());
    }

    std::string path_;
    const base::Clock& clock_;
    std::unique_ptr<sqlite3, CloseDatabase> database_;
    bool tried_ = false;
    bool renewed_ = false;
    std::string complaint_;
};

class NoMemory final : public Memory {
  public:
    bool remembers(std::string_view) override { return false; }
    bool remember(std::string_view, std::chrono::seconds) override { return false; }
    void forget(std::string_view) override {}
    std::string complaint() override { return {}; }
};

}  // namespace

std::unique_ptr<Memory> sqlite_memory(std::string path, const base::Clock& clock) {
    return std::make_unique<SqliteMemory>(std::move(path), clock);
}

std::unique_ptr<Memory> no_memory() {
    return std::make_unique<NoMemory>();
}

}  // namespace memory
