// SPDX-License-Identifier: MIT
#include "user/chain.h"

#include "base/text.h"
#include "user/fields.h"
#include "user/passwd_db.h"
#include "user/passwd_file.h"
#include "user/static_db.h"

#include <stdexcept>

namespace user {
namespace {

// userdb prefetch serves log-ins only: whoever looks a user up goes on to the next block.
class Prefetch final : public UserDb {
  public:
    Lookup find(const Request&) override { return NoSuchUser{}; }
};

// What the passdb blocks can say of a user's existence without a password.
Exists existence(const std::vector<Block>& passdbs, const Expand& expand) {
    std::vector<Exists> checks;
    for (const Block& block : passdbs) {
        if (block.deny || block.master) continue;
        if (block.driver == "passwd-file") {
            auto file = std::make_shared<PasswdFile>(block.args, expand);
            checks.push_back([file](const Request& request) { return file->exists(request); });
        } else if (block.driver == "static") {
            checks.push_back(
                [](const Request& request) -> Lookup { return User{.name = request.name}; });
        } else {
            checks.push_back([driver = block.driver](const Request&) -> Lookup {
                return LookupFailure{"userdb static: passdb " + driver +
                                     " cannot tell whether a user exists (see allow_all_users in "
                                     "the userdb's args)"};
            });
        }
    }
    return [checks](const Request& request) -> Lookup {
        Lookup answer = NoSuchUser{};
        if (checks.empty())
            return LookupFailure{
                "userdb static: no passdb to tell whether the user exists (see allow_all_users)"};
        for (const Exists& check : checks) {
            Lookup one = check(request);
            if (std::holds_alternative<User>(one)) return one;
            if (std::holds_alternative<LookupFailure>(one)) answer = std::move(one);
        }
        return answer;
    };
}

std::shared_ptr<UserDb> make_driver(const Block& block, const Blocks& blocks,
                                    const Expand& expand) {
    if (block.driver == "passwd-file") return std::make_shared<PasswdFile>(block.args, expand);
    if (block.driver == "static")
        return std::make_shared<StaticDb>(block.args, expand, existence(blocks.passdbs, expand));
    if (block.driver == "passwd") return std::make_shared<PasswdDb>();
    if (block.driver == "prefetch") return std::make_shared<Prefetch>();
    throw std::invalid_argument("Unknown userdb driver '" + base::printable(block.driver) +
                                "' (typo, or Tamis was built without support for it?)");
}

enum class State { undecided, found, failed };

}  // namespace

struct Chain::Link {
    Block block;
    std::shared_ptr<UserDb> driver;
};

Chain::Chain(const Blocks& blocks, Expand expand) : expand_(std::move(expand)) {
    for (const Block& block : blocks.userdbs) {
        links_.push_back({block, make_driver(block, blocks, expand_)});
        if (block.driver == "passwd") may_block_ = true;
        if (block.driver != "prefetch") can_answer_ = true;
    }
}

Chain::~Chain() = default;

Lookup Chain::find(const Request& request) {
    // Not "no such user": a mistake in the configuration must not bounce everybody's mail.
    if (!can_answer_) return LookupFailure{"no userdb block that can look up users is configured"};
    User user{.name = request.name};
    State state = State::undecided;
    std::string failure;
    for (const Link& link : links_) {
        if (state == State::found ? link.block.skip == "found" : link.block.skip == "notfound")
            continue;
        Lookup answer = link.driver->find(request);
        const std::string* rule = &link.block.result_failure;
        try {
            if (User* found = std::get_if<User>(&answer)) {
                std::string error =
                    set_fields(*found, link.block.default_fields, request, expand_, Overwrite::no);
                if (error.empty())
                    error = set_fields(*found, link.block.override_fields, request, expand_,
                                       Overwrite::yes);
                if (!error.empty()) {
                    answer = LookupFailure{error};
                } else {
                    rule = &link.block.result_success;
                    if (found->name != request.name || user.name == request.name)
                        user.name = found->name;
                    if (found->uid) user.uid = found->uid;
                    if (found->gid) user.gid = found->gid;
                    if (!found->home.empty()) user.home = found->home;
                    if (!found->mail.empty()) user.mail = found->mail;
                    for (auto& [key, value] : found->fields)
                        user.fields[key] = value;
                    if (user.fields.contains("tempfail"))
                        answer = LookupFailure{"userdb field tempfail: " + user.fields["tempfail"]};
                }
            }
        } catch (const std::invalid_argument& unknown_variable) {
            answer = LookupFailure{unknown_variable.what()};
        }
        if (auto* failed = std::get_if<LookupFailure>(&answer)) {
            rule = &link.block.result_internalfail;
            failure = failed->text;
        }
        if (rule->ends_with("-ok")) state = State::found;
        if (rule->ends_with("-fail")) state = State::failed;
        if (rule->starts_with("return")) break;
    }
    if (state == State::found) return user;
    if (!failure.empty()) return LookupFailure{failure};
    return NoSuchUser{};
}

}  // namespace user
