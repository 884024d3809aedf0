// SPDX-License-Identifier: MIT
// The MIME structure of a message in one pass over its lines. Declared in mail/mime.h and
// mail/message.h.
#include "mail/limits.h"
#include "mail/message.h"
#include "mail/mime.h"

#include <algorithm>

namespace mail {

namespace {

class StructureParser {
  public:
    explicit StructureParser(std::string_view message) : message_(message) {}

    Structure run() {
        std::size_t at = open_part(0, 0, 0, false);
        while (at < message_.size() && !boundaries_.empty()) {
            std::optional<Delimiter> delimiter = delimiter_at(at);
            if (!delimiter) {
                // To the next line that begins like a delimiter.
                const std::size_t found = message_.find("\n--", at);
                at = found == std::string_view::npos ? message_.size() : found + 1;
                continue;
            }
            if (!delimiter->closes && structure_.parts.size() == limits::mime_parts) {
                structure_.truncated = true;
                break;
            }
            at = meet(*delimiter);
        }
        close_parts(0, message_.size());
        return std::move(structure_);
    }

  private:
    struct Boundary {
        std::string text;
        std::size_t level;  // of its multipart in open_
    };
    struct Delimiter {
        std::size_t boundary;  // in boundaries_
        std::size_t begin;     // of the line
        std::size_t end;       // of the line, line end included
        bool closes;
    };

    std::size_t line_end(std::size_t at) const {
        const std::size_t found = message_.find('\n', at);
        return found == std::string_view::npos ? message_.size() : found + 1;
    }

    // The line end before a delimiter is the delimiter's (RFC 2046 §5.1.1).
    std::size_t before_line_end(std::size_t at) const {
        if (at > 0 && message_[at - 1] == '\n') --at;
        if (at > 0 && message_[at] == '\n' && message_[at - 1] == '\r') --at;
        return at;
    }

    // `at` is a line's begin. RFC 2046 §5.1.1: it is enough that the boundary begins the line. The
    // longest that fits counts, since one boundary may begin with another.
    std::optional<Delimiter> delimiter_at(std::size_t at) const {
        if (boundaries_.empty() || message_.substr(at, 2) != "--") return std::nullopt;
        const std::string_view rest = message_.substr(at + 2);
        std::optional<std::size_t> best;
        for (std::size_t i = boundaries_.size(); i-- > 0;) {
            const std::string& text = boundaries_[i].text;
            if (rest.substr(0, text.size()) == text &&
                (!best || text.size() > boundaries_[*best].text.size()))
                best = i;
        }
        if (!best) return std::nullopt;
        const bool closes = rest.substr(boundaries_[*best].text.size(), 2) == "--";
        return Delimiter{*best, at, line_end(at), closes};
    }

    // Where the header that begins at `at` ends: after its empty line, or before a delimiter.
    std::size_t header_end(std::size_t at) const {
        while (at < message_.size()) {
            if (message_[at] == '\n') return at + 1;
            if (message_.substr(at, 2) == "\r\n") return at + 2;
            if (message_[at] == '-' && delimiter_at(at)) return before_line_end(at);
            at = line_end(at);
        }
        return at;
    }

    // Adds a part and, for a message, the part in it. Where its lines go on is returned.
    std::size_t open_part(std::size_t begin, std::uint32_t parent, std::uint32_t depth,
                          bool in_digest) {
        for (;;) {
            const std::uint32_t index = static_cast<std::uint32_t>(structure_.parts.size());
            Part& part = structure_.parts.emplace_back();
            part.parent = parent;
            part.depth = depth;
            part.begin = begin;
            part.body = std::max(begin, header_end(begin));
            if (depth > 0) ++structure_.parts[parent].children;
            open_.push_back(index);
            read_header(part, in_digest);
            if (part.kind != PartKind::message) return next_line(part.body);
            begin = part.body;
            parent = index;
            ++depth;
            in_digest = false;
        }
    }

    // A header that ended before a delimiter leaves the position inside a line end.
    std::size_t next_line(std::size_t at) const {
        return at == 0 || at >= message_.size() || message_[at - 1] == '\n' ? at : line_end(at);
    }

    void read_header(Part& part, bool in_digest) {
        const HeaderBlock header(
            message_.substr(part.begin, part.body - part.begin),
            part.depth == 0 ? limits::header_block_bytes : limits::part_header_bytes);
        std::optional<ContentType> type;
        if (std::optional<std::string_view> value = header.first("Content-Type"))
            type = parse_content_type(*value);
        if (std::optional<std::string_view> value = header.first("Content-Transfer-Encoding"))
            part.encoding = parse_transfer_encoding(*value);
        part.type = type ? type->type : in_digest ? "message" : "text";
        part.subtype = type ? type->subtype : in_digest ? "rfc822" : "plain";
        if (const std::string* charset = type ? type->parameter("charset") : nullptr)
            part.charset = *charset;
        if (part.type == "multipart") {
            read_boundary(part, type ? type->parameter("boundary") : nullptr);
        } else if (part.type == "message" &&
                   (part.subtype == "rfc822" || part.subtype == "global" ||
                    part.subtype == "news") &&
                   (part.encoding == TransferEncoding::identity ||
                    part.encoding == TransferEncoding::unknown)) {
            if (may_nest(part) && structure_.parts.size() < limits::mime_parts)
                part.kind = PartKind::message;
            else
                structure_.truncated = true;
        }
    }

    bool may_nest(const Part& part) const { return part.depth + 1 < limits::mime_depth; }

    void read_boundary(Part& part, const std::string* boundary) {
        if (!may_nest(part)) {
            structure_.truncated = true;
            return;
        }
        part.kind = PartKind::multipart;
        part.prologue_end = part.epilogue_begin = 0;
        if (boundary == nullptr) return;
        std::string text = *boundary;
        text.erase(text.find_last_not_of(" \t") + 1);
        if (text.empty() || text.size() > limits::boundary_bytes) return;
        // One with a line end (percent-encoded) is no boundary (RFC 2046 §5.1.1), and would have
        // each short line compared with all of it.
        if (text.find_first_of("\r\n") != text.npos) return;
        boundaries_.push_back({std::move(text), open_.size() - 1});
    }

    std::size_t meet(const Delimiter& delimiter) {
        const std::size_t level = boundaries_[delimiter.boundary].level;
        const std::uint32_t index = open_[level];
        const std::size_t content_end = close_parts(level + 1, before_line_end(delimiter.begin));
        boundaries_.resize(delimiter.boundary + (delimiter.closes ? 0 : 1));
        Part& multipart = structure_.parts[index];
        if (multipart.prologue_end == 0)
            multipart.prologue_end = std::max(content_end, multipart.body);
        if (delimiter.closes) {
            multipart.epilogue_begin = delimiter.end;
            return delimiter.end;
        }
        return open_part(delimiter.end, index, multipart.depth + 1, multipart.subtype == "digest");
    }

    // Ends the open parts from that level on. An empty body may share its line end with the
    // delimiter; then the part keeps it, and those around it end no earlier.
    std::size_t close_parts(std::size_t level, std::size_t end) {
        while (open_.size() > level) {
            Part& part = structure_.parts[open_.back()];
            open_.pop_back();
            end = std::max(end, part.body);
            if (part.epilogue_begin > 0) end = std::max(end, part.epilogue_begin);
            part.end = end;
            if (part.prologue_end == 0) part.prologue_end = end;
            if (part.epilogue_begin == 0) part.epilogue_begin = end;
        }
        return end;
    }

    std::string_view message_;
    Structure structure_;
    std::vector<std::uint32_t> open_;  // the parts from the root to the innermost
    std::vector<Boundary> boundaries_;
};

}  // namespace

Structure parse_structure(std::string_view message) {
    return StructureParser(message).run();
}

std::string_view part_bytes(std::string_view message, const Part& part) {
    return message.substr(part.begin, part.end - part.begin);
}

std::string_view part_header(std::string_view message, const Part& part) {
    return message.substr(part.begin, part.body - part.begin);
}

std::string_view part_body(std::string_view message, const Part& part) {
    return message.substr(part.body, part.end - part.body);
}

const Structure& Message::structure() const {
    if (!structure_) structure_ = parse_structure(bytes_);
    return *structure_;
}

}  // namespace mail
