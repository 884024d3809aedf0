// SPDX-License-Identifier: MIT
#include "deliver/record.h"

#include "base/error.h"
#include "base/fd.h"

#include <nlohmann/json.hpp>

#include <array>
#include <cstdio>
#include <ctime>
#include <fcntl.h>
#include <sys/stat.h>

namespace deliver {
namespace {

// Ordered, so that lines read well and differ little.
using Json = nlohmann::ordered_json;

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

void put(Json& object, const char* key, const std::string& value) {
    if (!value.empty()) object[key] = value;
}
template <typename Number>
void put_number(Json& object, const char* key, Number value) {
    if (value != 0) object[key] = value;
}

Json to_json(const sieve::Decision& decision) {
    Json matches = Json::array();
    for (const sieve::MatchRecord& match : decision.matches) {
        Json object;
        object["line"] = match.line;
        object["test"] = match.test;
        put(object, "field", match.field);
        object["value"] = match.value;
        put(object, "key", match.key);
        matches.push_back(std::move(object));
    }
    Json object;
    object["line"] = decision.line;
    if (!matches.empty()) object["matches"] = std::move(matches);
    return object;
}

Json to_json(const RecordedScript& script) {
    Json object;
    object["path"] = script.path;
    object["name"] = script.name;
    object["role"] = script.role;
    put(object, "program", script.program);
    object["result"] = script.result;
    put(object, "why", script.why);
    put_number(object, "line", script.line);
    put_number(object, "steps", script.steps);
    object["micros"] = script.micros;
    if (!script.decisions.empty()) {
        Json& rules = object["rules"] = Json::array();
        for (const sieve::Decision& decision : script.decisions)
            rules.push_back(to_json(decision));
    }
    put_number(object, "rules_omitted", script.omitted_decisions);
    if (!script.warnings.empty()) object["warnings"] = script.warnings;
    return object;
}

Json to_json(const RecordedAction& action) {
    Json object;
    object["what"] = action.what;
    put(object, "target", action.target);
    put(object, "script", action.script);
    put_number(object, "line", action.line);
    object["result"] = action.result;
    put(object, "file", action.file);
    put(object, "flags", action.flags);
    put(object, "detail", action.detail);
    return object;
}

Json to_json(const DeliveryRecord& record) {
    Json object;
    object["time"] = utc_text(record.time);
    object["protocol"] = record.protocol;
    put(object, "session", record.session);
    put(object, "queue_id", record.queue_id);
    put(object, "message_id", record.message_id);
    if (record.sender) object["sender"] = *record.sender;
    object["recipient"] = record.recipient;
    object["user"] = record.user;
    object["size"] = record.size;
    object["result"] = record.result;
    object["status"] = record.status;
    object["text"] = record.text;
    Json& scripts = object["scripts"] = Json::array();
    for (const RecordedScript& script : record.scripts)
        scripts.push_back(to_json(script));
    Json& actions = object["actions"] = Json::array();
    for (const RecordedAction& action : record.actions)
        actions.push_back(to_json(action));
    Json& micros = object["micros"];
    micros["scripts"] = record.scripts_micros;
    micros["store"] = record.store_micros;
    micros["send"] = record.send_micros;
    micros["total"] = record.total_micros;
    return object;
}

std::string dump(const Json& object) {
    // Bytes that are no UTF-8 (header values may hold them) become U+FFFD.
    return object.dump(-1, ' ', false, Json::error_handler_t::replace) + '\n';
}

// Missing keys give empty values; a wrong type throws and makes the line no record.
template <typename T>
T get(const Json& object, const char* key) {
    return object.value(key, T());
}

sieve::Decision decision_of(const Json& object) {
    sieve::Decision decision;
    decision.line = get<unsigned>(object, "line");
    for (const Json& match : object.value("matches", Json::array()))
        decision.matches.push_back({get<unsigned>(match, "line"), get<std::string>(match, "test"),
                                    get<std::string>(match, "field"),
                                    get<std::string>(match, "value"),
                                    get<std::string>(match, "key")});
    return decision;
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

std::string to_json_line(const DeliveryRecord& record) {
    std::string line = dump(to_json(record));
    if (line.size() <= max_record_bytes) return line;
    DeliveryRecord shorter = record;
    for (RecordedScript& script : shorter.scripts) {
        script.omitted_decisions += script.decisions.size();
        script.decisions.clear();
        script.warnings.clear();
    }
    return dump(to_json(shorter));
}

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

void append_record(const std::string& path, std::string_view line) {
    struct stat status {};
    if (::stat(path.c_str(), &status) == 0 &&
        static_cast<std::size_t>(status.st_size) >= rotate_record_bytes)
        std::rename(path.c_str(), (path + ".1").c_str());
    base::Fd fd =
        base::open_file(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_NOCTTY | O_NONBLOCK, 0600);
    base::write_all(fd.get(), line, path);  // one write(2) unless the kernel takes less of it
    fd.close(path);
}

}  // namespace deliver
