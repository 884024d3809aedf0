// SPDX-License-Identifier: MIT
#include "deliver/setup_check.h"

#include "base/text.h"
#include "config/configuration.h"
#include "config/spelling.h"
#include "config/variables.h"
#include "deliver/user_settings.h"
#include "memory/backend.h"
#include "store/location.h"
#include "user/from_settings.h"

#include <algorithm>
#include <exception>
#include <set>
#include <stdexcept>

namespace deliver {
namespace {

using config::Assignment;
using config::Problem;
using config::Variables;

constexpr std::string_view sample_user = "user@domain.example";
constexpr std::string_view sample_home = "/home/user";
// compat 1.7
constexpr std::string_view userdb_drivers[] = {"passwd", "passwd-file", "static",        "sql",
                                               "ldap",   "prefetch",    "checkpassword", "lua",
                                               "dict",   "nss"};
constexpr std::string_view passdb_drivers[] = {"pam", "passwd", "shadow", "passwd-file",   "static",
                                               "sql", "ldap",   "imap",   "checkpassword", "oauth2",
                                               "lua", "dict",   "bsdauth"};
// plugin {} values that are read as they are written.
constexpr std::string_view unexpanded[] = {"sieve_vacation_default_subject",
                                           "sieve_vacation_default_subject_template"};

template <typename Names>
bool among(const Names& names, std::string_view name) {
    return std::find(std::begin(names), std::end(names), name) != std::end(names);
}

Variables process_variables() {
    Variables variables;
    config::add_process(variables);
    return variables;
}

Variables mail_variables() {
    SettingsSource source{.config = std::make_shared<const config::Settings>(),
                          .process_variables = process_variables(),
                          .hostname = "host.example"};
    user::User user{.name = std::string(sample_user)};
    user.home = sample_home;
    return make_user_settings(source, user, Envelope{})->variables;
}

Variables name_variables() {
    Variables variables;
    config::add_user(variables, sample_user);
    variables.values.push_back({'s', "service", "lmtp"});
    return variables;
}

// Those of DeliveryLog.
Variables log_variables() {
    Variables variables;
    variables.values = {
        {'$', "message", {}},      {'m', "msgid", {}},          {'s', "subject", {}},
        {'f', "from", {}},         {'e', "from_envelope", {}},  {'p', "size", {}},
        {'w', "vsize", {}},        {'\0', "delivery_time", {}}, {'\0', "session_time", {}},
        {'\0', "to_envelope", {}}, {'\0', "storage_id", {}}};
    return variables;
}

class SetupCheck {
  public:
    SetupCheck(const config::Document& document, config::Problems& problems)
        : document_(document), problems_(problems) {}

    void templates();
    void databases(std::string_view protocol);

  private:
    void expand(const Assignment& assignment, Problem::Severity severity);
    void unknown_variable(std::string_view value, const Assignment& assignment,
                          Problem::Severity severity, const std::string& text,
                          const Variables& known);
    void location(const Assignment& assignment, const std::string& text, Problem::Severity severity,
                  Problem::Severity if_foreign);
    void userdb(const config::Database& block, const config::Settings& settings);
    void static_users(const config::Database& block, const config::Settings& settings);
    void passdb(const config::Database& block);
    void say(Problem::Severity severity, std::string text, config::Place place,
             std::string hint = {});
    config::Place place(const config::Database& block, std::string_view key) const;

    const config::Document& document_;
    config::Problems& problems_;
    const Variables mail_ = mail_variables();
    const Variables name_ = name_variables();
    const Variables log_ = log_variables();
    const Variables process_ = process_variables();
    std::set<std::string> seen_;  // paths of blocks
};

void SetupCheck::say(Problem::Severity severity, std::string text, config::Place place,
                     std::string hint) {
    if (place.file.empty()) place.file = document_.path;
    problems_.push_back({severity, std::move(text), std::move(hint), std::move(place)});
}

config::Place SetupCheck::place(const config::Database& block, std::string_view key) const {
    const Assignment* found = config::find_in_section(document_, block.path, key);
    return found ? found->value_place() : config::place_of_section(document_, block.path);
}

void SetupCheck::location(const Assignment& assignment, const std::string& text,
                          Problem::Severity severity, Problem::Severity if_foreign) {
    if (text.empty()) return;  // looked for at each user's home
    auto parsed = store::parse_location(text, sample_home);
    if (!parsed)
        say(parsed.error().foreign ? if_foreign : severity, parsed.error().text,
            assignment.value_place());
}

// Marks the variable that the text names in its quotes.
void SetupCheck::unknown_variable(std::string_view value, const Assignment& assignment,
                                  Problem::Severity severity, const std::string& text,
                                  const Variables& known) {
    const std::size_t quote = text.find("'%");
    std::string name;
    if (quote != std::string::npos) name = text.substr(quote + 2, text.rfind('\'') - quote - 2);
    std::size_t at = value.find("{" + name + "}");
    std::size_t size = name.size() + 2;
    if (at == std::string_view::npos) {
        at = value.find(name);
        size = name.size();
    }
    std::vector<std::string_view> names;
    for (const config::Variable& variable : known.values)
        names.push_back(variable.name);
    std::string hint = name.size() > 1 ? config::spelling_hint_among(name, names) : std::string();
    if (hint.empty()) hint = "a percent sign itself is %%";
    const bool found = !name.empty() && at != std::string_view::npos;
    say(severity, text,
        found ? assignment.place_in_value(value.substr(at, size)) : assignment.value_place(),
        std::move(hint));
}

void SetupCheck::expand(const Assignment& assignment, Problem::Severity severity) {
    std::vector<std::string_view> parts = base::split(assignment.path, config::path_separator);
    const std::string_view key = parts.back();
    const bool in_plugin = parts.front() == "plugin";
    if (parts.front() == "userdb" || parts.front() == "passdb") return;  // see databases()
    const config::Setting* setting =
        in_plugin ? config::find_plugin_setting(key) : assignment.setting;
    if (in_plugin ? among(unexpanded, key)
                  : !setting || setting->type != config::Type::template_text)
        return;
    if (!setting || setting->effect != config::Effect::acts) severity = Problem::Severity::warning;
    if (key == "postmaster_address" && base::trim(assignment.value).empty()) {
        return say(severity, "postmaster_address is empty", assignment.value_place(),
                   "set it to an address, or remove the line: its default is postmaster@ the "
                   "user's domain");
    }
    // What only words log lines stops no mail.
    if (key == "deliver_log_format" || key == "mail_log_prefix")
        severity = Problem::Severity::warning;
    const Variables& variables = key == "deliver_log_format"     ? log_
                                 : key == "auth_username_format" ? name_
                                 : key == "login_greeting"       ? process_
                                                                 : mail_;
    auto expanded = config::expand(assignment.value, variables);
    if (!expanded) {
        return unknown_variable(assignment.value, assignment, severity,
                                std::string(key) + ": " + expanded.error(), variables);
    }
    if (key == "mail_location") location(assignment, *expanded, severity, severity);
    if (parts.front() != "namespace" || key != "location") return;
    const std::string section =
        assignment.path.substr(0, assignment.path.size() - std::string_view("location").size());
    const Assignment* inbox = config::find_in_section(document_, section, "inbox");
    location(assignment, *expanded, severity,
             inbox != nullptr && inbox->value != "no" ? severity : Problem::Severity::warning);
}

void SetupCheck::templates() {
    for (const config::Group& group : document_.groups) {
        const config::Condition only{.protocol = group.condition.protocol};
        const bool ours = config::match(only, config::Filter{.protocol = "lda"}) ||
                          config::match(only, config::Filter{.protocol = "lmtp"});
        for (const Assignment& assignment : group.assignments) {
            if (!assignment.from_file)
                expand(assignment, ours ? Problem::Severity::error : Problem::Severity::warning);
        }
    }
}

// Without allow_all_users a passdb must say who exists.
void SetupCheck::static_users(const config::Database& block, const config::Settings& settings) {
    if (among(base::words(block.args), std::string_view("allow_all_users=yes"))) return;
    const bool can_tell = std::any_of(
        settings.passdbs.begin(), settings.passdbs.end(),
        [](const auto& one) { return one.driver == "passwd-file" || one.driver == "static"; });
    if (can_tell) return;
    say(Problem::Severity::warning,
        "userdb static: no passdb here can tell whether a user exists, so mail is deferred",
        place(block, "args"), "let args say allow_all_users=yes, or add such a passdb");
}

void SetupCheck::userdb(const config::Database& block, const config::Settings& settings) {
    if (block.driver.empty()) return;  // config::check_rules()
    for (std::string_view key : {"args", "default_fields", "override_fields"}) {
        const Assignment* text = config::find_in_section(document_, block.path, key);
        if (!text || text->from_file) continue;
        try {
            user::expand_for(text->value, {.name = std::string(sample_user), .service = "lmtp"});
        } catch (const std::invalid_argument& unknown) {
            unknown_variable(text->value, *text, Problem::Severity::error,
                             "userdb " + std::string(key) + ": " + unknown.what(), {});
        }
    }
    config::Settings alone = settings;
    alone.userdbs = {block};
    try {
        user::make_chain(alone);
    } catch (const std::exception& error) {
        if (!std::string_view(error.what()).starts_with("Unknown userdb driver"))
            return say(Problem::Severity::error, error.what(), place(block, "args"));
        const bool known = among(userdb_drivers, block.driver);
        return say(Problem::Severity::error,
                   known ? "userdb driver " + block.driver +
                               " is known, but nothing acts on it yet (effect: later)"
                         : error.what(),
                   place(block, "driver"),
                   known ? std::string()
                         : config::spelling_hint_among(block.driver, {std::begin(userdb_drivers),
                                                                      std::end(userdb_drivers)}));
    }
    if (block.driver == "static") static_users(block, settings);
}

void SetupCheck::passdb(const config::Database& block) {
    if (block.driver.empty() || among(passdb_drivers, block.driver)) return;
    say(Problem::Severity::warning, "Unknown passdb driver '" + base::printable(block.driver) + "'",
        place(block, "driver"),
        config::spelling_hint_among(block.driver,
                                    {std::begin(passdb_drivers), std::end(passdb_drivers)}));
}

void SetupCheck::databases(std::string_view protocol) {
    config::Settings settings;
    try {
        settings = config::evaluate(document_, {.protocol = std::string(protocol)}, {});
    } catch (const std::invalid_argument&) {
        return;  // a value that could not be read: a problem of the parser's list
    }
    if (settings.tamis_memory != "sqlite" && !settings.tamis_memory.empty())
        if (const auto made = memory::make_backend(settings.tamis_memory);
            !made && seen_.insert("tamis_memory").second)
            say(Problem::Severity::error, made.error(), {});
    for (const config::Database& block : settings.userdbs) {
        if (seen_.insert(block.path).second) userdb(block, settings);
    }
    for (const config::Database& block : settings.passdbs) {
        if (seen_.insert(block.path).second) passdb(block);
    }
    const bool answers =
        std::any_of(settings.userdbs.begin(), settings.userdbs.end(),
                    [](const config::Database& block) { return block.driver != "prefetch"; });
    if (answers || !seen_.insert("none").second) return;
    if (settings.userdbs.empty()) {
        // tamis-lda without -d takes user and home from its environment.
        say(Problem::Severity::warning,
            "no userdb: tamis-lmtp and tamis-lda -d USER find nobody, so their mail is deferred",
            {}, "userdb { driver = passwd } serves the users of the system");
    } else {
        say(Problem::Severity::error, "no userdb answers deliveries: prefetch serves log-ins only",
            place(settings.userdbs.front(), "driver"), "add a second userdb, of the passdb's kind");
    }
}

}  // namespace

void check_setup(const config::Document& document, config::Problems& problems) {
    SetupCheck check(document, problems);
    check.templates();
    for (Protocol protocol : {Protocol::lda, Protocol::lmtp})
        check.databases(service_name(protocol));
}

}  // namespace deliver
