// SPDX-License-Identifier: MIT
// Settings that were written and that nothing acts on: none of them may be ignored without a word.
#pragma once

#include "config/document.h"

#include <string>
#include <string_view>
#include <vector>

namespace config {

struct Unheeded {
    std::string name;                  // "quota_rule", "mail_plugins = acl", "service imap-login"
    const Setting* setting = nullptr;  // null: nobody knows the name
    bool in_plugin = false;            // a name of plugin {}
    Place place;
};

// Each once, in file order; those under filters that `protocol` rules out are left out (empty: it
// rules out nothing). What is written with its default value asks for nothing and is left out, too.
// Cheap enough for each start of a delivery agent.
std::vector<Unheeded> unheeded(const Document& document, std::string_view protocol = {});

}  // namespace config
