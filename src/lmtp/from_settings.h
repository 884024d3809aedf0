// SPDX-License-Identifier: MIT
// A session's settings from the configuration (compat 1.5: lmtp_*, login_greeting, mail_temp_dir).
#pragma once

#include "lmtp/settings.h"

namespace config {
struct Settings;
}

namespace lmtp {

// `settings` are those of protocol lmtp. starttls stays off: whether there is a certificate is the
// caller's knowledge. Throws std::runtime_error naming the setting that cannot work.
Settings make_settings(const config::Settings& settings);

}  // namespace lmtp
