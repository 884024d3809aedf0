// SPDX-License-Identifier: MIT
#include "sieve/machine/execution.h"

namespace sieve {

namespace {

std::uint64_t work_limit(std::uint64_t steps) {
    std::uint64_t octets = 0;
    return __builtin_mul_overflow(steps, octets_per_step, &octets) ? UINT64_MAX : octets;
}

}  // namespace

Execution::Execution(const Job& the_job, Decided the_before)
    : job(the_job),
      before(std::move(the_before)),
      tracer(the_job.trace),
      deciding(before, the_job.settings),
      edited(before.message),
      message(edited != nullptr ? edited.get() : &the_job.message),
      most_work(work_limit(the_job.settings.max_steps)),
      work(most_work),
      tests_to_record(the_job.recorded_tests) {}

}  // namespace sieve
