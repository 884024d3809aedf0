// SPDX-License-Identifier: MIT
// What Dovecot 2.3.19's LDA wrote for the reply that the test below must not send again.
#include "deliver/lda_dupes.h"

#include "site.h"

#include <catch2/catch.hpp>

namespace {

constexpr std::string_view with_sieve =
    "mail_plugins = sieve\nplugin {\n  sieve = ~/.dovecot.sieve\n}\n";

std::string number(std::uint32_t value) {
    std::string octets;
    for (int i = 0; i < 4; ++i)
        octets += static_cast<char>(value >> (8 * i) & 0xff);
    return octets;
}

std::string record(std::uint32_t ends, std::string_view id, std::string_view user) {
    std::string text = number(ends) + number(static_cast<std::uint32_t>(id.size())) +
                       number(static_cast<std::uint32_t>(user.size()));
    return text.append(id).append(user);
}

// MD5 of "ann@example.org" and "gone<default-subject><default-from><NO-MIME>".
constexpr std::string_view reply_id =
    "\xf1\xd3\xd2\x7a\x4c\x2c\xdd\xb3\x0b\x45\x4d\xf3\x0b\x75\x1e\x12";

}  // namespace

TEST_CASE("records of the user that have not ended are read") {
    const std::string file = number(2) + record(2000, "one", "me") + record(500, "over", "me") +
                             record(2000, "other", "you") + record(3000, "two", "me");
    const auto dupes = deliver::parse_lda_dupes(file, "me", 1000);
    REQUIRE(dupes.size() == 2);
    CHECK(dupes[0].id == "one");
    CHECK(dupes[0].ends == 2000);
    CHECK(dupes[1].id == "two");
}

TEST_CASE("of a damaged file what comes before counts, of another version nothing") {
    const std::string good = number(2) + record(2000, "one", "me");
    for (std::size_t cut = 1; cut < 17; ++cut)
        CHECK(deliver::parse_lda_dupes(
                  (good + record(2000, "two", "me")).substr(0, good.size() + cut), "me", 1000)
                  .size() == 1);
    CHECK(deliver::parse_lda_dupes(good + record(2000, std::string(1025, 'x'), "me"), "me", 1000)
              .size() == 1);
    CHECK(deliver::parse_lda_dupes(number(3) + record(2000, "one", "me"), "me", 1000).empty());
    CHECK(deliver::parse_lda_dupes("", "me", 1000).empty());
}

TEST_CASE("who was replied to by Dovecot gets no reply again") {
    Site site{std::string(with_sieve)};
    site.envelope.sender = "Ann@Example.org";
    site.script("require \"vacation\";\nvacation :addresses \"r@example.com\" \"gone\";\n");
    constexpr std::string_view mail =
        "From: Ann@Example.org\nTo: r@example.com\nSubject: Hello\nMessage-ID: <1@x>\n\nbody\n";
    const std::string user = "nobody@example.com";
    site.directory.write("home/.dovecot.lda-dupes", number(2) + record(0xfffffff0, reply_id, user));
    CHECK(site.deliver(mail).result == deliver::Disposition::Result::delivered);
    CHECK(site.sent().empty());
    CHECK(site.log().ends_with(
        "vacation action: discarded duplicate vacation response to <Ann@Example.org>"));
    // Another text is another reply; the file is not read again.
    site.script("require \"vacation\";\nvacation :addresses \"r@example.com\" \"still gone\";\n");
    CHECK(site.deliver(mail).result == deliver::Disposition::Result::delivered);
    CHECK(site.sent().find("still gone") != std::string::npos);
}
