// SPDX-License-Identifier: MIT
// tamis-lmtp: the LMTP server (compat 4), by itself in the foreground: binds what service lmtp
// names, writes master.pid, becomes the mail user, serves until SIGTERM or SIGINT; SIGHUP reads the
// configuration anew, SIGUSR1 opens the log files anew. It never reads mail as root.
#include "base/clock.h"
#include "base/error.h"
#include "base/log.h"
#include "base/session_id.h"
#include "base/waiting_slots.h"
#include "bin/server_options.h"
#include "config/check.h"
#include "config/configuration.h"
#include "lmtp/agent_backend.h"
#include "lmtp/from_settings.h"
#include "lmtp/session.h"
#include "lmtp/user_slots.h"
#include "net/address.h"
#include "net/server.h"
#include "net/tls.h"
#include "net/worker_pool.h"
#include "server/listen.h"
#include "server/pid_file.h"
#include "server/privileges.h"
#include "server/readiness.h"
#include "store/disk.h"

#include <csignal>
#include <cstdio>
#include <exception>
#include <malloc.h>
#include <stdexcept>
#include <sys/resource.h>
#include <sysexits.h>
#include <unistd.h>

namespace {

constexpr int exit_fatal = 89;  // compat 8.6
constexpr std::string_view service_name = "lmtp";
// Worker threads mostly wait for the disk; an arena for each would keep what each freed.
constexpr int malloc_arenas = 4;
constexpr unsigned default_process_limit = 100;
// Of the worker threads, so that some are always left for who neither sends nor meets a lock.
constexpr base::WaitingSlots::Bounds sending_bounds{12, 4, std::chrono::seconds{2}};
constexpr base::WaitingSlots::Bounds lock_bounds{3, 1, std::chrono::seconds{2}};
static_assert(sending_bounds.threads() + lock_bounds.threads() < net::WorkerPool::default_threads);
constexpr const char* usage =
    "Usage: tamis-lmtp [-F] [-c FILE] [-o SETTING=VALUE]...\n"
    "       tamis-lmtp --help | --version\n";

const config::UnixListener& default_listener() {
    static const config::UnixListener listener{.path = "lmtp", .mode = 0666};
    return listener;
}

// What sessions use that begin under one reading of the configuration.
struct Generation {
    config::Settings settings;
    std::shared_ptr<const lmtp::Settings> session;
    std::shared_ptr<lmtp::Backend> backend;
    std::shared_ptr<const net::TlsContext> tls;  // null: no certificate
    net::Networks trusted;
};

config::Configuration load_configuration(const bin::ServerOptions& options) {
    auto path = options.config_path.empty() ? config::Configuration::default_path()
                                            : std::optional(options.config_path);
    auto loaded = path ? config::Configuration::load(*path, options.overrides)
                       : config::Configuration::built_in(options.overrides);
    if (loaded) return std::move(loaded).value();
    std::string text;
    for (const config::Problem& problem : loaded.error()) {
        if (problem.severity != config::Problem::Severity::error) continue;
        if (!text.empty()) text += "; ";
        text += problem.message();
        if (!problem.hint.empty()) text += " (" + problem.hint + ")";
    }
    throw std::runtime_error("Error reading configuration: " + text);
}

std::shared_ptr<const net::TlsContext> make_tls(const config::Settings& settings) {
    if (settings.ssl == config::Tls::no || settings.ssl_cert.empty()) return nullptr;
    net::TlsSettings tls;
    tls.certificate = config::read_file_value(settings.ssl_cert);
    tls.key = config::read_file_value(settings.ssl_key);
    tls.key_password = settings.ssl_key_password;
    tls.min_protocol = settings.ssl_min_protocol;
    tls.cipher_list = settings.ssl_cipher_list;
    tls.cipher_suites = settings.ssl_cipher_suites;
    tls.prefer_server_ciphers = settings.ssl_prefer_server_ciphers;
    return std::make_shared<net::TlsContext>(tls);
}

// `old` serves on with its certificate where the mail user may not read the key.
std::shared_ptr<const Generation> make_generation(config::Configuration configuration,
                                                  store::Disk& disk, base::WaitingSlots& sending,
                                                  const base::Log& log, const Generation* old) {
    config::Settings settings = configuration.settings({.protocol = std::string(service_name)});
    for (const config::Problem& warning : configuration.warnings())
        log.warning(warning.message());
    for (const config::Problem& remark : config::remarks(configuration.document(), service_name))
        log.warning(remark.message());
    std::shared_ptr<const net::TlsContext> tls;
    try {
        tls = make_tls(settings);
    } catch (const std::system_error& error) {
        if (!old) throw;
        log.warning(std::string("The TLS certificate stays as it was: ") + error.what());
        tls = old->tls;
    }
    lmtp::Settings session = lmtp::make_settings(settings);
    session.starttls = tls != nullptr;
    net::Networks trusted(settings.login_trusted_networks);
    auto backend = std::make_shared<lmtp::AgentBackend>(std::move(configuration), disk, sending);
    return std::make_shared<const Generation>(
        Generation{std::move(settings), std::make_shared<lmtp::Settings>(std::move(session)),
                   std::move(backend), std::move(tls), std::move(trusted)});
}

// Whom this process is going to be, who opens rotated files.
std::optional<std::pair<uid_t, gid_t>> log_owner(const config::Settings& settings) {
    if (::geteuid() != 0) return std::nullopt;
    try {
        const auto account = server::service_account(settings, service_name);
        if (account) return std::pair(account->uid, account->gid);
    } catch (const std::runtime_error&) {  // told by leave_root(), in the log
    }
    return std::nullopt;
}

void open_log(const config::Settings& settings) {
    base::open_log({.path = settings.log_path,
                    .info_path = settings.info_log_path,
                    .debug_path = settings.debug_log_path,
                    .syslog_facility = settings.syslog_facility,
                    .ident = settings.instance_name,
                    .timestamp_format = settings.log_timestamp,
                    .owner = log_owner(settings)});
}

// service lmtp { client_limit, process_limit }: connections of the peer's processes together.
std::size_t connection_limit(const config::Settings& settings) {
    const config::Service* service = settings.service(service_name);
    if (!service || (service->client_limit == 0 && service->process_limit == 0))
        return settings.default_client_limit;
    std::size_t processes =
        service->process_limit == 0 ? default_process_limit : service->process_limit;
    return processes * std::max(service->client_limit, 1U);
}

void allow_descriptors(std::size_t connections, const base::Log& log) {
    struct rlimit limit {};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
    // A delivery has its message, spool, tmp file, directories and locks open.
    const std::size_t needed = connections + net::WorkerPool::default_threads * 16 + 32;
    if (limit.rlim_cur != RLIM_INFINITY && limit.rlim_cur < needed) {
        log.warning("fd limit (ulimit -n) is lower than required under max. load (" +
                    std::to_string(limit.rlim_cur) + " < " + std::to_string(needed) +
                    "), because of service lmtp { client_limit }");
    }
}

void leave_root(const config::Settings& settings, const base::Log& log) {
    if (::geteuid() != 0) return;
    std::optional<server::Account> account = server::service_account(settings, service_name);
    if (!account || account->uid == 0) {
        throw std::runtime_error(
            "no user to run as: set service lmtp { user = ... }, or mail_uid and mail_gid, to the "
            "owner of the mail (this program does not read mail as root)");
    }
    server::become(*account);
    log.debug("Running as uid " + std::to_string(account->uid) + ", gid " +
              std::to_string(account->gid));
}

// The server with everything that lives as long as the process.
class Program {
  public:
    Program(bin::ServerOptions options, base::Log log, base::Log master)
        : options_(std::move(options)), log_(std::move(log)), master_(std::move(master)) {}

    // Whether what is logged now shows on standard error.
    bool logs_to_stderr() const { return logs_to_stderr_; }

    int run() {
        ::mallopt(M_ARENA_MAX, malloc_arenas);
        config::Configuration configuration = load_configuration(options_);
        config::Settings settings = configuration.settings({.protocol = std::string(service_name)});
        open_log(settings);
        logs_to_stderr_ = settings.log_path == "/dev/stderr";
        server::PidFile pid_file(settings.base_dir);
        current_ = make_generation(std::move(configuration), disk_, sending_, master_, nullptr);
        listening_ = server::describe_listeners(settings, service_name, default_listener());
        server::OpenedListeners opened =
            server::open_listeners(settings, service_name, default_listener());
        for (const std::string& warning : opened.warnings)
            master_.warning(warning);
        net::ServerLimits limits;
        limits.connections = connection_limit(settings);
        allow_descriptors(limits.connections, master_);
        leave_root(settings, log_);

        net::WorkerPool pool;
        net::Server server(limits, pool, master_);
        server_ = &server;
        std::string names;
        for (net::Listener& listener : opened.listeners) {
            if (listener.is_tls && !current_->tls)
                throw std::runtime_error("ssl enabled, but ssl_cert not set");
            names += (names.empty() ? "" : ", ") + listener.name;
            server.add(std::move(listener),
                       [this](const net::Client& client) { return make_session(client); });
        }
        if (names.empty()) throw std::runtime_error("service lmtp has no listener");
        server.use_tls(current_->tls);
        server.on_hangup([this] { reload(); });
        server.on_user_signal([this] { reopen_log(); });
        master_.info(std::string("Tamis v") + TAMIS_VERSION + " starting up for lmtp (" + names +
                     ")");
        server::notify(std::string("READY=1\nSTATUS=v") + TAMIS_VERSION + " running");
        server.run();
        server::notify("STOPPING=1");
        return EX_OK;
    }

  private:
    std::unique_ptr<base::Dialogue> make_session(const net::Client& client) {
        lmtp::Peer peer;
        peer.address = client.address;
        peer.port = client.port;
        peer.local_address = client.local_address;
        peer.session = base::new_session_id();
        peer.trusted = !client.address.empty() && current_->trusted.contains(client.address);
        peer.tls = client.tls;
        return std::make_unique<lmtp::Session>(
            lmtp::Services{current_->session, current_->backend, slots_, &base::system_clock()},
            std::move(peer), log_);
    }

    void reload() {
        master_.warning("SIGHUP received - reloading configuration");
        try {
            auto made = make_generation(load_configuration(options_), disk_, sending_, master_,
                                        current_.get());
            if (server::describe_listeners(made->settings, service_name, default_listener()) !=
                listening_)
                master_.warning("The listeners of service lmtp changed: restart for that");
            current_ = std::move(made);
            server_->use_tls(current_->tls);
            reopen_log();
        } catch (const std::exception& error) {
            master_.error(std::string(error.what()) + " (the old configuration stays)");
        }
    }

    void reopen_log() {
        try {
            open_log(current_->settings);
        } catch (const std::exception& error) {
            master_.error(std::string("Can't open log file: ") + error.what());
        }
    }

    bin::ServerOptions options_;
    base::Log log_;
    base::Log master_;
    store::FileSystem files_;
    store::Syncer sync_{files_};
    store::MessageNames names_{base::system_clock(), store::MessageNames::local_host()};
    base::WaitingSlots sending_{sending_bounds};
    base::WaitingSlots lock_waiters_{lock_bounds};
    store::Disk disk_{files_, sync_, names_, base::system_clock(), &lock_waiters_};
    std::shared_ptr<lmtp::UserSlots> slots_ = lmtp::UserSlots::create();
    std::shared_ptr<const Generation> current_;  // the loop's thread
    std::string listening_;
    net::Server* server_ = nullptr;
    bool logs_to_stderr_ = true;
};

}  // namespace

int main(int argc, char** argv) {
    std::signal(SIGPIPE, SIG_IGN);
    base::Log log("lmtp(" + std::to_string(::getpid()) + "): ");
    base::Log master("master: ");
    bin::ServerOptions options = bin::parse_server_options(argc, argv);
    if (options.version) return std::puts(TAMIS_VERSION) < 0;
    if (options.usage || !options.error.empty()) {
        std::fprintf(options.usage ? stdout : stderr, "%s%s%s", options.error.c_str(),
                     options.error.empty() ? "" : "\n", usage);
        return options.usage ? EX_OK : EX_USAGE;
    }
    Program program(std::move(options), log, master);
    try {
        return program.run();
    } catch (const std::exception& error) {
        master.fatal(error.what());
        if (!program.logs_to_stderr())
            std::fprintf(stderr, "tamis-lmtp: Fatal: %s\n", error.what());
        return exit_fatal;
    }
}
