// SPDX-License-Identifier: MIT
#include "bin/tamis_sieve_source.h"

#include "base/file.h"
#include "bin/include_check.h"
#include "deliver/script_store.h"
#include "sieve/lint/layout.h"
#include "sieve/lint/lint.h"
#include "store/local_disk.h"
#include "store/storage.h"

#include <algorithm>
#include <cstdio>
#include <optional>
#include <sysexits.h>
#include <utility>

namespace bin {
namespace {

constexpr std::size_t max_script_bytes = std::size_t{64} << 20;

std::string read_script(const std::string& path) {
    auto text = base::read_file(path, max_script_bytes, base::OtherFiles::read);
    if (!text) throw ToolFailure{EX_NOINPUT, path + ": there is no such file"};
    return *std::move(text);
}

void show(std::vector<sieve::Diagnostic> diagnostics, const deliver::ScriptFile& file,
          const std::string& source) {
    sieve::Compilation remarks;
    remarks.diagnostics = std::move(diagnostics);
    show_diagnostics(remarks, file, source);
}

// The user's mail store, as far as lint asks for it.
class Mailboxes {
  public:
    explicit Mailboxes(const SieveSetUp& setup) {
        auto made = store::Storage::make(disk_.disk(), setup.settings->storage);
        if (made) storage_.emplace(std::move(made).value());
    }
    bool known() const { return storage_.has_value(); }
    bool exists(std::string_view name) const { return storage_->exists(name); }
    bool creates() const { return storage_->settings().autocreate; }

  private:
    store::LocalDisk disk_;
    std::optional<store::Storage> storage_;
};

}  // namespace

int lint_scripts(const SieveSetUp& setup, const std::vector<std::string>& paths, LintUser user) {
    const Mailboxes mailboxes(setup);
    sieve::LintWorld world;
    if (user == LintUser::known) {
        if (setup.user.name.find('@') != std::string::npos)
            world.own_addresses.push_back(setup.user.name);
        if (const auto email = setup.settings->plugin("sieve_user_email");
            email && *email != setup.user.name)
            world.own_addresses.push_back(*email);
        if (mailboxes.known()) {
            world.mailbox_exists = [&](std::string_view name) { return mailboxes.exists(name); };
            world.creates_mailboxes = mailboxes.creates();
        }
    }
    int worst = EX_OK;
    for (const std::string& path : paths) {
        std::string source;
        try {
            source = read_script(path);
        } catch (const ToolFailure& failure) {
            if (paths.size() == 1) throw;
            std::fprintf(stderr, "tamis sieve: Fatal: %s\n", failure.text.c_str());
            worst = failure.status;
            continue;
        }
        const auto file = deliver::ScriptFile::at(path, deliver::ScriptRole::before);
        const sieve::CompileOptions options = rules_for(setup, path).compile;
        const sieve::Compilation compiled = sieve::compile(source, options);
        show_diagnostics(compiled, file, source);
        if (!compiled.program) {
            worst = EX_DATAERR;
            continue;
        }
        auto remarks = sieve::lint(source, options, world);
        const bool included = check_includes(setup, file, compiled.includes) == Includes::good;
        if (!remarks.empty() || !compiled.diagnostics.empty() || !included)
            worst = std::max(worst, 1);
        show(std::move(remarks), file, source);
    }
    return worst;
}

int format_scripts(const std::vector<std::string>& paths, FormatOutput output) {
    int worst = EX_OK;
    for (const std::string& path : paths) {
        const std::string source = read_script(path);
        const auto text = sieve::lay_out(source);
        if (!text) {
            std::fprintf(stderr, "%s: error: the script has syntax errors (sievec tells which).\n",
                         path.c_str());
            worst = EX_DATAERR;
            continue;
        }
        switch (output) {
            case FormatOutput::standard_output:
                std::fwrite(text->data(), 1, text->size(), stdout);
                break;
            case FormatOutput::in_place:
                if (*text != source) base::rewrite_file(path, *text);
                break;
            case FormatOutput::check:
                if (*text == source) break;
                std::fprintf(stderr, "%s: not laid out so.\n", path.c_str());
                worst = std::max(worst, 1);
                break;
        }
    }
    return worst;
}

}  // namespace bin
