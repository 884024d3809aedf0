// SPDX-License-Identifier: MIT
#include "deliver/explain.h"

#include "base/file.h"
#include "base/text.h"
#include "deliver/explain_script.h"
#include "deliver/user_log.h"

namespace deliver {
namespace {

constexpr std::size_t max_record_file_bytes = 16 * rotate_record_bytes;

std::string sender_text(const DeliveryRecord& record) {
    if (!record.sender) return "an unknown sender";
    return '<' + *record.sender + '>';
}

std::string result_words(const DeliveryRecord& record) {
    if (record.result == "delivered") return "Delivered";
    if (record.result == "permanent") return "Refused for good";
    return "Not delivered yet (the mail server keeps it and tries again)";
}

void add_heading(Text& text, const DeliveryRecord& record) {
    text.add("Message " + record.message_id, Tone::title);
    text.add(" of " + std::to_string(record.size) + " bytes from " + sender_text(record) + " to <" +
             record.recipient + '>');
    if (record.user != record.recipient) text.add(" (user " + record.user + ')');
    text.line();
    text.add(result_words(record), result_tone(record.result));
    text.add(" at " + local_time_text(record.time) + " by " + record.protocol);
    if (!record.queue_id.empty()) text.add(", queue id " + record.queue_id);
    if (!record.session.empty()) text.add(", session " + record.session);
    text.add(": " + record.status + ' ' + record.text).line();
}

std::string action_words(const RecordedAction& action) {
    const std::string target = base::printable(action.target, 300);
    if (action.what == "keep")
        return (action.script.empty() ? "implicit keep in " : "keep in ") + target;
    if (action.what == "save") return "store in " + target;
    if (action.what == "fileinto") return "fileinto " + target;
    if (action.what == "redirect") return "forward to " + target;
    if (action.what == "pipe") return "give to the program " + target;
    if (action.what == "vacation") return "vacation reply to " + target;
    if (action.what == "notify") return "notification to " + target;
    if (action.what == "remember") return "remember the message as seen";
    return target.empty() ? action.what : action.what + ' ' + target;
}

void add_action(Text& text, const RecordedAction& action, ScriptLines& lines) {
    text.add("  ").add(action.result, result_tone(action.result));
    text.add(": " + action_words(action));
    if (!action.flags.empty()) text.add(" with the flags " + action.flags);
    text.line();
    if (!action.script.empty()) {
        const RecordedScript* script = lines.script(action.script);
        text.add("       because of " + (script == nullptr ? action.script : script->path) + ':' +
                 std::to_string(action.line) + ": ");
        if (script != nullptr) text.add(lines.line(*script, action.line), Tone::source);
        text.line();
    }
    if (!action.file.empty()) text.add("       file " + action.file).line();
    if (!action.detail.empty())
        text.add("       " + std::string(action.result == "done" ? "" : "because: ") +
                 base::printable(action.detail, 500))
            .line();
}

void add_scripts(Text& text, const DeliveryRecord& record, ScriptLines& lines) {
    text.add("Scripts", Tone::title).line();
    if (record.scripts.empty()) text.add("  none ran").line();
    for (const RecordedScript& script : record.scripts)
        explain_script(text, script, lines);
    text.line().add("Actions", Tone::title).line();
    if (record.actions.empty()) text.add("  none").line();
    for (const RecordedAction& action : record.actions)
        add_action(text, action, lines);
}

bool matches(const DeliveryRecord& record, std::string_view wanted) {
    if (wanted.empty()) return true;
    const auto bare = [](std::string_view id) {
        if (id.size() > 2 && id.front() == '<' && id.back() == '>')
            id = id.substr(1, id.size() - 2);
        return id;
    };
    return bare(record.message_id) == bare(wanted) || record.queue_id == wanted ||
           record.session == wanted;
}

}  // namespace

std::string explain_run(const DeliveryRecord& record, Colours colours) {
    Text text(colours);
    ScriptLines lines(record);
    add_scripts(text, record, lines);
    return text.take();
}

std::string explain(const DeliveryRecord& record, Colours colours) {
    Text text(colours);
    ScriptLines lines(record);
    add_heading(text, record);
    text.line();
    add_scripts(text, record, lines);
    text.line().add("Time", Tone::title);
    text.add("  scripts " + milliseconds(record.scripts_micros) + ", storing " +
             milliseconds(record.store_micros) + ", sending " + milliseconds(record.send_micros) +
             ", in all " + milliseconds(record.total_micros));
    return text.line().take();
}

std::string summary(const DeliveryRecord& record) {
    std::string where;
    for (const RecordedAction& action : record.actions)
        if (action.result == "done" && action.what != "remember")
            where += (where.empty() ? "" : ", ") + action_words(action);
    return local_time_text(record.time) + "  " + record.result + "  " + record.message_id + "  " +
           (where.empty() ? record.text : where);
}

std::vector<FoundRecord> find_records(const std::string& path, std::string_view wanted) {
    std::vector<FoundRecord> found;
    for (const std::string& file : {path + ".1", path}) {
        const auto text = base::read_file(file, max_record_file_bytes);
        if (!text) continue;
        for (const std::string_view line : base::split(*text, '\n'))
            if (auto record = parse_record(line); record && matches(*record, wanted))
                found.push_back({std::string(line), std::move(*record)});
    }
    return found;
}

}  // namespace deliver
