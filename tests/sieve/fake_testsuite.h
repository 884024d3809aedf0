// SPDX-License-Identifier: MIT
// What sieve-testsuite's words work with, in memory: one script under test whatever its path, one
// message, what it was filed as.
#pragma once

#include "sieve/machine/machine.h"
#include "sieve/program/binary.h"
#include "sieve/testsuite.h"
#include "tests/sieve/fake_message.h"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace sieve_test {

class FakeTestsuite final : public sieve::Testsuite {
  public:
    explicit FakeTestsuite(std::string_view script) : script_(script) {}

    void begin_block(std::string_view) override { ++blocks; }
    void end_block() override {}
    void fail_block(std::string_view, unsigned) override { ++failed; }

    std::shared_ptr<const sieve::Message> changed_message() override {
        return std::exchange(changed_, nullptr);
    }
    std::string set(std::string_view what, std::string_view value) override {
        if (what == "message")
            use(value);
        else
            envelope_.from = std::string(value);
        return {};
    }
    std::string set_config(std::string_view name, std::string_view value) override {
        config_[std::string(name)] = value;
        return {};
    }
    std::string unset_config(std::string_view name) override {
        return config_.erase(std::string(name)) != 0 ? "" : "it is not set";
    }
    std::string reload_config(std::string_view) override { return {}; }

    bool compile(std::string_view) override {
        sieve::CompileOptions options;
        options.extensions = sieve::every_extension();
        sieve::Compilation compiled = sieve::compile(script_, options);
        program_ = std::move(compiled.program);
        errors_.clear();
        for (const sieve::Diagnostic& each : compiled.diagnostics)
            errors_.push_back(each.text);
        return program_.has_value();
    }
    bool run(bool append) override {
        if (!program_) return false;
        sieve::Decided before;
        if (append) before.actions = actions_;
        sieve::RunSettings settings;
        settings.max_steps = 20000;
        const FakeHost host;
        const sieve::Outcome outcome =
            sieve::run(*program_, {*message_, envelope_, host, settings, "script"}, before);
        errors_.clear();
        if (outcome.error) errors_.push_back(outcome.error->text);
        actions_ = outcome.decided.actions;
        return !outcome.error;
    }
    bool run_sequence(const std::vector<std::string_view>& paths) override {
        for (const std::string_view path : paths)
            if (!compile(path) || !run(true)) return false;
        return true;
    }
    std::string save_binary(std::string_view name) override {
        if (!program_) return "nothing is compiled";
        binaries_[std::string(name)] = sieve::save(*program_);
        return {};
    }
    std::string load_binary(std::string_view name) override {
        const auto at = binaries_.find(std::string(name));
        if (at == binaries_.end()) return "there is none";
        sieve::Loaded loaded =
            sieve::load(at->second, sieve::every_extension(), sieve::hash_source(script_));
        program_ = std::move(loaded.program);
        return loaded.why;
    }
    std::vector<std::string> errors() const override { return errors_; }

    void take(sieve::OwnResult own) override {
        for (sieve::Action& action : own.actions)
            actions_.push_back(std::move(action));
    }
    std::vector<std::string> action_names() const override {
        return std::vector<std::string>(actions_.size(), "store");
    }
    bool execute() override {
        for (const sieve::Action& action : actions_)
            if (const auto* into = std::get_if<sieve::FileInto>(&action.what))
                ++stored_[into->mailbox];
        return true;
    }
    void print_result() override {}
    void reset_result() override { actions_.clear(); }

    bool take_sent_message(std::uint64_t) override { return false; }
    bool take_stored_message(std::string_view folder, std::uint64_t index) override {
        const auto at = stored_.find(folder);
        return at != stored_.end() && index < at->second;
    }
    void print_message() override {}
    std::string create_mailbox(std::string_view name) override {
        stored_.try_emplace(std::string(name), 0);
        return {};
    }
    std::string set_annotation(std::string_view, std::string_view, std::string_view) override {
        return {};
    }

    const sieve::Message& message() const { return *message_; }
    const sieve::Envelope& envelope() const { return envelope_; }

    unsigned blocks = 0;
    unsigned failed = 0;

  private:
    void use(std::string_view text) {
        message_ = std::make_shared<FakeMessage>(text);
        changed_ = message_;
    }

    std::string script_;
    std::shared_ptr<const sieve::Message> message_ =
        std::make_shared<FakeMessage>("From: a@example.com\nSubject: x\n\nbody\n");
    std::shared_ptr<const sieve::Message> changed_;
    sieve::Envelope envelope_{"a@example.com", "b@example.org", {}, {}};
    std::map<std::string, std::string> config_;
    std::optional<sieve::Program> program_;
    std::map<std::string, std::string> binaries_;
    std::vector<std::string> errors_;
    std::vector<sieve::Action> actions_;
    std::map<std::string, std::uint64_t, std::less<>> stored_;
};

}  // namespace sieve_test
