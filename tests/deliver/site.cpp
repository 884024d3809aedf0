// SPDX-License-Identifier: MIT
#include "site.h"

#include "base/log.h"
#include "base/text.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <filesystem>
#include <map>

namespace fs = std::filesystem;

namespace {

void replace_all(std::string& text, std::string_view from, std::string_view to) {
    for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size())
        text.replace(at, from.size(), to);
}

constexpr std::string_view base_settings = R"(
base_dir = @D@/run
state_dir = @D@/state
mail_location = maildir:~/M
mail_fsync = never
hostname = host.example.com
postmaster_address = postmaster@example.com
sendmail_path = @D@/sendmail
submission_timeout = 20 secs
lda_mailbox_autocreate = no
)";

constexpr std::string_view default_sendmail =
    "#!/bin/sh\n"
    "[ -f @D@/exit ] && exit \"$(cat @D@/exit)\"\n"
    "{ echo \"ARGS $*\"; cat; } >> @D@/sent\n";

// "name:2,S" -> "S".
std::string letters_of(const std::string& name) {
    const std::size_t at = name.find(":2,");
    return at == std::string::npos ? std::string() : name.substr(at + 3);
}

}  // namespace

user::Lookup Site::Users::find(const user::Request& request) {
    asked_for = request.name;
    if (broken) return user::LookupFailure{"the directory is down"};
    const auto found = known.find(request.name);
    if (found == known.end()) return user::NoSuchUser{};
    return found->second;
}

ssize_t Site::Files::sys_write(int fd, const char* bytes, std::size_t size) {
    const int error = before_call ? before_call("write") : 0;
    return error != 0 ? -error : FileSystem::sys_write(fd, bytes, size);
}

int Site::Files::sys_rename(const char* from, const char* to, unsigned flags) {
    const int error = before_call ? before_call("rename") : 0;
    return error != 0 ? -error : FileSystem::sys_rename(from, to, flags);
}

Site::Site(std::string settings, deliver::Protocol protocol) {
    std::string text = std::string(base_settings) + settings;
    replace_all(text, "@D@", directory.path());
    auto loaded = config::Configuration::load(directory.write("tamis.conf", text));
    if (!loaded)
        for (const config::Problem& problem : loaded.error())
            UNSCOPED_INFO(problem.message());
    REQUIRE(loaded);
    configuration_ = std::move(loaded).value();
    sendmail(default_sendmail);
    fs::create_directories(directory.at("home"));
    base::LogTarget target;
    target.path = directory.write("log", "");
    target.timestamp_format = "";
    base::open_log(target);
    envelope.sender = "s@example.org";
    envelope.recipient = "r@example.com";
    envelope.session = "session";
    agent_ =
        std::make_unique<deliver::Agent>(*configuration_, protocol, users, disk_, &sending_slots);
}

Site::~Site() {
    base::open_log({});
}

void Site::sendmail(std::string_view text) {
    std::string program(text);
    replace_all(program, "@D@", directory.path());
    fs::permissions(directory.write("sendmail", program), fs::perms::owner_all);
}

deliver::Recipient Site::recipient() {
    user::User user;
    user.name = "nobody@example.com";
    user.home = directory.at("home");
    user.fields = fields;
    auto recipient = agent_->as_recipient(user, envelope);
    REQUIRE(recipient);
    recipient->default_mailbox = default_mailbox;
    return *recipient;
}

deliver::Disposition Site::deliver(std::string_view message, deliver::Deadline* deadline) {
    return deliver_to(recipient(), message, deadline);
}

deliver::Disposition Site::deliver_to(const deliver::Recipient& recipient, std::string_view message,
                                      deliver::Deadline* deadline) {
    base::Spool spool;
    spool.append(message);
    spool.seal();
    return agent_->deliver(recipient, envelope, spool, deadline);
}

std::string Site::folders() const {
    std::map<std::string, std::pair<int, std::string>> found;
    const fs::path root = directory.at("home/M");
    if (!fs::exists(root)) return {};
    for (const auto& entry : fs::recursive_directory_iterator(root)) {
        const fs::path parent = entry.path().parent_path();
        if (!entry.is_regular_file() || (parent.filename() != "new" && parent.filename() != "cur"))
            continue;
        const std::string folder = parent.parent_path().filename();
        const std::string name = folder == "M" ? "INBOX" : folder.substr(1);
        auto& [count, flags] = found[name];
        ++count;
        flags += letters_of(entry.path().filename());
    }
    std::string text;
    for (const auto& [name, count_and_flags] : found) {
        text += (text.empty() ? "" : " ") + name + ':' + std::to_string(count_and_flags.first);
        if (!count_and_flags.second.empty()) text += '(' + count_and_flags.second + ')';
    }
    return text;
}

std::string Site::without_directory(std::string text) const {
    replace_all(text, directory.path(), "@D@");
    return text;
}

std::string Site::log() const {
    const std::string lines = directory.read("log");
    std::string text;
    for (const std::string_view line : base::split(lines, '\n')) {
        if (line.empty()) continue;
        // "lda(user)<pid><session>: Info: TEXT"
        const std::size_t at = line.find(">: ");
        text += (text.empty() ? "" : "\n");
        text += at == std::string_view::npos ? line : line.substr(at + 3);
    }
    return without_directory(text);
}

std::string Site::user_log() const {
    const std::string text = directory.read("home/.dovecot.sieve.log");
    return without_directory(text.substr(std::min(text.find('\n') + 1, text.size())));
}

std::optional<deliver::DeliveryRecord> Site::record() const {
    const std::string text = directory.read("home/M/tamis-deliveries.jsonl");
    const std::vector<std::string_view> lines = base::split(text, '\n');
    return lines.size() < 2 ? std::nullopt : deliver::parse_record(lines[lines.size() - 2]);
}
