// SPDX-License-Identifier: MIT
#include "sieve/extension/mailto.h"

#include "sieve/extension/address_text.h"
#include "sieve/extension/field_name.h"
#include "sieve/limits.h"
#include "sieve/text.h"

#include <algorithm>
#include <array>

namespace sieve {

namespace {

// Those that say who sent it, when and what it is are the notification's own (RFC 5436 §2.7,
// RFC 6068 §4 and §7).
constexpr std::array<std::string_view, 17> reserved{"from",
                                                    "sender",
                                                    "auto-submitted",
                                                    "received",
                                                    "message-id",
                                                    "date",
                                                    "bcc",
                                                    "return-path",
                                                    "content-type",
                                                    "content-transfer-encoding",
                                                    "mime-version",
                                                    "precedence",
                                                    "x-sieve",
                                                    "content-disposition",
                                                    "importance",
                                                    "x-priority",
                                                    "priority"};

struct Refused {
    std::string why;
};
[[noreturn]] void refuse(std::string why) {
    throw Refused{std::move(why)};
}

int hex_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    const char low = ascii_lower(c);
    return low >= 'a' && low <= 'f' ? low - 'a' + 10 : -1;
}

// RFC 3986: unreserved, sub-delims but '&' and '=' which the caller has cut at, and ":@/?[]".
bool is_uri_character(char c) {
    return (ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z') || (c >= '0' && c <= '9') ||
           std::string_view("-._~!$'()*+,;:@/?[]=").find(c) != std::string_view::npos;
}

std::string decode(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            if (!is_uri_character(text[i]))
                refuse("invalid character '" + printable(text.substr(i, 1)) + "'");
            out += text[i];
            continue;
        }
        const int high = i + 2 < text.size() ? hex_value(text[i + 1]) : -1;
        const int low = i + 2 < text.size() ? hex_value(text[i + 2]) : -1;
        if (high < 0 || low < 0) refuse("invalid % encoding");
        out += static_cast<char>(high << 4 | low);
        i += 2;
    }
    if (!is_utf8(out)) refuse("what is encoded is no UTF-8");
    if (out.find('\0') != std::string::npos) refuse("a NUL is encoded");
    return out;
}

std::string on_one_line(std::string text) {
    std::erase(text, '\r');
    std::replace_if(
        text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < ' '; }, ' ');
    return text;
}

std::string with_lf(std::string text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\r' && i + 1 < text.size() && text[i + 1] == '\n') continue;
        out += text[i] == '\r' ? '\n' : text[i];
    }
    return out;
}

class Reader {
  public:
    Mailto read(std::string_view uri) {
        if (uri.size() > limits::max_uri_bytes)
            refuse("longer than " + std::to_string(limits::max_uri_bytes) + " octets");
        const std::size_t query = std::min(uri.find('?'), uri.size());
        if (query > 0) recipients(uri.substr(0, query), result_.to, ',');
        std::string_view fields = uri.substr(std::min(query + 1, uri.size()));
        while (!fields.empty()) {
            const std::size_t end = std::min(fields.find('&'), fields.size());
            field(fields.substr(0, end));
            fields.remove_prefix(std::min(end + 1, fields.size()));
        }
        return std::move(result_);
    }

  private:
    // Commas between addresses are not encoded, those inside one are (RFC 6068 §2).
    void recipients(std::string_view list, std::vector<std::string>& to, char separator) {
        while (true) {
            const std::size_t end = std::min(list.find(separator), list.size());
            recipient(decode(list.substr(0, end)), to);
            if (end == list.size()) return;
            list.remove_prefix(end + 1);
        }
    }

    void recipient(const std::string& text, std::vector<std::string>& to) {
        const auto address = read_mailbox(text);
        if (!address) refuse("invalid recipient '" + printable(text) + "'");
        std::string normal =
            address->text.substr(0, address->text.size() - address->domain.size()) +
            lower(address->domain);
        for (const auto* list : {&result_.to, &result_.cc})
            if (std::ranges::find(*list, normal) != list->end()) return;
        if (result_.to.size() + result_.cc.size() == limits::max_mailto_recipients)
            refuse("more than " + std::to_string(limits::max_mailto_recipients) + " recipients");
        to.push_back(std::move(normal));
    }

    void field(std::string_view text) {
        const std::size_t equals = text.find('=');
        if (equals == std::string_view::npos) refuse("header field without '='");
        const std::string name = lower(decode(text.substr(0, equals)));
        if (!is_field_name(name)) refuse("invalid header field name '" + printable(name) + "'");
        const std::string_view encoded = text.substr(equals + 1);
        if (name == "to") return recipients(encoded, result_.to, ',');
        if (name == "cc") return recipients(encoded, result_.cc, ',');
        std::string value = decode(encoded);
        if (name == "subject") {
            if (!result_.subject) result_.subject = on_one_line(std::move(value));
        } else if (name == "body") {
            if (!result_.body) result_.body = with_lf(std::move(value));
        } else if (std::ranges::find(reserved, name) != reserved.end() ||
                   name.starts_with("resent-") || name.starts_with("dkim-")) {
            result_.ignored.push_back(name);
        } else {
            if (result_.headers.size() == limits::max_mailto_headers)
                refuse("more than " + std::to_string(limits::max_mailto_headers) +
                       " header fields");
            result_.headers.emplace_back(name, on_one_line(std::move(value)));
        }
    }

    Mailto result_;
};

}  // namespace

MailtoRead read_mailto(std::string_view uri) {
    const std::size_t colon = uri.find(':');
    const std::string_view scheme = uri.substr(0, std::min(colon, uri.size()));
    const auto is_scheme_character = [](char c) {
        return (ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z') || (c >= '0' && c <= '9') ||
               c == '+' || c == '-' || c == '.';
    };
    if (colon == std::string_view::npos || scheme.empty() ||
        !std::ranges::all_of(scheme, is_scheme_character))
        return {std::nullopt, "'" + printable(uri) + "' is no URI"};
    if (!iequals(scheme, "mailto"))
        return {std::nullopt, "invalid method '" + printable(scheme) + "': only mailto is known"};
    try {
        return {Reader().read(uri.substr(colon + 1)), {}};
    } catch (Refused& refused) {
        return {std::nullopt, "mailto URI: " + refused.why};
    }
}

}  // namespace sieve
