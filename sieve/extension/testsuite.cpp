// SPDX-License-Identifier: MIT
// vnd.dovecot.testsuite (sieve-compat 5): tests of scripts, written in the language itself.
#include "sieve/testsuite.h"

#include "sieve/extension/rows.h"
#include "sieve/machine/matching.h"
#include "sieve/program/call_check.h"
#include "sieve/text.h"

#include <algorithm>
#include <iterator>

namespace sieve {

namespace {

constexpr std::string_view objects[] = {"message", "envelope.from", "envelope.to",
                                        "envelope.orig_to", "envelope.auth"};

std::string_view text_of(const Arguments& arguments, Slot slot) {
    return arguments.has(slot) ? arguments.string(slot).text : std::string_view();
}

// The commands fail the block that they stand in.
void succeed(Run& run, std::string why) {
    if (!why.empty()) run.fail(std::move(why));
}

void look_at_changed_message(Run& run) {
    if (auto message = run.testsuite().changed_message())
        run.replace_message({std::move(message), 0});
}

// Hands over what the test script has decided by itself.
Testsuite& with_own_result(Run& run) {
    Deciding& deciding = run.deciding();
    OwnResult own{std::move(deciding.actions()), deciding.internal_flags(),
                  deciding.implicit_keep(), run.standing_message()};
    run.begin_anew();
    Testsuite& suite = run.testsuite();
    suite.take(std::move(own));
    return suite;
}

void do_test(Run& run, const Arguments& arguments) {
    run.testsuite().begin_block(text_of(arguments, Slot::first));
}

void do_fail(Run& run, const Arguments& arguments) {
    run.fail(std::string(text_of(arguments, Slot::first)));
}

void check_set(CallCheck& check) {
    const auto object = check.literal(Slot::first);
    if (!object)
        check.error(check.where(Slot::first), "what test_set sets must be a constant string");
    else if (std::ranges::find(objects, lower(*object)) == std::end(objects))
        check.error(check.where(Slot::first),
                    "unknown testsuite object '" + printable(*object) + "'");
}

void do_set(Run& run, const Arguments& arguments) {
    succeed(run, run.testsuite().set(lower(text_of(arguments, Slot::first)),
                                     text_of(arguments, Slot::second)));
    look_at_changed_message(run);
    run.candidates().forget();  // of the envelope
}

void do_config_set(Run& run, const Arguments& arguments) {
    succeed(run, run.testsuite().set_config(text_of(arguments, Slot::first),
                                            text_of(arguments, Slot::second)));
}
void do_config_unset(Run& run, const Arguments& arguments) {
    succeed(run, run.testsuite().unset_config(text_of(arguments, Slot::first)));
}
void do_config_reload(Run& run, const Arguments& arguments) {
    succeed(run, run.testsuite().reload_config(text_of(arguments, Slot::extension)));
    run.candidates().forget();  // of how addresses are cut
}

bool test_compile(Run& run, const Arguments& arguments) {
    return run.testsuite().compile(text_of(arguments, Slot::first));
}

bool test_run(Run& run, const Arguments& arguments) {
    const bool append = arguments.has(Slot::append);
    Testsuite& suite = with_own_result(run);
    const bool well = suite.run(append);
    look_at_changed_message(run);
    return well;
}

bool test_sequence(Run& run, const Arguments& arguments) {
    std::vector<std::string_view> paths;
    for (const StringRef path : arguments.list(Slot::first))
        paths.push_back(path.text);
    return run.testsuite().run_sequence(paths);
}

// Of a list the one that :index names, or all.
bool test_texts(Run& run, const Arguments& arguments, const std::vector<std::string>& texts,
                std::string_view what) {
    Matching matching(run, arguments, Slot::first, match::Comparator::octet);
    const std::uint64_t index = arguments.has(Slot::index) ? arguments.number(Slot::index) : 0;
    for (std::size_t i = 0; i < texts.size(); ++i)
        if ((index == 0 || index == i + 1) && matching.value(texts[i], what)) return true;
    return matching.finish();
}

bool test_error(Run& run, const Arguments& arguments) {
    return test_texts(run, arguments, run.testsuite().errors(), "error");
}
bool test_action(Run& run, const Arguments& arguments) {
    return test_texts(run, arguments, with_own_result(run).action_names(), "action");
}

bool test_execute(Run& run, const Arguments&) {
    return with_own_result(run).execute();
}
void do_execute(Run& run, const Arguments&) {
    if (!with_own_result(run).execute()) run.fail("failed to execute the result");
}
void do_print(Run& run, const Arguments&) {
    with_own_result(run).print_result();
}
void do_reset(Run& run, const Arguments&) {
    run.begin_anew();
    run.testsuite().reset_result();
    look_at_changed_message(run);
}

void check_message(CallCheck& check) {
    if (!check.has(Slot::smtp) && !check.has(Slot::folder))
        check.error(check.call().where, "test_message needs ':smtp' or ':folder'");
}

bool take_message(Run& run, const Arguments& arguments) {
    const std::uint64_t index = arguments.number(Slot::first);
    const bool found = arguments.has(Slot::folder) ? run.testsuite().take_stored_message(
                                                         text_of(arguments, Slot::folder), index)
                                                   : run.testsuite().take_sent_message(index);
    look_at_changed_message(run);
    return found;
}
void do_message(Run& run, const Arguments& arguments) {
    if (!take_message(run, arguments)) run.fail("there is no such message");
}
void do_message_print(Run& run, const Arguments&) {
    run.testsuite().print_message();
}

void do_mailbox_create(Run& run, const Arguments& arguments) {
    succeed(run, run.testsuite().create_mailbox(text_of(arguments, Slot::first)));
}
void do_binary_save(Run& run, const Arguments& arguments) {
    succeed(run, run.testsuite().save_binary(text_of(arguments, Slot::first)));
}
void do_binary_load(Run& run, const Arguments& arguments) {
    succeed(run, run.testsuite().load_binary(text_of(arguments, Slot::first)));
}
void do_metadata_set(Run& run, const Arguments& arguments) {
    succeed(run, run.testsuite().set_annotation(text_of(arguments, Slot::mailbox),
                                                text_of(arguments, Slot::first),
                                                text_of(arguments, Slot::second)));
}

// clang-format off
constexpr ArgumentSpec one_string[] = {{.value = ValueKind::string}};
constexpr ArgumentSpec two_strings[] = {{.value = ValueKind::string}, {.value = ValueKind::string}};
constexpr ArgumentSpec one_list[] = {{.value = ValueKind::list}};
constexpr ArgumentSpec one_number[] = {{.value = ValueKind::number}};
constexpr TagSpec index_tag[] = {{.name = "index", .slot = Slot::index, .value = ValueKind::number}};
constexpr TagSpec append_tag[] = {{.name = "append_result", .slot = Slot::append}};
constexpr TagSpec extension_tag[] = {{.name = "extension", .slot = Slot::extension, .value = ValueKind::string}};
constexpr TagSpec mailbox_tag[] = {{.name = "mailbox", .slot = Slot::mailbox, .value = ValueKind::string}};
constexpr TagSpec message_tags[] = {
    {.name = "smtp", .slot = Slot::smtp, .excludes = Slot::folder},
    {.name = "folder", .slot = Slot::folder, .value = ValueKind::string, .excludes = Slot::folder},
};
constexpr WordSpec words[] = {
    {.name = "test", .kind = WordKind::command, .arguments = one_string, .control = Control::test_block, .command = do_test},
    {.name = "test_fail", .kind = WordKind::command, .arguments = one_string, .command = do_fail},
    {.name = "test_set", .kind = WordKind::command, .arguments = two_strings, .check = check_set, .command = do_set},
    {.name = "test_config_set", .kind = WordKind::command, .arguments = two_strings, .command = do_config_set},
    {.name = "test_config_unset", .kind = WordKind::command, .arguments = one_string, .command = do_config_unset},
    {.name = "test_config_reload", .kind = WordKind::command, .tags = extension_tag, .command = do_config_reload},
    {.name = "test_result_execute", .kind = WordKind::command, .command = do_execute},
    {.name = "test_result_print", .kind = WordKind::command, .command = do_print},
    {.name = "test_result_reset", .kind = WordKind::command, .command = do_reset},
    {.name = "test_message", .kind = WordKind::command, .arguments = one_number, .tags = message_tags, .check = check_message, .command = do_message},
    {.name = "test_message_print", .kind = WordKind::command, .command = do_message_print},
    {.name = "test_mailbox_create", .kind = WordKind::command, .arguments = one_string, .command = do_mailbox_create},
    {.name = "test_binary_save", .kind = WordKind::command, .arguments = one_string, .command = do_binary_save},
    {.name = "test_binary_load", .kind = WordKind::command, .arguments = one_string, .command = do_binary_load},
    {.name = "test_imap_metadata_set", .kind = WordKind::command, .arguments = two_strings, .tags = mailbox_tag, .command = do_metadata_set},
    {.name = "test_script_compile", .kind = WordKind::test, .arguments = one_string, .test = test_compile},
    {.name = "test_script_run", .kind = WordKind::test, .tags = append_tag, .test = test_run},
    {.name = "test_multiscript", .kind = WordKind::test, .arguments = one_list, .test = test_sequence},
    {.name = "test_error", .kind = WordKind::test, .arguments = one_list, .tags = index_tag, .groups = Group::match, .test = test_error},
    {.name = "test_result_action", .kind = WordKind::test, .arguments = one_list, .tags = index_tag, .groups = Group::match, .test = test_action},
    {.name = "test_result_execute", .kind = WordKind::test, .test = test_execute},
    {.name = "test_message", .kind = WordKind::test, .arguments = one_number, .tags = message_tags, .check = check_message, .test = take_message},
};
// clang-format on

}  // namespace

const Extension extension::testsuite{.name = "vnd.dovecot.testsuite",
                                     .rfc = "Pigeonhole",
                                     .enabled = Enabled::testsuite,
                                     .words = words};

}  // namespace sieve
