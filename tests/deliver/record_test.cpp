// SPDX-License-Identifier: MIT
#include "deliver/record.h"

#include "deliver/explain.h"
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
    const TemporaryDirectory directory;
    DeliveryRecord record = sample();
    record.time = base::WallTime(std::chrono::system_clock::now().time_since_epoch().count() /
                                     1000 * std::chrono::microseconds(1) +
                                 std::chrono::hours(1));
    record.scripts[0].path = directory.write(
        "s.sieve",
        "require \"fileinto\";\nif header :contains \"Subject\" \"caf\xc3\xa9\" {\n  "
        "fileinto \"Test\"; }\nredirect \"x@y\";\n");
    const std::string text = deliver::explain(record, deliver::Colours::none);
    for (const char* wanted :
         {"Message <1@x>", "of 73 bytes from <> to <jdoe+x@example.com> (user jdoe@example.com)",
          "Delivered at ", "queue id 4XYZ", "line 2: if header :contains \"Subject\"",
          "header Subject was \"caf\xc3\xa9 \"now\"\", which matched \"caf\xc3\xa9\"",
          "done: fileinto Test with the flags \\Seen", "s.sieve:3: fileinto \"Test\"; }",
          "file /m/.Test/new/1", "skipped: forward to x@y", "because: a mail loop",
          "storing 1.0 ms"}) {
        CAPTURE(wanted, text);
        CHECK(text.find(wanted) != std::string::npos);
    }
    CHECK(text.find('\x1b') == std::string::npos);
    CHECK(deliver::explain(record, deliver::Colours::terminal).find("\x1b[1m") !=
          std::string::npos);
}
