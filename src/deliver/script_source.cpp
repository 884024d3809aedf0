// SPDX-License-Identifier: MIT
#include "deliver/script_source.h"

#include "base/text.h"
#include "sieve/text.h"

namespace deliver {

std::string ScriptSource::line(unsigned number) const {
    return std::string(sieve::cut_utf8(base::trim(map_.text(number)), max_line_bytes));
}

}  // namespace deliver
