// SPDX-License-Identifier: MIT
#include "base/error.h"
#include "memory/claim_wait.h"
#include "memory/id_locks.h"
#include "memory/memory.h"

#include <sqlite3.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdint>
#include <fcntl.h>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>
#include <utility>

namespace memory {
namespace {

using Milliseconds = std::chrono::milliseconds;

// How long an object waits in all for those who write. A user's other delivery takes milliseconds;
// a dead host on NFS longer.
constexpr Milliseconds most_patience_with_writers{5000};
constexpr Milliseconds longest_pause{20};

struct CloseDatabase {
    void operator()(sqlite3* database) const { ::sqlite3_close(database); }
};
struct Finalize {
    void operator()(sqlite3_stmt* statement) const { ::sqlite3_finalize(statement); }
};
using Statement = std::unique_ptr<sqlite3_stmt, Finalize>;

class SqliteMemory final : public Memory {
  public:
    SqliteMemory(std::string path, const base::Clock& clock, std::function<void()> make_room,
                 Waiting waiting)
        : path_(std::move(path)),
          clock_(clock),
          make_room_(std::move(make_room)),
          patience_with_writers_(std::min(waiting.patience, most_patience_with_writers)),
          wait_(waiting),
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

    using Memory::remember;
    bool remember(std::span<const Remembered> what) override {
        return use([&] { return write(what); }) == SQLITE_DONE;
    }

    void forget(std::string_view id) override { ask("DELETE FROM seen WHERE id = ?1", id, 0); }

    std::string complaint() override { return std::exchange(complaint_, {}); }

  private:
    std::int64_t now() const {
        return std::chrono::duration_cast<std::chrono::seconds>(clock_.now().time_since_epoch())
            .count();
    }

    // SQLite's answer to the statement's first step; either parameter may be absent from it.
    int ask(const char* sql, std::string_view id, std::int64_t time) {
        return use([&] {
            const Statement statement = prepare(sql);
            return statement ? step(statement.get(), id, time) : error();
        });
    }

    // What `work` answers. Anything but SQLITE_ROW and SQLITE_DONE has been complained of. A file
    // that turns out to be damaged is begun anew, once.
    template <typename Work>
    int use(const Work& work) {
        if (!open()) return SQLITE_ERROR;
        int result = work();
        if (is_damage(result) && begin_anew()) result = work();
        if (result != SQLITE_ROW && result != SQLITE_DONE) complain();
        return result;
    }

    // All in one transaction, with what is over taken out.
    int write(std::span<const Remembered> what) {
        const std::int64_t time = now();
        int result = run("BEGIN IMMEDIATE");
        if (result != SQLITE_DONE) return result;
        {
            const Statement insert = prepare(
                "INSERT INTO seen (id, ends) VALUES (?1, ?2) "
                "ON CONFLICT (id) DO UPDATE SET ends = max(ends, excluded.ends)");
            if (!insert) result = error();
            for (const Remembered& each : what) {
                if (result != SQLITE_DONE) break;
                ::sqlite3_reset(insert.get());
                result = step(insert.get(), each.id, time + each.period.count());
            }
        }
        if (result == SQLITE_DONE) {
            const Statement expire = prepare("DELETE FROM seen WHERE ends <= ?2");
            result = expire ? step(expire.get(), {}, time) : error();
        }
        if (result == SQLITE_DONE) result = run("COMMIT");
        if (result == SQLITE_DONE) return result;
        complain();
        // Some errors have rolled it back already.
        if (::sqlite3_get_autocommit(database_.get()) == 0) run("ROLLBACK");
        return result;
    }

    int run(const char* sql) {
        const Statement statement = prepare(sql);
        return statement ? ::sqlite3_step(statement.get()) : error();
    }

    // Nothing where SQLite refuses it: then error() says why.
    Statement prepare(const char* sql) {
        sqlite3_stmt* raw = nullptr;
        ::sqlite3_prepare_v2(database_.get(), sql, -1, &raw, nullptr);
        return Statement(raw);
    }
    int error() const { return ::sqlite3_errcode(database_.get()); }

    static int step(sqlite3_stmt* statement, std::string_view id, std::int64_t time) {
        ::sqlite3_bind_blob(statement, 1, id.data(), static_cast<int>(id.size()), SQLITE_TRANSIENT);
        ::sqlite3_bind_int64(statement, 2, time);
        return ::sqlite3_step(statement);
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
        make_file();
        inode_ = inode();
        sqlite3* raw = nullptr;
        const int result = ::sqlite3_open_v2(path_.c_str(), &raw,
                                             SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr);
        database_.reset(raw);
        if (result != SQLITE_OK) return result;
        ::sqlite3_busy_handler(
            raw, [](void* self, int) { return static_cast<SqliteMemory*>(self)->pause(); }, this);
        return ::sqlite3_exec(raw,
                              "CREATE TABLE IF NOT EXISTS seen "
                              "(id BLOB PRIMARY KEY, ends INTEGER NOT NULL) WITHOUT ROWID; "
                              "CREATE INDEX IF NOT EXISTS seen_ends ON seen (ends)",
                              nullptr, nullptr, nullptr);
    }

    // SQLite would make it with our umask; it names people who wrote to the user. The database
    // itself must not be opened but by SQLite: closing it would drop the locks that other threads
    // of the process have on it (fcntl(2), F_SETLK). So an empty file is made beside it.
    void make_file() {
        if (::access(path_.c_str(), F_OK) == 0) return;
        static std::atomic<unsigned> count{0};
        const std::string empty =
            path_ + '.' + std::to_string(::getpid()) + '.' + std::to_string(count++);
        const auto make = [&] {
            const int flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOCTTY;
            return static_cast<bool>(base::Fd(::open(empty.c_str(), flags, 0600)));
        };
        bool made = make();
        if (!made && errno == ENOENT) {
            try {
                make_room_();
            } catch (const std::exception& error) {
                complaint_ = error.what();
            }
            made = make();
        }
        if (!made) return;  // SQLite says that there is no file
        if (::link(empty.c_str(), path_.c_str()) != 0 && errno != EEXIST)
            complaint_ = path_ + ": " + base::error_text(errno);
        ::unlink(empty.c_str());
    }

    // Whether it has been waited: SQLite asks then once more for its lock.
    int pause() {
        if (waited_for_writers_ >= patience_with_writers_) return 0;
        const auto begin = std::chrono::steady_clock::now();
        std::this_thread::sleep_for(
            std::min(longest_pause, Milliseconds(1) + waited_for_writers_ / 4));
        waited_for_writers_ +=
            std::chrono::duration_cast<Milliseconds>(std::chrono::steady_clock::now() - begin);
        return 1;
    }

    // 0: there is no file.
    ino_t inode() const {
        struct stat status {};
        return ::stat(path_.c_str(), &status) == 0 ? status.st_ino : 0;
    }

    static bool is_damage(int result) {
        return (result & 0xFF) == SQLITE_NOTADB || (result & 0xFF) == SQLITE_CORRUPT;
    }

    // What is in it can only be lost: the file is put aside, for whoever wants to look at it, with
    // its journal, which must not be played into the new one.
    bool begin_anew() {
        if (std::exchange(renewed_, true)) return false;
        const std::string why = ::sqlite3_errmsg(database_.get());
        database_.reset();
        if (inode() != inode_) return open_file() == SQLITE_OK;  // another has done it meanwhile
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
        if (complaint_.empty()) complaint_ = path_ + ": " + ::sqlite3_errmsg(database_.get());
    }

    std::string path_;
    const base::Clock& clock_;
    std::function<void()> make_room_;
    Milliseconds patience_with_writers_;
    ClaimWait wait_;
    IdLocks locks_;
    std::unique_ptr<sqlite3, CloseDatabase> database_;
    ino_t inode_ = 0;
    Milliseconds waited_for_writers_{0};
    bool tried_ = false;
    bool renewed_ = false;
    std::string complaint_;
};

class NoMemory final : public Memory {
  public:
    bool remembers(std::string_view) override { return false; }
    bool claim(std::string_view) override { return false; }
    using Memory::remember;
    bool remember(std::span<const Remembered>) override { return true; }
    void forget(std::string_view) override {}
    std::string complaint() override { return {}; }
};

}  // namespace

std::unique_ptr<Memory> sqlite_memory(std::string path, const base::Clock& clock,
                                      std::function<void()> make_room, Waiting waiting) {
    return std::make_unique<SqliteMemory>(std::move(path), clock, std::move(make_room), waiting);
}

std::unique_ptr<Memory> no_memory() {
    return std::make_unique<NoMemory>();
}

}  // namespace memory
