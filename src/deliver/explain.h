// SPDX-License-Identifier: MIT
// A delivery record in plain words, for `tamis explain`: what came, which scripts ran, which rule
// decided and what matched it, what was done, and why not for what was not done. Lines of
// scripts are those that stand in the record; the files are looked at for whether they have
// changed.
#pragma once

#include "deliver/record.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace deliver {

enum class Colours { none, terminal };

std::string explain(const DeliveryRecord& record, Colours colours);
// Of the scripts and what they decided alone: of a run that was no delivery.
std::string explain_run(const DeliveryRecord& record, Colours colours);
// One line: time, result, message, where it went.
std::string summary(const DeliveryRecord& record);

// A line of a record file with what it says.
struct FoundRecord {
    std::string line;
    DeliveryRecord record;
};
// All records of the file and of its predecessor (".1"), oldest first, that match: a message-id
// (with or without its brackets), a queue id or a session id; an empty `wanted` matches all. Lines
// that are no records are passed over. Throws std::system_error where a file cannot be read.
std::vector<FoundRecord> find_records(const std::string& path, std::string_view wanted);

}  // namespace deliver
