// SPDX-License-Identifier: MIT
#include "deliver/explain.h"

#include "base/file.h"
#include "base/text.h"
#include "deliver/user_log.h"

#include <array>
#include <cstdio>
#include <map>
#include <sys/stat.h>
#include <system_error>

namespace deliver {
namespace {

constexpr std::size_t max_source_bytes = 1 << 20;
constexpr std::size_t shown_line_bytes = 120;
constexpr std::size_t max_record_file_bytes = 16 * rotate_record_bytes;

enum class Tone { plain, title, good, bad, faint, source };

class Text {
  public:
    explicit Text(Colours colours) : colours_(colours) {}

    Text& add(std::string_view text, Tone tone = Tone::plain) {
        if (colours_ == Colours::none || tone == Tone::plain) {
            text_ += text;
            return *this;
        }
        text_ += escape(tone);
        text_ += text;
        text_ += "\x1b[0m";
        return *this;
    }
    Text& line() {
        text_ += '\n';
        return *this;
    }
    std::string take() { return std::move(text_); }

  private:
    static std::string_view escape(Tone tone) {
        switch (tone) {
            case Tone::title:
                return "\x1b[1m";
            case Tone::good:
                return "\x1b[32m";
            case Tone::bad:
                return "\x1b[31m";
            case Tone::faint:
                return "\x1b[2m";
            case Tone::source:
                return "\x1b[36m";
            case Tone::plain:
                break;
        }
        return "";
    }

    Colours colours_;
    std::string text_;
};

// The lines of scripts as they stand now, and whether they have changed since the delivery.
class Sources {
  public:
    explicit Sources(const DeliveryRecord& record) : record_(record) {}

    std::string line(const std::string& path, unsigned number) {
        const std::vector<std::string>& lines = lines_of(path);
        if (number == 0 || number > lines.size()) return {};
        return base::printable(base::trim(lines[number - 1]), shown_line_bytes);
    }

    bool changed_since(const std::string& path) const {
        struct stat status {};
        if (::stat(path.c_str(), &status) != 0) return false;
        const base::WallTime modified{std::chrono::seconds(status.st_mtim.tv_sec)};
        return modified > record_.time;
    }

    // The path of the script with that display name.
    std::string path_of(const std::string& name) const {
        for (const RecordedScript& script : record_.scripts)
            if (script.name == name) return script.path;
        return {};
    }

  private:
    const std::vector<std::string>& lines_of(const std::string& path) {
        const auto known = files_.find(path);
        if (known != files_.end()) return known->second;
        std::vector<std::string> lines;
        try {
            if (const auto text = base::read_file(path, max_source_bytes))
                for (const std::string_view line : base::split(*text, '\n'))
                    lines.emplace_back(line);
        } catch (const std::system_error&) {
            lines.clear();  // explained without its lines
        }
        return files_.emplace(path, std::move(lines)).first->second;
    }

    const DeliveryRecord& record_;
    std::map<std::string, std::vector<std::string>> files_;
};

std::string milliseconds(std::int64_t micros) {
    std::array<char, 32> buffer{};
    std::snprintf(buffer.data(), buffer.size(), "%.1f ms", static_cast<double>(micros) / 1000.0);
    return buffer.data();
}

std::string quoted(const std::string& text) {
    return '"' + base::printable(text, 300) + '"';
}

std::string sender_text(const DeliveryRecord& record) {
    if (!record.sender) return "an unknown sender";
    return '<' + *record.sender + '>';
}

Tone result_tone(const std::string& result) {
    if (result == "delivered" || result == "done" || result == "ran") return Tone::good;
    return result == "skipped" ? Tone::faint : Tone::bad;
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

std::string program_words(const std::string& program) {
    if (program == "memory") return "compiled, kept in memory";
    if (program == "binary") return "compiled, kept on disk";
    if (program == "compiled") return "compiled for this message";
    return "did not run";
}

void add_match(Text& text, const sieve::MatchRecord& match) {
    text.add("         " + match.test);
    if (!match.field.empty()) text.add(' ' + match.field);
    text.add(" was " + quoted(match.value));
    if (!match.key.empty()) text.add(", which matched " + quoted(match.key));
    text.line();
}

void add_script(Text& text, const RecordedScript& script, Sources& sources) {
    text.add("  " + script.path, Tone::title);
    text.add(" (" + script.role + ", " + program_words(script.program) + ", " +
             milliseconds(script.micros) + ')');
    if (sources.changed_since(script.path))
        text.add(" changed since: its lines may be others now", Tone::faint);
    text.line();
    for (const sieve::Decision& decision : script.decisions) {
        text.add("    line " + std::to_string(decision.line) + ": ");
        text.add(sources.line(script.path, decision.line), Tone::source).line();
        for (const sieve::MatchRecord& match : decision.matches)
            add_match(text, match);
    }
    if (script.omitted_decisions > 0)
        text.add("    and " + std::to_string(script.omitted_decisions) + " more rules").line();
    if (script.result == "ran" && script.decisions.empty())
        text.add("    no rule of it was true", Tone::faint).line();
    if (script.result != "ran") {
        text.add("    " + script.result, Tone::bad);
        if (script.line != 0) text.add(" in line " + std::to_string(script.line));
        if (!script.why.empty()) text.add(": " + script.why);
        text.line();
    }
    for (const std::string& warning : script.warnings)
        text.add("    warning: " + warning).line();
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
    if (action.what == "remember") return "remember the message as seen";
    return target.empty() ? action.what : action.what + ' ' + target;
}

void add_action(Text& text, const RecordedAction& action, Sources& sources) {
    text.add("  ").add(action.result, result_tone(action.result));
    text.add(": " + action_words(action));
    if (!action.flags.empty()) text.add(" with the flags " + action.flags);
    text.line();
    if (!action.script.empty()) {
        const std::string path = sources.path_of(action.script);
        text.add("       because of " + (path.empty() ? action.script : path) + ':' +
                 std::to_string(action.line) + ": ");
        text.add(sources.line(path, action.line), Tone::source).line();
    }
    if (!action.file.empty()) text.add("       file " + action.file).line();
    if (!action.detail.empty())
        text.add("       " + std::string(action.result == "done" ? "" : "because: ") +
                 base::printable(action.detail, 500))
            .line();
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

std::string explain(const DeliveryRecord& record, Colours colours) {
    Text text(colours);
    Sources sources(record);
    add_heading(text, record);
    text.line().add("Scripts", Tone::title).line();
    if (record.scripts.empty()) text.add("  none ran").line();
    for (const RecordedScript& script : record.scripts)
        add_script(text, script, sources);
    text.line().add("Actions", Tone::title).line();
    if (record.actions.empty()) text.add("  none").line();
    for (const RecordedAction& action : record.actions)
        add_action(text, action, sources);
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
