// SPDX-License-Identifier: MIT
// A line of a record file back to a record.
#include "base/text.h"
#include "deliver/record.h"

#include <nlohmann/json.hpp>

#include <cstdio>
#include <ctime>

namespace deliver {
namespace {

using Json = nlohmann::json;

base::WallTime parse_utc(const std::string& text) {
    std::tm utc{};
    int millis = 0;
    if (std::sscanf(text.c_str(), "%d-%d-%dT%d:%d:%d.%dZ", &utc.tm_year, &utc.tm_mon, &utc.tm_mday,
                    &utc.tm_hour, &utc.tm_min, &utc.tm_sec, &millis) != 7)
        return {};
    utc.tm_year -= 1900;
    utc.tm_mon -= 1;
    return base::WallTime(std::chrono::seconds(::timegm(&utc)) + std::chrono::milliseconds(millis));
}

// Missing keys give empty values; a wrong type throws and makes the line no record.
template <typename T>
T get(const Json& object, const char* key) {
    return object.value(key, T());
}

sieve::TestRecord test_of(const Json& object) {
    sieve::TestRecord test;
    test.line = get<unsigned>(object, "line");
    test.test = get<std::string>(object, "test");
    test.truth = get<bool>(object, "true");
    for (const Json& seen : object.value("seen", Json::array()))
        test.seen.push_back({get<std::string>(seen, "field"), get<std::string>(seen, "value"),
                             seen.contains("value")});
    test.omitted_seen = get<std::size_t>(object, "seen_omitted");
    test.keys = get<std::vector<std::string>>(object, "keys");
    test.omitted_keys = get<std::size_t>(object, "keys_omitted");
    return test;
}

sieve::Decision decision_of(const Json& object) {
    sieve::Decision decision;
    decision.line = get<unsigned>(object, "line");
    for (const Json& match : object.value("matches", Json::array()))
        decision.matches.push_back({get<unsigned>(match, "line"), get<std::string>(match, "test"),
                                    get<std::string>(match, "field"),
                                    get<std::string>(match, "value"),
                                    get<std::string>(match, "key")});
    for (const Json& test : object.value("untrue", Json::array()))
        decision.untrue.push_back(test_of(test));
    return decision;
}

sieve::UntrueRule untrue_of(const Json& object) {
    sieve::UntrueRule rule;
    rule.line = get<unsigned>(object, "line");
    for (const Json& test : object.value("tests", Json::array()))
        rule.tests.push_back(test_of(test));
    return rule;
}

RecordedScript script_of(const Json& object) {
    RecordedScript script;
    script.path = get<std::string>(object, "path");
    script.name = get<std::string>(object, "name");
    script.role = get<std::string>(object, "role");
    script.program = get<std::string>(object, "program");
    script.result = get<std::string>(object, "result");
    script.why = get<std::string>(object, "why");
    script.line = get<unsigned>(object, "line");
    script.steps = get<std::uint64_t>(object, "steps");
    script.micros = get<std::int64_t>(object, "micros");
    for (const Json& rule : object.value("rules", Json::array()))
        script.decisions.push_back(decision_of(rule));
    script.omitted_decisions = get<std::size_t>(object, "rules_omitted");
    script.source = get<std::string>(object, "source");
    for (const Json& rule : object.value("untrue", Json::array()))
        script.untrue.push_back(untrue_of(rule));
    script.omitted_tests = get<std::size_t>(object, "tests_omitted");
    script.acted = get<std::vector<unsigned>>(object, "acted");
    script.stopped_in = get<unsigned>(object, "stopped");
    for (const Json& error : object.value("errors", Json::array()))
        script.errors.push_back({get<unsigned>(error, "line"), get<std::string>(error, "text")});
    script.omitted_errors = get<std::size_t>(object, "errors_omitted");
    const Json lines = object.value("lines", Json::object());
    for (const auto& [number, text] : lines.items())
        if (const auto line = base::parse_number<unsigned>(number))
            script.lines[*line] = text.get<std::string>();
    script.warnings = get<std::vector<std::string>>(object, "warnings");
    return script;
}

RecordedAction action_of(const Json& object) {
    return {get<std::string>(object, "what"),   get<std::string>(object, "target"),
            get<std::string>(object, "script"), get<unsigned>(object, "line"),
            get<std::string>(object, "result"), get<std::string>(object, "file"),
            get<std::string>(object, "flags"),  get<std::string>(object, "detail")};
}

DeliveryRecord record_of(const Json& object) {
    DeliveryRecord record;
    record.time = parse_utc(get<std::string>(object, "time"));
    record.protocol = get<std::string>(object, "protocol");
    record.session = get<std::string>(object, "session");
    record.queue_id = get<std::string>(object, "queue_id");
    record.message_id = get<std::string>(object, "message_id");
    if (object.contains("sender")) record.sender = get<std::string>(object, "sender");
    record.recipient = get<std::string>(object, "recipient");
    record.user = get<std::string>(object, "user");
    record.size = get<std::uint64_t>(object, "size");
    record.result = get<std::string>(object, "result");
    record.status = get<std::string>(object, "status");
    record.text = get<std::string>(object, "text");
    for (const Json& script : object.value("scripts", Json::array()))
        record.scripts.push_back(script_of(script));
    for (const Json& action : object.value("actions", Json::array()))
        record.actions.push_back(action_of(action));
    const Json micros = object.value("micros", Json::object());
    record.scripts_micros = get<std::int64_t>(micros, "scripts");
    record.store_micros = get<std::int64_t>(micros, "store");
    record.send_micros = get<std::int64_t>(micros, "send");
    record.total_micros = get<std::int64_t>(micros, "total");
    return record;
}

}  // namespace

std::optional<DeliveryRecord> parse_record(std::string_view line) {
    if (!line.starts_with('{')) return std::nullopt;
    const Json object = Json::parse(line, nullptr, false);
    if (!object.is_object()) return std::nullopt;
    try {
        return record_of(object);
    } catch (const Json::exception&) {
        return std::nullopt;
    }
}

}  // namespace deliver
