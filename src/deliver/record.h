// SPDX-License-Identifier: MIT
// The record of what decided: one JSON line per delivery, for `tamis explain` and for programs. The
// format is described in tamis-deliveries(5); what is added later is added as further keys. Lines
// are written with one write(2) to a file opened for appending, mode 0600; a file that has grown
// past its limit is renamed to ".1" first. Values of messages are bounded.
#pragma once

#include "base/clock.h"
#include "deliver/recorded_action.h"
#include "deliver/recorded_script.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace deliver {

struct DeliveryRecord {
    base::WallTime time;
    std::string protocol;
    std::string session;
    std::string queue_id;
    std::string message_id;
    std::optional<std::string> sender;
    std::string recipient;
    std::string user;
    std::uint64_t size = 0;
    std::string result;  // delivered, temporary, permanent
    std::string status;  // 2.0.0
    std::string text;
    std::vector<RecordedScript> scripts;
    std::vector<RecordedAction> actions;
    std::int64_t scripts_micros = 0;
    std::int64_t store_micros = 0;
    std::int64_t send_micros = 0;
    std::int64_t total_micros = 0;
};

// One line with its line end; at most max_record_bytes: where it would be more, what was not true
// goes first, then the decisions.
std::string to_json_line(const DeliveryRecord& record);
// Nothing where the line is no record.
std::optional<DeliveryRecord> parse_record(std::string_view line);

constexpr std::size_t max_record_bytes = 64 * 1024;
constexpr std::size_t rotate_record_bytes = 4 * 1024 * 1024;
constexpr std::string_view record_file_name = "tamis-deliveries.jsonl";

// Throws std::system_error; the caller says so in the log and goes on.
void append_record(const std::string& path, std::string_view line);

}  // namespace deliver
