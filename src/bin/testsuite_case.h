// SPDX-License-Identifier: MIT
// One .svtest file: it is run over a message as any script, and its words come back here
// (sieve/testsuite.h). The scripts that it tests run with the delivery agent's own parts: their
// results are carried out by deliver/carry_out.h in the site's mail store.
#pragma once

#include "bin/testsuite_site.h"
#include "deliver/edited_message.h"
#include "deliver/external_lists.h"
#include "deliver/file_trace.h"
#include "deliver/include_library.h"
#include "deliver/run_scripts.h"
#include "deliver/script_store.h"
#include "memory/memory.h"
#include "sieve/machine/machine.h"
#include "sieve/testsuite.h"

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace bin {

struct TestsuiteOptions {
    sieve::AllowedExtensions extensions;  // of the scripts under test
    std::string dump_file;                // -d
    std::string trace_file;               // -t
    deliver::TraceOptions trace;          // -T
    bool show_errors = false;             // -E
    bool expect_failure = false;          // -F
};

struct TestsuiteCount {
    unsigned blocks = 0;
    unsigned failed = 0;
    bool case_failed = false;  // outside of a block
};

class TestsuiteCase final : public sieve::Testsuite {
  public:
    TestsuiteCase(std::string file, const TestsuiteOptions& options);
    ~TestsuiteCase() override;

    // Prints as it goes.
    TestsuiteCount run();

    void begin_block(std::string_view name) override;
    void end_block() override;
    void fail_block(std::string_view reason, unsigned line) override;
    std::shared_ptr<const sieve::Message> changed_message() override;
    std::string set(std::string_view what, std::string_view value) override;
    std::string set_config(std::string_view name, std::string_view value) override;
    std::string unset_config(std::string_view name) override;
    std::string reload_config(std::string_view extension) override;
    bool compile(std::string_view path) override;
    bool run(bool append) override;
    bool run_sequence(const std::vector<std::string_view>& paths) override;
    std::string save_binary(std::string_view name) override;
    std::string load_binary(std::string_view name) override;
    std::vector<std::string> errors() const override { return errors_; }
    void take(sieve::OwnResult own) override;
    std::vector<std::string> action_names() const override;
    bool execute() override;
    void print_result() override;
    void reset_result() override;
    bool take_sent_message(std::uint64_t index) override;
    bool take_stored_message(std::string_view folder, std::uint64_t index) override;
    void print_message() override;
    std::string create_mailbox(std::string_view name) override;
    std::string set_annotation(std::string_view mailbox, std::string_view entry,
                               std::string_view value) override;

  private:
    struct Script {
        std::string name;
        std::optional<sieve::Program> program;
    };
    struct World;  // of one run: lists, included scripts, the host

    void use_message(std::string_view text);
    void use_envelope_of_message();
    void fail_case(std::string_view reason);
    std::string script_path(std::string_view path) const;
    void add_error(const std::string& script, unsigned line, const std::string& text);
    void add_logged_errors();
    deliver::Envelope delivery_envelope() const;
    bool carry_out(const std::vector<deliver::ScriptFile>& sequence,
                   deliver::SequenceOutcome outcome);
    sieve::Outcome result() const;
    void clear_result();

    const std::string file_;
    const std::string directory_;  // with a slash at its end
    const TestsuiteOptions& options_;
    TestsuiteSite site_;
    deliver::ScriptStore scripts_;
    std::unique_ptr<memory::Memory> memory_;
    std::unique_ptr<deliver::FileTrace> trace_;

    sieve::RunSettings run_settings_;
    sieve::Envelope envelope_;
    std::shared_ptr<const deliver::WholeMessage> original_;
    std::shared_ptr<const sieve::Message> unedited_;  // over original_
    std::shared_ptr<const sieve::Message> message_;   // as it stands
    bool message_changed_ = false;

    Script script_;  // that was compiled or loaded last
    std::vector<std::string> errors_;

    // The result: the first `executed_` actions have been carried out.
    std::vector<sieve::Action> actions_;
    std::size_t executed_ = 0;
    sieve::Flags flags_;
    bool implicit_keep_ = true;
    bool keep_executed_ = false;

    deliver::SieveHost* host_ = nullptr;  // of the test script's run
    TestsuiteCount count_;
    std::string block_;
    bool in_block_ = false;
};

}  // namespace bin
