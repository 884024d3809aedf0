// SPDX-License-Identifier: MIT
// The grammar of addresses, in Spirit X3. A list is read as a flat sequence of members, so nothing
// recurses, and what was read is never taken back: comments are matched by a counting parser, a
// broken member is passed over to its comma. Tested by tests/mail/address_test.cpp.
#include "mail/address.h"

#include "base/text.h"
#include "mail/header.h"
#include "mail/limits.h"

#include <boost/spirit/home/x3.hpp>

#include <algorithm>

namespace mail {

namespace {

namespace x3 = boost::spirit::x3;

using At = const char*;

constexpr bool is_white(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}
constexpr bool is_8bit(char c) {
    return static_cast<unsigned char>(c) >= 0x80;
}

// RFC 5322 §3.2.3; 8-bit by RFC 6532 §3.2.
constexpr bool is_atext(char c) {
    return (c > ' ' && c < '\x7f' &&
            std::string_view("()<>[]:;@\\,.\"").find(c) == std::string_view::npos) ||
           is_8bit(c);
}
constexpr bool is_quoted(char c) {
    return c != '"' && c != '\\' && c != '\r' && c != '\n';
}
constexpr bool is_domain_text(char c) {
    return c > ' ' && c != '[' && c != ']' && c != '\\';
}
// What phrases hold in the wild besides words: "John @ Work [x] <john@example.com>".
constexpr bool is_loose(char c) {
    return c == '.' || c == '@' || c == '[' || c == ']';
}

template <bool (*accepts)(char)>
struct CharIf : x3::char_parser<CharIf<accepts>> {
    using attribute_type = char;
    using char_type = char;
    static constexpr bool has_attribute = true;
    template <typename Context>
    bool test(char c, const Context&) const {
        return accepts(c);
    }
};

// A comment with those in it (RFC 5322 §3.2.2), counted, not recursed into.
struct Comment : x3::parser<Comment> {
    using attribute_type = x3::unused_type;
    static constexpr bool has_attribute = false;
    template <typename Iterator, typename Context, typename RuleContext, typename Attribute>
    bool parse(Iterator& first, const Iterator& last, const Context&, RuleContext&,
               Attribute&) const {
        if (first == last || *first != '(') return false;
        std::size_t depth = 0;
        for (Iterator at = first; at != last; ++at) {
            if (*at == '\\') {
                if (++at == last) return false;
            } else if (*at == '(') {
                if (++depth > limits::comment_depth) return false;
            } else if (*at == ')' && --depth == 0) {
                first = ++at;
                return true;
            }
        }
        return false;
    }
};

// What actions write to while one member is read.
struct Draft {
    std::string phrase;
    std::string comment;
    std::string local;
    std::string domain;
};
struct draft_tag;

Draft& draft(const auto& context) {
    return x3::get<draft_tag>(context).get();
}

// Words of a phrase keep one space between them, however they were parted.
void add_word(Draft& to, std::string_view word) {
    to.phrase.append(word);
}
void add_gap(Draft& to) {
    if (!to.phrase.empty() && to.phrase.back() != ' ') to.phrase += ' ';
}

template <typename Range>
std::string_view view_of(const Range& range) {
    return {range.begin(), static_cast<std::size_t>(range.end() - range.begin())};
}

std::string without_backslashes(std::string_view text) {
    std::string plain;
    plain.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\\' && i + 1 < text.size()) ++i;
        if (text[i] != '\r' && text[i] != '\n') plain += text[i];
    }
    return plain;
}
std::string unquoted(std::string_view text) {
    return without_backslashes(text.substr(1, text.size() - 2));
}

const auto phrase_gap = [](const auto& c) { add_gap(draft(c)); };
const auto phrase_word = [](const auto& c) { add_word(draft(c), view_of(x3::_attr(c))); };
const auto phrase_quoted = [](const auto& c) {
    add_word(draft(c), unquoted(view_of(x3::_attr(c))));
};
const auto keep_comment = [](const auto& c) { draft(c).comment = unquoted(view_of(x3::_attr(c))); };
const auto local_word = [](const auto& c) { draft(c).local.append(view_of(x3::_attr(c))); };
const auto local_quoted = [](const auto& c) { draft(c).local += unquoted(view_of(x3::_attr(c))); };
const auto domain_word = [](const auto& c) { draft(c).domain.append(view_of(x3::_attr(c))); };
const auto domain_literal = [](const auto& c) {
    for (char literal_char : view_of(x3::_attr(c))) {
        if (!is_white(literal_char)) draft(c).domain += literal_char;
    }
};
const auto domain_next = [](const auto& c) {
    draft(c).domain.append(".").append(view_of(x3::_attr(c)));
};

// clang-format off
const CharIf<is_white>       white;
const CharIf<is_atext>       atext;
const CharIf<is_quoted>      qtext;
const CharIf<is_domain_text> dtext;
const CharIf<is_loose>       loose;
const Comment                comment;

const auto atom          = +atext;
const auto pair          = '\\' >> x3::char_;
const auto quoted_string = x3::omit['"' >> *(qtext | white | pair) >> '"'];
const auto cfws          = x3::omit[*(+white | comment)];

// Also with words and dots in any order and white space around them (RFC 5322 §4.4), as
// "first..last." which some providers gave out.
const auto local_piece = x3::raw[atom][local_word]
                       | x3::raw[quoted_string][local_quoted];
const auto local_dot   = x3::raw[x3::char_('.')][local_word];
const auto local_part  = +local_dot >> -(local_piece >> *(cfws >> +local_dot >> cfws >> -local_piece))
                       | local_piece >> *(cfws >> +local_dot >> cfws >> -local_piece);

const auto literal     = x3::raw[x3::lit('[') >> *(dtext | white) >> ']'][domain_literal];
const auto domain      = (literal | x3::raw[atom][domain_word])
                         >> *(cfws >> '.' >> cfws >> x3::raw[atom][domain_next]) >> -x3::lit('.');

const auto addr_spec   = cfws >> local_part >> cfws >> '@' >> cfws >> domain;

// A source route is passed over (RFC 5322 §4.4).
const auto route_hop   = cfws >> '@' >> cfws >> x3::omit[(x3::lit('[') >> *(dtext | white) >> ']') | (atom >> *('.' >> atom))];
const auto route       = x3::omit[route_hop >> cfws >> *(+(x3::lit(',') >> cfws) >> -route_hop >> cfws) >> ':'];
const auto angle_body  = -route >> cfws >> local_part >> -(cfws >> '@' >> cfws >> domain) >> cfws;
const auto member_end  = &(x3::eoi | ',' | ';');
const auto angle_addr  = '<' >> angle_body >> ('>' | member_end);

const auto phrase_piece = x3::raw[atom][phrase_word]
                        | x3::raw[quoted_string][phrase_quoted]
                        | x3::raw[loose][phrase_word];
const auto gap          = x3::omit[+(+white | comment)][phrase_gap];
const auto phrase       = +(phrase_piece | gap);

const auto name_addr    = -phrase >> angle_addr >> cfws >> member_end;
const auto named_comment = x3::raw[comment][keep_comment];
const auto bare_addr    = addr_spec >> *(+white | named_comment) >> member_end;
const auto bare_local   = cfws >> local_part >> *(+white | named_comment) >> member_end;
// Not the loose phrase: "a@[IPv6:...]" is no group.
const auto group_name   = +(x3::raw[atom | '.'][phrase_word] | x3::raw[quoted_string][phrase_quoted] | gap) >> ':';
// To the comma, over what encloses commas.
const auto broken       = +(quoted_string | comment | pair | (x3::char_ - x3::char_(",;")));
const auto separators   = x3::omit[*(+white | ',')];
// clang-format on

class ListParser {
  public:
    explicit ListParser(std::string_view value)
        : at_(value.data()), end_(value.data() + value.size()) {}

    AddressList run() {
        for (;;) {
            x3::parse(at_, end_, separators);
            if (at_ == end_) break;
            if (*at_ == ';') {  // the end of a group; elsewhere a comma of the wild
                ++at_;
                close_group();
            } else if (list_.mailboxes.size() == limits::addresses ||
                       list_.groups.size() == limits::addresses) {
                list_.truncated = true;
                break;
            } else if (!read_group_name() && !only_comment()) {
                read_mailbox();
            }
        }
        close_group();
        return std::move(list_);
    }

  private:
    template <typename Parser>
    bool parse(At& at, const Parser& parser) {
        draft_ = Draft{};
        At begin = at;
        if (x3::parse(at, end_, x3::with<draft_tag>(std::ref(draft_))[parser])) return true;
        at = begin;
        return false;
    }

    bool read_group_name() {
        if (!parse(at_, group_name)) return false;
        close_group();
        in_group_ = true;
        list_.groups.push_back({phrase_text(), list_.mailboxes.size(), 0});
        return true;
    }

    void close_group() {
        if (in_group_) {
            Group& group = list_.groups.back();
            group.count = list_.mailboxes.size() - group.first;
        }
        in_group_ = false;
    }

    // Empty members may hold comments (RFC 5322 §4.4, obs-mbox-list).
    bool only_comment() { return parse(at_, x3::omit[comment >> cfws] >> member_end); }

    void read_mailbox() {
        const At begin = at_;
        Mailbox mailbox;
        if (parse(at_, name_addr)) {
            mailbox.display_name = phrase_text();
        } else if (parse(at_, bare_addr) || parse(at_, bare_local)) {
            mailbox.display_name = decode_value(draft_.comment);
        } else {
            mailbox.valid = false;
            parse(at_, broken);
            if (at_ == begin) ++at_;
            draft_ = Draft{};
        }
        mailbox.local_part = std::move(draft_.local);
        mailbox.domain = std::move(draft_.domain);
        mailbox.source = base::trim({begin, static_cast<std::size_t>(at_ - begin)});
        if (mailbox.local_part.empty() && mailbox.domain.empty()) mailbox.valid = false;
        if (!mailbox.valid) rescue(mailbox);
        list_.mailboxes.push_back(std::move(mailbox));
    }

    // A member that is broken before its "<user@host>": the address is clear all the same.
    void rescue(Mailbox& mailbox) {
        const std::size_t angle = mailbox.source.rfind('<');
        if (angle == std::string_view::npos) return;
        const At stop = end_;
        At at = mailbox.source.data() + angle;
        end_ = mailbox.source.data() + mailbox.source.size();
        const bool found = parse(at, '<' >> addr_spec >> cfws >> '>' >> x3::eoi);
        end_ = stop;
        if (!found) return;
        mailbox.valid = true;
        mailbox.local_part = std::move(draft_.local);
        mailbox.domain = std::move(draft_.domain);
        mailbox.display_name = decode_value(mailbox.source.substr(0, angle));
    }

    std::string phrase_text() const { return decode_value(draft_.phrase); }

    At at_;
    At end_;
    Draft draft_;
    bool in_group_ = false;
    AddressList list_;
};

}  // namespace

bool AddressList::valid() const {
    return !truncated && std::all_of(mailboxes.begin(), mailboxes.end(),
                                     [](const Mailbox& mailbox) { return mailbox.valid; });
}

std::string Mailbox::address() const {
    return address_text(local_part, domain);
}

AddressList parse_address_list(std::string_view value) {
    return ListParser(value).run();
}

}  // namespace mail
