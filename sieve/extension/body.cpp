// SPDX-License-Identifier: MIT
// body (RFC 5173).
#include "sieve/extension/rows.h"
#include "sieve/machine/matching.h"
#include "sieve/program/call_check.h"
#include "sieve/text.h"

namespace sieve {

namespace {

constexpr std::uint32_t raw = 0;
constexpr std::uint32_t text = 1;

// "" is any type, "text" every subtype, "text/html" that one (RFC 5173 §5.2). With more than one
// slash or an empty half it is none.
bool is_of_type(std::string_view type, std::string_view wanted) {
    if (wanted.empty()) return true;
    const std::size_t slash = wanted.find('/');
    if (slash == 0 || slash == wanted.size() - 1) return false;
    if (slash == std::string_view::npos) return iequals(type.substr(0, type.find('/')), wanted);
    return iequals(type, wanted);
}

bool test_content(Run& run, const StringList& types, Matching& matching) {
    const std::vector<BodyPart>& parts = run.message().parts();
    for (std::size_t i = 0; i < parts.size(); ++i) {
        bool wanted = false;
        for (StringRef type : types) {
            run.work().add(type.text.size());
            wanted = wanted || is_of_type(parts[i].content_type, type.text);
        }
        if (!wanted) continue;
        for (const std::string& content : run.message().decoded(i))
            if (matching.value(content, parts[i].content_type)) return true;
    }
    return false;
}

bool test_text(Run& run, Matching& matching) {
    for (const std::string& each : run.message().text())
        if (matching.value(each, "body")) return true;
    return false;
}

bool test_body(Run& run, const Arguments& arguments) {
    Matching matching(run, arguments, Slot::first);
    matching.keep_match_values();  // RFC 5173 §6
    const std::optional<std::string_view> body = run.message().raw_body();
    if (!body) return matching.finish();  // RFC 5173 §4: an empty set, whatever the transform
    bool matched = false;
    if (arguments.has(Slot::content_types))
        matched = test_content(run, arguments.list(Slot::content_types), matching);
    else if (arguments.constant(Slot::transform, text) == raw)
        matched = matching.value(*body, "body");
    else
        matched = test_text(run, matching);
    return matched || matching.finish();
}

// clang-format off
constexpr TagSpec tags[] = {
    {.name = "raw",     .slot = Slot::transform, .constant = raw,  .excludes = Slot::transform},
    {.name = "text",    .slot = Slot::transform, .constant = text, .excludes = Slot::transform},
    {.name = "content", .slot = Slot::content_types, .value = ValueKind::list, .excludes = Slot::transform},
};
constexpr ArgumentSpec arguments[] = {{.value = ValueKind::list}};
constexpr WordSpec words[] = {
    {.name = "body", .kind = WordKind::test, .arguments = arguments, .tags = tags, .groups = Group::match, .searched = Slot::first,
     .test = test_body},
};
// clang-format on

}  // namespace

const Extension extension::body{.name = "body", .rfc = "RFC 5173", .words = words};

}  // namespace sieve
