// SPDX-License-Identifier: MIT
#include "base/spool.h"

#include "base/error.h"

#include <algorithm>
#include <cstdlib>
#include <fcntl.h>
#include <mutex>
#include <sys/mman.h>
#include <unistd.h>

namespace base {
namespace {

constexpr std::size_t write_buffer_bytes = 64 * 1024;

std::mutex mapping_mutex;  // held only while a first reader maps

Fd unlinked_file(const std::string& directory) {
    Fd fd(::open(directory.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
    if (fd) return fd;
    std::string name = directory + "/tamis.spool.XXXXXX";
    fd = Fd(::mkostemp(name.data(), O_CLOEXEC));
    if (!fd) throw_errno("mkostemp", name);
    ::unlink(name.c_str());
    return fd;
}

}  // namespace

Spool::Spool(Spool&& other) noexcept
    : limits_(std::move(other.limits_)),
      memory_(std::move(other.memory_)),
      file_(std::move(other.file_)),
      size_(other.size_),
      line_feeds_(other.line_feeds_),
      pending_cr_(other.pending_cr_),
      mapping_(std::exchange(other.mapping_, nullptr)) {}

Spool::~Spool() {
    if (mapping_) ::munmap(mapping_, size_);
}

void Spool::append(std::string_view bytes) {
    if (limits_.line_ends == LineEnds::as_they_come) return store(bytes);
    while (!bytes.empty()) {
        if (pending_cr_) {
            pending_cr_ = false;
            if (bytes.front() != '\n') store("\r");
        }
        std::size_t cr = bytes.find('\r');
        store(bytes.substr(0, cr));
        if (cr == std::string_view::npos) return;
        pending_cr_ = true;
        bytes.remove_prefix(cr + 1);
    }
}

void Spool::store(std::string_view bytes) {
    size_ += bytes.size();
    line_feeds_ += static_cast<std::uint64_t>(std::count(bytes.begin(), bytes.end(), '\n'));
    memory_.append(bytes);
    if (!file_ && memory_.size() > limits_.memory_bytes) {
        file_ = unlinked_file(limits_.temp_dir);
        spill();
    } else if (file_ && memory_.size() >= write_buffer_bytes) {
        spill();
    }
}

void Spool::spill() {
    write_all(file_.get(), memory_, "temporary file in " + limits_.temp_dir);
    memory_.clear();
}

void Spool::seal() {
    if (std::exchange(pending_cr_, false)) store("\r");
    if (file_) {
        spill();
        memory_.shrink_to_fit();
    }
}

std::string_view Spool::view() const {
    if (!file_) return memory_;
    std::lock_guard lock(mapping_mutex);
    if (!mapping_) {
        void* mapping = ::mmap(nullptr, size_, PROT_READ, MAP_SHARED, file_.get(), 0);
        if (mapping == MAP_FAILED) throw_errno("mmap", "temporary file in " + limits_.temp_dir);
        mapping_ = mapping;
    }
    return {static_cast<const char*>(mapping_), size_};
}

void Spool::forget_pages() const {
    if (mapping_) ::madvise(mapping_, size_, MADV_DONTNEED);
}

void Spool::copy_to(int fd, std::string_view name) const {
    if (!file_) return write_all(fd, memory_, name);
    char buffer[write_buffer_bytes];
    for (std::uint64_t offset = 0; offset < size_;) {
        ssize_t got = ::pread(file_.get(), buffer, sizeof buffer, static_cast<off_t>(offset));
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) throw_errno("pread", "temporary file in " + limits_.temp_dir);
        if (got == 0)
            throw_error(EIO, "pread",
                        "temporary file in " + limits_.temp_dir + " is shorter than written");
        write_all(fd, {buffer, static_cast<std::size_t>(got)}, name);
        offset += static_cast<std::uint64_t>(got);
    }
}

}  // namespace base
