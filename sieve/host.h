// SPDX-License-Identifier: MIT
// Questions that a script may ask of the world around the message. The machine only reads; what
// should change is an Action (sieve/action.h). Extensions that ask more add a function here with a
// default answer.
#pragma once

#include "sieve/edit.h"
#include "sieve/message.h"
#include "sieve/script_name.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sieve {

class Program;
class Testsuite;

// 0 to 10, 0 to 100, 0 to 5 (RFC 5235 §3.2.1, §3.2.2, §3.3).
enum class ScanScale : std::uint8_t { spam, spam_percent, virus };

// A message after edits, and the octets that were copied for it.
struct Edited {
    std::shared_ptr<const Message> message;
    std::uint64_t cost = 0;
};

// A script to include. It stays as it is as long as the run.
struct IncludedScript {
    const Program* program = nullptr;  // absent: it cannot run
    bool missing = false;              // because there is none
    std::string name;                  // for Origin and reports: no other script has it
    std::string why;                   // it cannot run and is there
};

// How a program ended that a script ran (vnd.dovecot.execute and .filter).
struct ScriptProgramEnd {
    bool started = false;
    bool success = false;  // it ended by itself with status 0
    std::string output{};  // bounded
    std::string why{};     // it was not started
};
// What a program reads: the message, or a text.
struct ProgramInput {
    const Message* message = nullptr;
    std::string_view text{};
};
struct FilterEnd {
    ScriptProgramEnd program;
    Edited edited;  // with success: the message that it gave back; absent where that was nothing
};

// Of an external list: the member that a value is, as the list has it, and the octets that were
// looked at to find it.
struct ListAnswer {
    std::optional<std::string> member;
    std::uint64_t cost = 0;
};

class Host {
  public:
    virtual ~Host() = default;

    // The time of the run, the same for all of it (RFC 5260 §5), with the local zone.
    virtual DateTime now() const = 0;
    // Offset of the local zone at that time, minutes east of UTC.
    virtual int local_zone_minutes(std::int64_t unix_seconds) const = 0;
    // Whether the mailbox (UTF-8 name, the user's separator) exists and mail can be stored there
    // (RFC 5490 §3.1).
    virtual bool mailbox_exists(std::string_view name) const = 0;
    // Mailboxes that exist, can be stored into and have this attribute (RFC 8579), always in the
    // same order.
    virtual std::vector<std::string> special_use_mailboxes(std::string_view /*use*/) const {
        return {};
    }
    // The mailbox that has this MAILBOXID (RFC 8474) and can be stored into (RFC 9042 §6).
    virtual std::optional<std::string> mailbox_of_id(std::string_view /*id*/) const {
        return std::nullopt;
    }
    // An environment item (RFC 5183), or nothing where it is not known.
    virtual std::optional<std::string> environment(std::string_view /*item*/) const {
        return std::nullopt;
    }
    // What the scanners in front said of the message (RFC 5235); 0 where they did not look.
    virtual unsigned scan_result(ScanScale /*scale*/) const { return 0; }
    // Whether the id was remembered by an earlier successful run and has not expired (RFC 7352).
    virtual bool seen_before(std::string_view /*id*/) const { return false; }
    // Why there is no such external list that could be asked (RFC 6134); empty where there is one.
    // Lists go by canonical_list_name(), and stay as they are as long as the run.
    virtual std::string list_trouble(std::string_view /*list*/) const {
        return "there is no such list";
    }
    // The two below are called for lists without trouble. Without regard to case.
    virtual ListAnswer find_in_list(std::string_view /*list*/, std::string_view /*value*/) const {
        return {};
    }
    // Nothing where they cannot be listed.
    virtual std::optional<std::vector<std::string>> list_members(std::string_view /*list*/) const {
        return std::nullopt;
    }
    // The script of that name, which is_script_name() has passed.
    virtual IncludedScript include(ScriptPlace /*place*/, std::string_view /*name*/) const {
        return {.missing = true};
    }
    // A server annotation, or one of the mailbox (RFC 5464, RFC 5490): its value, nothing where it
    // has none. Throws where nobody can know for now.
    virtual std::optional<std::string> annotation(std::optional<std::string_view> /*mailbox*/,
                                                  std::string_view /*entry*/) const {
        return std::nullopt;
    }
    // Of a program of sieve-testsuite; nobody else may run it.
    virtual Testsuite* testsuite() const { return nullptr; }
    // Runs a program that the administrator provides.
    virtual ScriptProgramEnd execute(const std::string& /*program*/,
                                     const std::vector<std::string>& /*arguments*/,
                                     const ProgramInput& /*input*/) const {
        return {.why = "no programs are run here"};
    }
    // The same with the message as it stands for its input, and a new one for its output.
    virtual FilterEnd filter(const std::string& /*program*/,
                             const std::vector<std::string>& /*arguments*/,
                             const Message& /*message*/) const {
        return {.program = {.why = "no programs are run here"}, .edited = {}};
    }
    // The message (the run's, or one that this function made) after these edits, in order; a
    // ReplacePart or Enclose comes alone. No message where the host cannot edit. `before` need not
    // outlive the answer.
    virtual Edited edited(const Message& /*before*/, std::span<const Edit> /*edits*/) const {
        return {};
    }
};

}  // namespace sieve
