// SPDX-License-Identifier: MIT
// A compiled script. It is the bytes of the binary file, verified, and read in place: constants are
// views into them. Immutable, so one program may run in many threads at once; copies share the
// bytes. Only compile() and load() (program/binary.h) make one, so what exists has passed the
// verifier.
//
// The layout stands in program/format.h, the instructions in program/opcode.h.
#pragma once

#include "sieve/match/regex.h"
#include "sieve/program/image.h"

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sieve {

// A call's word and where it finds its arguments, worked out once at load.
struct Shape;

class Program {
  public:
    // The tables and the code.
    const Image& image() const { return contents_->image; }
    // By Opcode::test and Opcode::command operands.
    const std::vector<Shape>& shapes() const { return contents_->shapes; }

    // Values that the machine's stack must hold.
    std::size_t max_stack() const { return contents_->max_stack; }

    // Of its constants; shared by copies and threads.
    const match::RegexCache& regexes() const { return contents_->regexes; }

  private:
    friend class ProgramMaker;
    struct Contents {
        std::string bytes;
        Image image;  // over bytes
        std::vector<Shape> shapes;
        std::size_t max_stack = 0;
        match::RegexCache regexes;
    };
    explicit Program(std::shared_ptr<const Contents> contents) : contents_(std::move(contents)) {}

    std::shared_ptr<const Contents> contents_;
};

}  // namespace sieve
