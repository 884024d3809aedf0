// SPDX-License-Identifier: MIT
#include "deliver/scan_results.h"

#include "base/text.h"
#include "sieve/match/regex.h"
#include "sieve/message.h"

#include <algorithm>
#include <charconv>

namespace deliver {
namespace {

using Complain = std::function<void(const std::string&)>;

std::optional<double> decimal(std::string_view text) {
    text = base::trim(text);
    if (text.starts_with('+')) text.remove_prefix(1);
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end == text.data()) return std::nullopt;
    return value;
}

// "Name" or "Name: regular expression": the field's value, or what the first group takes of it.
std::optional<std::string> header_value(const sieve::Message& message, std::string_view what,
                                        const Complain& complain) {
    const std::size_t colon = what.find(':');
    const auto& values = message.header(base::trim(what.substr(0, colon)));
    if (values.empty()) return std::nullopt;
    if (colon == std::string_view::npos) return values.front();
    std::string why;
    const auto regex = sieve::match::Regex::compile(base::trim(what.substr(colon + 1)),
                                                    sieve::match::Comparator::octet, why);
    if (!regex) {
        complain("invalid regular expression in '" + std::string(what) + "': " + why);
        return std::nullopt;
    }
    sieve::match::Work work;
    sieve::match::MatchValues found;
    if (!regex->search(values.front(), work, &found) || found.size() < 2) return std::nullopt;
    return found[1];
}

// 0 to 1, or nothing where nobody scanned.
std::optional<double> ratio_of(std::string prefix, unsigned texts, const sieve::Message& message,
                               const PluginValue& setting, const Complain& complain) {
    const auto header = setting(prefix + "status_header");
    if (!header || header->empty()) return std::nullopt;
    const std::string type = base::to_lower(setting(prefix + "status_type").value_or("score"));
    const auto status = header_value(message, *header, complain);
    if (!status) return std::nullopt;
    if (type == "text") {
        // The value 0 says that it was not tested.
        for (unsigned i = 1; i <= texts; ++i)
            if (setting(prefix + "text_value" + std::to_string(i)) == status)
                return static_cast<double>(i) / texts;
        return std::nullopt;
    }
    if (type != "score" && type != "strlen") {
        complain("unknown value of " + prefix + "status_type: " + type);
        return std::nullopt;
    }
    const auto max_header = setting(prefix + "max_header");
    const auto max_value = setting(prefix + "max_value");
    if (max_header.has_value() == max_value.has_value()) {
        complain("needs one of " + prefix + "max_header and " + prefix + "max_value");
        return std::nullopt;
    }
    const auto max_text = max_header ? header_value(message, *max_header, complain) : max_value;
    const double max = max_text ? decimal(*max_text).value_or(0) : 0;
    const std::optional<double> score =
        type == "strlen" ? std::optional(static_cast<double>(status->size())) : decimal(*status);
    if (!score || max <= 0) return std::nullopt;
    return std::clamp(*score / max, 0.0, 1.0);
}

}  // namespace

unsigned scan_result(sieve::ScanScale scale, const sieve::Message& message,
                     const PluginValue& setting, const Complain& complain) {
    const bool virus = scale == sieve::ScanScale::virus;
    const auto ratio = ratio_of(virus ? "sieve_virustest_" : "sieve_spamtest_", virus ? 5 : 10,
                                message, setting, complain);
    if (!ratio) return 0;
    switch (scale) {
        case sieve::ScanScale::spam:
            return static_cast<unsigned>(*ratio * 9 + 1.001);
        case sieve::ScanScale::spam_percent:
            return static_cast<unsigned>(*ratio * 100 + 0.001);
        case sieve::ScanScale::virus:
            return static_cast<unsigned>(*ratio * 4 + 1.001);
    }
    return 0;
}

}  // namespace deliver
