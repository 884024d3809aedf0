// SPDX-License-Identifier: MIT
// A table tamis_memory (owner, id, ends), made where it is missing; claims are advisory locks of
// the session. libpq is loaded at the first use, so that nobody else starts slower for it; it is
// only used without blocking, with a deadline.
#include "base/text.h"
#include "memory/backend.h"
#include "memory/claim_wait.h"
#include "memory/server_pool.h"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdint>
#include <dlfcn.h>
#include <libpq-fe.h>
#include <optional>
#include <poll.h>
#include <string>
#include <utility>
#include <vector>

namespace memory {
namespace {

using Milliseconds = std::chrono::milliseconds;
using Steady = std::chrono::steady_clock;

constexpr const char* library_name = "libpq.so.5";

// The functions of libpq that are used here.
struct Library {
    decltype(&::PQconnectStart) connect_start = nullptr;
    decltype(&::PQconnectPoll) connect_poll = nullptr;
    decltype(&::PQstatus) status = nullptr;
    decltype(&::PQsocket) socket = nullptr;
    decltype(&::PQerrorMessage) error_message = nullptr;
    decltype(&::PQfinish) finish = nullptr;
    decltype(&::PQsendQueryParams) send_query = nullptr;
    decltype(&::PQconsumeInput) consume_input = nullptr;
    decltype(&::PQisBusy) is_busy = nullptr;
    decltype(&::PQgetResult) get_result = nullptr;
    decltype(&::PQresultStatus) result_status = nullptr;
    decltype(&::PQresultErrorMessage) result_error = nullptr;
    decltype(&::PQntuples) rows = nullptr;
    decltype(&::PQgetvalue) value = nullptr;
    decltype(&::PQclear) clear = nullptr;
    decltype(&::PQsetNoticeProcessor) set_notices = nullptr;
    std::string trouble;

    Library() {
        void* handle = ::dlopen(library_name, RTLD_NOW | RTLD_LOCAL);
        if (handle == nullptr) {
            trouble = std::string("PostgreSQL's client library is missing: ") + ::dlerror();
            return;
        }
        const auto find = [&](auto& function, const char* name) {
            function = reinterpret_cast<std::remove_reference_t<decltype(function)>>(
                ::dlsym(handle, name));
            if (function == nullptr) trouble = std::string(library_name) + " has no " + name;
        };
        find(connect_start, "PQconnectStart");
        find(connect_poll, "PQconnectPoll");
        find(status, "PQstatus");
        find(socket, "PQsocket");
        find(error_message, "PQerrorMessage");
        find(finish, "PQfinish");
        find(send_query, "PQsendQueryParams");
        find(consume_input, "PQconsumeInput");
        find(is_busy, "PQisBusy");
        find(get_result, "PQgetResult");
        find(result_status, "PQresultStatus");
        find(result_error, "PQresultErrorMessage");
        find(rows, "PQntuples");
        find(value, "PQgetvalue");
        find(clear, "PQclear");
        find(set_notices, "PQsetNoticeProcessor");
    }
};

struct Connection {
    Connection(const Library& of, PGconn* made) : library(of), handle(made) {}
    ~Connection() { library.finish(handle); }
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;
    const Library& library;
    PGconn* handle;
};

struct Server {
    std::string conninfo;
    Milliseconds timeout = default_server_timeout;
    std::atomic<bool> has_table{false};

    const Library& libpq() {
        std::call_once(loaded_, [this] { library_.emplace(); });
        return *library_;
    }

  private:
    std::once_flag loaded_;
    std::optional<Library> library_;

  public:
    ServerPool<Connection> pool;  // goes before the library
};

struct Answer {
    std::optional<std::string> value;  // of the first row's first column
    std::string error;                 // of the statement; empty: it was done
};

std::string hex(std::string_view octets) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    text.reserve(2 * octets.size());
    for (const char c : octets) {
        const auto octet = static_cast<unsigned char>(c);
        text.push_back(digits[octet >> 4]);
        text.push_back(digits[octet & 15]);
    }
    return text;
}

bool wait_for(int socket, short events, Steady::time_point end) {
    while (true) {
        const auto left = std::chrono::duration_cast<Milliseconds>(end - Steady::now());
        if (left.count() <= 0) return false;
        pollfd watched{socket, events, 0};
        const int ready = ::poll(&watched, 1, static_cast<int>(left.count()));
        if (ready > 0) return true;
        if (ready < 0 && errno != EINTR) return false;
    }
}

class PgsqlMemory final : public Memory {
  public:
    PgsqlMemory(Server& server, std::string_view owner, Waiting waiting)
        : server_(server), owner_(owner), lease_(server.pool), wait_(waiting) {}
    ~PgsqlMemory() override {
        // A connection that does not say that it gave them up is closed, which does it too.
        if (has_claims_ && lease_.is_open() && !ask("SELECT pg_advisory_unlock_all()", {}))
            lease_.drop();
    }
    PgsqlMemory(const PgsqlMemory&) = delete;
    PgsqlMemory& operator=(const PgsqlMemory&) = delete;

    bool remembers(std::string_view id) override {
        const auto answer =
            ask("SELECT 1 FROM tamis_memory WHERE owner = $1 "
                "AND id = decode($2, 'hex') AND ends > extract(epoch from now())",
                {owner_, hex(id)});
        return answer && answer->value.has_value();
    }

    bool claim(std::string_view id) override {
        if (remembers(id)) return true;
        bool answered = true;
        const bool in_time = wait_.until([&] {
            const auto answer = ask("SELECT pg_try_advisory_lock(hashtextextended($1 || $2, 0))",
                                    {owner_, hex(id)});
            answered = answer.has_value();
            const bool taken = answered && answer->value == "t";
            has_claims_ |= taken;
            return taken || !answered;
        });
        if (!answered) return false;
        if (!in_time) complaint_ = takes_long;
        return remembers(id);
    }

    using Memory::remember;
    bool remember(std::span<const Remembered> what) override {
        if (!remember_in_runs(what, [this](auto some) { return remember_some(some); }))
            return false;
        // By itself, and without waiting for rows: two deliveries never wait for each other.
        ask("DELETE FROM tamis_memory WHERE ctid = ANY (ARRAY (SELECT ctid FROM tamis_memory "
            "WHERE owner = $1 AND ends <= extract(epoch from now()) FOR UPDATE SKIP LOCKED))",
            {owner_});
        return true;
    }

    void forget(std::string_view id) override {
        ask("DELETE FROM tamis_memory WHERE owner = $1 AND id = decode($2, 'hex')",
            {owner_, hex(id)});
    }

    std::string complaint() override {
        if (complaint_.empty()) return {};
        std::string line = "pgsql: " + std::exchange(complaint_, {});
        std::ranges::replace(line, '\n', ' ');
        return line;
    }

  private:
    // In the order of the ids, so that two deliveries of many never wait for each other in a ring.
    bool remember_some(std::span<const Remembered> what) {
        std::string ids;
        std::string periods;
        for (const Remembered& each : what) {
            const char* const between = ids.empty() ? "" : " ";
            ids.append(between).append(hex(each.id));
            periods.append(between).append(std::to_string(each.period.count()));
        }
        return ask("INSERT INTO tamis_memory (owner, id, ends) "
                   "SELECT $1, decode(id, 'hex'), "
                   "floor(extract(epoch from now()))::bigint + max(period::bigint) "
                   "FROM unnest(string_to_array($2, ' '), string_to_array($3, ' ')) "
                   "AS new (id, period) GROUP BY id ORDER BY id "
                   "ON CONFLICT (owner, id) DO UPDATE SET ends = greatest(tamis_memory.ends, "
                   "excluded.ends)",
                   {owner_, ids, periods})
            .has_value();
    }

    // Nothing where the server did not do it; then it has been complained of.
    std::optional<Answer> ask(const char* statement, const std::vector<std::string>& parameters) {
        if (!server_.libpq().trouble.empty()) {
            complaint_ = server_.libpq().trouble;
            return std::nullopt;
        }
        auto answer = lease_.ask(
            [this] { return open(); },
            [&](Connection& connection) { return query(connection, statement, parameters); },
            complaint_);
        if (!answer || answer->error.empty()) return answer;
        complaint_ = std::move(answer->error);
        return std::nullopt;
    }

    std::unique_ptr<Connection> open() {
        const Library& pq = server_.libpq();
        const Steady::time_point end = Steady::now() + server_.timeout;
        auto connection =
            std::make_unique<Connection>(pq, pq.connect_start(server_.conninfo.c_str()));
        if (connection->handle == nullptr || pq.status(connection->handle) == CONNECTION_BAD) {
            complain(connection->handle);
            return nullptr;
        }
        // Else they go to standard error.
        pq.set_notices(
            connection->handle, [](void*, const char*) {}, nullptr);
        for (PostgresPollingStatusType state = PGRES_POLLING_WRITING; state != PGRES_POLLING_OK;
             state = pq.connect_poll(connection->handle)) {
            if (state == PGRES_POLLING_FAILED) {
                complain(connection->handle);
                return nullptr;
            }
            if (!wait_for(pq.socket(connection->handle),
                          state == PGRES_POLLING_READING ? POLLIN : POLLOUT, end)) {
                complaint_ = "it did not answer in time";
                return nullptr;
            }
        }
        if (!server_.has_table && !make_table(*connection)) return nullptr;
        return connection;
    }

    // Others may make it at the same time, and who may only use it need not make it.
    bool make_table(Connection& connection) {
        constexpr const char* look = "SELECT 1 FROM tamis_memory LIMIT 1";
        auto there = query(connection, look, {});
        if (there && !there->error.empty()) {
            const auto made = query(connection,
                                    "CREATE TABLE IF NOT EXISTS tamis_memory (owner text NOT "
                                    "NULL, id bytea NOT NULL, ends bigint NOT NULL, "
                                    "PRIMARY KEY (owner, id))",
                                    {});
            there = made ? query(connection, look, {}) : std::nullopt;
            if (made && there && !there->error.empty() && !made->error.empty())
                complaint_ = made->error;
        }
        if (!there || !there->error.empty()) return false;
        server_.has_table = true;
        return true;
    }

    std::optional<Answer> query(Connection& connection, const char* statement,
                                const std::vector<std::string>& parameters) {
        const Library& pq = server_.libpq();
        std::vector<const char*> values;
        for (const std::string& parameter : parameters)
            values.push_back(parameter.c_str());
        if (pq.send_query(connection.handle, statement, static_cast<int>(values.size()), nullptr,
                          values.data(), nullptr, nullptr, 0) == 0) {
            complain(connection.handle);
            return std::nullopt;
        }
        const Steady::time_point end = Steady::now() + server_.timeout;
        Answer answer;
        while (true) {
            while (pq.is_busy(connection.handle) != 0) {
                if (!wait_for(pq.socket(connection.handle), POLLIN, end)) {
                    complaint_ = "it did not answer in time";
                    return std::nullopt;
                }
                if (pq.consume_input(connection.handle) == 0) {
                    complain(connection.handle);
                    return std::nullopt;
                }
            }
            PGresult* result = pq.get_result(connection.handle);
            if (result == nullptr) break;
            const ExecStatusType status = pq.result_status(result);
            if (status == PGRES_TUPLES_OK && pq.rows(result) > 0)
                answer.value = pq.value(result, 0, 0);
            else if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK)
                answer.error = base::trim(pq.result_error(result));
            pq.clear(result);
        }
        if (pq.status(connection.handle) != CONNECTION_OK) {
            complaint_ = answer.error.empty() ? "the connection is broken" : answer.error;
            return std::nullopt;
        }
        return answer;
    }

    void complain(PGconn* connection) {
        complaint_ = connection == nullptr
                         ? std::string("out of memory")
                         : std::string(base::trim(server_.libpq().error_message(connection)));
    }

    Server& server_;
    std::string owner_;
    Lease<Connection> lease_;
    ClaimWait wait_;
    bool has_claims_ = false;
    std::string complaint_;
};

}  // namespace

std::unique_ptr<Backend> pgsql_backend(std::string conninfo, std::chrono::milliseconds timeout) {
    auto backend = std::make_unique<ServerBackend<Server, PgsqlMemory>>();
    backend->server.conninfo = std::move(conninfo);
    backend->server.timeout = timeout;
    return backend;
}

}  // namespace memory
