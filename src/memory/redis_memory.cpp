// SPDX-License-Identifier: MIT
// Keys PREFIX OWNER:ID, which expire by themselves, and PREFIX OWNER:ID:claim while a delivery
// asks.
#include "base/text.h"
#include "memory/backend.h"
#include "memory/claim_wait.h"
#include "memory/server_pool.h"

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <hiredis/hiredis.h>
#include <iterator>
#include <optional>
#include <string>
#include <unistd.h>
#include <utility>
#include <vector>

namespace memory {
namespace {

using Milliseconds = std::chrono::milliseconds;
using Steady = std::chrono::steady_clock;

// A delivery that dies gives its claims up after that time: longer than anybody waits for one.
constexpr const char* claim_milliseconds = "75000";

// The later end counts.
constexpr const char* remember_script =
    "for i, key in ipairs(KEYS) do if redis.call('PTTL', key) < tonumber(ARGV[i]) then "
    "redis.call('SET', key, '1', 'PX', ARGV[i]) end end return 1";
constexpr const char* release_script =
    "if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end return 1";

struct CloseContext {
    void operator()(redisContext* context) const { ::redisFree(context); }
};
struct FreeReply {
    void operator()(void* reply) const { ::freeReplyObject(reply); }
};
using Reply = std::unique_ptr<redisReply, FreeReply>;

struct Connection {
    std::unique_ptr<redisContext, CloseContext> context;
};

struct Server {
    std::string host = "127.0.0.1";
    int port = 6379;
    std::string path;
    std::string password;
    std::string db;
    std::string prefix = "tamis:";
    Milliseconds timeout = default_server_timeout;
    ServerPool<Connection> pool;
};

timeval as_timeval(Milliseconds time) {
    return {static_cast<time_t>(time.count() / 1000),
            static_cast<suseconds_t>(time.count() % 1000 * 1000)};
}

Reply command(redisContext& context, const std::vector<std::string>& words) {
    std::vector<const char*> pieces;
    std::vector<std::size_t> sizes;
    for (const std::string& word : words) {
        pieces.push_back(word.data());
        sizes.push_back(word.size());
    }
    return Reply(static_cast<redisReply*>(
        ::redisCommandArgv(&context, static_cast<int>(words.size()), pieces.data(), sizes.data())));
}

class RedisMemory final : public Memory {
  public:
    RedisMemory(Server& server, std::string_view owner, Waiting waiting)
        : server_(server),
          front_(server.prefix + std::string(owner) + ':'),
          lease_(server.pool),
          wait_(waiting) {}
    ~RedisMemory() override {
        for (const std::string& key : claims_)
            ask({"EVAL", release_script, "1", key, token_});
    }
    RedisMemory(const RedisMemory&) = delete;
    RedisMemory& operator=(const RedisMemory&) = delete;

    bool remembers(std::string_view id) override {
        const Reply reply = ask({"EXISTS", key(id)});
        return reply && reply->type == REDIS_REPLY_INTEGER && reply->integer == 1;
    }

    bool claim(std::string_view id) override {
        if (remembers(id)) return true;
        const std::string lock = key(id) + ":claim";
        if (std::ranges::find(claims_, lock) != claims_.end()) return false;
        bool answered = true;
        const bool in_time = wait_.until([&] {
            const Reply reply = ask({"SET", lock, token_, "NX", "PX", claim_milliseconds});
            answered = reply != nullptr;
            const bool taken = reply && reply->type == REDIS_REPLY_STATUS;
            if (taken) claims_.push_back(lock);
            return taken || !answered;
        });
        if (!answered) return false;
        if (!in_time) complaint_ = takes_long;
        return remembers(id);
    }

    using Memory::remember;
    bool remember(std::span<const Remembered> what) override {
        return remember_in_runs(what, [this](auto some) { return remember_some(some); });
    }

    void forget(std::string_view id) override { ask({"DEL", key(id)}); }

    std::string complaint() override {
        if (complaint_.empty()) return {};
        return "redis: " + std::exchange(complaint_, {});
    }

  private:
    bool remember_some(std::span<const Remembered> what) {
        std::vector<std::string> keys;
        std::vector<std::string> periods;
        for (const Remembered& each : what) {
            if (each.period.count() <= 0) continue;  // over already; an error to Redis
            keys.push_back(key(each.id));
            periods.push_back(std::to_string(Milliseconds(each.period).count()));
        }
        if (keys.empty()) return true;
        std::vector<std::string> words{"EVAL", remember_script, std::to_string(keys.size())};
        std::ranges::move(keys, std::back_inserter(words));
        std::ranges::move(periods, std::back_inserter(words));
        const Reply reply = ask(words);
        return reply && reply->type == REDIS_REPLY_INTEGER;
    }

    std::string key(std::string_view id) const { return front_ + std::string(id); }

    static std::string make_token() {
        static std::atomic<std::uint64_t> count{0};
        return std::to_string(::getpid()) + '.' +
               std::to_string(Steady::now().time_since_epoch().count()) + '.' +
               std::to_string(count++);
    }

    // Nothing where the server did not do it; then it has been complained of.
    Reply ask(const std::vector<std::string>& words) {
        Reply reply = lease_.ask([this] { return open(); },
                                 [&](Connection& connection) {
                                     Reply answer = command(*connection.context, words);
                                     if (!answer) complaint_ = connection.context->errstr;
                                     return answer;
                                 },
                                 complaint_);
        if (!reply || reply->type != REDIS_REPLY_ERROR) return reply;
        complaint_.assign(reply->str, reply->len);
        return nullptr;
    }

    std::unique_ptr<Connection> open() {
        const timeval timeout = as_timeval(server_.timeout);
        auto connection = std::make_unique<Connection>();
        connection->context.reset(
            server_.path.empty()
                ? ::redisConnectWithTimeout(server_.host.c_str(), server_.port, timeout)
                : ::redisConnectUnixWithTimeout(server_.path.c_str(), timeout));
        redisContext* context = connection->context.get();
        if (context == nullptr || context->err != 0) {
            complaint_ = context == nullptr ? "out of memory" : context->errstr;
            return nullptr;
        }
        ::redisSetTimeout(context, timeout);
        if ((!server_.password.empty() && !greet(*context, {"AUTH", server_.password})) ||
            (!server_.db.empty() && !greet(*context, {"SELECT", server_.db})))
            return nullptr;
        return connection;
    }

    bool greet(redisContext& context, const std::vector<std::string>& words) {
        const Reply reply = command(context, words);
        if (!reply) {
            complaint_ = context.errstr;
            return false;
        }
        if (reply->type != REDIS_REPLY_ERROR) return true;
        complaint_.assign(reply->str, reply->len);
        return false;
    }

    Server& server_;
    std::string front_;
    Lease<Connection> lease_;
    ClaimWait wait_;
    std::string token_ = make_token();
    std::vector<std::string> claims_;
    std::string complaint_;
};

}  // namespace

std::unique_ptr<Backend> redis_backend(const std::map<std::string, std::string, std::less<>>& words,
                                       std::chrono::milliseconds timeout) {
    auto backend = std::make_unique<ServerBackend<Server, RedisMemory>>();
    Server& server = backend->server;
    const auto take = [&](std::string_view key, std::string& value) {
        if (const auto found = words.find(key); found != words.end()) value = found->second;
    };
    take("host", server.host);
    take("path", server.path);
    take("password", server.password);
    take("db", server.db);
    take("prefix", server.prefix);
    std::string port;
    take("port", port);
    if (const auto number = base::parse_number<std::uint16_t>(port)) server.port = *number;
    server.timeout = timeout;
    return backend;
}

}  // namespace memory
