// SPDX-License-Identifier: MIT
#include "deliver/record.h"

#include "deliver/explain.h"
#include "deliver/json_text.h"
#include "temporary_directory.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <sys/stat.h>

using deliver::DeliveryRecord;

namespace {

DeliveryRecord sample() {
    DeliveryRecord record;
    record.time = base::WallTime(std::chrono::milliseconds(1'795'555'586'250));
    record.protocol = "lmtp";
    record.session = "abc";
    record.queue_id = "4XYZ";
    record.message_id = "<1@x>";
    record.sender = "";
    record.recipient = "jdoe+x@example.com";
    record.user = "jdoe@example.com";
    record.size = 73;
    record.result = "delivered";
    record.status = "2.0.0";
    record.text = "Saved";
    deliver::RecordedScript script;
    script.path = "/home/.dovecot.sieve";
    script.name = ".dovecot";
    script.role = "personal";
    script.program = "binary";
    script.result = "ran";
    script.steps = 12;
    script.micros = 345;
    sieve::Decision decision;
    decision.line = 2;
    decision.matches.push_back({2, "header", "Subject", "caf\xc3\xa9 \"now\"", "caf\xc3\xa9"});
    script.decisions.push_back(decision);
    script.warnings = {"line 1: odd"};
    script.source = std::string(32, '0');
    script.lines = {{2, "if header :contains \"Subject\" \"caf\xc3\xa9\" {"},
                    {3, "fileinto \"Test\"; }"},
                    {4, "redirect \"x@y\";"},
                    {9, "if not header \"list-id\" \"${x}\" {"}};
    script.acted = {3, 4};
    script.untrue.push_back(
        {9, {{9, "header", true, {{"list-id", "<a>", true}, {"x", "", false}}, {"<a>"}, 2, 1}}});
    script.omitted_tests = 7;
    record.scripts.push_back(script);
    record.actions.push_back(
        {"fileinto", "Test", ".dovecot", 3, "done", "/m/.Test/new/1", "\\Seen", ""});
    record.actions.push_back({"redirect", "x@y", ".dovecot", 4, "skipped", "", "", "a mail loop"});
    record.store_micros = 1000;
    record.total_micros = 2000;
    return record;
}

}  // namespace

TEST_CASE("a record is one line of JSON and comes back as it was") {
    const std::string line = deliver::to_json_line(sample());
    CHECK(line.back() == '\n');
    CHECK(std::count(line.begin(), line.end(), '\n') == 1);
    CHECK(line.starts_with(R"({"time":"2026-11-24T)"));
    const auto back = deliver::parse_record(line);
    REQUIRE(back);
    CHECK(deliver::to_json_line(*back) == line);
    CHECK(back->time == sample().time);
    CHECK(back->sender == "");
    CHECK(back->scripts[0].decisions[0].matches[0].value == "caf\xc3\xa9 \"now\"");
    CHECK(back->actions[1].detail == "a mail loop");
    CHECK_FALSE(back->scripts[0].untrue.at(0).tests.at(0).seen.at(1).there);
    CHECK(back->scripts[0].lines == sample().scripts[0].lines);
}

TEST_CASE("bytes that are no UTF-8 do no harm, and a line has a limit") {
    DeliveryRecord record = sample();
    record.sender = "\xff\xfe";
    CHECK(deliver::parse_record(deliver::to_json_line(record)));
    for (int i = 0; i < 2000; ++i)
        record.scripts[0].decisions.push_back(record.scripts[0].decisions[0]);
    const std::string line = deliver::to_json_line(record);
    CHECK(line.size() <= deliver::max_record_bytes);
    CHECK(deliver::parse_record(line)->scripts[0].omitted_decisions == 2001);
}

TEST_CASE("lines that are no records are no records") {
    const std::string line =
        GENERATE(values<std::string>({"", "x", "[]", "1", "{\"scripts\":3}", "{\"time\":1}",
                                      "{\"scripts\":[{\"line\":\"x\"}]}", "{\"time\":"}));
    CAPTURE(line);
    CHECK_FALSE(deliver::parse_record(line));
}

TEST_CASE("records are appended, for their owner alone, and put aside by size") {
    const TemporaryDirectory directory;
    const std::string path = directory.at("r.jsonl");
    const std::string line = deliver::to_json_line(sample());
    deliver::append_record(path, line);
    deliver::append_record(path, line);
    CHECK(directory.read("r.jsonl") == line + line);
    struct stat status {};
    REQUIRE(::stat(path.c_str(), &status) == 0);
    CHECK((status.st_mode & 0777) == 0600);

    directory.write("r.jsonl", line + std::string(deliver::rotate_record_bytes, '\n'));
    DeliveryRecord second = sample();
    second.message_id = "<2@x>";
    deliver::append_record(path, deliver::to_json_line(second));
    CHECK(directory.read("r.jsonl") == deliver::to_json_line(second));
    CHECK(deliver::find_records(path, "").size() == 2);
    CHECK(deliver::find_records(path, "<1@x>").size() == 1);
    CHECK(deliver::find_records(path, "2@x").size() == 1);
    CHECK(deliver::find_records(path, "4XYZ").size() == 2);
    CHECK(deliver::find_records(path, "abc").size() == 2);
    CHECK(deliver::find_records(path, "nothing").empty());
}

TEST_CASE("a directory that is not there is told to the caller") {
    CHECK_THROWS_AS(deliver::append_record("/nonexistent/r", "x"), std::system_error);
}

TEST_CASE("explain says in plain words what decided") {
    const std::string text = deliver::explain(sample(), deliver::Colours::none);
    for (const char* wanted :
         {"Message <1@x>", "of 73 bytes from <> to <jdoe+x@example.com> (user jdoe@example.com)",
          "Delivered at ", "queue id 4XYZ",
          "line 2: if header :contains \"Subject\" \"caf\xc3\xa9\": true: "
          "header Subject was \"caf\xc3\xa9 \"now\"\", which matched \"caf\xc3\xa9\"",
          "line 9: if not header \"list-id\" \"${x}\": not true: list-id was \"<a>\"; there was no "
          "x; "
          "and 2 more values, compared with \"<a>\" and 1 more (this test was true)",
          "and 7 more tests that were not true", "line 3: fileinto \"Test\"; }\n",
          "done: fileinto Test with the flags \\Seen", ".sieve:3: fileinto \"Test\"; }",
          "file /m/.Test/new/1", "skipped: forward to x@y", "because: a mail loop",
          "its file can no longer be read", "storing 1.0 ms"}) {
        CAPTURE(wanted, text);
        CHECK(text.find(wanted) != std::string::npos);
    }
    CHECK(text.find('\x1b') == std::string::npos);
    CHECK(deliver::explain(sample(), deliver::Colours::terminal).find("\x1b[1m") !=
          std::string::npos);
}

TEST_CASE("a record that grows too long loses first what was not true") {
    DeliveryRecord record = sample();
    while (deliver::to_json_line(record).size() < deliver::max_record_bytes * 3 / 4)
        record.scripts[0].untrue.push_back(record.scripts[0].untrue[0]);
    for (int i = 0; i < 300; ++i)
        record.scripts[0].decisions.push_back(record.scripts[0].decisions[0]);
    const std::string line = deliver::to_json_line(record);
    CHECK(line.size() <= deliver::max_record_bytes);
    const auto back = deliver::parse_record(line);
    REQUIRE(back);
    CHECK(back->scripts[0].untrue.empty());
    CHECK(back->scripts[0].omitted_tests == 7 + deliver::recorded_tests(record.scripts));
    CHECK(back->scripts[0].decisions.size() == 301);
}

TEST_CASE("any octets become valid JSON") {
    struct Case {
        const char* name;
        std::string text;
        const char* json;
    };
    const auto c = GENERATE(values<Case>({
        {"plain", "abc", "\"abc\""},
        {"quotes, backslash, line ends", "\"\\\n\r\t", R"("\"\\\n\r\t")"},
        {"control characters", std::string("\0\x1f\x7f", 3), "\"\\u0000\\u001f\x7f\""},
        {"UTF-8", "\xc3\xa9\xf0\x9f\x99\x82", "\"\xc3\xa9\xf0\x9f\x99\x82\""},
        {"a sequence cut short", "a\xe2\x82", "\"a\xef\xbf\xbd\xef\xbf\xbd\""},
        {"overlong", "\xc0\xaf", "\"\xef\xbf\xbd\xef\xbf\xbd\""},
        {"0xff among others", "a\xff\"", "\"a\xef\xbf\xbd\\\"\""},
    }));
    CAPTURE(c.name);
    deliver::JsonText json;
    json.string(c.text);
    CHECK(json.take() == c.json);
}
