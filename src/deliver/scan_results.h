// SPDX-License-Identifier: MIT
// What spam and virus scanners wrote into the header, as the numbers of RFC 5235: the settings
// sieve_spamtest_* and sieve_virustest_* (Pigeonhole's formulas). Pure.
#pragma once

#include "sieve/host.h"

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace sieve {
class Message;
}

namespace deliver {

// A plugin setting's value, or nothing.
using PluginValue = std::function<std::optional<std::string>(std::string_view name)>;

// 0 where the settings or the message's header do not say; what is wrong with the settings goes to
// `complain` (a line without "sieve: ").
unsigned scan_result(sieve::ScanScale scale, const sieve::Message& message,
                     const PluginValue& setting,
                     const std::function<void(const std::string&)>& complain);

}  // namespace deliver
