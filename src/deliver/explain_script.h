// SPDX-License-Identifier: MIT
// One script's part of `tamis explain`: line by line what was true, what was not and why, what it
// decided, its errors, or why it did not run.
#pragma once

#include "deliver/explain_text.h"
#include "deliver/script_source.h"

#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace deliver {

// The lines of scripts as they stood when they decided: from the record; and where that has not
// kept one, from the file if its content is still the same.
class ScriptLines {
  public:
    explicit ScriptLines(const DeliveryRecord& record) : record_(record) {}

    std::string line(const RecordedScript& script, unsigned number);

    // What has become of the file since; empty where it is the same, or nobody knows.
    std::string_view change(const RecordedScript& script);

    // Nothing for a name that no script has.
    const RecordedScript* script(std::string_view name) const;

  private:
    const std::unique_ptr<const ScriptSource>& file_of(const RecordedScript& script);

    const DeliveryRecord& record_;
    std::map<std::string, std::unique_ptr<const ScriptSource>> files_;
};

void explain_script(Text& text, const RecordedScript& script, ScriptLines& lines);

}  // namespace deliver
