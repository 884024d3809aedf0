// SPDX-License-Identifier: MIT
// Configurations, and every value of them as a template: parser, rules, remarks, typed settings,
// listing and %variables. Includes find nothing and host names are unknown here, so that an input
// reaches neither other files nor the network.
#include "config/check.h"
#include "config/configuration.h"
#include "config/listing.h"
#include "config/parser.h"
#include "config/remark.h"
#include "config/rules.h"
#include "config/variables.h"

#include <cstddef>
#include <cstdint>
#include <glob.h>
#include <netdb.h>
#include <stdexcept>
#include <string>
#include <string_view>

extern "C" int glob(const char*, int, int (*)(const char*, int), glob_t*) noexcept {
    return GLOB_NOMATCH;
}
extern "C" int getaddrinfo(const char*, const char*, const struct addrinfo*, struct addrinfo**) {
    return EAI_NONAME;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string_view text(reinterpret_cast<const char*>(data), size);
    config::ParseOutcome outcome = config::parse_text(text, "fuzz.conf");
    config::check_rules(outcome.document, outcome.problems);
    config::check_namespaces(outcome.document, outcome.problems);
    for (const config::Problem& problem : outcome.problems)
        (void)config::report(problem);
    (void)config::remarks(outcome.document);
    config::Variables variables;
    config::add_user(variables, "jane@example.com");
    for (const config::Group& group : outcome.document.groups) {
        for (const config::Assignment& assignment : group.assignments)
            (void)config::expand(assignment.value, variables);
    }
    try {
        (void)config::evaluate(
            outcome.document, {.protocol = "lda", .local_ip = "10.1.2.3", .remote_ip = "::1"},
            {{"quota_rule", "*:storage=1G"}, {"namespace/inbox/separator", "."}});
    } catch (const std::invalid_argument&) {
        // A value of a wrong type, which is among the problems.
    }
    // One kind of listing an input: the whole one takes longer than all the rest.
    using Scope = config::ListingOptions::Scope;
    config::ListingOptions options;
    options.scope = size % 16 == 0 ? Scope::all : size % 2 == 0 ? Scope::changed : Scope::set;
    options.flat = size % 3 == 0;
    (void)config::list_configuration(outcome.document, options);
    return 0;
}
