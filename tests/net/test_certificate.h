// SPDX-License-Identifier: MIT
// A key and a certificate of our own making, as PEM.
#pragma once

#include <string>

struct TestCertificate {
    std::string certificate;
    std::string key;
};

TestCertificate make_test_certificate();
