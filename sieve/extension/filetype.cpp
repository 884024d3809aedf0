// SPDX-License-Identifier: MIT
// vnd.tamis.filetype: the test filetype, of what the contents of MIME parts look like.
#include "sieve/extension/file_claim.h"
#include "sieve/extension/mime_test.h"
#include "sieve/extension/rows.h"
#include "sieve/machine/matching.h"
#include "sieve/program/call_check.h"
#include "sieve/text.h"

#include <algorithm>
#include <optional>

namespace sieve {

namespace {

void check_filetype(CallCheck& check) {
    if (!check.has(Slot::first) && !check.has(Slot::mismatch))
        check.error(check.call().where, "filetype needs types to look for, or ':mismatch'");
}

bool is_named_otherwise(const MimeField& field, std::string_view parameter,
                        std::string_view detected) {
    return std::ranges::any_of(field.parameters, [&](const auto& each) {
        return iequals(each.first, parameter) && contradicts_name(each.second, detected);
    });
}

// Whether the part's header claims that its content is something else.
bool contradicts_header(const Message& message, std::size_t part, std::string_view detected) {
    if (contradicts_type(message.parts()[part].content_type, detected)) return true;
    const auto any = [&](std::string_view field, std::string_view parameter) {
        return std::ranges::any_of(message.part_fields(part, field), [&](const MimeField& each) {
            return is_named_otherwise(each, parameter, detected);
        });
    };
    return any("Content-Disposition", "filename") || any("Content-Type", "name");
}

bool test_filetype(Run& run, const Arguments& arguments) {
    std::optional<Matching> matching;
    if (arguments.has(Slot::first)) matching.emplace(run, arguments, Slot::first);
    const Message& message = run.message();
    const auto [first, last] = parts_in_scope(run, arguments);
    for (std::size_t part = first; part < last; ++part) {
        const DetectedType detected = message.detected_type(part);
        run.work().add(detected.cost);
        run.check_budget();
        if (detected.type.empty()) continue;
        if (run.tracer().at(TraceLevel::matching))
            run.tracer().write(1, "the content of part " + std::to_string(part) + " looks like `" +
                                      std::string(detected.type) + "'");
        if (arguments.has(Slot::mismatch)) {
            if (!contradicts_header(message, part, detected.type)) {
                run.looked_at("a content that is what it says", detected.type);
                continue;
            }
            if (!matching) {
                run.matched(arguments.word(), message.parts()[part].content_type, detected.type,
                            {});
                return true;
            }
        }
        if (matching->value(detected.type, "the content")) return true;
    }
    return matching && matching->finish();
}

constexpr TagSpec tags[] = {
    {.name = "anychild", .slot = Slot::any_child},
    {.name = "mismatch", .slot = Slot::mismatch},
};
constexpr ArgumentSpec arguments[] = {{.value = ValueKind::list, .optional = true}};
constexpr WordSpec words[] = {
    {.name = "filetype",
     .kind = WordKind::test,
     .arguments = arguments,
     .tags = tags,
     .groups = Group::match,
     .check = check_filetype,
     .test = test_filetype},
};

}  // namespace

const Extension extension::filetype{.name = "vnd.tamis.filetype",
                                    .rfc = "Tamis",
                                    .enabled = Enabled::when_configured,
                                    .words = words};

}  // namespace sieve
