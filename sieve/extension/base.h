// SPDX-License-Identifier: MIT
// The base language's words (RFC 5228 §4, §5), for its rows.
#pragma once

namespace sieve {

class Arguments;
class CallCheck;
class Run;

void do_keep(Run& run, const Arguments& arguments);
void do_discard(Run& run, const Arguments& arguments);
void do_redirect(Run& run, const Arguments& arguments);
void check_redirect(CallCheck& check);

bool test_address(Run& run, const Arguments& arguments);
bool test_exists(Run& run, const Arguments& arguments);
bool test_header(Run& run, const Arguments& arguments);
bool test_size(Run& run, const Arguments& arguments);
void check_address(CallCheck& check);
void check_exists(CallCheck& check);
void check_header(CallCheck& check);
void check_size(CallCheck& check);

}  // namespace sieve
