// SPDX-License-Identifier: MIT
// The administrator's program: `tamis WORD ...`. A command is a row of the table in tamis.cpp and a
// function with main's signature, whose argv[0] is the word.
#pragma once

#include <string_view>

namespace bin {

struct Command {
    std::string_view word;
    int (*run)(int argc, char** argv);
    std::string_view help;   // one line
    std::string_view alias;  // the program's name that means this word: doveconf
};

// tamis_config.cpp: shows and checks the configuration; man page tamis-config(1).
int tamis_config(int argc, char** argv);
// tamis_explain.cpp: why a message lies where it lies; man page tamis-explain(1).
int tamis_explain(int argc, char** argv);
// tamis_pw.cpp: makes and verifies stored passwords; man page tamis-pw(1).
int tamis_pw(int argc, char** argv);
// tamis_sieve.cpp: a user's scripts; man page tamis-sieve(1).
int tamis_sieve(int argc, char** argv);

}  // namespace bin
