// SPDX-License-Identifier: MIT
// tamis-lda: one message from standard input to one user (dovecot-lda, deliver; compat 3). Its
// contract with Postfix's pipe(8): exit 0 is durable delivery, 75 every doubt, 64/67/77 what is
// surely permanent; when it fails, the first line on standard output begins with an enhanced status
// code and says what to mend. It needs no daemon.
#include "base/clock.h"
#include "base/error.h"
#include "base/fd.h"
#include "base/log.h"
#include "base/session_id.h"
#include "base/text.h"
#include "bin/lda_message.h"
#include "bin/lda_options.h"
#include "config/configuration.h"
#include "config/unheeded.h"
#include "deliver/agent.h"
#include "deliver/deadline.h"
#include "deliver/identity.h"
#include "deliver/user_settings.h"
#include "mail/address.h"
#include "mail/header.h"
#include "store/local_disk.h"
#include "user/from_settings.h"

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <fcntl.h>
#include <grp.h>
#include <memory>
#include <pwd.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <system_error>
#include <thread>
#include <unistd.h>

namespace {

using deliver::Disposition;

// A failure that ends the program: exit code, status code for Postfix, text for log and standard
// output.
struct Failure {
    int exit_code = EX_TEMPFAIL;
    std::string_view status = "4.3.0";
    std::string text;
};

[[noreturn]] void fail(int exit_code, std::string_view status, std::string text) {
    throw Failure{exit_code, status, std::move(text)};
}

// The first line of what Postfix captures.
void say_status(std::string_view status, std::string_view text) {
    std::string line(text);
    std::ranges::replace(line, '\n', ' ');
    std::printf("%.*s %s\n", static_cast<int>(status.size()), status.data(),
                base::printable(line).c_str());
    std::fflush(stdout);
}

config::Configuration load_configuration(const bin::LdaOptions& options) {
    auto path = options.config_path.empty() ? config::Configuration::default_path()
                                            : std::optional(options.config_path);
    auto loaded = options.no_config || !path
                      ? config::Configuration::built_in(options.overrides)
                      : config::Configuration::load(*path, options.overrides);
    if (loaded) return std::move(loaded).value();
    std::string text = "Error reading configuration: ";
    for (const config::Problem& problem : loaded.error()) {
        if (problem.severity != config::Problem::Severity::error) continue;
        text += problem.message();
        if (!problem.hint.empty()) text += " (" + problem.hint + ")";
        break;
    }
    if (loaded.error().size() > 1)
        text += "; all mistakes: tamis config --check" + (path ? " -c " + *path : std::string());
    fail(EX_TEMPFAIL, "4.3.5", text);
}

void open_log(const config::Settings& settings) {
    try {
        base::open_log({.path = settings.log_path,
                        .info_path = settings.info_log_path,
                        .debug_path = settings.debug_log_path,
                        .syslog_facility = settings.syslog_facility,
                        .ident = settings.instance_name,
                        .timestamp_format = settings.log_timestamp});
    } catch (const std::system_error& error) {
        fail(EX_TEMPFAIL, "4.3.5",
             std::string("Can't open log file (log_path setting): ") + error.what());
    }
}

// -k keeps everything; otherwise import_environment and what a login has.
void clean_environment(const config::Settings& settings) {
    std::vector<std::pair<std::string, std::string>> kept;
    auto keep = [&kept](const std::string& name) {
        if (const char* value = std::getenv(name.c_str())) kept.emplace_back(name, value);
    };
    for (const char* name : {"HOME", "USER", "LOGNAME", "PATH", "DOVECOT_HOSTNAME",
                             "XDG_CACHE_HOME", "XDG_STATE_HOME"})
        keep(name);
    for (std::string_view word : base::words(settings.import_environment)) {
        std::size_t equals = word.find('=');
        if (equals == std::string_view::npos) {
            keep(std::string(word));
        } else {
            kept.emplace_back(word.substr(0, equals), word.substr(equals + 1));
        }
    }
    ::clearenv();
    for (const auto& [name, value] : kept)
        ::setenv(name.c_str(), value.c_str(), 1);
}

// Ends the program when the time is over and nothing has become visible yet, whatever it waits for:
// what is in tmp/ is cleaned up later, the MTA keeps the message.
void watch(const std::shared_ptr<deliver::Deadline>& deadline, const base::Log& log) {
    if (!deadline->end()) return;
    try {
        std::thread([deadline, log] {
            std::this_thread::sleep_until(*deadline->end());
            if (!deadline->expire()) return;
            constexpr std::string_view text = "The delivery did not end within lda_timeout";
            log.error(text);
            say_status("4.4.2", text);
            ::_exit(EX_TEMPFAIL);
        }).detach();
    } catch (const std::system_error& error) {
        log.warning(std::string("lda_timeout is not watched: ") + error.what());
    }
}

// What cannot be read says nothing of the message: it is delivered without.
std::optional<std::string> parse_recipient(char option, const std::optional<std::string>& given,
                                           const base::Log& log) {
    if (!given) return std::nullopt;
    auto path = mail::parse_path(*given);
    if (path && !path->is_null()) return mail::address_text(*path);
    log.warning(std::string("Invalid -") + option +
                " parameter: " + (path ? "Null path not allowed" : path.error()) +
                "; delivering without it (" + base::printable(*given) + ')');
    return std::nullopt;
}

std::optional<std::string> parse_sender(const std::optional<std::string>& given,
                                        const base::Log& log) {
    if (!given) return std::nullopt;
    auto path = mail::parse_path(*given);
    if (path) return path->is_null() ? std::string() : mail::address_text(*path);
    log.debug("Broken -f parameter: " + path.error() + " (" + base::printable(*given) + ")");
    return std::string();
}

deliver::Envelope make_envelope(const bin::LdaOptions& options, const base::Log& log) {
    deliver::Envelope envelope;
    envelope.session = base::new_session_id();
    envelope.sender = parse_sender(options.sender, log);
    envelope.original_recipient = parse_recipient('a', options.original, log);
    envelope.recipient = parse_recipient('r', options.recipient, log).value_or("");
    return envelope;
}

// Without -d: $USER and $HOME, else the account that runs this.
user::User environment_user() {
    if (::geteuid() == 0) fail(EX_USAGE, "4.3.5", "destination user parameter (-d user) not given");
    const char* name = std::getenv("USER");
    const char* home = std::getenv("HOME");
    const struct passwd* account = ::getpwuid(::geteuid());
    user::User user{.uid = ::geteuid(), .gid = ::getegid()};
    user.name = name && *name ? name : account ? account->pw_name : "";
    user.home = home && *home ? home : account ? account->pw_dir : "";
    if (user.name.empty())
        fail(EX_USAGE, "4.3.5",
             "Couldn't lookup our username (uid=" + std::to_string(::geteuid()) + ")");
    return user;
}

[[noreturn]] void fail(const Disposition& disposition, const bin::LdaOptions& options) {
    std::string status = disposition.status.text();
    bool permanent = disposition.result == Disposition::Result::permanent;
    int exit_code = !permanent                        ? EX_TEMPFAIL
                    : disposition.status.subject == 1 ? EX_NOUSER
                                                      : EX_NOPERM;
    if (permanent && options.reject_by_exit_code)
        std::fprintf(stderr, "%s\n", disposition.text.c_str());
    static std::string kept;
    kept = status;
    fail(exit_code, kept,
         disposition.text + (disposition.cause.empty() ? "" : ": " + disposition.cause));
}

// As root: becomes the user for good. As anybody else: must be that user already.
void become(const deliver::Recipient& recipient) {
    auto identity =
        deliver::identify(recipient.user, *recipient.settings->config, deliver::process_identity());
    if (!identity) fail(EX_TEMPFAIL, "4.3.5", identity.error());
    if (::geteuid() != 0) {
        if (identity->uid == ::geteuid()) return;
        fail(
            EX_TEMPFAIL, "4.3.5",
            "setuid(" + std::to_string(identity->uid) + ") is not permitted for uid " +
                std::to_string(::geteuid()) +
                ": run this program as the user that owns the mail (master.cf: user=), or as root");
    }
    if (identity->uid == 0) fail(EX_TEMPFAIL, "4.3.5", "Mail access not allowed for root");
    auto groups_of = recipient.user.fields.find("system_groups_user");
    bool with_groups = groups_of != recipient.user.fields.end() && !groups_of->second.empty();
    int groups = with_groups ? ::initgroups(groups_of->second.c_str(), identity->gid)
                             : ::setgroups(1, &identity->gid);
    if (groups != 0 || ::setgid(identity->gid) != 0 || ::setuid(identity->uid) != 0) {
        base::throw_errno("setuid", std::to_string(identity->uid));
    }
}

void check_setuid_binary() {
    struct stat status {};
    if (::geteuid() != 0 || ::getuid() == 0 || ::stat("/proc/self/exe", &status) != 0) return;
    if (status.st_mode & S_IXOTH) {
        fail(EX_TEMPFAIL, "4.3.5",
             "tamis-lda must not be both world-executable and setuid-root: anybody could then "
             "write to anybody's mail");
    }
}

void deliver_message(const bin::LdaOptions& options, const config::Configuration& configuration,
                     const config::Settings& settings, const base::Log& log) {
    const auto deadline = std::make_shared<deliver::Deadline>(settings.lda_timeout);
    watch(deadline, log);
    if (base::trim(settings.postmaster_address).empty()) {
        fail(EX_TEMPFAIL, "4.3.5",
             "postmaster_address setting not given (set it to an address, or remove the setting: "
             "its default is postmaster@ the user's domain)");
    }
    std::unique_ptr<user::Chain> users;
    try {
        users = user::make_chain(settings);
    } catch (const std::invalid_argument& error) {
        fail(EX_TEMPFAIL, "4.3.5", error.what());
    }
    store::LocalDisk disk;
    deliver::Agent agent(configuration, deliver::Protocol::lda, *users, disk.disk());

    deliver::Envelope envelope = make_envelope(options, log);
    // An empty -d comes from an empty $recipient or ${user}: never the mail of whoever runs this.
    if (options.user && options.user->empty()) fail(EX_TEMPFAIL, "4.3.5", "-d names no user");
    auto recipient = options.user ? agent.find_user(*options.user, envelope)
                                  : agent.as_recipient(environment_user(), envelope);
    if (!recipient) fail(recipient.error(), options);
    if (recipient->settings->postmaster.empty())
        fail(EX_TEMPFAIL, "4.3.5", "postmaster_address setting not given");
    become(*recipient);
    if (!options.mailbox.empty()) recipient->default_mailbox = options.mailbox;
    // mailbox_command names no user: the address that the mail came for is the final recipient.
    if (envelope.recipient.empty() && !options.user && envelope.original_recipient)
        envelope.recipient = *envelope.original_recipient;
    if (!envelope.recipient.empty()) recipient->address = envelope.recipient;
    envelope.recipient = recipient->address;

    base::Spool::Limits limits;
    limits.temp_dir = recipient->settings->expand(settings.mail_temp_dir, "mail_temp_dir");
    base::Fd file;
    if (!options.message_path.empty())
        file = base::open_file(options.message_path.c_str(), O_RDONLY);
    auto message = bin::read_message(file ? file.get() : STDIN_FILENO,
                                     file ? options.message_path : "standard input", limits);
    if (!envelope.sender && message.from_sender)
        envelope.sender = parse_sender(message.from_sender, log);
    const mail::HeaderBlock header(message.spool.view());
    if (!envelope.sender)
        if (const auto value = header.first("Return-Path"))
            if (const auto path = mail::parse_path(base::trim(*value)))
                envelope.sender = path->is_null() ? std::string() : mail::address_text(*path);
    if (!envelope.original_recipient && !settings.lda_original_recipient_header.empty()) {
        if (auto value = header.first(settings.lda_original_recipient_header)) {
            auto path = mail::parse_path(base::trim(*value));
            if (path && !path->is_null()) envelope.original_recipient = mail::address_text(*path);
        }
    }
    Disposition disposition = agent.deliver(*recipient, envelope, message.spool, deadline.get());
    if (disposition.result != Disposition::Result::delivered) fail(disposition, options);
}

// Postfix shows the first line only: what is wrong comes before how it is right. It believes the
// status and not the exit code (which is Dovecot's): a slip in master.cf must not bounce all mail.
int usage_error(const std::string& text, const char* program, const base::Log& log) {
    say_status("4.3.5", text);
    std::fputs(bin::lda_usage(program).c_str(), stdout);
    std::fflush(stdout);
    log.fatal(text);
    return EX_USAGE;
}

// This program starts for each message, so it says it in one line: a warning about what would
// change where mail goes or whether it is taken; the rest is for those who set mail_debug.
void say_unheeded(const config::Configuration& configuration, const config::Settings& settings,
                  const base::Log& log) {
    std::string of_delivery, others;
    for (const config::Unheeded& one : config::unheeded(configuration.document(), "lda")) {
        bool matters = one.setting ? one.setting->effect == config::Effect::later_delivery
                                   : !one.in_plugin;  // an unknown plugin may do anything
        std::string& list = matters ? of_delivery : others;
        list.append(list.empty() ? "" : ", ").append(one.name);
    }
    if (!of_delivery.empty()) {
        log.warning("Nothing acts on these settings yet, mail is delivered without them: " +
                    of_delivery + " (tamis config --check says where they stand)");
    }
    if (settings.mail_debug && !others.empty())
        log.debug("Nothing acts on these settings yet: " + others);
}

int run(int argc, char** argv) {
    base::Log log("lda: ");
    try {
        bin::LdaOptions options = bin::parse_lda_options(argc, argv);
        if (options.version) return std::puts(TAMIS_VERSION) < 0;
        if (options.usage) return std::fputs(bin::lda_usage(argv[0]).c_str(), stdout) < 0;
        if (!options.error.empty()) return usage_error(options.error, argv[0], log);
        if (!options.setting_error.empty()) fail(EX_TEMPFAIL, "4.3.5", options.setting_error);
        check_setuid_binary();
        config::Configuration configuration = load_configuration(options);
        config::Settings settings = configuration.settings({.protocol = "lda"});
        open_log(settings);
        for (const config::Problem& warning : configuration.warnings())
            log.debug(warning.message());
        say_unheeded(configuration, settings, log);
        if (!options.keep_environment) clean_environment(settings);
        deliver_message(options, configuration, settings, log);
        return EX_OK;
    } catch (const Failure& failure) {
        say_status(failure.status, failure.text);
        log.fatal(failure.text);
        return failure.exit_code;
    } catch (const std::exception& error) {
        say_status("4.3.0", error.what());
        log.fatal(error.what());
        return EX_TEMPFAIL;
    }
}

}  // namespace

int main(int argc, char** argv) {
    std::signal(SIGPIPE, SIG_IGN);
    return run(argc, argv);
}
