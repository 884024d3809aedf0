// SPDX-License-Identifier: MIT
// Fields with parameters (RFC 2045 §5.1, RFC 2231). Declared in mail/mime.h.
#include "base/text.h"
#include "mail/decode.h"
#include "mail/limits.h"
#include "mail/mime.h"

#include <algorithm>
#include <map>

namespace mail {

namespace {

constexpr std::string_view white_space = " \t\r\n";
constexpr bool is_white(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

// One "name*2*=value" as written.
struct Piece {
    std::size_t number = 0;
    bool percent_encoded = false;  // a star at the end (RFC 2231 §4)
    std::string bytes;
};

// All that the field says of one name.
struct Gathered {
    std::string name;
    std::optional<std::string> plain;
    std::vector<Piece> pieces;
};

class ParameterScanner {
  public:
    explicit ParameterScanner(std::string_view text) : text_(text) {}

    ParameterField run() {
        ParameterField field;
        field.value = base::to_lower(main_value());
        std::size_t count = 0;
        while (at_ < text_.size() && count < limits::parameters) {
            if (read_parameter()) ++count;
        }
        for (Gathered& gathered : gathered_)
            field.parameters.push_back({gathered.name, joined(gathered)});
        return field;
    }

  private:
    void skip_comment() {
        std::size_t depth = 0;
        for (; at_ < text_.size(); ++at_) {
            const char c = text_[at_];
            if (c == '\\') {
                ++at_;
            } else if (c == '(') {
                ++depth;
            } else if (c == ')' && --depth == 0) {
                ++at_;
                return;
            }
        }
        at_ = text_.size();
    }

    void skip_white() {
        while (at_ < text_.size()) {
            if (is_white(text_[at_]))
                ++at_;
            else if (text_[at_] == '(')
                skip_comment();
            else
                return;
        }
    }

    // "type / subtype" without its white space. A word that follows without a semicolon ends it.
    std::string main_value() {
        std::string value;
        for (;;) {
            const std::size_t before = at_;
            skip_white();
            if (at_ >= text_.size() || text_[at_] == ';') return value;
            const char c = text_[at_];
            if (at_ > before && !value.empty() && value.back() != '/' && c != '/') return value;
            value += c;
            ++at_;
        }
    }

    std::string quoted_value() {
        std::string value;
        for (++at_; at_ < text_.size(); ++at_) {
            char c = text_[at_];
            if (c == '"') {
                ++at_;
                break;
            }
            if (c == '\r' || c == '\n') continue;
            if (c == '\\' && at_ + 1 < text_.size()) c = text_[++at_];
            value += c;
        }
        return value;
    }

    std::string token_value(std::string_view name) {
        const std::size_t begin = at_;
        // A comment begins after white space only: "report(1).pdf" is sent unquoted.
        std::size_t end = begin;
        while (end < text_.size() && text_[end] != ';' &&
               !(text_[end] == '(' && (end == begin || is_white(text_[end - 1]))))
            ++end;
        at_ = end;
        std::string_view value = base::trim(text_.substr(begin, end - begin));
        // File names with spaces are sent unquoted as well; elsewhere the first word counts.
        if (name != "name" && name != "filename")
            value = value.substr(0, value.find_first_of(white_space));
        return unfold(value);
    }

    bool read_parameter() {
        skip_white();
        if (at_ < text_.size() && text_[at_] == ';') {
            ++at_;
            return false;
        }
        const std::size_t begin = at_;
        at_ = std::min(text_.find_first_of("=; \t\r\n(", at_), text_.size());
        std::string name = base::to_lower(text_.substr(begin, at_ - begin));
        skip_white();
        if (at_ >= text_.size() || text_[at_] != '=') return !name.empty();  // no value: dropped
        ++at_;
        skip_white();
        const std::size_t star = name.find('*');
        const std::string base_name = name.substr(0, star);
        std::string value =
            at_ < text_.size() && text_[at_] == '"' ? quoted_value() : token_value(base_name);
        if (value.size() > limits::parameter_bytes) value.resize(limits::parameter_bytes);
        if (!base_name.empty()) keep(name, star, base_name, std::move(value));
        return true;
    }

    void keep(std::string_view name, std::size_t star, const std::string& base_name,
              std::string value) {
        auto [known, is_new] = index_.try_emplace(base_name, gathered_.size());
        if (is_new) gathered_.push_back({base_name, std::nullopt, {}});
        Gathered& gathered = gathered_[known->second];
        if (star == std::string_view::npos) {
            if (!gathered.plain) gathered.plain = std::move(value);
            return;
        }
        std::string_view mark = name.substr(star + 1);
        Piece piece;
        if (mark.empty() || mark.back() == '*') {
            piece.percent_encoded = true;
            mark = mark.substr(0, mark.empty() ? 0 : mark.size() - 1);
        }
        if (!mark.empty()) {
            std::optional<std::size_t> number = base::parse_number<std::size_t>(mark);
            if (!number) return;
            piece.number = *number;
        }
        piece.bytes = std::move(value);
        gathered.pieces.push_back(std::move(piece));
    }

    static std::string percent_decoded(std::string_view text) {
        std::string out;
        for (std::size_t at = 0; at < text.size(); ++at) {
            std::optional<unsigned> code;
            if (text[at] == '%' && at + 2 < text.size())
                code = base::parse_number<unsigned>(text.substr(at + 1, 2), 16);
            if (code) {
                out += static_cast<char>(*code);
                at += 2;
            } else {
                out += text[at];
            }
        }
        return out;
    }

    static std::string joined(Gathered& gathered) {
        std::vector<Piece>& pieces = gathered.pieces;
        std::stable_sort(pieces.begin(), pieces.end(),
                         [](const Piece& a, const Piece& b) { return a.number < b.number; });
        pieces.erase(
            std::unique(pieces.begin(), pieces.end(),
                        [](const Piece& a, const Piece& b) { return a.number == b.number; }),
            pieces.end());
        // Numbers begin with 0 (RFC 2231 §3); what follows a gap is lost.
        std::string_view charset;
        bool encoded = false;
        std::string bytes;
        for (std::size_t i = 0; i < pieces.size() && pieces[i].number == i; ++i) {
            std::string_view text = pieces[i].bytes;
            if (i == 0 && pieces[i].percent_encoded) {
                encoded = true;
                const std::size_t quote = text.find('\'');
                const std::size_t second =
                    quote == std::string_view::npos ? quote : text.find('\'', quote + 1);
                if (second != std::string_view::npos) {
                    charset = text.substr(0, quote);
                    text.remove_prefix(second + 1);
                }
            }
            bytes += pieces[i].percent_encoded ? percent_decoded(text) : std::string(text);
            if (bytes.size() > limits::parameter_bytes) break;
        }
        if (bytes.size() > limits::parameter_bytes) bytes.resize(limits::parameter_bytes);
        const bool has_pieces = !pieces.empty() && pieces.front().number == 0;
        if (!has_pieces) return decode_words(gathered.plain.value_or(""));
        return encoded ? to_utf8(bytes, charset) : decode_words(bytes);
    }

    std::string_view text_;
    std::size_t at_ = 0;
    std::vector<Gathered> gathered_;
    std::map<std::string, std::size_t, std::less<>> index_;
};

const std::string* find_parameter(const std::vector<Parameter>& parameters, std::string_view name) {
    for (const Parameter& parameter : parameters) {
        if (parameter.name == name) return &parameter.value;
    }
    return nullptr;
}

}  // namespace

const std::string* ParameterField::parameter(std::string_view name) const {
    return find_parameter(parameters, name);
}

const std::string* ContentType::parameter(std::string_view name) const {
    return find_parameter(parameters, name);
}

ParameterField parse_parameter_field(std::string_view value) {
    return ParameterScanner(value).run();
}

std::optional<ContentType> parse_content_type(std::string_view value) {
    ParameterField field = parse_parameter_field(value);
    const std::size_t slash = field.value.find('/');
    if (slash == std::string::npos || slash == 0 || slash + 1 == field.value.size() ||
        field.value.find('/', slash + 1) != std::string::npos)
        return std::nullopt;
    ContentType type;
    type.type = field.value.substr(0, slash);
    type.subtype = field.value.substr(slash + 1);
    type.parameters = std::move(field.parameters);
    return type;
}

TransferEncoding parse_transfer_encoding(std::string_view value) {
    const std::string name = parse_parameter_field(value).value;
    if (name.empty() || name == "7bit" || name == "8bit" || name == "binary" || name == "7-bit" ||
        name == "8-bit")
        return TransferEncoding::identity;
    if (name == "base64") return TransferEncoding::base64;
    if (name == "quoted-printable") return TransferEncoding::quoted_printable;
    if (name == "x-uuencode" || name == "uuencode" || name == "x-uue" || name == "uue")
        return TransferEncoding::uuencode;
    return TransferEncoding::unknown;
}

}  // namespace mail
