// SPDX-License-Identifier: MIT
#include "lmtp/from_settings.h"

#include "base/text.h"
#include "config/settings.h"
#include "config/variables.h"

#include <stdexcept>

namespace lmtp {
namespace {

std::string expanded(const std::string& name, const std::string& text) {
    config::Variables variables;
    config::add_process(variables);
    auto result = config::expand(text, variables);
    if (!result) throw std::runtime_error(name + " setting: " + result.error());
    return *std::move(result);
}

}  // namespace

Settings make_settings(const config::Settings& settings) {
    if (settings.lmtp_proxy) {
        throw std::runtime_error(
            "lmtp_proxy=yes is not supported: this server only delivers, it passes nothing on to "
            "another host (remove the setting, or let the MTA choose the host)");
    }
    Settings made;
    made.hostname = settings.host_name();
    made.greeting = expanded("login_greeting", settings.login_greeting);
    made.add_received_header = settings.lmtp_add_received_header;
    made.delivery_address = settings.lmtp_hdr_delivery_address == "none" ? DeliveryAddress::none
                            : settings.lmtp_hdr_delivery_address == "original"
                                ? DeliveryAddress::original
                                : DeliveryAddress::final;
    for (std::string_view word : base::words(settings.lmtp_client_workarounds)) {
        if (word == "whitespace-before-path") {
            made.whitespace_before_path = true;
        } else if (word == "mailbox-for-path") {
            made.mailbox_for_path = true;
        } else {
            throw std::runtime_error("lmtp_client_workarounds: Unknown client workaround: " +
                                     std::string(word));
        }
    }
    made.limits.message_bytes = settings.lmtp_max_message_size;
    made.limits.deliveries_per_user = settings.lmtp_user_concurrency_limit;
    // Before there is a user, so without a user's variables.
    if (settings.mail_temp_dir.find('%') == std::string::npos && !settings.mail_temp_dir.empty())
        made.spool.temp_dir = settings.mail_temp_dir;
    return made;
}

}  // namespace lmtp
