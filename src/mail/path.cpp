// SPDX-License-Identifier: MIT
// Envelope paths (RFC 5321 §4.1.2, RFC 6531 §3.3) and addresses as output. Declared in
// mail/address.h.
#include "base/text.h"
#include "mail/address.h"
#include "mail/decode.h"
#include "mail/limits.h"

#include <algorithm>

namespace mail {

namespace {

using Reason = base::Unexpected<std::string>;

constexpr bool is_control(char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == '\x7f';
}

constexpr bool is_atext(char c) {
    return !is_control(c) && c != ' ' &&
           std::string_view("()<>[]:;@\\,.\"").find(c) == std::string_view::npos;
}

// A dot-string as RFC 5321 §4.1.2 has it.
bool is_dot_string(std::string_view text) {
    bool after_dot = true;
    for (char c : text) {
        if (c == '.' ? after_dot : !is_atext(c)) return false;
        after_dot = c == '.';
    }
    return !after_dot;
}

class PathReader {
  public:
    explicit PathReader(std::string_view text) : text_(text) {}

    // Reads up to ">" where there is a bracket, else up to the end.
    base::Result<Path, std::string> run() {
        const bool bracket = skip('<');
        Path path;
        if (bracket && skip('>')) return path;
        if (!bracket && text_.empty()) return path;
        skip_route();
        if (std::string reason = read_local(path); !reason.empty()) return Reason{reason};
        if (skip('@')) {
            if (std::string reason = read_domain(path); !reason.empty()) return Reason{reason};
        }
        if (bracket && !skip('>')) return Reason{unexpected("Missing '>' at end of path")};
        if (at_ > limits::path_bytes) return Reason{std::string("Path is too long")};
        if (!is_utf8(text_.substr(0, at_))) return Reason{std::string("Path is not valid UTF-8")};
        return path;
    }

    std::size_t position() const { return at_; }

  private:
    bool at(char c) const { return at_ < text_.size() && text_[at_] == c; }
    bool skip(char c) {
        if (!at(c)) return false;
        ++at_;
        return true;
    }

    std::string unexpected(std::string_view otherwise) const {
        const bool more = at_ < text_.size() && text_[at_] != ' ';
        return more ? "Invalid character in path" : std::string(otherwise);
    }

    // "@a,@b:" (RFC 5321 §4.1.2, A-d-l), which nobody obeys any more.
    void skip_route() {
        if (!at('@')) return;
        std::size_t end = at_;
        while (end < text_.size() && text_[end] != ':' && text_[end] != '>' && text_[end] != '"' &&
               text_[end] != ' ')
            ++end;
        if (end < text_.size() && text_[end] == ':') at_ = end + 1;
    }

    std::string read_local(Path& path) {
        if (skip('"')) {
            for (; at_ < text_.size(); ++at_) {
                char c = text_[at_];
                if (c == '"') {
                    ++at_;
                    return {};
                }
                if (c == '\\' && at_ + 1 < text_.size()) c = text_[++at_];
                if (is_control(c)) break;
                path.local_part += c;
            }
            return "Invalid quoted string in local part";
        }
        // Dots in a row or at the end break the rule, but such mailboxes exist.
        while (at_ < text_.size() && (is_atext(text_[at_]) || text_[at_] == '.'))
            path.local_part += text_[at_++];
        if (path.local_part.empty()) return unexpected("Missing local part");
        return {};
    }

    std::string read_domain(Path& path) {
        const std::size_t begin = at_;
        if (at('[')) {
            while (at_ < text_.size() && text_[at_] != ']') {
                if (is_control(text_[at_]) || text_[at_] == ' ' || text_[at_] == '\\')
                    return "Invalid address literal";
                ++at_;
            }
            if (!skip(']')) return "Missing ']' at end of address literal";
            path.domain = text_.substr(begin, at_ - begin);
            return {};
        }
        while (at_ < text_.size() && is_domain_char(text_[at_]))
            ++at_;
        path.domain = text_.substr(begin, at_ - begin);
        if (path.domain.empty()) return unexpected("Missing domain");
        if (!is_dot_string(path.domain)) return "Invalid domain";
        return {};
    }

    static bool is_domain_char(char c) {
        const char lower = base::ascii_lower(c);
        return (lower >= 'a' && lower <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
               c == '_' || static_cast<unsigned char>(c) >= 0x80;
    }

    std::string_view text_;
    std::size_t at_ = 0;
};

}  // namespace

base::Result<Path, std::string> take_path(std::string_view& text) {
    if (text.empty() || text.front() != '<')
        return Reason{std::string("Missing '<' at beginning of path")};
    PathReader reader(text);
    base::Result<Path, std::string> path = reader.run();
    if (path) text.remove_prefix(reader.position());
    return path;
}

base::Result<Path, std::string> parse_path(std::string_view text) {
    text = base::trim(text);
    PathReader reader(text);
    base::Result<Path, std::string> path = reader.run();
    if (path && reader.position() != text.size())
        return Reason{std::string("Invalid character in path")};
    return path;
}

std::string quote_local_part(std::string_view local_part) {
    if (is_dot_string(local_part)) return std::string(local_part);
    std::string quoted = "\"";
    for (char c : local_part) {
        if (c == '"' || c == '\\') quoted += '\\';
        quoted += c;
    }
    return quoted += '"';
}

std::string address_text(std::string_view local_part, std::string_view domain) {
    if (local_part.empty() && domain.empty()) return {};
    std::string text = quote_local_part(local_part);
    if (!domain.empty()) text.append("@").append(domain);
    return text;
}

std::string address_text(const Path& path) {
    return address_text(path.local_part, path.domain);
}

std::string path_text(const Path& path) {
    return '<' + address_text(path) + '>';
}

Path with_lower_domain(const Path& path) {
    return {path.local_part, base::to_lower(path.domain)};
}

Path with_lower_address(const Path& path) {
    return {base::to_lower(path.local_part), base::to_lower(path.domain)};
}

}  // namespace mail
