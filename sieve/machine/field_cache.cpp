// SPDX-License-Identifier: MIT
#include "sieve/machine/field_cache.h"

namespace sieve {

void FieldCache::fill(Subjects& subjects, const std::vector<std::string>& values) {
    subjects.clear();
    subjects.reserve(values.size());
    for (const std::string& value : values)
        subjects.emplace_back(value);
}

void FieldCache::look_at(const Message& message) {
    message_ = &message;
    const std::size_t constants = headers_.size();
    headers_.clear();
    headers_.resize(constants);
    addresses_.assign(constants, nullptr);
    other_.clear();
}

std::span<match::Subject> FieldCache::header(StringRef name) {
    if (name.constant == format::absent) {
        fill(other_, message_->header(name.text));
        return other_;
    }
    std::unique_ptr<Subjects>& cached = headers_[name.constant];
    if (cached == nullptr) {
        cached = std::make_unique<Subjects>();
        fill(*cached, message_->header(name.text));
    }
    return *cached;
}

const std::vector<std::vector<Address>>& FieldCache::addresses(StringRef name) {
    if (name.constant == format::absent) return message_->addresses(name.text);
    const auto*& cached = addresses_[name.constant];
    if (cached == nullptr) cached = &message_->addresses(name.text);
    return *cached;
}

bool FieldCache::exists(StringRef name) {
    return !message_->raw_header(name.text).empty();
}

}  // namespace sieve
