// SPDX-License-Identifier: MIT
#include "store/draft.h"

#include "base/error.h"
#include "base/spool.h"
#include "store/directories.h"
#include "store/disk.h"
#include "store/keywords.h"

#include <algorithm>
#include <cerrno>
#include <utility>

namespace store {
namespace {

// Only a clock that stands still and names left by an earlier process of the same pid make more
// than one try necessary.
constexpr int max_name_tries = 10000;
// A large spool is a mapped file: what was written of it need not stay in memory.
constexpr std::size_t write_step_bytes = 4 * 1024 * 1024;
constexpr std::size_t crlf_buffer_bytes = 64 * 1024;

}  // namespace

Draft::Draft(Disk& disk, Mailbox mailbox, DraftOptions options)
    : disk_(&disk), mailbox_(std::move(mailbox)), options_(std::move(options)) {
    for (int tries = 0; tries < max_name_tries; ++tries) {
        base_name_ = disk_->names.next();
        std::string path = mailbox_.path.directory + "/tmp/" + base_name_;
        if (auto fd = disk_->files.create_new(path, mailbox_.permissions.creation_mode())) {
            fd_ = std::move(*fd);
            temporary_path_ = std::move(path);
            return;
        }
    }
    base::throw_error(EEXIST, "open", mailbox_.path.directory + "/tmp/" + base_name_);
}

Draft::Draft(Draft&& other) noexcept
    : disk_(other.disk_),
      mailbox_(std::move(other.mailbox_)),
      options_(std::move(other.options_)),
      base_name_(std::move(other.base_name_)),
      temporary_path_(std::exchange(other.temporary_path_, {})),
      letters_(std::move(other.letters_)),
      left_out_keywords_(std::move(other.left_out_keywords_)),
      fd_(std::move(other.fd_)),
      size_(other.size_),
      virtual_size_(other.virtual_size_),
      visible_directory_(std::exchange(other.visible_directory_, {})),
      visible_path_(std::exchange(other.visible_path_, {})) {}

Draft::~Draft() {
    if (temporary_path_.empty()) return;
    try {
        disk_->files.unlink(temporary_path_);
    } catch (const std::exception&) {
        // It is swept from tmp/ later.
    }
}

void Draft::write(const Content& content) {
    KeywordLetters keywords = keyword_letters(*disk_, mailbox_, options_.flags.keywords,
                                              options_.lock_times, options_.durable);
    letters_ = options_.flags.letters + keywords.letters;
    left_out_keywords_ = std::move(keywords.left_out);
    size_ = options_.save_crlf ? content.virtual_size() : content.size();
    virtual_size_ = content.virtual_size();
    write_bytes(content);
    give_permissions(disk_->files, fd_.get(), temporary_path_, mailbox_.permissions);
    if (options_.received) disk_->files.set_times(fd_.get(), *options_.received, temporary_path_);
}

void Draft::write_bytes(const Content& content) {
    std::string crlf;
    char before = 0;
    for (const Content::Piece& piece : content.pieces()) {
        bool forget = piece.spool && !piece.spool->in_memory();
        std::size_t step_bytes = options_.save_crlf ? crlf_buffer_bytes : write_step_bytes;
        for (std::string_view left = piece.bytes; !left.empty();) {
            std::string_view step = left.substr(0, step_bytes);
            if (options_.save_crlf) {
                crlf.clear();
                for (char c : step) {
                    if (c == '\n' && before != '\r') crlf += '\r';
                    crlf += c;
                    before = c;
                }
                disk_->files.write(fd_.get(), crlf, temporary_path_);
            } else {
                disk_->files.write(fd_.get(), step, temporary_path_);
            }
            left.remove_prefix(step.size());
            if (forget) piece.spool->forget_pages();
        }
    }
}

void Draft::close() {
    if (fd_) disk_->files.close(std::move(fd_), temporary_path_);
}

std::string Draft::visible_name() const {
    std::string name =
        base_name_ + ",S=" + std::to_string(size_) + ",W=" + std::to_string(virtual_size_);
    if (!letters_.empty()) name += ":2," + letters_;
    return name;
}

void Draft::show() {
    std::string directory = mailbox_.path.directory + (letters_.empty() ? "/new" : "/cur");
    for (int tries = 0; tries < max_name_tries; ++tries) {
        std::string path = directory + "/" + visible_name();
        if (rename_to(path)) {
            temporary_path_.clear();
            visible_directory_ = std::move(directory);
            visible_path_ = std::move(path);
            return;
        }
        base_name_ = disk_->names.next();
    }
    base::throw_error(EEXIST, "rename", directory + "/" + visible_name());
}

bool Draft::rename_to(const std::string& path) {
    try {
        return disk_->files.rename_new(temporary_path_, path);
    } catch (const std::system_error& error) {
        undo_half_rename(path);
        if (error.code() != std::errc::no_such_file_or_directory) throw;
    }
    // Somebody removed new/ or cur/, and perhaps the draft: then this fails again.
    make_subdirectories(disk_->files, mailbox_.path.directory, mailbox_.permissions,
                        options_.durable);
    return disk_->files.rename_new(temporary_path_, path);
}

// A rename or link that answers with an error may have happened nevertheless.
void Draft::undo_half_rename(const std::string& path) {
    auto draft = disk_->files.link_status(temporary_path_);
    auto target = disk_->files.link_status(path);
    if (!target) return;
    bool same = draft && draft->st_dev == target->st_dev && draft->st_ino == target->st_ino;
    if (same || !draft) disk_->files.unlink(path);
}

void Draft::take_back() {
    if (visible_path_.empty()) return;
    if (!disk_->files.unlink(visible_path_)) {
        // A reader moved it to cur/ or gave it flags.
        std::string cur = mailbox_.path.directory + "/cur";
        std::string name = visible_path_.substr(visible_path_.rfind('/') + 1);
        name.resize(std::min(name.find(':'), name.size()));
        disk_->files.walk(cur, [&](std::string_view found) {
            if (!found.starts_with(name) || found.substr(name.size(), 1) != ":") return true;
            return !disk_->files.unlink(cur + "/" + std::string(found));
        });
    }
    visible_path_.clear();
}

}  // namespace store
