// SPDX-License-Identifier: MIT
// A whole message: its parts lie within each other, in order, with delimiters between them, and
// each part's content can be read.
#include "mail/decode.h"
#include "mail/message.h"

#include <cstdint>
#include <cstdlib>

namespace {

void require(bool holds) {
    if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    const mail::Message message(bytes);
    const std::vector<mail::Part>& parts = message.structure().parts;
    require(!parts.empty() && parts[0].begin == 0 && parts[0].end == size);
    std::vector<std::size_t> last_end(parts.size());
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const mail::Part& part = parts[i];
        require(part.begin <= part.body && part.body <= part.end);
        require(part.body <= part.prologue_end && part.prologue_end <= part.epilogue_begin &&
                part.epilogue_begin <= part.end);
        last_end[i] = part.body;
        if (i > 0) {
            const mail::Part& parent = parts[part.parent];
            require(part.parent < i && part.depth == parent.depth + 1);
            require(part.begin >= last_end[part.parent] && part.end <= parent.end);
            // Between two parts stands one delimiter line.
            const std::string_view gap =
                bytes.substr(last_end[part.parent], part.begin - last_end[part.parent]);
            require(parent.kind == mail::PartKind::message
                        ? gap.empty()
                        : gap.find("--") != std::string_view::npos);
            last_end[part.parent] = part.end;
        }
        require(mail::matched_content(bytes, part).size() <= 2);
        if (std::optional<std::string> text = mail::readable_text(bytes, part))
            require(mail::is_utf8(*text));
    }
    return 0;
}
