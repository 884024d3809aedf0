// SPDX-License-Identifier: MIT
#include "bin/testsuite_site.h"

#include "base/file.h"
#include "base/log.h"
#include "base/text.h"
#include "bin/sieve_tool.h"
#include "config/table.h"
#include "config/variables.h"

#include <algorithm>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <sysexits.h>
#include <tuple>
#include <unistd.h>
#include <utility>

namespace bin {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t max_file_bytes = std::size_t{1} << 28;

std::string make_temporary_directory() {
    const char* parent = std::getenv("TMPDIR");
    std::string path = std::string(parent != nullptr && *parent == '/' ? parent : "/tmp") +
                       "/sieve-testsuite.XXXXXX";
    if (::mkdtemp(path.data()) == nullptr)
        throw ToolFailure{EX_CANTCREAT, path + ": can't be made"};
    return path;
}

// Each argument in a line, then the message in a file of its own.
std::string sendmail_text(const std::string& directory) {
    return "#!/bin/sh\ncd '" + directory +
           "' || exit 75\nn=$(ls | wc -l)\nn=$((n / 2))\n"
           "printf '%s\\n' \"$@\" > \"$n.arguments\"\ncat > \"$n.eml\"\n";
}

std::string read(const std::string& path) {
    return base::read_file(path, max_file_bytes).value_or(std::string());
}

// A setting's place: the plugin {} block for all that the core does not know.
std::string place_of(std::string_view name) {
    std::string key(name);
    return config::find_setting(key) != nullptr ? key : "plugin/" + key;
}

// "1795300031.M7P12R5.host,...": by seconds and the number behind M.
std::tuple<long, long, std::string> arrival(const fs::path& file) {
    const std::string name = file.filename().string();
    const std::size_t m = name.find(".M");
    return {std::atol(name.c_str()), m == std::string::npos ? 0 : std::atol(name.c_str() + m + 2),
            file.string()};
}

std::string without_front(std::string_view line, std::string_view front) {
    return std::string(line.starts_with(front) ? line.substr(front.size()) : line);
}

}  // namespace

TestsuiteSite::TestsuiteSite(std::string directory, std::string extensions)
    : path_(make_temporary_directory()) {
    fs::create_directory(path_ + "/sent");
    base::replace_file(path_ + "/sendmail", sendmail_text(path_ + "/sent"), 0700);
    base::open_log({.path = path_ + "/log", .timestamp_format = ""});
    user_.name = "testsuite-mail-user@example.org";
    user_.home = fs::current_path().string();
    settings_by_path_ = {
        {"postmaster_address", "postmaster@example.com"},
        {"mail_location", "maildir:" + path_ + "/mailstore"},
        {"mail_fsync", "never"},
        {"mail_attribute_dict", "file:" + path_ + "/attributes"},
        {"mail_log_prefix", ""},
        {"mail_plugins", "sieve"},
        {"deliver_log_format", "%$"},
        {"sendmail_path", path_ + "/sendmail"},
        {"tamis_delivery_record", "no"},
        {"plugin/sieve", "file:" + directory + "included"},
        {"plugin/sieve_global", directory + "included-global"},
        {"plugin/sieve_extensions", std::move(extensions)},
        {"plugin/sieve_max_cpu_time", "0"},
    };
    if (const std::string why = load_settings(); !why.empty()) throw ToolFailure{EX_CONFIG, why};
}

TestsuiteSite::~TestsuiteSite() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
}

std::string TestsuiteSite::set(std::string_view name, std::string_view value) {
    settings_by_path_[place_of(name)] = value;
    return {};
}

std::string TestsuiteSite::unset(std::string_view name) {
    settings_by_path_.erase(place_of(name));
    return {};
}

std::string TestsuiteSite::load_settings() {
    const config::Overrides overrides(settings_by_path_.begin(), settings_by_path_.end());
    auto configuration = config::Configuration::built_in(overrides);
    if (!configuration) return configuration.error().front().message();
    try {
        deliver::SettingsSource source;
        source.config = std::make_shared<const config::Settings>(configuration->settings());
        source.hostname = source.config->host_name();
        config::add_process(source.process_variables);
        settings_ = deliver::make_user_settings(source, user_, {});
    } catch (const std::exception& error) {
        return error.what();
    }
    auto storage = store::Storage::make(disk_.disk(), settings_->storage);
    if (!storage) return storage.error().text;
    storage_.emplace(std::move(storage).value());
    return {};
}

std::vector<std::string> TestsuiteSite::new_errors() {
    const std::string log = read(path_ + "/log");
    std::vector<std::string> errors;
    const std::string_view fresh = std::string_view(log).substr(std::min(log_seen_, log.size()));
    for (const std::string_view line : base::split(fresh, '\n')) {
        if (!line.starts_with("Error: ")) continue;
        std::string text = without_front(without_front(line, "Error: "), "sieve: ");
        // What it led to is the result, not an error of its own.
        if (!text.starts_with("Execution of script")) errors.push_back(std::move(text));
    }
    log_seen_ = log.size();
    return errors;
}

std::optional<SentMail> TestsuiteSite::sent(std::uint64_t index) const {
    const std::string name = path_ + "/sent/" + std::to_string(index);
    const auto arguments = base::read_file(name + ".arguments", max_file_bytes);
    if (!arguments) return std::nullopt;
    SentMail mail;
    const std::vector<std::string_view> words = base::split(*arguments, '\n');
    for (std::size_t i = 0; i + 1 < words.size(); ++i) {
        if (words[i] == "-f") mail.sender = words[i + 1];
        if (words[i] == "--") mail.recipient = words[i + 1];
    }
    if (mail.sender == "<>") mail.sender.clear();
    mail.message = read(name + ".eml");
    return mail;
}

void TestsuiteSite::forget_sent() const {
    for (const auto& entry : fs::directory_iterator(path_ + "/sent"))
        fs::remove(entry.path());
}

std::optional<std::string> TestsuiteSite::stored(std::string_view mailbox, std::uint64_t index) {
    const auto place = storage_->locate(mailbox);
    if (!place) return std::nullopt;
    std::vector<fs::path> files;
    for (const char* part : {"/new", "/cur"}) {
        std::error_code missing;
        for (const auto& entry : fs::directory_iterator(place->directory + part, missing))
            files.push_back(entry.path());
    }
    if (index >= files.size()) return std::nullopt;
    std::ranges::sort(files, {}, arrival);
    return read(files[index].string());
}

void TestsuiteSite::make_mailbox_id(const store::MailboxPath& path) {
    const std::string file = path.control_directory + "/dovecot-uidlist";
    if (fs::exists(file)) return;
    const std::string number = std::to_string(++ids_);
    base::replace_file(file, "3 V1 N1 G" + std::string(32 - number.size(), '0') + number + "\n",
                       0600);
}

}  // namespace bin
