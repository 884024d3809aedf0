// SPDX-License-Identifier: MIT
#include "deliver/record.h"

#include "base/error.h"
#include "base/fd.h"
#include "base/file.h"
#include "deliver/json_text.h"

#include <array>
#include <cstdio>
#include <ctime>
#include <fcntl.h>
#include <sys/stat.h>

namespace deliver {
namespace {

std::string utc_text(base::WallTime time) {
    const auto since = time.time_since_epoch();
    const std::time_t seconds = std::chrono::duration_cast<std::chrono::seconds>(since).count();
    std::tm utc{};
    ::gmtime_r(&seconds, &utc);
    std::array<char, 32> buffer{};
    std::strftime(buffer.data(), buffer.size(), "%Y-%m-%dT%H:%M:%S", &utc);
    std::array<char, 48> whole{};
    std::snprintf(whole.data(), whole.size(), "%s.%03dZ", buffer.data(),
                  static_cast<int>((since.count() / 1000) % 1000));
    return whole.data();
}

template <typename List, typename Write>
void array(JsonText& json, std::string_view name, const List& items, Write write_item) {
    json.key(name);
    json.begin_array();
    for (const auto& item : items)
        write_item(item);
    json.end_array();
}
template <typename List, typename Write>
void object_array(JsonText& json, std::string_view name, const List& items, Write write_item) {
    array(json, name, items, [&](const auto& item) {
        json.begin_object();
        write_item(item);
        json.end_object();
    });
}
// Left out where they are empty.
template <typename List, typename Write>
void list(JsonText& json, std::string_view name, const List& items, Write write_item) {
    if (!items.empty()) array(json, name, items, write_item);
}
template <typename List, typename Write>
void objects(JsonText& json, std::string_view name, const List& items, Write write_item) {
    if (!items.empty()) object_array(json, name, items, write_item);
}
void strings(JsonText& json, std::string_view name, const std::vector<std::string>& items) {
    list(json, name, items, [&](const std::string& item) { json.string(item); });
}

void write_test(JsonText& json, const sieve::TestRecord& test) {
    json.number_member("line", test.line);
    json.member("test", test.test);
    json.key("true");
    json.truth(test.truth);
    objects(json, "seen", test.seen, [&](const sieve::SeenValue& seen) {
        json.member_if("field", seen.field);
        if (seen.there) json.member("value", seen.value);
    });
    json.number_member_if("seen_omitted", test.omitted_seen);
    strings(json, "keys", test.keys);
    json.number_member_if("keys_omitted", test.omitted_keys);
}

void write_decision(JsonText& json, const sieve::Decision& decision) {
    json.number_member("line", decision.line);
    objects(json, "matches", decision.matches, [&](const sieve::MatchRecord& match) {
        json.number_member("line", match.line);
        json.member("test", match.test);
        json.member_if("field", match.field);
        json.member("value", match.value);
        json.member_if("key", match.key);
    });
    objects(json, "untrue", decision.untrue,
            [&](const sieve::TestRecord& test) { write_test(json, test); });
}

void write_untrue(JsonText& json, const sieve::UntrueRule& rule) {
    json.number_member("line", rule.line);
    objects(json, "tests", rule.tests,
            [&](const sieve::TestRecord& test) { write_test(json, test); });
}

void write_script(JsonText& json, const RecordedScript& script) {
    json.member("path", script.path);
    json.member("name", script.name);
    json.member("role", script.role);
    json.member_if("program", script.program);
    json.member("result", script.result);
    json.member_if("why", script.why);
    json.number_member_if("line", script.line);
    json.member_if("source", script.source);
    json.number_member_if("steps", script.steps);
    json.number_member("micros", script.micros);
    objects(json, "rules", script.decisions,
            [&](const sieve::Decision& decision) { write_decision(json, decision); });
    json.number_member_if("rules_omitted", script.omitted_decisions);
    objects(json, "untrue", script.untrue,
            [&](const sieve::UntrueRule& rule) { write_untrue(json, rule); });
    json.number_member_if("tests_omitted", script.omitted_tests);
    list(json, "acted", script.acted, [&](unsigned line) { json.number(line); });
    json.number_member_if("stopped", script.stopped_in);
    objects(json, "errors", script.errors, [&](const RecordedError& error) {
        json.number_member_if("line", error.line);
        json.member("text", error.text);
    });
    json.number_member_if("errors_omitted", script.omitted_errors);
    strings(json, "warnings", script.warnings);
    if (script.lines.empty()) return;
    json.key("lines");
    json.begin_object();
    for (const auto& [number, text] : script.lines)
        json.member(std::to_string(number), text);
    json.end_object();
}

void write_action(JsonText& json, const RecordedAction& action) {
    json.member("what", action.what);
    json.member_if("target", action.target);
    json.member_if("script", action.script);
    json.number_member_if("line", action.line);
    json.member("result", action.result);
    json.member_if("file", action.file);
    json.member_if("flags", action.flags);
    json.member_if("detail", action.detail);
}

std::string write(const DeliveryRecord& record) {
    JsonText json;
    json.begin_object();
    json.member("time", utc_text(record.time));
    json.member("protocol", record.protocol);
    json.member_if("session", record.session);
    json.member_if("queue_id", record.queue_id);
    json.member_if("message_id", record.message_id);
    if (record.sender) json.member("sender", *record.sender);
    json.member("recipient", record.recipient);
    json.member("user", record.user);
    json.number_member("size", record.size);
    json.member("result", record.result);
    json.member("status", record.status);
    json.member("text", record.text);
    object_array(json, "scripts", record.scripts,
                 [&](const RecordedScript& script) { write_script(json, script); });
    object_array(json, "actions", record.actions,
                 [&](const RecordedAction& action) { write_action(json, action); });
    json.key("micros");
    json.begin_object();
    json.number_member("scripts", record.scripts_micros);
    json.number_member("store", record.store_micros);
    json.number_member("send", record.send_micros);
    json.number_member("total", record.total_micros);
    json.end_object();
    json.end_object();
    return json.take() + '\n';
}

}  // namespace

std::string to_json_line(const DeliveryRecord& record) {
    std::string line = write(record);
    if (line.size() <= max_record_bytes) return line;
    DeliveryRecord shorter = record;
    for (RecordedScript& script : shorter.scripts) {
        script.omitted_tests += recorded_tests({script});
        script.untrue.clear();
        script.lines.clear();
    }
    line = write(shorter);
    if (line.size() <= max_record_bytes) return line;
    for (RecordedScript& script : shorter.scripts) {
        script.omitted_decisions += script.decisions.size();
        script.decisions.clear();
        script.warnings.clear();
    }
    return write(shorter);
}

void append_record(const std::string& path, std::string_view line) {
    base::rotate_file(path, path + ".1", rotate_record_bytes);
    base::Fd fd =
        base::open_file(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_NOCTTY | O_NONBLOCK, 0600);
    base::write_all(fd.get(), line, path);  // one write(2) unless the kernel takes less of it
    fd.close(path);
}

}  // namespace deliver
