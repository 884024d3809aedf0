// SPDX-License-Identifier: MIT
#include "deliver/agent.h"

#include "base/spool.h"
#include "base/text.h"
#include "config/configuration.h"
#include "deliver/carry_out.h"
#include "deliver/errno_status.h"
#include "deliver/identity.h"
#include "deliver/recipient_name.h"
#include "deliver/record_file.h"
#include "deliver/run_scripts.h"
#include "deliver/script_sequence.h"
#include "deliver/script_store.h"
#include "deliver/task.h"
#include "deliver/user_memory.h"
#include "mail/address.h"
#include "memory/backend.h"
#include "memory/memory.h"
#include "store/disk.h"
#include "store/storage.h"

#include <algorithm>
#include <cerrno>
#include <exception>
#include <system_error>
#include <unistd.h>
#include <utility>
#include <variant>

namespace deliver {
namespace {

using Steady = std::chrono::steady_clock;

// The cause goes to the log and, by the LDA's status line, to whoever reads the MTA's log.
Disposition internal_error(const base::Log& log, const std::string& cause) {
    log.error(cause);
    return Disposition::internal_error(cause);
}

std::string control_file(const store::Storage& storage, std::string_view name) {
    return storage.control_root() + '/' + std::string(name);
}

// sieve_user_log, else beside the user's own script, else ~/.dovecot.sieve.log.
std::string user_log_path(const UserSettings& settings, const ScriptSequence& sequence) {
    if (const auto path = settings.plugin("sieve_user_log"); path && !path->empty()) {
        if (path->front() == '/') return *path;
        if (settings.home.empty()) return {};
        return settings.home + '/' + (path->starts_with("~/") ? path->substr(2) : *path);
    }
    const bool own =
        std::any_of(sequence.scripts.begin(), sequence.scripts.end(),
                    [](const ScriptFile& script) { return script.role == ScriptRole::personal; });
    if (own) return sequence.personal_path + ".log";
    return settings.home.empty() ? std::string() : settings.home + "/.dovecot.sieve.log";
}

std::string_view result_name(Disposition::Result result) {
    switch (result) {
        case Disposition::Result::delivered:
            return "delivered";
        case Disposition::Result::temporary:
            return "temporary";
        case Disposition::Result::permanent:
            return "permanent";
    }
    return {};
}

bool nothing_was_delivered(const SequenceOutcome& outcome) {
    return outcome.end == SequenceOutcome::End::well && !outcome.keep &&
           std::all_of(outcome.actions.begin(), outcome.actions.end(),
                       [](const sieve::Action& action) {
                           return std::holds_alternative<sieve::Discard>(action.what) ||
                                  std::holds_alternative<sieve::MarkSeen>(action.what) ||
                                  std::holds_alternative<sieve::Vacation>(action.what);
                       });
}

// The discard script's explicit keep and its actions count; its implicit keep does not.
void run_discard_script(Task& task, const ScriptFile& script, SequenceOutcome& outcome) {
    SequenceOutcome second = run_scripts(task, {script}, outcome.message);
    outcome.ran.push_back(script);
    if (second.end != SequenceOutcome::End::well) {
        outcome.end = second.end;
        outcome.culprit = second.culprit;
        outcome.why = second.why;
        outcome.keep.emplace();
        return;
    }
    for (sieve::Action& action : second.actions)
        if (!std::holds_alternative<sieve::Discard>(action.what))
            outcome.actions.push_back(std::move(action));
    if (second.keep && !second.keep->implicit) outcome.keep = std::move(second.keep);
}

Disposition deliver_with_scripts(Task& task, const ScriptSequence& sequence) {
    const Steady::time_point begin = Steady::now();
    SequenceOutcome outcome = run_scripts(task, sequence.scripts);
    // All were gone when they were opened: Sieve has no part in it.
    if (outcome.ran.empty() && outcome.end == SequenceOutcome::End::well) return save_plainly(task);
    if (sequence.discard && nothing_was_delivered(outcome))
        run_discard_script(task, *sequence.discard, outcome);
    else if (sequence.discard)
        record_left_out(task.record, *sequence.discard, "the message was not discarded");
    task.record.scripts_micros =
        std::chrono::duration_cast<std::chrono::microseconds>(Steady::now() - begin).count();
    return carry_out(task, std::move(outcome));
}

Disposition store_it(Task& task, const ScriptSequence& sequence) {
    try {
        if (sequence.scripts.empty()) return save_plainly(task);
        return deliver_with_scripts(task, sequence);
    } catch (const std::system_error& error) {
        task.settings.log.error("msgid=" + task.log.message_id() +
                                ": save failed: " + error.what());
        task.record.actions.push_back(
            {"save", task.recipient.default_mailbox, {}, 0, "failed", {}, {}, error.what()});
        return errno_disposition(error);
    } catch (const std::exception& error) {
        return internal_error(task.settings.log, "msgid=" + task.log.message_id() +
                                                     ": delivery failed: " + error.what());
    }
}

std::string spare_path(const Recipient& recipient) {
    return spare_record_path(recipient.settings->config->state_dir,
                             recipient.user.uid.value_or(::geteuid()), recipient.user.name);
}

// Whoever writes there afterwards tells why it cannot be.
void make_control_root(store::Storage& storage) {
    try {
        storage.make_control_root();
    } catch (const std::system_error&) {
    }
}

// `storage` may be null: the user's mail directory is not known. Never throws.
void write_record(const Recipient& recipient, DeliveryRecord& record,
                  const Disposition& disposition, Steady::time_point begin,
                  store::Storage* storage) {
    const UserSettings& settings = *recipient.settings;
    if (!settings.config->tamis_delivery_record) return;
    try {
        record.result = result_name(disposition.result);
        record.status = disposition.status.text();
        record.text = disposition.text;
        record.total_micros =
            std::chrono::duration_cast<std::chrono::microseconds>(Steady::now() - begin).count();
        const std::string path = storage ? control_file(*storage, record_file_name) : std::string();
        const std::string directory = path.substr(0, path.rfind('/') + 1);
        // The user's first mail went elsewhere: INBOX is made as for a mail that stays.
        if (storage && !directory.empty() && ::access(directory.c_str(), F_OK) != 0 &&
            errno == ENOENT)
            make_control_root(*storage);
        keep_record(path, spare_path(recipient), to_json_line(record), settings.log);
    } catch (const std::exception& error) {
        settings.log.warning("cannot write the delivery record: " + std::string(error.what()));
    }
}

void begin_record(DeliveryRecord& record, const Recipient& recipient, const Envelope& envelope,
                  const base::Spool& spool, base::WallTime now) {
    record.time = now;
    record.session = envelope.session;
    record.queue_id = envelope.queue_id;
    record.sender = envelope.sender;
    record.recipient = recipient.address;
    record.user = recipient.user.name;
    record.size = spool.size();
}

}  // namespace

struct Agent::Parts {
    const config::Configuration& configuration;
    Protocol protocol;
    user::UserDb& users;
    store::Disk& disk;
    base::WaitingSlots* sending_slots;
    config::Filter filter;
    std::shared_ptr<const config::Settings> settings;
    config::Variables process_variables;
    std::string hostname;
    NameRules names;
    ScriptStore scripts;
    std::unique_ptr<memory::Backend> memory;  // null: a file of each user

    base::Log log(const Envelope& envelope) const;
    base::Result<Recipient, Disposition> look_up(const std::string& name, const Envelope& envelope);
    base::Result<Recipient, Disposition> complete(user::User user, const Envelope& envelope,
                                                  bool check_identity);
    SettingsSource source_for(const user::User& user) const;
};

// Before the user is known.
base::Log Agent::Parts::log(const Envelope& envelope) const {
    std::string prefix(service_name(protocol));
    for (const config::Variable& variable : process_variables.values)
        if (variable.name == "pid") prefix += '(' + variable.value + ')';
    if (!envelope.session.empty()) prefix += '<' + envelope.session + '>';
    return base::Log(prefix + ": ");
}

Agent::Agent(const config::Configuration& configuration, Protocol protocol, user::UserDb& users,
             store::Disk& disk, base::WaitingSlots* sending_slots)
    : parts_(new Parts{.configuration = configuration,
                       .protocol = protocol,
                       .users = users,
                       .disk = disk,
                       .sending_slots = sending_slots,
                       .filter = {.protocol = std::string(service_name(protocol))},
                       .settings = nullptr,
                       .process_variables = {},
                       .hostname = {},
                       .names = {},
                       .scripts = ScriptStore(),
                       .memory = nullptr}) {
    parts_->settings =
        std::make_shared<const config::Settings>(configuration.settings(parts_->filter));
    const config::Settings& settings = *parts_->settings;
    config::add_process(parts_->process_variables);
    parts_->hostname = settings.host_name();
    parts_->names = {.default_realm = settings.auth_default_realm,
                     .allowed_characters = settings.auth_username_chars,
                     .translation = settings.auth_username_translation,
                     .format = settings.auth_username_format,
                     .recipient_delimiter = settings.recipient_delimiter,
                     .service = std::string(service_name(protocol))};
    std::string complaint;
    parts_->memory = memory_backend(settings, complaint);
    if (!complaint.empty()) parts_->log({}).error(complaint);
}

Agent::~Agent() = default;

SettingsSource Agent::Parts::source_for(const user::User& user) const {
    SettingsSource source;
    source.config =
        user.fields.empty()
            ? settings
            : std::make_shared<const config::Settings>(configuration.settings(filter, user.fields));
    source.process_variables = process_variables;
    source.hostname = hostname;
    source.protocol = protocol;
    return source;
}

base::Result<Recipient, Disposition> Agent::Parts::complete(user::User user,
                                                            const Envelope& envelope,
                                                            bool check_identity) {
    try {
        const SettingsSource source = source_for(user);
        if (check_identity) {
            const Identity process = process_identity();
            const auto identity = identify(user, *source.config, process);
            if (!identity) {
                return base::Unexpected{internal_error(
                    log(envelope),
                    "User " + base::printable(user.name, 200) + ": " + identity.error())};
            }
            if (protocol == Protocol::lmtp && identity->uid != process.uid) {
                return base::Unexpected{
                    internal_error(log(envelope), "User " + base::printable(user.name, 200) +
                                                      " has uid " + std::to_string(identity->uid) +
                                                      ", but this process delivers for uid " +
                                                      std::to_string(process.uid) + " only")};
            }
            user.uid = identity->uid;
            user.gid = identity->gid;
        }
        Recipient recipient;
        recipient.settings = make_user_settings(source, user, envelope);
        recipient.user = std::move(user);
        recipient.address = envelope.recipient.empty() ? recipient.user.name : envelope.recipient;
        return recipient;
    } catch (const std::exception& error) {
        return base::Unexpected{internal_error(
            log(envelope), "User " + base::printable(user.name, 200) + ": " + error.what())};
    }
}

base::Result<Recipient, Disposition> Agent::Parts::look_up(const std::string& name,
                                                           const Envelope& envelope) {
    user::Lookup lookup;
    try {
        lookup = users.find({.name = name,
                             .service = std::string(service_name(protocol)),
                             .remote_ip = envelope.remote_address,
                             .local_ip = {},
                             .session = envelope.session});
    } catch (const std::exception& error) {
        lookup = user::LookupFailure{error.what()};
    }
    if (const auto* failure = std::get_if<user::LookupFailure>(&lookup)) {
        return base::Unexpected{internal_error(
            log(envelope),
            "User " + base::printable(name, 200) + ": userdb lookup failed: " + failure->text)};
    }
    if (std::holds_alternative<user::NoSuchUser>(lookup))
        return base::Unexpected{
            Disposition::permanent({5, 1, 1}, "User doesn't exist: " + base::printable(name, 200))};
    return complete(std::move(std::get<user::User>(lookup)), envelope, true);
}

base::Result<Recipient, Disposition> Agent::find_recipient(const mail::Path& address,
                                                           const Envelope& envelope) {
    const SplitName split = split_detail(address.local_part, parts_->names.recipient_delimiter);
    std::string whole = split.name;
    if (!address.domain.empty()) whole += '@' + address.domain;
    try {
        auto name = normalise_name(whole, parts_->names);
        if (!name) return base::Unexpected{std::move(name.error())};
        auto recipient = parts_->look_up(*name, envelope);
        if (!recipient) return recipient;
        recipient->detail = split.detail;
        if (parts_->protocol == Protocol::lmtp && !split.detail.empty() &&
            recipient->settings->config->lmtp_save_to_detail_mailbox) {
            std::string prefix;
            for (const store::NamespaceSettings& space : recipient->settings->storage.namespaces)
                if (space.inbox) prefix = space.prefix;
            recipient->default_mailbox = prefix + split.detail;
        }
        return recipient;
    } catch (const std::exception& error) {
        return base::Unexpected{
            internal_error(parts_->log(envelope),
                           "Recipient " + base::printable(whole, 200) + ": " + error.what())};
    }
}

base::Result<Recipient, Disposition> Agent::find_user(std::string_view name,
                                                      const Envelope& envelope) {
    try {
        auto normal = normalise_name(name, parts_->names);
        if (!normal) return base::Unexpected{std::move(normal.error())};
        return parts_->look_up(*normal, envelope);
    } catch (const std::exception& error) {
        return base::Unexpected{internal_error(
            parts_->log(envelope), "User " + base::printable(name, 200) + ": " + error.what())};
    }
}

base::Result<Recipient, Disposition> Agent::as_recipient(user::User user,
                                                         const Envelope& envelope) {
    return parts_->complete(std::move(user), envelope, false);
}

std::vector<std::string> Agent::record_paths(const Recipient& recipient) const {
    const auto storage = store::Storage::make(parts_->disk, recipient.settings->storage);
    std::vector<std::string> paths{spare_path(recipient)};
    if (storage) paths.push_back(control_file(*storage, record_file_name));
    std::erase(paths, std::string());
    return paths;
}

Disposition Agent::deliver(const Recipient& recipient, const Envelope& envelope,
                           const base::Spool& spool, Deadline* deadline) {
    const Steady::time_point begin = Steady::now();
    const UserSettings& settings = *recipient.settings;
    try {
        const mail::Message message(spool.view());
        DeliveryLog log(settings, envelope, message, spool);
        DeliveryRecord record;
        record.protocol = service_name(parts_->protocol);
        record.message_id = log.message_id();
        begin_record(record, recipient, envelope, spool, parts_->disk.clock.now());
        auto storage = store::Storage::make(parts_->disk, settings.storage);
        if (!storage) {
            Disposition disposition = internal_error(
                settings.log, "Failed to initialize user's mail storage: " + storage.error().text);
            write_record(recipient, record, disposition, begin, nullptr);
            return disposition;
        }
        ScriptSequence sequence;
        if (settings.sieve)
            sequence = find_scripts([&](std::string_view key) { return settings.plugin(key); },
                                    settings.home);
        for (const std::string& complaint : sequence.complaints)
            settings.log.error("sieve: " + complaint);
        UserLog user_log(user_log_path(settings, sequence), parts_->disk.clock);
        const auto memory = user_memory(parts_->memory.get(), recipient.user.name, *storage);
        Deadline no_deadline;
        Task task{recipient,
                  envelope,
                  spool,
                  message,
                  settings,
                  *storage,
                  parts_->scripts,
                  log,
                  user_log,
                  record,
                  *memory,
                  deadline ? *deadline : no_deadline,
                  parts_->sending_slots};
        Disposition disposition = store_it(task, sequence);
        if (!user_log.trouble().empty())
            settings.log.error(
                "sieve: user logfile " + user_log.path() +
                " cannot be written, what it should hold is lost: " + user_log.trouble());
        write_record(recipient, record, disposition, begin, &*storage);
        spool.forget_pages();
        return disposition;
    } catch (const std::system_error& error) {
        settings.log.error(std::string("delivery failed: ") + error.what());
        return errno_disposition(error);
    } catch (const std::exception& error) {
        return internal_error(settings.log, std::string("delivery failed: ") + error.what());
    }
}

}  // namespace deliver
