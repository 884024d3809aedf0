// SPDX-License-Identifier: MIT
// The text of `tamis explain` as it grows, with colours where a terminal shows it.
#pragma once

#include "deliver/explain.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace deliver {

enum class Tone { plain, title, good, bad, faint, source };

class Text {
  public:
    explicit Text(Colours colours) : colours_(colours) {}

    Text& add(std::string_view text, Tone tone = Tone::plain);
    Text& line() {
        text_ += '\n';
        return *this;
    }
    std::string take() { return std::move(text_); }

  private:
    Colours colours_;
    std::string text_;
};

// Of the results of deliveries, scripts and actions.
Tone result_tone(std::string_view result);
std::string milliseconds(std::int64_t micros);
// In quotation marks, fit for a terminal.
std::string quoted(std::string_view text);

}  // namespace deliver
