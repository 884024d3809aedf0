// SPDX-License-Identifier: MIT
// Annotations of mailboxes and of the server (RFC 5464), in the file that mail_attribute_dict =
// file:PATH names, as Dovecot writes it: a line for the key, one for the value. Changed under the
// file's DotLock, so Dovecot and Tamis may both do so. Free functions, thread-safe.
#pragma once

#include "store/dot_lock.h"

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace store {

struct Disk;

constexpr std::size_t max_annotations_bytes = std::size_t{16} << 20;

enum class AnnotationOf { mailbox, server };

// The key of an entry "/private/comment" or "/shared/comment" (ASCII case ignored); nothing where
// it is neither. `mailbox_id` is that of the mailbox, or of INBOX for the server's.
std::optional<std::string> annotation_key(AnnotationOf whose, std::string_view mailbox_id,
                                          std::string_view entry);

// Values by their keys.
using Annotations = std::map<std::string, std::string, std::less<>>;
Annotations parse_annotations(std::string_view content);
// The content with another value; without the entry where `value` is absent.
std::string with_annotation(std::string_view content, std::string_view key,
                            std::optional<std::string_view> value);

// Reads the file; one that is not there holds nothing. Throws std::system_error.
Annotations read_annotations(Disk& disk, const std::string& file);
// Throws std::system_error; ETIMEDOUT where the lock stays taken.
void write_annotation(Disk& disk, const std::string& file, std::string_view key,
                      std::optional<std::string_view> value, DotLockTimes times, bool durable);

}  // namespace store
