// SPDX-License-Identifier: MIT
// A program that Dovecot's script service runs for whoever connects to its socket: arguments and
// environment go ahead, then the input; what comes back is the program's output and, last, whether
// it ended well. As Dovecot 2.3 speaks it (version 4 of "script"). Thread-safe; blocks.
#pragma once

#include "base/subprocess.h"

namespace deliver {

// The first argument is the socket's path, the others are the program's, none of them empty (the
// protocol could not say so). The service runs the program in a directory of its own and tells no
// exit status: 1 stands for each that is not 0. Its standard output alone comes back.
base::Ended run_by_service(const base::Command& command);

}  // namespace deliver
