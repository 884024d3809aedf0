// SPDX-License-Identifier: MIT
#include "sieve/extension/table.h"

#include <catch2/catch.hpp>

#include <fstream>
#include <sstream>

namespace {

std::string allowed_text(sieve::Enabled enabled) {
    switch (enabled) {
        case sieve::Enabled::always:
            return "always";
        case sieve::Enabled::by_default:
            return "default";
        case sieve::Enabled::when_configured:
            return "when configured";
        case sieve::Enabled::testsuite:
            return "in sieve-testsuite";
    }
    return {};
}

// The first three columns of the page's first table, without its head.
std::vector<std::string> rows_of_page() {
    std::ifstream page(TAMIS_SIEVE_PAGE);
    REQUIRE(page);
    std::vector<std::string> rows;
    std::string line;
    while (std::getline(page, line) && line != "_") {
    }
    while (std::getline(page, line) && line != ".TE")
        rows.push_back(line.substr(0, line.rfind('@')));
    return rows;
}

}  // namespace

TEST_CASE("tamis-sieve(7) has a row for each extension of the table, in its order, and no other") {
    std::vector<std::string> rows;
    for (const sieve::Extension* extension : sieve::extension_table()) {
        if (extension->name.empty()) continue;
        rows.push_back(std::string(extension->name) + '@' + std::string(extension->rfc) + '@' +
                       allowed_text(extension->enabled));
    }
    CHECK(rows_of_page() == rows);
}

TEST_CASE("tamis-sieve(7) names the standard of each extension") {
    std::ifstream page(TAMIS_SIEVE_PAGE);
    std::stringstream text;
    text << page.rdbuf();
    const std::string standards = text.str().substr(text.str().find(".SH STANDARDS"));
    for (const sieve::Extension* extension : sieve::extension_table()) {
        CAPTURE(extension->name);
        CHECK(standards.find('\n' + std::string(extension->rfc) + '@') != std::string::npos);
    }
}
