// SPDX-License-Identifier: MIT
#include "deliver/sieve_message.h"

#include "base/clock.h"
#include "base/text.h"
#include "deliver/external_lists.h"
#include "deliver/file_types.h"
#include "mail/address.h"
#include "mail/decode.h"
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

std::vector<std::string> values_of(const mail::HeaderBlock& header, std::string_view name) {
    std::vector<std::string> values;
    for (const mail::Field field : header.find(name))
        values.push_back(mail::decode_value(field.value));
    return values;
}

std::vector<std::vector<sieve::Address>> addresses_in(const mail::HeaderBlock& header,
                                                      std::string_view name) {
    std::vector<std::vector<sieve::Address>> fields;
    for (const mail::Field field : header.find(name))
        fields.push_back(addresses_of(field.value));
    return fields;
}

// What `known` holds for that name, letter case ignored; made at the first time.
template <typename Value, typename Make>
const Value& remembered(std::map<std::string, Value, std::less<>>& known, std::string_view name,
                        Make make) {
    std::string key = base::to_lower(name);
    const auto at = known.find(key);
    if (at != known.end()) return at->second;
    return known.emplace(std::move(key), make()).first->second;
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
    return remembered(headers_, name, [&] { return values_of(*fields_, name); });
}

const std::vector<std::string>& SieveMessage::raw_header(std::string_view name) const {
    return remembered(raw_headers_, name, [&] {
        std::vector<std::string> values;
        for (const mail::Field field : fields_->find(name))
            values.push_back(mail::unfold(field.value));
        return values;
    });
}

const std::vector<std::vector<sieve::Address>>& SieveMessage::addresses(
    std::string_view name) const {
    return remembered(addresses_, name, [&] { return addresses_in(*fields_, name); });
}

SieveMessage::PartHeader& SieveMessage::part_header_of(std::size_t part) const {
    const auto known = part_headers_.find(part);
    if (known != part_headers_.end()) return known->second;
    const std::vector<mail::Part>& all = message_.structure().parts;
    PartHeader header;
    if (part < all.size())
        header.fields = mail::HeaderBlock(mail::part_header(message_.bytes(), all[part]));
    return part_headers_.emplace(part, std::move(header)).first->second;
}

const std::vector<std::string>& SieveMessage::part_header(std::size_t part,
                                                          std::string_view name) const {
    if (part == 0) return header(name);
    PartHeader& header = part_header_of(part);
    return remembered(header.headers, name, [&] { return values_of(header.fields, name); });
}

const std::vector<std::vector<sieve::Address>>& SieveMessage::part_addresses(
    std::size_t part, std::string_view name) const {
    if (part == 0) return addresses(name);
    PartHeader& header = part_header_of(part);
    return remembered(header.addresses, name, [&] { return addresses_in(header.fields, name); });
}

std::vector<sieve::MimeField> SieveMessage::part_fields(std::size_t part,
                                                        std::string_view name) const {
    std::vector<sieve::MimeField> result;
    const mail::HeaderBlock& header = part == 0 ? *fields_ : part_header_of(part).fields;
    for (const mail::Field field : header.find(name)) {
        mail::ParameterField parsed = mail::parse_parameter_field(field.value);
        sieve::MimeField& mime = result.emplace_back();
        mime.value = std::move(parsed.value);
        for (mail::Parameter& each : parsed.parameters)
            mime.parameters.emplace_back(std::move(each.name), std::move(each.value));
    }
    return result;
}

std::string SieveMessage::part_text(std::size_t part) const {
    const std::vector<mail::Part>& all = message_.structure().parts;
    if (part >= all.size() || all[part].kind != mail::PartKind::leaf) return {};
    if (auto text = mail::readable_text(message_.bytes(), all[part], mail::BrokenText::refused))
        return *std::move(text);
    std::string content = mail::decoded_body(message_.bytes(), all[part]);
    return mail::is_utf8(content) ? content : std::string();
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

sieve::DetectedType SieveMessage::detected_type(std::size_t part) const {
    const std::vector<mail::Part>& all = message_.structure().parts;
    if (part >= all.size() || all[part].kind == mail::PartKind::multipart) return {};
    const auto known = detected_.find(part);
    if (known != detected_.end()) return {known->second};
    if (!file_types_) file_types_ = std::make_unique<FileTypes>();
    std::string type = file_types_->detect(
        mail::start_of_decoded_body(message_.bytes(), all[part], max_detected_bytes));
    return {detected_.emplace(part, std::move(type)).first->second, detection_cost};
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

// What is asked of the store is read once, however often a script asks.
std::optional<std::string> SieveHost::mailbox_of_id(std::string_view id) const {
    if (world_.storage == nullptr) return std::nullopt;
    if (!mailboxes_by_id_) mailboxes_by_id_ = world_.storage->mailboxes_by_id();
    const auto found = mailboxes_by_id_->find(id);
    if (found == mailboxes_by_id_->end()) return std::nullopt;
    return found->second;
}

std::optional<std::string> SieveHost::annotation(std::optional<std::string_view> mailbox,
                                                 std::string_view entry) const {
    if (world_.storage == nullptr) return std::nullopt;
    const auto key = world_.storage->annotation_key(mailbox, entry);
    if (!key) return std::nullopt;
    if (!annotations_) annotations_ = world_.storage->annotations();
    const auto found = annotations_->find(*key);
    if (found == annotations_->end()) return std::nullopt;
    return found->second;
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

std::string SieveHost::list_trouble(std::string_view list) const {
    return world_.lists == nullptr ? Host::list_trouble(list) : world_.lists->trouble(list);
}

sieve::ListAnswer SieveHost::find_in_list(std::string_view list, std::string_view value) const {
    if (world_.lists == nullptr) return {};
    return world_.lists->find(list, value);
}

std::optional<std::vector<std::string>> SieveHost::list_members(std::string_view list) const {
    if (world_.lists == nullptr) return std::nullopt;
    return world_.lists->members(list);
}

bool SieveHost::seen_before(std::string_view id) const {
    return world_.seen_before && world_.seen_before(id);
}

}  // namespace deliver
