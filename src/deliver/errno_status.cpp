// SPDX-License-Identifier: MIT
#include "deliver/errno_status.h"

#include <array>
#include <cerrno>

namespace deliver {
namespace {

struct Row {
    int error;
    EnhancedStatus status;
    const char* text;
};

// RFC 3463 §3.3 (mailbox), §3.4 (mail system).
// clang-format off
constexpr std::array rows{
    Row{EDQUOT,       {4, 2, 2}, "Quota exceeded (disk quota)"},
    Row{ENOSPC,       {4, 3, 1}, "Not enough disk space"},
    Row{EFBIG,        {4, 3, 1}, "File size limit reached"},
    Row{EROFS,        {4, 3, 0}, "Mail storage is read-only"},
    Row{EACCES,       {4, 3, 0}, "Permission denied on mail storage"},
    Row{EPERM,        {4, 3, 0}, "Permission denied on mail storage"},
    Row{ENOENT,       {4, 3, 0}, "Mail storage is not available"},
    Row{ENOTDIR,      {4, 3, 0}, "Mail storage is not available"},
    Row{EIO,          {4, 3, 0}, "Input/output error on mail storage"},
    Row{ESTALE,       {4, 3, 0}, "Mail storage is not available"},
    Row{ENOLCK,       {4, 2, 0}, "Mailbox is locked"},
    Row{EAGAIN,       {4, 2, 0}, "Mailbox is locked"},
    Row{ETIMEDOUT,    {4, 2, 0}, "Timeout while waiting for lock"},
    Row{EMFILE,       {4, 3, 2}, "Too many open files"},
    Row{ENFILE,       {4, 3, 2}, "Too many open files"},
    Row{ENOMEM,       {4, 3, 2}, "Out of memory"},
};
// clang-format on

}  // namespace

Disposition errno_disposition(const std::system_error& error) {
    Disposition disposition = Disposition::internal_error(error.what());
    for (const Row& row : rows) {
        if (row.error != error.code().value()) continue;
        disposition.status = row.status;
        disposition.text = row.text;
    }
    return disposition;
}

}  // namespace deliver
