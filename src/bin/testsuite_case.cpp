// SPDX-License-Identifier: MIT
#include "bin/testsuite_case.h"

#include "base/file.h"
#include "base/text.h"
#include "bin/sieve_test_mail.h"
#include "bin/sieve_tool.h"
#include "bin/testsuite_world.h"
#include "mail/address.h"
#include "sieve/extension/table.h"
#include "sieve/program/binary.h"
#include "sieve/program/dump.h"

#include <cstdio>
#include <limits>
#include <utility>

namespace bin {
namespace {

constexpr std::size_t max_script_bytes = std::size_t{16} << 20;

constexpr std::string_view first_message =
    "From: sender@example.com\nTo: recipient@example.org\nSubject: Frop!\n\nFriep!\n";

std::string directory_of(const std::string& file) {
    const std::size_t slash = file.rfind('/');
    return slash == std::string::npos ? "./" : file.substr(0, slash + 1);
}

void print(std::string_view text) {
    std::fwrite(text.data(), 1, text.size(), stdout);
}

}  // namespace

TestsuiteCase::TestsuiteCase(std::string file, const TestsuiteOptions& options)
    : file_(std::move(file)),
      directory_(directory_of(file_)),
      options_(options),
      site_(directory_, sieve::capability_string(options.extensions)),
      memory_(memory::no_memory()) {
    if (!options.trace_file.empty()) trace_ = open_trace(options.trace_file, options.trace);
    run_settings_ = deliver::run_settings(site_.settings(), "INBOX");
    use_message(first_message);
    use_envelope_of_message();
}

TestsuiteCase::~TestsuiteCase() = default;

TestsuiteCount TestsuiteCase::run() {
    print("Test case: " + file_ + ":\n\n");
    const auto source = base::read_file(file_, max_script_bytes, base::OtherFiles::read);
    if (!source) throw ToolFailure{1, file_ + ": there is no such file"};
    sieve::CompileOptions compile;
    compile.extensions = sieve::testsuite_extensions();
    const sieve::Compilation compiled = sieve::compile(*source, compile);
    const auto script = deliver::ScriptFile::at(file_, deliver::ScriptRole::before);
    if (!compiled.program) {
        show_diagnostics(compiled, script, *source);
        fail_case("failed to compile the test script");
        return count_;
    }
    if (!options_.dump_file.empty())
        write_text(options_.dump_file, sieve::dump(*compiled.program, file_));
    // The bounds of a delivery are none of a whole test case.
    run_settings_.max_steps = std::numeric_limits<std::uint64_t>::max();
    const auto first = message_;
    World world(*this, this);
    host_ = &world.host;
    const sieve::Outcome outcome = sieve::run(
        *compiled.program, {*first, envelope_, world.host, run_settings_, script.name, nullptr, 0});
    if (outcome.error)
        fail_case("line " + std::to_string(outcome.error->line) + ": " + outcome.error->text);
    // What stands behind was not run.
    if (in_block_) fail_block("a stop ended the test case", outcome.stopped_in);
    return count_;
}

void TestsuiteCase::begin_block(std::string_view name) {
    ++count_.blocks;
    block_ = name;
    in_block_ = true;
}

void TestsuiteCase::end_block() {
    in_block_ = false;
    print((count_.blocks < 10 ? " " : "") + std::to_string(count_.blocks) + ": Test '" +
          base::printable(block_) + "' SUCCEEDED\n");
}

void TestsuiteCase::fail_block(std::string_view reason, unsigned line) {
    in_block_ = false;
    ++count_.failed;
    print((count_.blocks < 10 ? " " : "") + std::to_string(count_.blocks) + ": Test '" +
          base::printable(block_) + "' FAILED: " + base::printable(reason) + " (line " +
          std::to_string(line) + ")\n");
}

void TestsuiteCase::fail_case(std::string_view reason) {
    count_.case_failed = true;
    print("XX: Test CASE FAILED: " + base::printable(reason) + "\n");
}

std::shared_ptr<const sieve::Message> TestsuiteCase::changed_message() {
    return std::exchange(message_changed_, false) ? message_ : nullptr;
}

void TestsuiteCase::use_message(std::string_view text) {
    base::Spool spool;
    spool.append(text);
    spool.seal();
    original_ = std::make_shared<deliver::WholeMessage>(std::move(spool));
    unedited_ = std::make_shared<deliver::EditedMessage>(original_);
    message_ = unedited_;
    message_changed_ = true;
}

void TestsuiteCase::use_envelope_of_message() {
    const deliver::Envelope envelope = test_envelope({}, original_->message);
    envelope_ = {};
    envelope_.from = envelope.sender;
    envelope_.to = envelope.recipient;
    envelope_.orig_to = envelope.recipient;
}

std::string TestsuiteCase::set(std::string_view what, std::string_view value) {
    if (what == "message") {
        use_message(value);
        use_envelope_of_message();
        return {};
    }
    // As it comes by SMTP: without a source route (RFC 5228 §5.4). What is no address is tested
    // too.
    const auto path = mail::parse_path(value);
    std::string address = path ? mail::address_text(*path) : std::string(value);
    if (what == "envelope.from") envelope_.from = std::move(address);
    if (what == "envelope.to") {
        envelope_.orig_to = address;
        envelope_.to = std::move(address);
    }
    if (what == "envelope.orig_to") envelope_.orig_to = std::move(address);
    if (what == "envelope.auth") envelope_.auth = std::string(value);
    return {};
}

std::string TestsuiteCase::set_config(std::string_view name, std::string_view value) {
    return site_.set(name, value);
}

std::string TestsuiteCase::unset_config(std::string_view name) {
    return site_.unset(name);
}

std::string TestsuiteCase::reload_config(std::string_view extension) {
    if (!extension.empty() && !sieve::find_extension(extension))
        return "there is no extension '" + std::string(extension) + "'";
    if (std::string why = site_.load_settings(); !why.empty()) return why;
    const std::uint64_t steps = run_settings_.max_steps;
    run_settings_ = deliver::run_settings(site_.settings(), "INBOX");
    run_settings_.max_steps = steps;
    return {};
}

std::string TestsuiteCase::script_path(std::string_view path) const {
    return path.starts_with('/') ? std::string(path) : directory_ + std::string(path);
}

void TestsuiteCase::add_error(const std::string& script, unsigned line, const std::string& text) {
    errors_.push_back(text);
    if (!options_.show_errors) return;
    const std::string place = line == 0 ? script : script + ": line " + std::to_string(line);
    print("LOG: " + place + ": error: " + base::printable(text) + ".\n");
}

void TestsuiteCase::add_logged_errors() {
    for (const std::string& text : site_.new_errors())
        add_error(script_.name, 0, text);
}

bool TestsuiteCase::compile(std::string_view path) {
    errors_.clear();
    const auto file = deliver::ScriptFile::at(script_path(path), deliver::ScriptRole::before);
    script_ = {.name = file.name, .program = std::nullopt};
    sieve::CompileOptions compile;
    compile.extensions = options_.extensions;
    compile.after_syntax_errors = sieve::AfterSyntaxErrors::stop;
    if (const auto size = site_.settings().plugin_size("sieve_max_script_size"))
        compile.max_script_bytes = *size;
    std::string source;
    auto loaded = deliver::compile_script(file, compile, source);
    if (loaded) {
        script_.program = std::move(loaded->program);
        return true;
    }
    if (loaded.error().kind != deliver::ScriptTrouble::Kind::compile_error) {
        add_error(script_.name, 0,
                  loaded.error().text.empty() ? "script not found" : loaded.error().text);
        return false;
    }
    const sieve::Compilation& compilation = loaded.error().compilation;
    for (const sieve::Diagnostic& each : compilation.diagnostics)
        if (each.severity == sieve::Severity::error) add_error(script_.name, each.line, each.text);
    // "NAME: error: validation failed."
    std::string summary = sieve::summary_line(compilation.failed, script_.name);
    summary.erase(0, script_.name.size() + std::string_view(": error: ").size());
    while (summary.ends_with('\n') || summary.ends_with('.'))
        summary.pop_back();
    add_error(script_.name, 0, summary);
    return false;
}

std::string TestsuiteCase::save_binary(std::string_view name) {
    if (!script_.program) return "no script is compiled";
    if (name.find('/') != std::string_view::npos) return "a binary's name has no '/'";
    base::replace_file(site_.path() + "/" + std::string(name) + ".svbin",
                       sieve::save(*script_.program), 0600);
    return {};
}

std::string TestsuiteCase::load_binary(std::string_view name) {
    const auto bytes =
        base::read_file(site_.path() + "/" + std::string(name) + ".svbin", max_script_bytes);
    if (!bytes) return "there is no such binary";
    sieve::Loaded loaded = sieve::load(*bytes, std::nullopt, std::nullopt);
    if (!loaded.program) return loaded.why;
    script_.program = std::move(loaded.program);
    return {};
}

void TestsuiteCase::reset_result() {
    clear_result();
    site_.forget_sent();
    message_changed_ = message_changed_ || message_ != unedited_;
    message_ = unedited_;
    message_changed_ = true;
}

bool TestsuiteCase::take_sent_message(std::uint64_t index) {
    const auto sent = site_.sent(index);
    if (!sent) return false;
    use_message(sent->message);
    envelope_.from = sent->sender;
    envelope_.to = sent->recipient;
    envelope_.orig_to = sent->recipient;
    return true;
}

bool TestsuiteCase::take_stored_message(std::string_view folder, std::uint64_t index) {
    const auto stored = site_.stored(folder, index);
    if (!stored) return false;
    use_message(*stored);
    return true;
}

void TestsuiteCase::print_message() {
    const deliver::MessageText text = deliver::text_of(original_->message, message_);
    print("\n--MESSAGE: \n");
    print(text.header_bytes);
    print(text.rest);
    print("--MESSAGE--\n");
}

std::string TestsuiteCase::create_mailbox(std::string_view name) {
    host_->look_at_store_anew();
    const auto created = site_.storage().create(name, store::Subscribe::no);
    return created ? std::string() : created.error().text;
}

std::string TestsuiteCase::set_annotation(std::string_view mailbox, std::string_view entry,
                                          std::string_view value) {
    const std::string_view name = mailbox.empty() ? "INBOX" : mailbox;
    const auto opened = site_.storage().open(name, store::CreateMailbox::as_configured);
    if (!opened) return opened.error().text;
    site_.make_mailbox_id(opened->path);
    host_->look_at_store_anew();
    const bool done = site_.storage().set_annotation(
        mailbox.empty() ? std::nullopt : std::optional(mailbox), entry, value);
    return done ? std::string() : "'" + std::string(entry) + "' is no annotation's name";
}

}  // namespace bin
