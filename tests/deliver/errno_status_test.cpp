// SPDX-License-Identifier: MIT
#include "deliver/errno_status.h"

#include <catch2/catch.hpp>

#include <cerrno>

using deliver::Disposition;

TEST_CASE("what a system call's failure means for the sender") {
    struct Case {
        int error;
        std::string status;
    };
    const auto c = GENERATE(values<Case>({{EDQUOT, "4.2.2"},
                                          {ENOSPC, "4.3.1"},
                                          {EACCES, "4.3.0"},
                                          {ENOENT, "4.3.0"},
                                          {EIO, "4.3.0"},
                                          {ENOLCK, "4.2.0"},
                                          {EMFILE, "4.3.2"},
                                          {EXDEV, "4.3.0"}}));
    CAPTURE(c.error);
    const Disposition disposition = deliver::errno_disposition(
        std::system_error(c.error, std::generic_category(), "open /mail/x"));
    CHECK(disposition.result == Disposition::Result::temporary);
    CHECK(disposition.status.text() == c.status);
    CHECK_FALSE(disposition.text.empty());
    CHECK(disposition.text.find("/mail/x") == std::string::npos);
    CHECK(disposition.cause.starts_with("open /mail/x"));
}
