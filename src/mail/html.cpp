// SPDX-License-Identifier: MIT
#include "mail/html.h"

#include "base/text.h"
#include "mail/decode.h"
#include "mail/html_entities.h"

#include <algorithm>
#include <array>

namespace mail {

namespace {

constexpr bool is_white(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\f';
}
constexpr bool is_letter(char c) {
    return base::ascii_lower(c) >= 'a' && base::ascii_lower(c) <= 'z';
}
constexpr bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

// Tags that part words; the others may stand inside one.
constexpr std::array<std::string_view, 45> parting_tags = {
    "address", "article", "aside",  "blockquote", "body",   "br",     "button", "caption", "center",
    "dd",      "div",     "dl",     "dt",         "footer", "form",   "frame",  "h1",      "h2",
    "h3",      "h4",      "h5",     "h6",         "head",   "header", "hr",     "html",    "iframe",
    "img",     "input",   "legend", "li",         "main",   "nav",    "ol",     "option",  "p",
    "pre",     "section", "select", "table",      "td",     "th",     "title",  "tr",      "ul"};
// Elements whose content is not for reading.
constexpr std::array<std::string_view, 4> hidden_elements = {"noframes", "script", "style",
                                                             "template"};

class HtmlReader {
  public:
    explicit HtmlReader(std::string_view html) : html_(html) { out_.reserve(html.size() / 2); }

    std::string run() {
        while (at_ < html_.size()) {
            const char c = html_[at_];
            if (c == '<' && begins_markup()) {
                skip_markup();
            } else if (c == '&') {
                read_entity();
            } else if (is_white(c)) {
                part();
                ++at_;
            } else {
                out_ += c;
                ++at_;
            }
        }
        while (!out_.empty() && out_.back() == ' ')
            out_.pop_back();
        return std::move(out_);
    }

  private:
    // White space in HTML is one space, however it is written.
    void part() {
        if (!out_.empty() && out_.back() != ' ') out_ += ' ';
    }

    bool begins_markup() const {
        if (at_ + 1 >= html_.size()) return false;
        const char next = html_[at_ + 1];
        return is_letter(next) || next == '/' || next == '!' || next == '?';
    }

    void skip_to(std::size_t found, std::size_t length) {
        at_ = found == std::string_view::npos ? html_.size() : found + length;
    }

    void skip_markup() {
        if (html_.substr(at_, 4) == "<!--") {
            skip_to(html_.find("-->", at_ + 4), 3);
            return;
        }
        if (html_[at_ + 1] == '!' || html_[at_ + 1] == '?') {
            skip_to(html_.find('>', at_), 1);
            return;
        }
        const bool closing = html_[at_ + 1] == '/';
        std::size_t end = at_ + (closing ? 2 : 1);
        const std::size_t begin = end;
        while (end < html_.size() && (is_letter(html_[end]) || is_digit(html_[end])))
            ++end;
        const std::string name =
            base::to_lower(html_.substr(begin, std::min<std::size_t>(end - begin, 16)));
        at_ = end;
        skip_attributes();
        if (std::binary_search(parting_tags.begin(), parting_tags.end(), name)) part();
        if (!closing && std::binary_search(hidden_elements.begin(), hidden_elements.end(), name))
            skip_hidden(name);
    }

    // To after the ">", passing over quoted values; a quote that never closes is none.
    void skip_attributes() {
        for (; at_ < html_.size(); ++at_) {
            const char c = html_[at_];
            if (c == '>') {
                ++at_;
                return;
            }
            if (c != '"' && c != '\'') continue;
            bool& none_left = c == '"' ? no_double_quote_ : no_single_quote_;
            if (none_left) continue;
            const std::size_t end = html_.find(c, at_ + 1);
            if (end == std::string_view::npos)
                none_left = true;
            else
                at_ = end;
        }
    }

    void skip_hidden(std::string_view name) {
        while (at_ < html_.size()) {
            skip_to(html_.find("</", at_), 2);
            if (base::istarts_with(html_.substr(at_), name)) {
                skip_to(html_.find('>', at_), 1);
                return;
            }
        }
    }

    void read_entity() {
        if (std::optional<HtmlEntity> entity = html_entity(html_.substr(at_, 40))) {
            if (entity->code_point == 0xa0) {
                part();  // a no-break space parts words as well
            } else {
                append_utf8(out_, entity->code_point);
            }
            at_ += entity->size;
        } else {
            out_ += '&';
            ++at_;
        }
    }

    std::string_view html_;
    std::size_t at_ = 0;
    std::string out_;
    bool no_double_quote_ = false;
    bool no_single_quote_ = false;
};

}  // namespace

std::string html_to_text(std::string_view html) {
    return HtmlReader(html).run();
}

}  // namespace mail
