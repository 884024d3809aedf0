// SPDX-License-Identifier: MIT
// What the dialogues of fixtures/sessions cannot show: jobs, shutdown, failing storage.
#include "base/text.h"
#include "lmtp/parameters.h"
#include "lmtp/reply.h"
#include "lmtp/user_slots.h"
#include "tests/lmtp/dialogue_runner.h"

namespace {

lmtp::Settings settings() {
    lmtp::Settings made;
    made.hostname = "mx.test";
    return made;
}

lmtp::Peer peer() {
    lmtp::Peer made;
    made.session = "SESSION";
    return made;
}

std::size_t line_count(const std::string& text) {
    return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

}  // namespace

TEST_CASE("each recipient has a job of its own, which may run after the session has gone") {
    FixedClock clock;
    auto backend = std::make_shared<FakeBackend>();
    auto slots = lmtp::UserSlots::create();
    lmtp::Settings limited = settings();
    limited.limits.deliveries_per_user = 1;
    auto session = std::make_unique<lmtp::Session>(
        lmtp::Services{std::make_shared<lmtp::Settings>(limited), backend, slots, &clock}, peer(),
        base::Log("lmtp(1): "));
    session->start();
    for (const char* line : {"MAIL FROM:<a@b>", "RCPT TO:<jdoe>", "RCPT TO:<bob>", "DATA"})
        session->on_line(line);
    base::Step step = session->on_data("x: y\r\n\r\nz\r\n.\r\n");
    REQUIRE(step.want == base::Want::work);
    REQUIRE(step.jobs.size() == 2);
    CHECK_FALSE(session->between_commands());
    CHECK_FALSE(slots->take("jdoe", 1));
    session.reset();
    step.jobs[1]();
    step.jobs[0]();
    CHECK(backend->delivered.size() == 2);
    CHECK(backend->delivered[0].envelope.recipient == "bob");
    CHECK(slots->take("jdoe", 1));
}

TEST_CASE("a session knows when ending it loses nothing") {
    DialogueRunner runner(settings(), peer());
    runner.start();
    runner.send("MAIL FROM:<a@b>\r\nRCPT TO:<jdoe>\r\n");
    CHECK(runner.session().between_commands());
    runner.send("DATA\r\n");
    CHECK_FALSE(runner.session().between_commands());
    runner.send("x\r\n.\r\n");
    CHECK(runner.session().between_commands());
    runner.send("MAIL FROM:<a@b>\r\nRCPT TO:<jdoe>\r\nBDAT 1\r\n");
    CHECK_FALSE(runner.session().between_commands());
    runner.send("x");
    CHECK_FALSE(runner.session().between_commands());
    runner.send("BDAT 0 LAST\r\n");
    CHECK(runner.session().between_commands());
}

TEST_CASE("a message that cannot be kept is refused as temporary, to its end") {
    lmtp::Settings broken = settings();
    broken.spool.memory_bytes = 1000;
    broken.spool.temp_dir = "/does/not/exist";
    DialogueRunner runner(broken, peer());
    runner.start();
    runner.send("MAIL FROM:<a@b>\r\nRCPT TO:<jdoe>\r\nRCPT TO:<bob>\r\nDATA\r\n");
    CHECK(runner.send(std::string(5000, 'x')) == "");
    CHECK(runner.send("QUIT\r\n.\r\n") ==
          "451 4.3.0 <jdoe> Temporary internal error\r\n"
          "451 4.3.0 <bob> Temporary internal error\r\n");
    CHECK(runner.backend().delivered.empty());
    CHECK(runner.send("MAIL FROM:<a@b>\r\n") == "250 2.1.0 OK\r\n");
}

TEST_CASE("a large message goes to a file and arrives whole") {
    lmtp::Settings small = settings();
    small.spool.memory_bytes = 1000;
    small.add_received_header = false;
    DialogueRunner runner(small, peer());
    runner.start();
    runner.send("MAIL FROM:<a@b>\r\nRCPT TO:<jdoe>\r\nDATA\r\n");
    std::string expected = "Return-Path: <a@b>\nDelivered-To: jdoe\n";
    for (int i = 0; i < 20000; ++i) {
        runner.send("line of a large message\r\n");
        expected += "line of a large message\n";
    }
    CHECK(runner.send(".\r\n") == "250 2.0.0 <jdoe> SESSION Saved\r\n");
    REQUIRE(runner.backend().delivered.size() == 1);
    CHECK(runner.backend().delivered[0].message == expected);
}

TEST_CASE("the default limit of recipients is kept at its edge") {
    DialogueRunner runner(settings(), peer());
    runner.start();
    runner.send("MAIL FROM:<a@b>\r\n");
    std::string commands;
    for (int i = 0; i < 1000; ++i)
        commands += "RCPT TO:<user" + std::to_string(i) + "@example.com>\r\n";
    std::string replies = runner.send(commands);
    CHECK(line_count(replies) == 1000);
    CHECK(replies.find("451") == std::string::npos);
    CHECK(runner.send("RCPT TO:<one.more@example.com>\r\n") == "451 4.5.3 Too many recipients\r\n");
    CHECK(line_count(runner.send("DATA\r\nx: y\r\n.\r\n")) == 1001);
}

TEST_CASE("an address may be long, up to mail's limit") {
    DialogueRunner runner(settings(), peer());
    runner.start();
    const std::string limit(990, 'a');
    CHECK(runner.send("MAIL FROM:<" + limit + "aaaaaaaaaaa>\r\n") ==
          "501 5.5.4 Invalid FROM: Path is too long\r\n");
    CHECK(runner.send("MAIL FROM:<" + limit + ">\r\n") == "250 2.1.0 OK\r\n");
    CHECK(runner.send("RCPT TO:<" + limit + ">\r\n") == "250 2.1.5 OK\r\n");
}

TEST_CASE("reply codes suit the enhanced codes") {
    struct Case {
        deliver::Disposition disposition;
        int code;
    };
    using deliver::Disposition;
    const Case cases[] = {
        {Disposition::delivered(), 250},
        {Disposition{}, 451},
        {Disposition::temporary({4, 2, 0}, ""), 451},
        {Disposition::temporary({4, 2, 2}, ""), 452},
        {Disposition::temporary({4, 3, 1}, ""), 452},
        {Disposition::permanent({5, 1, 1}, ""), 550},
        {Disposition::permanent({5, 1, 3}, ""), 550},
        {Disposition::permanent({5, 2, 0}, ""), 552},
        {Disposition::permanent({5, 2, 2}, ""), 552},
        {Disposition::permanent({5, 3, 4}, ""), 552},
        {Disposition::permanent({5, 6, 0}, ""), 554},
        {Disposition::permanent({5, 7, 1}, ""), 550},
    };
    for (const Case& c : cases) {
        CAPTURE(c.disposition.status.text());
        CHECK(lmtp::reply_code(c.disposition) == c.code);
    }
}

TEST_CASE("a reply never holds what would break the line or make it too long") {
    auto reply = lmtp::recipient_reply(
        deliver::Disposition::permanent({5, 2, 0}, "a\r250 b" + std::string(1000, 'x')), "jdoe");
    CHECK(reply.starts_with("552 5.2.0 <jdoe> a?250 bxxx"));
    CHECK(reply.size() <= 512);
    CHECK(line_count(reply) == 1);
}

TEST_CASE("a text of several lines is a reply of several lines (RFC 5321 §4.2.1)") {
    CHECK(lmtp::recipient_reply(deliver::Disposition::permanent({5, 7, 1}, "spam\n250 me\n"),
                                "jdoe", "id") ==
          "550-5.7.1 <jdoe> id spam\r\n550-5.7.1 250 me\r\n550 5.7.1 \r\n");
}

TEST_CASE("no more than 32 parameters") {
    std::string text;
    for (int i = 0; i < 32; ++i)
        text += " k=v";
    CHECK(lmtp::parse_parameters(text)->size() == 32);
    CHECK_FALSE(lmtp::parse_parameters(text + " k=v"));
}
