// SPDX-License-Identifier: MIT
// Precompiled for every unit test program: what each of them includes. A guard, not a pragma: it is
// a main file, too.
#ifndef TAMIS_TESTS_PCH_H
#define TAMIS_TESTS_PCH_H

#include <catch2/catch.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#endif
