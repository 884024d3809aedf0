// SPDX-License-Identifier: MIT
// spamtest, spamtestplus and virustest (RFC 5235). What the scanners in front of the delivery said
// is the host's knowledge (sieve_spamtest_*, sieve_virustest_*), as numbers already.
#include "sieve/extension/rows.h"
#include "sieve/machine/matching.h"
#include "sieve/program/call_check.h"

namespace sieve {

namespace {

void check_percent(CallCheck& check) {
    if (!check.unit().active("spamtestplus"))
        check.error(check.where(Slot::percent), "tag ':percent' needs: require \"spamtestplus\"");
}

// Where nothing was tested there is nothing to count (RFC 5235 §3.1).
bool test_result(Run& run, const Arguments& arguments, ScanScale scale, bool was_tested) {
    Matching matching(run, arguments, Slot::first);
    if (matching.counts() && !was_tested) return matching.finish();
    return matching.value(std::to_string(run.host().scan_result(scale)), "") || matching.finish();
}

// RFC 5235 §3.2.1: 0 where it was not tested, 1 for no spam, to 10; with :percent (§3.2.2) 0 to
// 100.
bool test_spam(Run& run, const Arguments& arguments) {
    return test_result(run, arguments,
                       arguments.has(Slot::percent) ? ScanScale::spam_percent : ScanScale::spam,
                       run.host().scan_result(ScanScale::spam) != 0);
}

// RFC 5235 §3.3: 0 where it was not tested, 1 for clean, to 5.
bool test_virus(Run& run, const Arguments& arguments) {
    return test_result(run, arguments, ScanScale::virus,
                       run.host().scan_result(ScanScale::virus) != 0);
}

constexpr ArgumentSpec arguments[] = {{.value = ValueKind::string}};
constexpr TagSpec tags[] = {{.name = "percent", .slot = Slot::percent, .check = check_percent}};
constexpr WordSpec spam_words[] = {
    {.name = "spamtest",
     .kind = WordKind::test,
     .arguments = arguments,
     .tags = tags,
     .groups = Group::match,
     .test = test_spam},
};
constexpr WordSpec virus_words[] = {
    {.name = "virustest",
     .kind = WordKind::test,
     .arguments = arguments,
     .groups = Group::match,
     .test = test_virus},
};

}  // namespace

const Extension extension::spamtest{.name = "spamtest",
                                    .rfc = "RFC 5235",
                                    .enabled = Enabled::when_configured,
                                    .words = spam_words};
const Extension extension::spamtestplus{.name = "spamtestplus",
                                        .rfc = "RFC 5235",
                                        .enabled = Enabled::when_configured,
                                        .words = spam_words};
const Extension extension::virustest{.name = "virustest",
                                     .rfc = "RFC 5235",
                                     .enabled = Enabled::when_configured,
                                     .words = virus_words};

}  // namespace sieve
