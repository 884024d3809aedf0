// SPDX-License-Identifier: MIT
// A message, an envelope and a host for tests: read from simple text, no MIME parser. A header is
// "Name: value" up to the empty line; encoded words and folding are the real adapter's matter.
#pragma once

#include "sieve/compile.h"
#include "sieve/edit.h"
#include "sieve/extension/address_text.h"
#include "sieve/host.h"
#include "sieve/message.h"
#include "sieve/text.h"

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sieve_test {

class FakeMessage final : public sieve::Message {
  public:
    explicit FakeMessage(std::string_view text) : text_(text) {
        std::string_view rest = text_;
        while (!rest.empty()) {
            const std::size_t end = std::min(rest.find('\n'), rest.size());
            const std::string_view line = rest.substr(0, end);
            rest.remove_prefix(std::min(end + 1, rest.size()));
            has_body_ = line.empty();
            if (has_body_) break;
            const std::size_t colon = std::min(line.find(':'), line.size());
            const std::string name = sieve::lower(line.substr(0, colon));
            std::string_view value = line.substr(std::min(colon + 1, line.size()));
            while (value.starts_with(' '))
                value.remove_prefix(1);
            headers_[name].emplace_back(value);
        }
        body_ = rest;
        texts_.emplace_back(rest);
        for (const auto& [name, values] : headers_)
            for (const std::string& value : values)
                addresses_[name].push_back(addresses_in(value));
        part_.content_type = "text/plain";
        part_.raw = text_;
        part_.raw_body = body_;
        parts_.push_back(part_);
    }

    const std::vector<std::string>& header(std::string_view name) const override {
        ++look_ups;
        const auto at = headers_.find(sieve::lower(name));
        return at == headers_.end() ? none_ : at->second;
    }
    const std::vector<std::string>& raw_header(std::string_view name) const override {
        return header(name);
    }
    const std::vector<std::vector<sieve::Address>>& addresses(
        std::string_view name) const override {
        const auto at = addresses_.find(sieve::lower(name));
        return at == addresses_.end() ? no_addresses_ : at->second;
    }
    std::uint64_t size() const override { return text_.size(); }
    std::optional<std::string_view> raw_body() const override {
        return has_body_ ? std::optional(body_) : std::nullopt;
    }
    const std::vector<sieve::BodyPart>& parts() const override { return parts_; }
    const std::vector<std::string>& decoded(std::size_t) const override { return texts_; }
    const std::vector<std::string>& text() const override { return texts_; }

    // Without structure: the root is the only part.
    const std::vector<std::string>& part_header(std::size_t, std::string_view name) const override {
        return header(name);
    }
    const std::vector<std::vector<sieve::Address>>& part_addresses(
        std::size_t, std::string_view name) const override {
        return addresses(name);
    }
    std::vector<sieve::MimeField> part_fields(std::size_t, std::string_view name) const override {
        std::vector<sieve::MimeField> fields;
        for (const std::string& value : header(name))
            fields.push_back({sieve::lower(value.substr(0, value.find(';'))), {}});
        return fields;
    }
    sieve::DetectedType detected_type(std::size_t) const override {
        if (body_.starts_with("MZ")) return {"application/x-dosexec", 1};
        if (body_.starts_with("%PDF")) return {"application/pdf", 1};
        return {body_.empty() ? "" : "text/plain", 1};
    }
    std::string part_text(std::size_t) const override { return std::string(body_); }

    const std::string& bytes() const { return text_; }

    mutable unsigned look_ups = 0;

  private:
    static std::vector<sieve::Address> addresses_in(std::string_view value) {
        std::vector<sieve::Address> result;
        while (!value.empty()) {
            const std::size_t comma = std::min(value.find(','), value.size());
            if (auto address = sieve::read_mailbox(value.substr(0, comma)))
                result.push_back(*std::move(address));
            value.remove_prefix(std::min(comma + 1, value.size()));
        }
        if (result.empty()) result.push_back({"", "", std::string(value), false});
        return result;
    }

    std::string text_;
    std::string_view body_;
    bool has_body_ = false;
    std::map<std::string, std::vector<std::string>> headers_;
    std::map<std::string, std::vector<std::vector<sieve::Address>>> addresses_;
    std::vector<std::string> none_;
    std::vector<std::vector<sieve::Address>> no_addresses_;
    std::vector<std::string> texts_;
    sieve::BodyPart part_;
    std::vector<sieve::BodyPart> parts_;
};

// Fields as lines, without folding.
inline std::string with_edit(std::string text, const sieve::Edit& edit) {
    const std::size_t empty_line = text.starts_with('\n') ? 0 : text.find("\n\n") + 1;
    if (const auto* add = std::get_if<sieve::AddField>(&edit))
        return text.insert(add->last ? empty_line : 0, add->name + ": " + add->value + "\n");
    if (const auto* replace = std::get_if<sieve::ReplacePart>(&edit))
        return text.substr(0, empty_line + 1) + replace->text;
    if (const auto* enclose = std::get_if<sieve::Enclose>(&edit))
        return "Subject: " + enclose->subject.value_or("enclosed") + "\n\n" + enclose->text + text;
    const auto& gone = std::get<sieve::DeleteFields>(edit);
    std::string result;
    std::size_t seen = 0;
    for (std::size_t at = 0; at < empty_line;) {
        const std::size_t end = text.find('\n', at) + 1;
        const std::string line = text.substr(at, end - at);
        at = end;
        const bool named = sieve::lower(line).starts_with(sieve::lower(gone.name) + ':');
        if (named && std::ranges::count(gone.which, seen++) != 0) continue;
        result += line;
    }
    return result + text.substr(empty_line);
}

class FakeHost final : public sieve::Host {
  public:
    // For scripts of sieve-testsuite.
    sieve::Testsuite* suite = nullptr;
    sieve::Testsuite* testsuite() const override { return suite; }

    // Scripts to include by name, global ones with "g/" before it.
    std::map<std::string, std::string> scripts;

    sieve::IncludedScript include(sieve::ScriptPlace place, std::string_view name) const override {
        const std::string key =
            (place == sieve::ScriptPlace::global ? "g/" : "") + std::string(name);
        const auto text = scripts.find(key);
        if (text == scripts.end()) return {.missing = true};
        auto known = programs_.find(key);
        if (known == programs_.end()) {
            sieve::CompileOptions options;
            options.extensions = sieve::every_extension();
            known = programs_.emplace(key, sieve::compile(text->second, options).program).first;
        }
        if (!known->second) return {.name = key, .why = "it has errors"};
        return {.program = &*known->second, .name = key};
    }
    sieve::Edited edited(const sieve::Message& before,
                         std::span<const sieve::Edit> edits) const override {
        std::string text = dynamic_cast<const FakeMessage&>(before).bytes();
        for (const sieve::Edit& each : edits)
            text = with_edit(std::move(text), each);
        const std::uint64_t cost = text.size();
        return {std::make_shared<FakeMessage>(text), cost};
    }
    // 2026-11-24 10:20:30 +0100, a Tuesday.
    sieve::DateTime now() const override { return {1795512030, 60}; }
    int local_zone_minutes(std::int64_t) const override { return 60; }
    bool mailbox_exists(std::string_view name) const override {
        return mailboxes.contains(std::string(name));
    }
    std::optional<std::string> environment(std::string_view item) const override {
        if (item == "name") return "Tamis";
        if (item == "imap.cause") return "COPY";
        if (item == "vnd.dovecot.mailbox-from") return "Spam";
        if (item == "vnd.dovecot.username") return "joe";
        if (item == "vnd.dovecot.default-mailbox") return "INBOX";
        return std::nullopt;
    }
    // External lists by their canonical names.
    std::map<std::string, std::vector<std::string>> lists{
        {"urn:ietf:params:sieve:addrbook:default", {"Sender@example.com", "friend@example.net"}},
        {"tag:example.com,2011-01-01:localHolidays", {"2026-11-24", "2026-12-25"}},
        {"tag:example.com,2026:words", {"frop", "no address"}},
        {"tag:example.com,2026:empty", {}},
        {"tag:example.com,2026:words?unlisted", {"frop"}}};
    std::string list_trouble(std::string_view list) const override {
        return lists.contains(std::string(list)) ? "" : "there is no such list";
    }
    sieve::ListAnswer find_in_list(std::string_view list, std::string_view value) const override {
        for (const std::string& member : lists.at(std::string(list)))
            if (sieve::iequals(member, value)) return {member, 1};
        return {std::nullopt, 1};
    }
    std::optional<std::vector<std::string>> list_members(std::string_view list) const override {
        if (list.ends_with("words?unlisted")) return std::nullopt;
        return lists.at(std::string(list));
    }
    unsigned scan_result(sieve::ScanScale scale) const override {
        if (scale == sieve::ScanScale::virus) return 0;
        return scale == sieve::ScanScale::spam ? 5 : 50;
    }
    bool seen_before(std::string_view id) const override { return seen.contains(std::string(id)); }

    std::optional<std::string> mailbox_of_id(std::string_view id) const override {
        if (id == "F6352ae03") return "There";
        return std::nullopt;
    }
    std::optional<std::string> annotation(std::optional<std::string_view> mailbox,
                                          std::string_view entry) const override {
        if (!mailbox && entry == "/private/vendor/uri") return "mailto:x@example.com";
        if (mailbox == "There" && entry == "/shared/comment") return "A Comment";
        if (mailbox == "INBOX" && entry == "/private/empty") return "";
        return std::nullopt;
    }

    std::vector<std::string> special_use_mailboxes(std::string_view use) const override {
        std::vector<std::string> names;
        for (const auto& [name, its_use] : special_uses)
            if (sieve::iequals(its_use, use)) names.push_back(name);
        return names;
    }

    std::map<std::string, std::string> special_uses{{"Spam", "\\Junk"}, {"There", "\\Archive"}};
    std::set<std::string> mailboxes{"INBOX", "There"};
    std::set<std::string> seen;

  private:
    mutable std::map<std::string, std::optional<sieve::Program>> programs_;
};

}  // namespace sieve_test
