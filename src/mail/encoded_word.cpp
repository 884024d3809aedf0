// SPDX-License-Identifier: MIT
// Encoded words (RFC 2047) to UTF-8. Declared in mail/decode.h.
#include "base/text.h"
#include "mail/charset.h"
#include "mail/decode.h"
#include "mail/limits.h"

#include <memory>
#include <optional>

namespace mail {

namespace {

struct Word {
    std::string_view charset;
    char encoding = 'q';
    std::string_view text;
    std::size_t size = 0;  // of the whole word
};

constexpr std::string_view white_space = " \t\r\n";

std::string decode_q(std::string_view text) {
    const auto hex = [](char c) {
        return base::parse_number<unsigned>(std::string_view(&c, 1), 16);
    };
    std::string out;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] == '_') {
            out += ' ';
        } else if (text[at] == '=' && at + 2 < text.size() && hex(text[at + 1]) &&
                   hex(text[at + 2])) {
            out += static_cast<char>(*hex(text[at + 1]) * 16 + *hex(text[at + 2]));
            at += 2;
        } else {
            out += text[at];
        }
    }
    return out;
}

class WordDecoder {
  public:
    explicit WordDecoder(std::string_view text) : text_(text) {}

    std::string run() {
        std::size_t plain = 0;  // where undecoded text began
        std::size_t at = 0;
        std::size_t count = 0;
        while (count < limits::encoded_words &&
               (at = text_.find("=?", at)) != std::string_view::npos) {
            std::optional<Word> word = word_at(at);
            if (!word) {
                at += 2;
                continue;
            }
            ++count;
            const std::string_view between = text_.substr(plain, at - plain);
            const bool neighbours =
                count > 1 && between.find_first_not_of(white_space) == std::string_view::npos;
            if (!neighbours) {
                flush();
                append_repaired_utf8(between, out_, out_.max_size());
            }
            add(*word);
            at += word->size;
            plain = at;
        }
        flush();
        append_repaired_utf8(text_.substr(plain), out_, out_.max_size());
        return std::move(out_);
    }

  private:
    std::optional<Word> word_at(std::size_t begin) {
        if (no_end_) return std::nullopt;
        // A charset with its language tag; the bound keeps the whole linear.
        const std::string_view head = text_.substr(begin + 2, 2 * limits::charset_name_bytes);
        const std::size_t mark = head.find_first_of("? \t\r\n");
        if (mark == std::string_view::npos || mark == 0 || head[mark] != '?') return std::nullopt;
        const std::size_t letter = begin + 2 + mark + 1;
        if (letter + 1 >= text_.size() || text_[letter + 1] != '?') return std::nullopt;
        Word word;
        word.charset = head.substr(0, mark);
        word.encoding = base::ascii_lower(text_[letter]);
        if (word.encoding != 'b' && word.encoding != 'q') return std::nullopt;
        const std::size_t end = text_.find("?=", letter + 2);
        if (end == std::string_view::npos) {
            no_end_ = true;
            return std::nullopt;
        }
        word.text = text_.substr(letter + 2, end - letter - 2);
        word.size = end + 2 - begin;
        return word;
    }

    void add(const Word& word) {
        if (!base::iequals(word.charset, charset_)) {
            flush();
            charset_ = word.charset;
        }
        bytes_ += word.encoding == 'b' ? decode_base64(word.text) : decode_q(word.text);
    }

    void flush() {
        if (bytes_.empty()) return;
        if (!converter_ || !base::iequals(converter_charset_, charset_)) {
            converter_ = std::make_unique<CharsetConverter>(charset_);
            converter_charset_ = charset_;
        }
        converter_->convert(bytes_, out_, out_.max_size());
        bytes_.clear();
    }

    std::string_view text_;
    std::string out_;
    bool no_end_ = false;  // no "?=" follows any more
    std::string_view charset_;
    std::string bytes_;  // of neighbours in charset_
    std::unique_ptr<CharsetConverter> converter_;
    std::string_view converter_charset_;
};

}  // namespace

std::string decode_words(std::string_view text) {
    if (text.find("=?") == std::string_view::npos) return repair_utf8(text);
    return WordDecoder(text).run();
}

}  // namespace mail
