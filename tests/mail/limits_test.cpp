// SPDX-License-Identifier: MIT
// Each constant of mail/limits.h at its edge: the last that fits, and one more.
#include "mail/limits.h"

#include "mail/address.h"
#include "mail/charset.h"
#include "mail/decode.h"
#include "mail/message.h"
#include "mail/message_id.h"

#include <catch2/catch.hpp>

namespace limits = mail::limits;

namespace {

std::string repeat(std::string_view text, std::size_t count) {
    std::string made;
    made.reserve(text.size() * count);
    for (std::size_t i = 0; i < count; ++i)
        made += text;
    return made;
}

}  // namespace

TEST_CASE("a header block is indexed up to header_block_bytes") {
    const std::string last = "X: y\n";
    const std::size_t fill = limits::header_block_bytes - last.size() - 4;  // "A: " and LF
    for (std::size_t more : {std::size_t{0}, std::size_t{1}}) {
        const std::string text = "A: " + std::string(fill + more, 'a') + "\n" + last + "\nbody";
        mail::Message message(text);
        CHECK(message.header().size() == 2 - more);
        CHECK(message.header().truncated() == (more == 1));
        CHECK(message.body() == "body");
    }
}

TEST_CASE("a header block has at most header_fields fields") {
    for (std::size_t more : {std::size_t{0}, std::size_t{1}}) {
        const std::string text = repeat("A:\n", limits::header_fields + more) + "\nbody";
        mail::Message message(text);
        CHECK(message.header().size() == limits::header_fields);
        CHECK(message.header().truncated() == (more == 1));
        CHECK(message.body() == "body");
    }
}

TEST_CASE("a value has at most encoded_words decoded") {
    const std::string word = "=?utf-8?q?a?= ";
    CHECK(mail::decode_words(repeat(word, limits::encoded_words) + "x") ==
          repeat("a", limits::encoded_words) + " x");
    CHECK(mail::decode_words(repeat(word, limits::encoded_words + 1)) ==
          repeat("a", limits::encoded_words) + " =?utf-8?q?a?= ");
}

TEST_CASE("a message has at most mime_parts parts") {
    const std::string head = "Content-Type: multipart/mixed; boundary=b\n\n";
    for (std::size_t more : {std::size_t{0}, std::size_t{1}}) {
        const std::string text =
            head + repeat("--b\n\nx\n", limits::mime_parts - 1 + more) + "--b--\nend";
        const mail::Structure structure = mail::parse_structure(text);
        CHECK(structure.parts.size() == limits::mime_parts);
        CHECK(structure.truncated == (more == 1));
        CHECK(structure.parts.back().end == (more == 1 ? text.size() : text.size() - 10));
    }
    const std::string messages = head + repeat("--b\n\nx\n", limits::mime_parts - 2) +
                                 "--b\nContent-Type: message/rfc822\n\nA: b\n\nx\n--b--\n";
    const mail::Structure structure = mail::parse_structure(messages);
    CHECK(structure.parts.size() == limits::mime_parts);
    CHECK(structure.truncated);
    CHECK(structure.parts.back().kind == mail::PartKind::leaf);
}

TEST_CASE("parts nest at most mime_depth deep") {
    for (std::size_t more : {std::size_t{0}, std::size_t{1}}) {
        const std::string text =
            repeat("Content-Type: message/rfc822\n\n", limits::mime_depth - 1 + more) + "A: b\n\nx";
        const mail::Structure structure = mail::parse_structure(text);
        CHECK(structure.parts.size() == limits::mime_depth);
        CHECK(structure.truncated == (more == 1));
        CHECK(structure.parts.back().kind == mail::PartKind::leaf);
    }
    std::string nested;
    for (std::size_t i = 0; i < limits::mime_depth; ++i)
        nested += "Content-Type: multipart/mixed; boundary=b" + std::to_string(1000 + i) +
                  "\n\n--b" + std::to_string(1000 + i) + "\n";
    const mail::Structure structure = mail::parse_structure(nested + "\nx");
    CHECK(structure.parts.size() == limits::mime_depth);
    CHECK(structure.truncated);
}

TEST_CASE("a boundary has at most boundary_bytes bytes") {
    for (std::size_t more : {std::size_t{0}, std::size_t{1}}) {
        const std::string boundary(limits::boundary_bytes + more, 'b');
        const std::string text =
            "Content-Type: multipart/mixed; boundary=" + boundary + "\n\n--" + boundary + "\n\nx";
        CHECK(mail::parse_structure(text).parts.size() == 2 - more);
    }
}

TEST_CASE("a part's header is looked at up to part_header_bytes") {
    const std::string type = "Content-Type: text/html\n";
    for (std::size_t more : {std::size_t{0}, std::size_t{1}}) {
        const std::size_t fill = limits::part_header_bytes - type.size() - 4 + more;
        const std::string text =
            "Content-Type: multipart/mixed; boundary=b\n\n--b\nA: " + std::string(fill, 'a') +
            "\n" + type + "\nbody\n--b--";
        const mail::Structure structure = mail::parse_structure(text);
        REQUIRE(structure.parts.size() == 2);
        CHECK(structure.parts[1].subtype == (more == 1 ? "plain" : "html"));
        CHECK(mail::part_body(text, structure.parts[1]) == "body");
    }
}

TEST_CASE("a field has at most parameters parameters") {
    for (bool pieces : {false, true}) {
        std::string text = "a/b";
        for (std::size_t i = 0; i < limits::parameters + 1; ++i)
            text += (pieces ? "; p*" : "; p") + std::to_string(i) + "=x";
        const mail::ParameterField field = mail::parse_parameter_field(text);
        if (pieces)
            CHECK(*field.parameter("p") == std::string(limits::parameters, 'x'));
        else
            CHECK(field.parameters.size() == limits::parameters);
    }
}

TEST_CASE("a parameter's value has at most parameter_bytes bytes") {
    for (std::size_t more : {std::size_t{0}, std::size_t{1}}) {
        const std::string text = "a/b; p=" + std::string(limits::parameter_bytes + more, 'x');
        CHECK(mail::parse_parameter_field(text).parameter("p")->size() == limits::parameter_bytes);
    }
    const std::string half(limits::parameter_bytes / 2 + 1, 'x');
    CHECK(
        mail::parse_parameter_field("a/b; p*0=" + half + "; p*1=" + half).parameter("p")->size() ==
        limits::parameter_bytes);
}

TEST_CASE("an address field has at most addresses mailboxes and groups") {
    for (std::size_t more : {std::size_t{0}, std::size_t{1}}) {
        const mail::AddressList list =
            mail::parse_address_list(repeat("a@b,", limits::addresses + more));
        CHECK(list.mailboxes.size() == limits::addresses);
        CHECK(list.truncated == (more == 1));
        const mail::AddressList groups =
            mail::parse_address_list(repeat("a:;", limits::addresses + more));
        CHECK(groups.groups.size() == limits::addresses);
        CHECK(groups.truncated == (more == 1));
    }
}

TEST_CASE("comments nest at most comment_depth deep") {
    for (std::size_t more : {std::size_t{0}, std::size_t{1}}) {
        const std::size_t depth = limits::comment_depth + more;
        const std::string comment = std::string(depth, '(') + std::string(depth, ')');
        CHECK(mail::parse_address_list("a@b" + comment).valid() == (more == 0));
        CHECK(mail::parse_message_ids(comment + "<a@b>").size() == 1);
    }
}

TEST_CASE("an envelope path has at most path_bytes bytes") {
    for (std::size_t more : {std::size_t{0}, std::size_t{1}}) {
        const std::string path = "<a@" + std::string(limits::path_bytes - 4 + more, 'x') + ">";
        CHECK(mail::parse_path(path).has_value() == (more == 0));
    }
}

TEST_CASE("a charset's name has at most charset_name_bytes bytes") {
    CHECK(mail::CharsetConverter::normal_name(std::string(limits::charset_name_bytes, 'x')));
    CHECK(!mail::CharsetConverter::normal_name(std::string(limits::charset_name_bytes + 1, 'x')));
}

TEST_CASE("a body is decoded up to decoded_bytes") {
    std::string text = "Content-Type: text/plain; charset=iso-8859-1\n\n";
    text.append(limits::decoded_bytes, 'x');
    for (std::size_t more : {std::size_t{0}, std::size_t{1}}) {
        if (more == 1) text += 'x';
        const mail::Structure structure = mail::parse_structure(text);
        CHECK(mail::decoded_body(text, structure.parts[0]).size() == limits::decoded_bytes);
    }
}

TEST_CASE("message identifiers are limited in number and size") {
    CHECK(mail::parse_message_ids(repeat("<a@b>", limits::message_ids)).size() ==
          limits::message_ids);
    CHECK(mail::parse_message_ids(repeat("<a@b>", limits::message_ids + 1)).size() ==
          limits::message_ids);
    for (std::size_t more : {std::size_t{0}, std::size_t{1}}) {
        const std::string id = "<" + std::string(limits::message_id_bytes - 2 + more, 'x') + ">";
        CHECK(mail::parse_message_ids(id).size() == 1 - more);
    }
}
