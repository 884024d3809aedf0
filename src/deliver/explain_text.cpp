// SPDX-License-Identifier: MIT
#include "deliver/explain_text.h"

#include "base/text.h"

#include <array>
#include <cstdio>

namespace deliver {
namespace {

std::string_view escape(Tone tone) {
    switch (tone) {
        case Tone::title:
            return "\x1b[1m";
        case Tone::good:
            return "\x1b[32m";
        case Tone::bad:
            return "\x1b[31m";
        case Tone::faint:
            return "\x1b[2m";
        case Tone::source:
            return "\x1b[36m";
        case Tone::plain:
            break;
    }
    return "";
}

}  // namespace

Text& Text::add(std::string_view text, Tone tone) {
    if (colours_ == Colours::none || tone == Tone::plain) {
        text_ += text;
        return *this;
    }
    text_ += escape(tone);
    text_ += text;
    text_ += "\x1b[0m";
    return *this;
}

Tone result_tone(std::string_view result) {
    if (result == "delivered" || result == "done" || result == "ran" || result == "decided")
        return Tone::good;
    return result == "skipped" ? Tone::faint : Tone::bad;
}

std::string milliseconds(std::int64_t micros) {
    std::array<char, 32> buffer{};
    std::snprintf(buffer.data(), buffer.size(), "%.1f ms", static_cast<double>(micros) / 1000.0);
    return buffer.data();
}

std::string quoted(std::string_view text) {
    return '"' + base::printable(text, 300) + '"';
}

}  // namespace deliver
