// SPDX-License-Identifier: MIT
#include "store/storage.h"

#include "base/error.h"
#include "base/text.h"
#include "store/annotations.h"
#include "store/directories.h"
#include "store/disk.h"
#include "store/mailbox_id.h"
#include "store/mailbox_list.h"
#include "store/quota_file.h"
#include "store/subscriptions.h"

#include <algorithm>
#include <cerrno>

namespace store {
namespace {

using Failure = base::Unexpected<LocationError>;
constexpr std::chrono::seconds subscriptions_stale{30};  // Dovecot's

Failure failure(std::string text) {
    return Failure{LocationError{std::move(text)}};
}

base::Result<Location, LocationError> find_location(Disk& disk, const StorageSettings& settings,
                                                    const std::string& text) {
    const std::string& location = text.empty() ? settings.mail_location : text;
    if (!location.empty()) return parse_location(location, settings.home);
    auto detected = detect_location(disk.files, settings.home);
    if (!detected)
        return failure("mail_location not set and autodetection failed: " + detected.error().text);
    return detected;
}

// What is wrong with one namespace by itself.
std::optional<std::string> complaint(const NamespaceSettings& settings, char separator) {
    if (settings.separator.size() > 1)
        return "Namespace '" + settings.prefix +
               "': Hierarchy separator must be only one character long";
    if (settings.separator == "%" || settings.separator == "*")
        return "Namespace '" + settings.prefix + "': Hierarchy separator can't be " +
               settings.separator;
    if (settings.listed && !settings.prefix.empty() && settings.prefix.back() != separator)
        return "namespace configuration error: list=yes requires prefix=" + settings.prefix +
               " to end with separator " + separator;
    return std::nullopt;
}

base::Result<std::vector<Namespace>, LocationError> make_namespaces(
    Disk& disk, const StorageSettings& settings) {
    std::vector<NamespaceSettings> blocks = settings.namespaces;
    if (blocks.empty()) blocks.push_back({.name = "inbox", .inbox = true});
    std::vector<Namespace> namespaces;
    for (NamespaceSettings& block : blocks) {
        if (block.disabled) continue;
        auto location = find_location(disk, settings, block.location);
        std::string unusable;
        if (!location && location.error().foreign && !block.inbox) {
            // Old mail beside the new: Dovecot delivers all that does not go there.
            unusable = "Namespace '" + block.prefix + "': " + location.error().text;
            location = Location{.layout = Layout::fs};  // those formats' separator
        }
        if (!location) {
            return failure(
                "Initializing mail storage from " +
                std::string(block.location.empty() ? "mail_location" : "namespace location") +
                " setting failed: " + location.error().text);
        }
        char separator =
            block.separator.empty() ? storage_separator(location->layout) : block.separator.front();
        if (auto why = complaint(block, separator)) return failure(*why);
        namespaces.push_back({.name = std::move(block.name),
                              .prefix = std::move(block.prefix),
                              .separator = separator,
                              .inbox = block.inbox,
                              .subscriptions = block.subscriptions,
                              .location = std::move(*location),
                              .unusable = std::move(unusable),
                              .auto_create = std::move(block.auto_create),
                              .auto_subscribe = std::move(block.auto_subscribe),
                              .special_uses = std::move(block.special_uses)});
    }
    auto inboxes = std::count_if(namespaces.begin(), namespaces.end(),
                                 [](const Namespace& space) { return space.inbox; });
    if (inboxes == 0) return failure("namespace configuration error: inbox=yes namespace missing");
    if (inboxes > 1)
        return failure(
            "namespace configuration error: There can be only one namespace with inbox=yes");
    return namespaces;
}

bool names_mailbox(const std::vector<std::string>& names, const MailboxPath& path) {
    return std::any_of(names.begin(), names.end(), [&](const std::string& name) {
        return path.is_inbox ? base::iequals(name, "INBOX")
                             : path.space->prefix.size() + name.size() == path.name.size() &&
                                   path.name.ends_with(name);
    });
}

bool auto_subscribed(const MailboxPath& path) {
    return names_mailbox(path.space->auto_subscribe, path);
}

bool auto_created(const MailboxPath& path) {
    return path.is_inbox || names_mailbox(path.space->auto_create, path) || auto_subscribed(path);
}

bool has_control_character(std::string_view name) {
    return std::any_of(name.begin(), name.end(),
                       [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

// A file in the place of a folder, or links that lead round: no later try will make a mailbox of
// such a name, so a script that names it must not keep the mail waiting.
bool is_fault_of_name(const std::system_error& error) {
    return error.code() == std::errc::not_a_directory ||
           error.code() == std::errc::filename_too_long ||
           error.code() == std::errc::too_many_symbolic_link_levels;
}

base::Unexpected<OpenFailure> open_failure(OpenFailure::Reason reason, std::string text) {
    return {OpenFailure{reason, std::move(text)}};
}

// The namespace whose file names the mailbox (subscriptions=no hands it on), and the name there.
std::pair<const Namespace*, std::string> subscriber(const std::vector<Namespace>& namespaces,
                                                    const MailboxPath& path) {
    if (path.space->subscriptions) return {path.space, path.storage_name};
    const Namespace* parent = nullptr;
    for (const Namespace& space : namespaces) {
        if (space.subscriptions && space.unusable.empty() &&
            path.space->prefix.starts_with(space.prefix) &&
            (!parent || space.prefix.size() > parent->prefix.size()))
            parent = &space;
    }
    if (!parent) return {nullptr, {}};
    std::string name = path.space->prefix.substr(parent->prefix.size());
    std::replace(name.begin(), name.end(), path.space->separator,
                 storage_separator(parent->location.layout));
    std::string own = path.storage_name;
    std::replace(own.begin(), own.end(), storage_separator(path.space->location.layout),
                 storage_separator(parent->location.layout));
    return {parent, name + own};
}

}  // namespace

base::Result<Storage, LocationError> Storage::make(Disk& disk, StorageSettings settings) {
    auto namespaces = make_namespaces(disk, settings);
    if (!namespaces) return Failure{std::move(namespaces.error())};
    return Storage(disk, std::move(settings), std::move(*namespaces));
}

Storage::Storage(Disk& disk, StorageSettings settings, std::vector<Namespace> namespaces)
    : disk_(&disk),
      settings_(std::move(settings)),
      namespaces_(std::make_shared<const std::vector<Namespace>>(std::move(namespaces))) {}

bool Storage::exists(std::string_view name) const {
    auto path = locate_mailbox(*namespaces_, name);
    if (!path) return false;
    try {
        return auto_created(*path) || mailbox_exists(disk_->files, *path);
    } catch (const std::system_error& error) {
        if (!is_fault_of_name(error)) throw;
        return false;
    }
}

std::vector<std::string> Storage::special_use_mailboxes(std::string_view use) const {
    std::vector<std::string> names;
    for (const Namespace& space : *namespaces_)
        for (const SpecialUse& each : space.special_uses) {
            const auto same = [&](const std::string& one) { return base::iequals(one, use); };
            if (std::none_of(each.uses.begin(), each.uses.end(), same)) continue;
            std::string name = space.prefix + each.mailbox;
            if (exists(name)) names.push_back(std::move(name));
        }
    return names;
}

std::vector<std::string> Storage::mailboxes() const {
    std::vector<std::string> names{"INBOX"};
    for (const Namespace& space : *namespaces_)
        if (space.unusable.empty()) list_mailboxes(disk_->files, *namespaces_, space, names);
    return names;
}

std::map<std::string, std::string, std::less<>> Storage::mailboxes_by_id() const {
    std::map<std::string, std::string, std::less<>> ids;
    for (std::string& name : mailboxes()) {
        const auto path = locate(name);
        if (!path) continue;
        if (auto id = mailbox_id(disk_->files, *path))
            ids.try_emplace(*std::move(id), std::move(name));
    }
    return ids;
}

std::optional<std::string> Storage::annotation_key(std::optional<std::string_view> mailbox,
                                                   std::string_view entry) const {
    if (settings_.annotations_file.empty()) return std::nullopt;
    const auto path = locate(mailbox.value_or("INBOX"));
    if (!path) return std::nullopt;
    const auto id = mailbox_id(disk_->files, *path);
    if (!id) return std::nullopt;
    return store::annotation_key(mailbox ? AnnotationOf::mailbox : AnnotationOf::server, *id,
                                 entry);
}

Annotations Storage::annotations() const {
    if (settings_.annotations_file.empty()) return {};
    return read_annotations(*disk_, settings_.annotations_file);
}

bool Storage::set_annotation(std::optional<std::string_view> mailbox, std::string_view entry,
                             std::optional<std::string_view> value) {
    const auto key = annotation_key(mailbox, entry);
    if (!key) return false;
    write_annotation(*disk_, settings_.annotations_file, *key, value, settings_.lock_times,
                     durable());
    return true;
}

base::Result<Mailbox, OpenFailure> Storage::open(std::string_view name, CreateMailbox create_if) {
    auto path = locate_mailbox(*namespaces_, name);
    if (!path) return open_failure(OpenFailure::Reason::invalid_name, std::move(path.error().text));
    try {
        return open_at(*path, create_if);
    } catch (const std::system_error& error) {
        if (path->is_inbox || !is_fault_of_name(error)) throw;
        return open_failure(OpenFailure::Reason::invalid_name, error.what());
    }
}

base::Result<Mailbox, OpenFailure> Storage::open_at(const MailboxPath& path,
                                                    CreateMailbox create_if) {
    if (auto mailbox = open_existing(path)) return std::move(*mailbox);
    bool wanted =
        create_if == CreateMailbox::always ||
        (create_if == CreateMailbox::as_configured && (settings_.autocreate || auto_created(path)));
    if (!wanted) {
        return open_failure(OpenFailure::Reason::missing,
                            "Mailbox doesn't exist: " + base::printable(path.name));
    }
    bool subscribe = !path.is_inbox && settings_.autosubscribe && !auto_created(path);
    return create_at(path, subscribe ? Subscribe::yes : Subscribe::no);
}

base::Result<Mailbox, OpenFailure> Storage::create(std::string_view name, Subscribe subscribe) {
    auto path = locate_mailbox(*namespaces_, name);
    if (!path) return open_failure(OpenFailure::Reason::invalid_name, std::move(path.error().text));
    return create_at(*path, subscribe);
}

base::Result<Mailbox, OpenFailure> Storage::create_at(const MailboxPath& path,
                                                      Subscribe subscribe_it) {
    if (has_control_character(path.name)) {
        return open_failure(OpenFailure::Reason::invalid_name,
                            "Control characters not allowed in new mailbox names");
    }
    make_mailbox_directories(disk_->files, path, durable());
    auto mailbox = open_existing(path);
    if (!mailbox) base::throw_error(ENOENT, "stat", path.directory);
    if (subscribe_it == Subscribe::yes || auto_subscribed(path)) subscribe(path);
    return std::move(*mailbox);
}

std::optional<Mailbox> Storage::open_existing(const MailboxPath& path) {
    FileSystem& files = disk_->files;
    auto directory = files.status(path.directory);
    if (!directory || !S_ISDIR(directory->st_mode)) return std::nullopt;
    Mailbox mailbox{path, Permissions::of(*directory)};
    std::string tmp = path.directory + "/tmp";
    if (auto status = files.status(tmp)) {
        sweep_tmp(files, tmp, *status, disk_->clock.now(), settings_.temp_scan_interval);
    } else if (mailbox_exists(files, path)) {
        // Another process is just making it, or somebody removed it.
        make_subdirectories(files, path.directory, mailbox.permissions, durable());
    } else {
        return std::nullopt;
    }
    return mailbox;
}

void Storage::count_for_quota(std::uint64_t bytes, std::uint64_t messages) {
    if (!settings_.quota_file) return;
    add_to_quota_file(disk_->files, control_root() + "/maildirsize", bytes, messages);
}

const Location& Storage::inbox_location() const {
    return std::find_if(namespaces_->begin(), namespaces_->end(),
                        [](const Namespace& space) { return space.inbox; })
        ->location;
}

const std::string& Storage::control_root() const {
    const Location& location = inbox_location();
    return location.control.empty() ? location.root : location.control;
}

void Storage::make_control_root() {
    const std::string& directory = control_root();
    if (directory == inbox_location().root)
        (void)open("INBOX").has_value();
    else
        make_directory_chain(disk_->files, directory, directory, durable());
}

void Storage::subscribe(const MailboxPath& path) {
    auto [space, name] = subscriber(*namespaces_, path);
    if (!space) return;
    const Location& location = space->location;
    const std::string& directory = location.control.empty() ? location.root : location.control;
    make_directory_chain(disk_->files, directory, directory, durable());
    auto status = disk_->files.status(directory);
    Permissions permissions = status ? Permissions::of(*status) : Permissions{};
    add_subscription(*disk_, directory + "/" + location.subscriptions, name,
                     storage_separator(location.layout), permissions,
                     {.wait = settings_.lock_times.wait,
                      .stale = std::min(settings_.lock_times.stale, subscriptions_stale)},
                     durable());
}

}  // namespace store
