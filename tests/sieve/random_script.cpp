// SPDX-License-Identifier: MIT
#include "tests/sieve/random_script.h"

#include <array>
#include <string_view>

namespace sieve_test {

namespace {

// Short ones that have each other in them stand more often.
constexpr std::array<std::string_view, 30> words{"a",
                                                 "b",
                                                 "ab",
                                                 "abb",
                                                 "bab",
                                                 "ba",
                                                 "a",
                                                 "b",
                                                 "ab",
                                                 "Spam",
                                                 "spam",
                                                 "sale",
                                                 "ask",
                                                 "big world",
                                                 "hello",
                                                 "HELLO",
                                                 "joe",
                                                 "work",
                                                 "list",
                                                 "x.y",
                                                 "\xc5\xbf",
                                                 "\xe2\x84\xaa",
                                                 "stra\xc3\x9f"
                                                 "e",
                                                 "STRASSE",
                                                 "[ab]",
                                                 "example.com",
                                                 "sk",
                                                 "KS",
                                                 "pam",
                                                 "am"};
constexpr std::array<std::string_view, 14> globs{"*",       "*spam*",  "?b",      "a*b",  "*[ab]*",
                                                 "*\\\\**", "h*o?w*",  "*ask",    "joe*", "?",
                                                 "*.com",   "*st*ss*", "\\\\a*b", "**a**"};
constexpr std::array<std::string_view, 22> regexes{
    "a|b",         "(ab)?c",        "s+pa",      "[[:alpha:]]b", "a{0,2}b",
    "x\\\\.y",     "^hello",        "world$",    "\\\\bjoe",     "ask",
    "(spam|sale)", "a.c",           "[^]a]b",    "sp(a)m",       "K",
    "s",           "exam?ple",      "h(e)(l+)o", "[\\\\]]",      "stra\xc3\x9f?e",
    "w?orld",      "\\\\<list\\\\>"};
constexpr std::array<std::string_view, 7> fields{"subject", "Subject", "from",  "to",
                                                 "x-tag",   "list-id", "x-none"};
constexpr std::array<std::string_view, 3> address_fields{"from", "to", "cc"};

class Writer {
  public:
    explicit Writer(Choices& choices) : choices_(choices) {}

    std::string script() {
        text_ =
            "require [\"fileinto\", \"envelope\", \"variables\", \"body\", \"regex\", \"index\", "
            "\"editheader\", \"subaddress\", \"relational\", \"comparator-i;unicode-casemap\", "
            "\"imap4flags\", \"copy\", \"foreverypart\", \"mime\"];\n";
        block(0);
        return text_;
    }

  private:
    template <typename Of>
    std::string_view one_of(const Of& of) {
        return of[choices_.below(of.size())];
    }

    void block(unsigned depth) {
        const std::size_t count = depth == 0 ? 8 + choices_.below(24) : 1 + choices_.below(2);
        for (std::size_t i = 0; i < count; ++i)
            statement(depth);
    }

    void statement(unsigned depth) {
        if (depth < 2 && !choices_.one_in(5)) return rule(depth);
        switch (choices_.below(8)) {
            case 0:
                text_ += "set \"v\" \"${1}${v}\";\n";
                break;
            case 1:
                text_.append("addheader :last \"X-Tag\" \"").append(one_of(words)).append("\";\n");
                break;
            case 2:
                text_ += choices_.one_in(2) ? "deleteheader \"Subject\";\n" : "keep;\n";
                break;
            case 3:
                text_ += "addflag \"${0}\";\n";
                break;
            case 4:
                if (depth < 2) {
                    text_ += "foreverypart {\n";
                    block(depth + 1);
                    text_ += "}\n";
                }
                break;
            case 5:
                if (choices_.one_in(3)) text_ += "stop;\n";
                break;
            default:
                text_ += "fileinto :copy \"F" + std::to_string(choices_.below(20)) + "${1}\";\n";
                break;
        }
    }

    void rule(unsigned depth) {
        for (bool more = true, first = true; more; first = false) {
            text_ += first ? "if " : "elsif ";
            test(0);
            text_ += " {\n";
            block(depth + 1);
            text_ += "}\n";
            more = choices_.one_in(3);
        }
        if (!choices_.one_in(4)) return;
        text_ += "else {\n";
        block(depth + 1);
        text_ += "}\n";
    }

    void test(unsigned depth) {
        switch (choices_.below(depth < 2 ? 9 : 7)) {
            case 0:
            case 1:
            case 2:
                text_ += "header";
                index();
                break;
            case 3:
                text_ += "address";
                index();
                address_part();
                return compare(address_fields);
            case 4: {
                constexpr std::array<std::string_view, 3> parts{"from", "to", "auth"};
                text_ += "envelope";
                address_part();
                return compare(parts);
            }
            case 5: {
                constexpr std::array<std::string_view, 4> transforms{
                    "", " :raw", " :content \"text\"", " :content [\"image\", \"text/plain\"]"};
                text_.append("body").append(one_of(transforms));
                return keys();
            }
            case 6:
                text_ += choices_.one_in(2) ? "exists \"x-tag\"" : "size :over 150";
                return;
            case 7:
                text_ += "not ";
                return test(depth + 1);
            default:
                text_ += choices_.one_in(2) ? "allof (" : "anyof (";
                test(depth + 1);
                text_ += ", ";
                test(depth + 1);
                text_ += ")";
                return;
        }
        compare(fields);
    }

    void index() {
        if (choices_.one_in(6)) text_ += " :mime :anychild";
        if (choices_.one_in(5)) text_ += choices_.one_in(2) ? " :index 1" : " :index 1 :last";
    }

    void address_part() {
        constexpr std::array<std::string_view, 6> parts{"",         " :all",  " :localpart",
                                                        " :domain", " :user", " :detail"};
        text_.append(one_of(parts));
    }

    template <typename Names>
    void compare(const Names& names) {
        const std::size_t place = text_.size();
        keys();
        std::string list;
        const std::size_t count = choices_.one_in(4) ? 2 : 1;
        for (std::size_t i = 0; i < count; ++i)
            list.append(i == 0 ? "\"" : ", \"").append(one_of(names)).append("\"");
        // The names stand before the keys, behind the tags.
        const std::size_t at = text_.find('[', place);
        text_.insert(at, "[" + list + "] ");
    }

    // Tags and keys.
    void keys() {
        constexpr std::array<std::string_view, 4> comparators{"", "", " :comparator \"i;octet\"",
                                                              " :comparator \"i;unicode-casemap\""};
        constexpr std::array<std::string_view, 7> types{
            " :is", " :contains", " :contains", " :matches", " :regex", " :count \"ge\"", " :is"};
        const std::size_t type = choices_.below(types.size());
        const std::string_view comparator = one_of(comparators);
        const bool regex = type == 4;
        if (!regex || !comparator.ends_with("unicode-casemap\"")) text_ += comparator;
        text_.append(types[type]).append(" [");
        const std::size_t count = 1 + choices_.below(3);
        for (std::size_t i = 0; i < count; ++i) {
            text_ += i == 0 ? "\"" : ", \"";
            if (type == 5)
                text_ += std::to_string(choices_.below(4));
            else if (regex)
                text_ += one_of(regexes);
            else if (type == 3)
                text_ += one_of(globs);
            else if (!choices_.one_in(12))
                text_ += choices_.one_in(12) ? "${v}" : one_of(words);
            text_ += "\"";
        }
        text_ += "]";
    }

    Choices& choices_;
    std::string text_;
};

}  // namespace

std::string random_script(Choices& choices) {
    return Writer(choices).script();
}

std::string random_message(Choices& choices) {
    std::string text;
    const auto value = [&] {
        const std::size_t count = choices.below(6);
        for (std::size_t i = 0; i < count; ++i)
            text.append(i == 0 || choices.one_in(2) ? "" : " ")
                .append(words[choices.below(words.size())]);
    };
    const std::size_t count = 1 + choices.below(8);
    for (std::size_t i = 0; i < count; ++i) {
        constexpr std::array<std::string_view, 6> names{"Subject", "X-Tag", "List-Id",
                                                        "From",    "To",    "Cc"};
        const std::size_t which = choices.below(names.size());
        text.append(names[which]).append(": ");
        if (which < 3)
            value();
        else
            text.append(choices.one_in(2) ? "joe+work@example.com" : "Ask <spam@list.example>");
        text += "\n";
    }
    text += "\n";
    value();
    return text + "\n";
}

}  // namespace sieve_test
