// SPDX-License-Identifier: MIT
#include "deliver/program_memory.h"

#include "deliver/script_source.h"

namespace deliver {
namespace {

constexpr std::int64_t nanoseconds(const timespec& time) {
    return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

bool same_extensions(const sieve::AllowedExtensions& a, const sieve::AllowedExtensions& b) {
    return a.allowed == b.allowed && a.implicit == b.implicit;
}

std::size_t octets_of(const KnownProgram& known) {
    return sieve::save(known.program).size();
}

}  // namespace

FileStamp FileStamp::of(const struct stat& status) {
    return {status.st_dev, status.st_ino, status.st_size, nanoseconds(status.st_mtim),
            nanoseconds(status.st_ctim)};
}

ProgramMemory::Entry* ProgramMemory::entry(const std::string& path,
                                           const sieve::AllowedExtensions& allowed) {
    const auto found = index_.find(path);
    if (found == index_.end() || !same_extensions(found->second->allowed, allowed)) return nullptr;
    entries_.splice(entries_.begin(), entries_, found->second);
    return &*found->second;
}

std::optional<KnownProgram> ProgramMemory::find(const std::string& path,
                                                const sieve::AllowedExtensions& allowed) {
    if (capacity_ == 0) return std::nullopt;
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0) return std::nullopt;
    const FileStamp stamp = FileStamp::of(status);
    const std::lock_guard lock(mutex_);
    const Entry* known = entry(path, allowed);
    if (known == nullptr || !known->settled || known->stamp != stamp) return std::nullopt;
    return known->known;
}

std::optional<KnownProgram> ProgramMemory::confirm(const std::string& path,
                                                   const sieve::AllowedExtensions& allowed,
                                                   const FileStamp& stamp,
                                                   const sieve::SourceHash& hash) {
    const std::lock_guard lock(mutex_);
    Entry* known = entry(path, allowed);
    if (known == nullptr || !(known->known.source->hash() == hash)) return std::nullopt;
    const Steady::time_point now = Steady::now();
    if (known->stamp != stamp) {
        known->stamp = stamp;
        known->first_read = now;
        known->settled = false;
    } else if (now - known->first_read >= settling_time) {
        known->settled = true;
    }
    return known->known;
}

void ProgramMemory::keep(const std::string& path, const sieve::AllowedExtensions& allowed,
                         const FileStamp& stamp, const KnownProgram& known) {
    const std::size_t octets = octets_of(known);
    if (capacity_ == 0) return;
    const std::lock_guard lock(mutex_);
    drop(path);
    if (octets > max_octets) return;
    while (entries_.size() >= capacity_ || octets_ + octets > max_octets)
        drop(std::string(entries_.back().path));
    octets_ += octets;
    entries_.push_front(Entry{path, stamp, Steady::now(), false, allowed, known});
    index_.emplace(entries_.front().path, entries_.begin());
}

void ProgramMemory::forget(const std::string& path) {
    const std::lock_guard lock(mutex_);
    drop(path);
}

void ProgramMemory::drop(const std::string& path) {
    const auto found = index_.find(path);
    if (found == index_.end()) return;
    const Entries::iterator position = found->second;
    index_.erase(found);
    octets_ -= octets_of(position->known);
    entries_.erase(position);
}

std::size_t ProgramMemory::size() const {
    const std::lock_guard lock(mutex_);
    return entries_.size();
}

}  // namespace deliver
