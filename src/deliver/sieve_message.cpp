// SPDX-License-Identifier: MIT
#include "deliver/sieve_message.h"

#include "base/clock.h"
#include "base/text.h"
#include "mail/address.h"
#include "store/storage.h"

#include <ctime>
#include <utility>

namespace deliver {
namespace {

sieve::Address to_sieve(const mail::Mailbox& mailbox) {
    return {.local_part = mailbox.local_part,
            .domain = mailbox.domain,
            .text = mailbox.address(),
            .valid = true};
}

// A field without any address that can be understood is one invalid address, the whole value; what
// is broken beside others is passed over, as in Pigeonhole.
std::vector<sieve::Address> addresses_of(std::string_view value) {
    std::vector<sieve::Address> addresses;
    const mail::AddressList list = mail::parse_address_list(value);
    for (const mail::Mailbox& mailbox : list.mailboxes)
        if (mailbox.valid) addresses.push_back(to_sieve(mailbox));
    if (addresses.empty() && !list.mailboxes.empty())
        addresses.push_back({.local_part = {},
                             .domain = {},
                             .text = std::string(base::trim(value)),
                             .valid = false});
    return addresses;
}

sieve::BodyPart to_sieve(std::string_view message, const mail::Part& part) {
    return {.content_type = part.content_type(),
            .raw = mail::part_bytes(message, part),
            .raw_body = mail::part_body(message, part),
            .depth = static_cast<int>(part.depth),
            .is_multipart = part.kind == mail::PartKind::multipart};
}

}  // namespace

SieveMessage::SieveMessage(const mail::Message& message)
    : message_(message), fields_(&message.header()), header_bytes_(message.header_bytes()) {}
SieveMessage::~SieveMessage() = default;

std::uint64_t SieveMessage::size() const {
    return header_bytes_.size() + message_.bytes().size() - message_.header_bytes().size();
}

const std::vector<std::string>& SieveMessage::header(std::string_view name) const {
    const std::string key = base::to_lower(name);
    const auto known = headers_.find(key);
    if (known != headers_.end()) return known->second;
    std::vector<std::string> values;
    for (const mail::Field field : fields_->find(name))
        values.push_back(mail::decode_value(field.value));
    return headers_.emplace(key, std::move(values)).first->second;
}

const std::vector<std::string>& SieveMessage::raw_header(std::string_view name) const {
    const std::string key = base::to_lower(name);
    const auto known = raw_headers_.find(key);
    if (known != raw_headers_.end()) return known->second;
    std::vector<std::string> values;
    for (const mail::Field field : fields_->find(name))
        values.push_back(mail::unfold(field.value));
    return raw_headers_.emplace(key, std::move(values)).first->second;
}

const std::vector<std::vector<sieve::Address>>& SieveMessage::addresses(
    std::string_view name) const {
    const std::string key = base::to_lower(name);
    const auto known = addresses_.find(key);
    if (known != addresses_.end()) return known->second;
    std::vector<std::vector<sieve::Address>> fields;
    for (const mail::Field field : fields_->find(name))
        fields.push_back(addresses_of(field.value));
    return addresses_.emplace(key, std::move(fields)).first->second;
}

std::optional<std::string_view> SieveMessage::raw_body() const {
    if (message_.header_bytes().size() == message_.bytes().size()) return std::nullopt;
    return message_.body();
}

const std::vector<sieve::BodyPart>& SieveMessage::parts() const {
    if (!parts_) {
        parts_.emplace();
        for (const mail::Part& part : message_.structure().parts)
            parts_->push_back(to_sieve(message_.bytes(), part));
    }
    return *parts_;
}

const std::vector<std::string>& SieveMessage::decoded(std::size_t part) const {
    const auto known = decoded_.find(part);
    if (known != decoded_.end()) return known->second;
    const std::vector<mail::Part>& all = message_.structure().parts;
    std::vector<std::string> content;
    if (part < all.size()) content = mail::matched_content(message_.bytes(), all[part]);
    return decoded_.emplace(part, std::move(content)).first->second;
}

const std::vector<std::string>& SieveMessage::text() const {
    if (!text_) {
        text_.emplace();
        for (const mail::Part& part : message_.structure().parts)
            if (auto readable = mail::readable_text(message_.bytes(), part))
                text_->push_back(std::move(*readable));
    }
    return *text_;
}

SieveHost::SieveHost(World world) : world_(std::move(world)) {
    const base::Clock& clock = world_.clock ? *world_.clock : base::system_clock();
    now_.unix_seconds =
        std::chrono::duration_cast<std::chrono::seconds>(clock.now().time_since_epoch()).count();
    now_.zone_minutes = local_zone_minutes(now_.unix_seconds);
}

int SieveHost::local_zone_minutes(std::int64_t unix_seconds) const {
    const std::time_t time = unix_seconds;
    std::tm local{};
    if (::localtime_r(&time, &local) == nullptr) return 0;
    return static_cast<int>(local.tm_gmtoff / 60);
}

bool SieveHost::mailbox_exists(std::string_view name) const {
    if (world_.storage == nullptr) return base::iequals(name, "INBOX");
    return world_.storage->exists(name);
}

std::vector<std::string> SieveHost::special_use_mailboxes(std::string_view use) const {
    if (world_.storage == nullptr) return {};
    return world_.storage->special_use_mailboxes(use);
}

std::optional<std::string> SieveHost::environment(std::string_view item) const {
    const auto found = world_.environment.find(base::to_lower(item));
    if (found == world_.environment.end()) return std::nullopt;
    return found->second;
}

unsigned SieveHost::scan_result(sieve::ScanScale scale) const {
    return world_.scan_result ? world_.scan_result(scale) : 0;
}

sieve::IncludedScript SieveHost::include(sieve::ScriptPlace place, std::string_view name) const {
    if (!world_.include) return {.missing = true};
    return world_.include(place, name);
}

bool SieveHost::seen_before(std::string_view id) const {
    return world_.seen_before && world_.seen_before(id);
}

}  // namespace deliver
