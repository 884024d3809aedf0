// SPDX-License-Identifier: MIT
// What a Sieve run sees of the world: the message (over src/mail), and the host (store, clock,
// environment items of RFC 5183). Both belong to one run of a sequence in one thread and refer to
// what they were made from; answers are computed on first use and kept.
#pragma once

#include "base/spool.h"
#include "deliver/program.h"
#include "mail/message.h"
#include "sieve/host.h"
#include "sieve/message.h"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace base {
class Clock;
}
namespace store {
class Storage;
}

namespace deliver {

class ExternalLists;
class FileTypes;

class SieveMessage : public sieve::Message {
  public:
    explicit SieveMessage(const mail::Message& message);
    ~SieveMessage() override;

    const std::vector<std::string>& header(std::string_view name) const override;
    const std::vector<std::string>& raw_header(std::string_view name) const override;
    const std::vector<std::vector<sieve::Address>>& addresses(std::string_view name) const override;
    std::uint64_t size() const override;
    std::optional<std::string_view> raw_body() const override;
    const std::vector<sieve::BodyPart>& parts() const override;
    const std::vector<std::string>& decoded(std::size_t part) const override;
    const std::vector<std::string>& part_header(std::size_t part,
                                                std::string_view name) const override;
    const std::vector<std::vector<sieve::Address>>& part_addresses(
        std::size_t part, std::string_view name) const override;
    std::vector<sieve::MimeField> part_fields(std::size_t part,
                                              std::string_view name) const override;
    std::string part_text(std::size_t part) const override;
    sieve::DetectedType detected_type(std::size_t part) const override;
    const std::vector<std::string>& text() const override;

    // The header as it stands, and the message that the body is part of.
    const mail::HeaderBlock& fields() const { return *fields_; }
    std::string_view header_bytes() const { return header_bytes_; }
    const mail::Message& original() const { return message_; }

  protected:
    // Another header in place of the message's own; both live as long as this.
    void use_header(const mail::HeaderBlock& fields, std::string_view bytes) {
        fields_ = &fields;
        header_bytes_ = bytes;
    }

  private:
    const mail::Message& message_;
    const mail::HeaderBlock* fields_;
    std::string_view header_bytes_;
    // By lower-case name.
    mutable std::map<std::string, std::vector<std::string>, std::less<>> headers_;
    mutable std::map<std::string, std::vector<std::string>, std::less<>> raw_headers_;
    mutable std::map<std::string, std::vector<std::vector<sieve::Address>>, std::less<>> addresses_;
    mutable std::optional<std::vector<sieve::BodyPart>> parts_;
    mutable std::map<std::size_t, std::vector<std::string>> decoded_;
    mutable std::optional<std::vector<std::string>> text_;
    mutable std::map<std::size_t, std::string> detected_;
    mutable std::unique_ptr<FileTypes> file_types_;

    // Of parts but the root: their header, and what was asked of it.
    struct PartHeader {
        mail::HeaderBlock fields;
        std::map<std::string, std::vector<std::string>, std::less<>> headers;
        std::map<std::string, std::vector<std::vector<sieve::Address>>, std::less<>> addresses;
    };
    PartHeader& part_header_of(std::size_t part) const;
    mutable std::map<std::size_t, PartHeader> part_headers_;
};

// Items of RFC 5183 by name in lower case ("name", "location", "phase", "host", "domain", ...).
using EnvironmentItems = std::map<std::string, std::string, std::less<>>;

class SieveHost final : public sieve::Host {
  public:
    struct World {
        const store::Storage* storage = nullptr;  // absent: no mailbox exists but INBOX
        const base::Clock* clock = nullptr;       // absent: the system's
        EnvironmentItems environment;
        // Whether an id is remembered (RFC 7352); absent: none is.
        std::function<bool(std::string_view id)> seen_before;
        // RFC 5235; absent: nobody scanned.
        std::function<unsigned(sieve::ScanScale)> scan_result;
        // vnd.dovecot.filter and .execute; absent: no program is run.
        std::function<ProgramEnd(const ProgramRun&)> run_program{};
        base::Spool::Limits spool_limits{};  // of messages that programs give back or scripts make
        std::string own_address{};           // From of a message that encloses
        // RFC 6609; absent: there is no script.
        std::function<sieve::IncludedScript(sieve::ScriptPlace, std::string_view name)> include{};
        ExternalLists* lists = nullptr;         // absent: there are none
        sieve::Testsuite* testsuite = nullptr;  // of sieve-testsuite
    };
    explicit SieveHost(World world);

    // The store has changed: what was read of it is read anew.
    void look_at_store_anew() {
        mailboxes_by_id_.reset();
        annotations_.reset();
    }

    sieve::Testsuite* testsuite() const override { return world_.testsuite; }
    std::string list_trouble(std::string_view list) const override;
    sieve::ListAnswer find_in_list(std::string_view list, std::string_view value) const override;
    std::optional<std::vector<std::string>> list_members(std::string_view list) const override;

    sieve::DateTime now() const override { return now_; }
    int local_zone_minutes(std::int64_t unix_seconds) const override;
    bool mailbox_exists(std::string_view name) const override;
    std::vector<std::string> special_use_mailboxes(std::string_view use) const override;
    std::optional<std::string> mailbox_of_id(std::string_view id) const override;
    std::optional<std::string> annotation(std::optional<std::string_view> mailbox,
                                          std::string_view entry) const override;
    std::optional<std::string> environment(std::string_view item) const override;
    bool seen_before(std::string_view id) const override;
    unsigned scan_result(sieve::ScanScale scale) const override;
    sieve::ScriptProgramEnd execute(const std::string& program,
                                    const std::vector<std::string>& arguments,
                                    const sieve::ProgramInput& input) const override;
    sieve::FilterEnd filter(const std::string& program, const std::vector<std::string>& arguments,
                            const sieve::Message& message) const override;
    sieve::IncludedScript include(sieve::ScriptPlace place, std::string_view name) const override;
    sieve::Edited edited(const sieve::Message& before,
                         std::span<const sieve::Edit> edits) const override;

  private:
    World world_;
    sieve::DateTime now_;
    mutable std::optional<std::map<std::string, std::string, std::less<>>> mailboxes_by_id_;
    mutable std::optional<std::map<std::string, std::string, std::less<>>> annotations_;
};

}  // namespace deliver
