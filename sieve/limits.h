// SPDX-License-Identifier: MIT
// Every limit of the language in one place. What an administrator may change stands here as a
// default and is passed in (CompileOptions, RunLimits); the rest is fixed. RFC 5228 §2.10.7 asks
// for at least 15 nested blocks and 15 nested test lists; the other values are those that
// Pigeonhole's users know.
#pragma once

#include <cstddef>
#include <cstdint>

namespace sieve::limits {

// Syntax.
inline constexpr unsigned max_block_nesting = 32;
inline constexpr unsigned max_test_nesting = 32;
inline constexpr std::size_t max_arguments = 32;  // of one command or test
inline constexpr std::size_t max_identifier_bytes = 32;
inline constexpr std::size_t max_string_bytes = std::size_t{1} << 20;
inline constexpr std::size_t default_max_script_bytes = std::size_t{1} << 20;
inline constexpr std::size_t max_diagnostics = 1000;  // more are counted, not kept
inline constexpr std::size_t max_spelling_hints =
    100;  // for the first errors: each compares many names

// Names.
inline constexpr std::size_t max_mailbox_name_bytes = 1024;

// Variables (RFC 5229).
inline constexpr unsigned max_match_values = 32;  // ${0} to ${32}
inline constexpr std::size_t max_variables = 255;
inline constexpr std::size_t max_variable_bytes = 4096;
inline constexpr std::size_t max_variable_name_bytes = 64;
inline constexpr std::size_t max_namespace_elements = 10;

// Edits of the message (RFC 5293).
inline constexpr std::size_t default_max_header_bytes = 2048;         // of one added field
inline constexpr std::size_t max_added_bytes = std::size_t{1} << 20;  // in one run

// Included scripts (RFC 6609 §3.1).
inline constexpr unsigned default_max_includes = 255;
inline constexpr unsigned default_max_include_depth = 10;
inline constexpr unsigned max_include_depth = 50;  // whatever a setting says
inline constexpr std::size_t max_reported_includes = 32;
inline constexpr std::size_t max_script_name_characters = 256;

// Notifications (RFC 5435, RFC 5436).
inline constexpr std::size_t max_uri_bytes = 8192;
inline constexpr std::size_t max_mailto_recipients = 8;
inline constexpr std::size_t max_mailto_headers = 16;
inline constexpr unsigned max_notifications = 10;                  // of the whole sequence
inline constexpr std::size_t max_notified_text_bytes = 64 * 1024;  // of the message, in one

// External lists (RFC 6134).
inline constexpr std::size_t max_list_name_bytes = 1024;

// Regular expressions.
inline constexpr std::size_t max_regex_bytes = 4096;
inline constexpr std::size_t regex_run_bytes = 65536;  // what one made in a run counts for

// Programs. Operands have 24 bits.
inline constexpr std::size_t max_operand = (std::size_t{1} << 24) - 1;
inline constexpr std::size_t max_program_bytes = std::size_t{64} << 20;
inline constexpr std::size_t max_stack = 65536;   // values pushed for one call
inline constexpr std::size_t max_shapes = 65536;  // calls that differ in their tags
// Tests that share a pass over their values (program/search_plan.h).
inline constexpr std::size_t default_shared_from = 8;  // of the same values
inline constexpr std::size_t max_needle_bytes = 32;

// Loops (RFC 5703 §3).
inline constexpr std::size_t max_loop_nesting = 4;

// Runs.
inline constexpr unsigned default_max_actions = 32;   // of the whole sequence; 0 = no limit
inline constexpr unsigned default_max_redirects = 4;  // of the whole sequence; 0 = none allowed
// One unit is one instruction or 64 octets looked at by a matcher.
inline constexpr std::uint64_t default_max_steps = 100'000'000;
inline constexpr unsigned default_max_cpu_seconds = 30;              // 0 = no limit
inline constexpr std::size_t max_flags = 1024;                       // in one flag list
inline constexpr std::size_t max_run_bytes = std::size_t{64} << 20;  // strings made in a run

// The record of what decided.
inline constexpr std::size_t max_decisions = 64;
inline constexpr std::size_t max_matches_per_decision = 4;
inline constexpr std::size_t max_recorded_value_bytes = 200;
inline constexpr std::size_t max_run_warnings = 30;
// Of what was not true.
inline constexpr std::size_t default_recorded_tests = 20;
inline constexpr std::size_t noted_tests_per_kept = 4;  // those of blocks that ran go again
inline constexpr std::size_t max_test_values = 4;       // of one test, and as many keys
inline constexpr std::size_t max_test_value_bytes = 120;
inline constexpr std::size_t max_debug_lines = 100;
inline constexpr std::size_t max_told_bytes = 4096;  // of what debug_log and error say

}  // namespace sieve::limits
