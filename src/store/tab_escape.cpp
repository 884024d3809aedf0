// SPDX-License-Identifier: MIT
#include "store/tab_escape.h"

#include <cstddef>
#include <utility>

namespace store {
namespace {

constexpr char escape = '\001';
constexpr std::pair<char, char> escapes[] = {
    {'\0', '0'}, {escape, '1'}, {'\t', 't'}, {'\r', 'r'}, {'\n', 'n'}};

}  // namespace

void append_tab_escaped(std::string& out, char c) {
    for (const auto& [plain, mark] : escapes)
        if (c == plain) {
            out += escape;
            out += mark;
            return;
        }
    out += c;
}

std::string tab_escaped(std::string_view text) {
    std::string out;
    for (const char c : text)
        append_tab_escaped(out, c);
    return out;
}

std::string tab_unescaped(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        char c = text[i];
        if (c == escape && i + 1 < text.size()) {
            c = text[++i];
            for (const auto& [plain, mark] : escapes)
                if (c == mark) {
                    c = plain;
                    break;
                }
        }
        out += c;
    }
    return out;
}

}  // namespace store
