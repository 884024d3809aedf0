// SPDX-License-Identifier: MIT
// What the scripts of one run in sieve-testsuite see besides the message: lists, scripts to
// include, the host. Belongs to one run: what an included script was is asked anew in the next.
// Used by testsuite_case.cpp and testsuite_result.cpp.
#pragma once

#include "bin/testsuite_case.h"
#include "deliver/deadline.h"
#include "deliver/envelope.h"
#include "deliver/program.h"
#include "deliver/scan_results.h"
#include "deliver/sieve_message.h"
#include "deliver/sieve_rules.h"

namespace bin {

struct TestsuiteCase::World {
    World(TestsuiteCase& test, sieve::Testsuite* suite)
        : lists([&test](std::string_view key) { return test.site_.settings().plugin(key); },
                test.site_.settings().home, {},
                [&test](const std::string& text) { test.errors_.push_back(text); }),
          includes(
              [&test](std::string_view key) { return test.site_.settings().plugin(key); },
              test.site_.settings().home,
              [&test](const deliver::ScriptFile& script) {
                  sieve::CompileOptions compile;
                  compile.extensions = test.options_.extensions;
                  std::string source;
                  return deliver::compile_script(script, compile, source);
              },
              [&test](deliver::IncludeLibrary::Entry& entry) {
                  if (entry.loaded) return;
                  for (const sieve::Diagnostic& each : entry.loaded.error().compilation.diagnostics)
                      if (each.severity == sieve::Severity::error)
                          test.add_error(entry.file.name, each.line, each.text);
              }),
          host(world(test, suite)) {}

    deliver::SieveHost::World world(TestsuiteCase& test, sieve::Testsuite* suite) {
        deliver::SieveHost::World world;
        world.storage = &test.site_.storage();
        world.environment = environment(test);
        world.scan_result = [&test](sieve::ScanScale scale) {
            return deliver::scan_result(
                scale, static_cast<const deliver::SieveMessage&>(*test.message_),
                [&test](std::string_view key) { return test.site_.settings().plugin(key); },
                [&test](const std::string& text) { test.errors_.push_back(text); });
        };
        world.run_program = [&test](const deliver::ProgramRun& run) {
            const deliver::Deadline none;
            const deliver::Envelope envelope = test.delivery_envelope();
            return deliver::run_program(
                {test.site_.settings(), envelope, test.site_.user().name, envelope.recipient, none},
                run);
        };
        world.own_address = test.envelope_.to.value_or("");
        world.include = [this](sieve::ScriptPlace place, std::string_view name) {
            return includes.include(place, name);
        };
        world.lists = &lists;
        world.testsuite = suite;
        return world;
    }

    static deliver::EnvironmentItems environment(const TestsuiteCase& test) {
        deliver::EnvironmentItems items = deliver::environment_items(
            test.site_.settings(), test.site_.user().name, test.run_settings_.default_mailbox);
        items["tst.path"] = test.directory_;
        return items;
    }

    deliver::ExternalLists lists;
    deliver::IncludeLibrary includes;
    deliver::SieveHost host;
};

}  // namespace bin
