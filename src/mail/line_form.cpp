// SPDX-License-Identifier: MIT
#include "mail/line_form.h"

#include "base/text.h"
#include "mail/decode.h"
#include "mail/header.h"
#include "mail/mime.h"

namespace mail {
namespace {

constexpr std::size_t max_line_octets = 998;    // RFC 5322 §2.1.1
constexpr std::size_t step_octets = 57 * 1024;  // whole lines of base64

// The value "binary" in the part's header, a piece of `message`; nothing where it is not there.
std::optional<std::string_view> binary_label(std::string_view message, const Part& part) {
    const HeaderBlock header(part_header(message, part));
    const auto value = header.first("Content-Transfer-Encoding");
    if (!value) return std::nullopt;
    const std::string_view word = base::trim(*value);
    if (!base::iequals(word, "binary")) return std::nullopt;
    return word;
}

// Whether lines carry it, all ended by CRLF but perhaps the last.
bool is_lines(std::string_view body) {
    std::size_t begin = 0;
    for (;;) {
        const std::size_t end = body.find_first_of(std::string_view("\r\n\0", 3), begin);
        if (std::min(end, body.size()) - begin > max_line_octets) return false;
        if (end == std::string_view::npos) return true;
        if (body.substr(end, 2) != "\r\n") return false;
        begin = end + 2;
    }
}

void base64_lines(std::string_view body, const std::function<void(std::string_view)>& out) {
    for (; !body.empty(); body.remove_prefix(std::min(step_octets, body.size()))) {
        std::string text = encode_base64_lines(body.substr(0, step_octets));
        // The line end before a delimiter is the delimiter's, the message's last one its own.
        if (body.size() <= step_octets) text.pop_back();
        out(text);
    }
}

}  // namespace

void line_form(std::string_view message, const std::function<void(std::string_view)>& out) {
    std::size_t given = 0;
    const auto give_until = [&](std::size_t end) {
        out(message.substr(given, end - given));
        given = end;
    };
    for (const Part& part : parse_structure(message).parts) {
        const auto label = binary_label(message, part);
        if (!label) continue;
        const bool lines = part.kind != PartKind::leaf || is_lines(part_body(message, part));
        give_until(static_cast<std::size_t>(label->data() - message.data()));
        out(lines ? "8bit" : "base64");
        given += label->size();
        if (lines) continue;
        give_until(part.body);
        base64_lines(part_body(message, part), out);
        given = part.end;
        if (given == message.size()) out("\r\n");
    }
    give_until(message.size());
}

}  // namespace mail
