// SPDX-License-Identifier: MIT
#include "deliver/log_line.h"

#include "base/spool.h"
#include "base/text.h"
#include "config/settings.h"
#include "config/variables.h"
#include "deliver/envelope.h"
#include "deliver/user_settings.h"
#include "mail/message.h"
#include "mail/message_id.h"

namespace deliver {
namespace {

using std::chrono::steady_clock;

constexpr std::size_t max_subject_characters = 80;

std::string milliseconds_since(steady_clock::time_point begun) {
    return std::to_string(
        std::chrono::duration_cast<std::chrono::milliseconds>(steady_clock::now() - begun).count());
}

// The first characters (not bytes) of UTF-8 text, with "..." where something is left out.
std::string shortened(std::string text, std::size_t max_characters) {
    std::size_t characters = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool starts_character = (static_cast<unsigned char>(text[i]) & 0xC0) != 0x80;
        if (starts_character && ++characters > max_characters) {
            text.resize(i);
            return text + "...";
        }
    }
    return text;
}

std::string header_text(const mail::Message& message, std::string_view name) {
    const auto value = message.header().first(name);
    return value ? mail::decode_value(*value) : std::string();
}

}  // namespace

DeliveryLog::DeliveryLog(const UserSettings& settings, const Envelope& envelope,
                         const mail::Message& message, const base::Spool& spool)
    : settings_(settings), envelope_(envelope), message_(message), spool_(spool) {
    const auto value = message.header().first("Message-ID");
    if (value) message_id_ = mail::message_id_text(*value);
    has_message_id_ = !message_id_.empty();
    if (!has_message_id_) message_id_ = "unspecified";
    message_id_ = base::printable(message_id_, 200);
}

std::string DeliveryLog::formatted(std::string_view text) const {
    const std::string& format = settings_.config->deliver_log_format;
    if (format.empty()) return {};
    config::Variables variables;
    auto& values = variables.values;
    values.push_back({'$', "message", std::string(text)});
    values.push_back({'m', "msgid", message_id_});
    const auto uses = [&](char letter, std::string_view name) {
        return format.find(letter) != std::string::npos || format.find(name) != std::string::npos;
    };
    const std::string subject =
        uses('s', "subject") ? shortened(header_text(message_, "Subject"), max_subject_characters)
                             : std::string();
    values.push_back({'s', "subject", subject});
    values.push_back({'f', "from", uses('f', "from") ? header_text(message_, "From") : ""});
    values.push_back({'e', "from_envelope", envelope_.sender.value_or("")});
    values.push_back({'p', "size", std::to_string(spool_.size())});
    values.push_back({'w', "vsize", std::to_string(spool_.virtual_size())});
    values.push_back({'\0', "delivery_time", milliseconds_since(begun_)});
    values.push_back({'\0', "session_time", milliseconds_since(envelope_.begun)});
    values.push_back(
        {'\0', "to_envelope", envelope_.original_recipient.value_or(envelope_.recipient)});
    values.push_back({'\0', "storage_id", storage_id_});
    const auto expanded = config::expand(format, variables);
    return expanded ? *expanded : "msgid=" + message_id_ + ": " + std::string(text);
}

void DeliveryLog::plain(std::string_view text) const {
    if (const std::string line = formatted(text); !line.empty()) settings_.log.info(line);
}

void DeliveryLog::sieve(std::string_view text) const {
    if (const std::string line = formatted(text); !line.empty())
        settings_.log.info("sieve: " + line);
}

void DeliveryLog::sieve_error(std::string_view text) const {
    settings_.log.error("sieve: " +
                        (formatted(text).empty() ? std::string(text) : formatted(text)));
}

}  // namespace deliver
