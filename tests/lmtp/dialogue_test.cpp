// SPDX-License-Identifier: MIT
// Runs the dialogues of fixtures/sessions/lmtp: each as written, byte by byte, with look-ups on
// worker threads, and pipelined: everything that the client says in one piece.
//   set KEY [VALUE]   settings, before the first C:
//   C: TEXT           a line with CRLF          C~ TEXT  bytes as they are, \r \n \0 \t \\ escaped
//   C* N TEXT         TEXT, N times, no line end
//   S: TEXT           a line of the answer
//   ! tls | idle | shutdown
//   M: TEXT           what was delivered at the end: envelope and message, escaped
// UPDATE_GOLDEN=1 writes the S: and M: lines anew.
#include "base/text.h"
#include "tests/lmtp/dialogue_runner.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace {

namespace fs = std::filesystem;

std::vector<std::string> lines_of(const fs::path& path) {
    std::ifstream file(path);
    std::vector<std::string> lines;
    for (std::string line; std::getline(file, line);)
        lines.push_back(line);
    return lines;
}

std::string unescape(std::string_view text) {
    std::string bytes;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '\\' || i + 1 == text.size()) {
            bytes += text[i];
            continue;
        }
        char c = text[++i];
        bytes += c == 'r' ? '\r' : c == 'n' ? '\n' : c == '0' ? '\0' : c == 't' ? '\t' : c;
    }
    return bytes;
}

std::string escape(std::string_view bytes) {
    std::string text;
    for (char c : bytes) {
        switch (c) {
            case '\r':
                text += "\\r";
                break;
            case '\n':
                text += "\\n";
                break;
            case '\t':
                text += "\\t";
                break;
            case '\0':
                text += "\\0";
                break;
            case '\\':
                text += "\\\\";
                break;
            default:
                text += c;
        }
    }
    return text;
}

struct SetUp {
    lmtp::Settings settings;
    lmtp::Peer peer;
};

SetUp read_set_up(const std::vector<std::string>& lines) {
    SetUp made;
    made.settings.hostname = "mx.test";
    made.peer.session = "SESSION";
    for (const std::string& line : lines) {
        if (!line.starts_with("set ")) continue;
        std::vector<std::string_view> words = base::words(line);
        std::string_view key = words[1];
        std::size_t number = 0;
        if (words.size() > 2) number = base::parse_number<std::size_t>(words[2]).value_or(0);
        if (key == "trusted")
            made.peer.trusted = true;
        else if (key == "address")
            made.peer.address = words[2];
        else if (key == "starttls")
            made.settings.starttls = true;
        else if (key == "message_bytes")
            made.settings.limits.message_bytes = number;
        else if (key == "recipients")
            made.settings.limits.recipients = number;
        else if (key == "line_bytes")
            made.settings.limits.line_bytes = number;
        else if (key == "deliveries_per_user")
            made.settings.limits.deliveries_per_user = static_cast<unsigned>(number);
        else if (key == "original")
            made.settings.delivery_address = lmtp::DeliveryAddress::original;
        else if (key == "no_received")
            made.settings.add_received_header = false;
        else if (key == "workarounds")
            made.settings.whitespace_before_path = made.settings.mailbox_for_path = true;
        else
            throw std::runtime_error("unknown: " + line);
    }
    return made;
}

std::string client_bytes(const std::string& line) {
    if (line.starts_with("C: ") || line == "C:")
        return line.substr(std::min<std::size_t>(3, line.size())) + "\r\n";
    if (line.starts_with("C~ ")) return unescape(std::string_view(line).substr(3));
    std::vector<std::string_view> words = base::words(line);  // C* N TEXT
    std::string bytes;
    for (auto n = base::parse_number<std::size_t>(words[1]).value(); n > 0; --n)
        bytes += words[2];
    return bytes;
}

enum class Manner { by_line, by_byte, on_workers, pipelined };

// The file as it would be with the session's present answers.
std::vector<std::string> replay(const std::vector<std::string>& lines, Manner manner) {
    SetUp set_up = read_set_up(lines);
    DialogueRunner runner(set_up.settings, set_up.peer);
    runner.backend().may_block = manner == Manner::on_workers;
    std::vector<std::string> written;
    std::string answer;
    std::string batch;
    bool started = false;
    auto settle = [&] {
        if (manner == Manner::by_byte) {
            for (char c : batch)
                answer += runner.send(std::string_view(&c, 1));
        } else if (!batch.empty()) {
            answer += runner.send(batch);
        }
        batch.clear();
        std::string_view rest = answer;
        while (!rest.empty()) {
            std::size_t end = rest.find("\r\n");
            REQUIRE(end != std::string_view::npos);  // whole lines only
            written.push_back("S: " + std::string(rest.substr(0, end)));
            rest.remove_prefix(end + 2);
        }
        answer.clear();
        if (runner.closed() && (written.empty() || written.back() != "! closed"))
            written.push_back("! closed");
    };
    for (std::size_t i = 0; i < lines.size(); ++i) {
        const std::string& line = lines[i];
        if (line.starts_with("S: ") || line.starts_with("M: ") || line == "! closed") continue;
        bool speaks = line.starts_with("C") || line.starts_with("!");
        if (speaks && !started) {
            started = true;
            answer += runner.start();
            settle();
        }
        written.push_back(line);
        if (line.starts_with("C")) {
            batch += client_bytes(line);
            bool more = i + 1 < lines.size() && !lines[i + 1].starts_with("!");
            if (manner != Manner::pipelined || !more) settle();
        } else if (line == "! tls") {
            settle();
            REQUIRE(runner.wants_tls());
            answer += runner.start_tls();
            settle();
        } else if (line == "! idle" || line == "! shutdown") {
            settle();
            answer += runner.end(line == "! idle" ? base::End::inactivity : base::End::shutdown);
            settle();
        }
    }
    settle();
    for (const Delivered& delivered : runner.backend().delivered) {
        const deliver::Envelope& envelope = delivered.envelope;
        std::string text = "<" + envelope.sender.value_or("?") + "> <" + envelope.recipient + ">";
        if (envelope.original_recipient) text += " orcpt=" + *envelope.original_recipient;
        if (!envelope.remote_address.empty()) text += " addr=" + envelope.remote_address;
        if (!envelope.remote_host.empty()) text += " name=" + envelope.remote_host;
        if (!envelope.helo.empty()) text += " helo=" + envelope.helo;
        if (!envelope.queue_id.empty()) text += " ident=" + envelope.queue_id;
        if (!envelope.auth_user.empty()) text += " login=" + envelope.auth_user;
        if (envelope.smtputf8) text += " smtputf8";
        written.push_back("M: " + text + " " + envelope.session);
        written.push_back("M:   " + escape(delivered.message.substr(0, 1000)));
    }
    return written;
}

// What the session said and stored, without when.
std::vector<std::string> answers(const std::vector<std::string>& lines) {
    std::vector<std::string> kept;
    for (const std::string& line : lines) {
        if (line.starts_with("S: ") || line.starts_with("M: ")) kept.push_back(line);
    }
    return kept;
}

std::string joined(const std::vector<std::string>& lines) {
    std::string text;
    for (const std::string& line : lines)
        text += line + "\n";
    return text;
}

}  // namespace

TEST_CASE("the LMTP dialogues run as written, however the bytes are cut") {
    const char* fixtures = std::getenv("TAMIS_FIXTURES");
    REQUIRE(fixtures != nullptr);
    int count = 0;
    for (const auto& entry : fs::directory_iterator(fs::path(fixtures) / "sessions/lmtp")) {
        CAPTURE(entry.path().filename().string());
        std::vector<std::string> lines = lines_of(entry.path());
        if (std::getenv("UPDATE_GOLDEN") != nullptr) {
            std::ofstream(entry.path()) << joined(replay(lines, Manner::by_line));
            lines = lines_of(entry.path());
        }
        CHECK(joined(replay(lines, Manner::by_line)) == joined(lines));
        CHECK(joined(replay(lines, Manner::by_byte)) == joined(lines));
        CHECK(joined(replay(lines, Manner::on_workers)) == joined(lines));
        CHECK(joined(answers(replay(lines, Manner::pipelined))) == joined(answers(lines)));
        ++count;
    }
    CHECK(count >= 10);
}
