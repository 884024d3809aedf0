// SPDX-License-Identifier: MIT
// Runs scripts over messages for the tools: loads each once, tells on standard error what is wrong
// with it and what it says while it runs. One thread; what it refers to outlives it.
#pragma once

#include "bin/sieve_tool.h"
#include "deliver/external_lists.h"
#include "deliver/file_trace.h"
#include "deliver/include_library.h"
#include "deliver/recorded_script.h"
#include "deliver/script_store.h"
#include "sieve/machine/machine.h"

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace deliver {
struct Envelope;
}
namespace mail {
class Message;
}
namespace memory {
class Backend;
class Memory;
}  // namespace memory
namespace store {
class Storage;
}

namespace bin {

struct RunnerOptions {
    bool compile = false;   // always, no binary is read
    std::string dump_file;  // where the programs are shown as they are loaded; empty: nowhere
    std::string default_mailbox = "INBOX";
    std::string trace_file;  // empty: no trace
    deliver::TraceOptions trace;
    bool record = false;  // what each script did is kept for recorded()
    std::size_t recorded_decisions = sieve::limits::max_decisions;
};

class ScriptRunner {
  public:
    // `storage` may be null: then no mailbox exists but INBOX.
    ScriptRunner(const SieveSetUp& setup, RunnerOptions options, store::Storage* storage);
    ~ScriptRunner();

    // Throws ToolFailure where it cannot run.
    const deliver::LoadedScript& load(const std::string& path);
    // What one script of a sequence makes of the message. Its trouble is told, too.
    sieve::Outcome run(const std::string& path, const mail::Message& message,
                       const deliver::Envelope& envelope, sieve::Decided before);

    const sieve::RunSettings& settings() const { return run_settings_; }
    // Of all runs so far, in their order.
    const std::vector<deliver::RecordedScript>& recorded() const { return recorded_; }

  private:
    using Loading = base::Result<deliver::LoadedScript, deliver::ScriptTrouble>;
    Loading load_file(const deliver::ScriptFile& script, std::string& source) const;
    void record_trouble(const deliver::ScriptFile& script, const deliver::ScriptTrouble& trouble);
    void record(const std::string& path, sieve::Outcome& outcome);
    void tell_included(const deliver::IncludeLibrary::Entry& entry) const;
    bool remembers(std::string_view id);

    const SieveSetUp& setup_;
    RunnerOptions options_;
    store::Storage* storage_;
    sieve::RunSettings run_settings_;
    std::unique_ptr<deliver::FileTrace> trace_;
    std::map<std::string, deliver::LoadedScript> scripts_;
    std::vector<deliver::RecordedScript> recorded_;
    std::string included_source_;
    std::unique_ptr<memory::Backend> backend_;
    std::unique_ptr<memory::Memory> memory_;  // opened at first use
    deliver::ExternalLists lists_;
    deliver::IncludeLibrary includes_;
};

// "NAME: line N: warning: TEXT." on standard error.
void tell_of_script(const std::string& script, std::string_view kind, unsigned line,
                    const std::string& text);

// Of a sequence of scripts: a keep lets the next one run and is no store until the end
// (sieve-compat 3.1), where the flags of the last keep that a script has written hold.
class KeepOfSequence {
  public:
    // Behind a script that another follows. False where there is no keep.
    bool take(sieve::Outcome& outcome);
    // Behind the last one.
    void end(sieve::Outcome& outcome) const;

  private:
    std::optional<sieve::Flags> flags_;
};

}  // namespace bin
