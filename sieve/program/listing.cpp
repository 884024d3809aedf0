// SPDX-License-Identifier: MIT
#include "sieve/program/listing.h"

#include "sieve/extension/spec.h"
#include "sieve/program/line_table.h"
#include "sieve/program/shape.h"
#include "sieve/text.h"

#include <cstdio>

namespace sieve {

namespace {

using format::Section;

std::string quoted(std::string_view text) {
    std::string out = "\"";
    for (char c : printable(text, 4096)) {
        if (c == '"' || c == '\\') out += '\\';
        out += c;
    }
    return out + "\"";
}

class Lister {
  public:
    explicit Lister(const Program& program) : image_(program.image()), lines_(image_.lines()) {}

    std::string run() {
        out_ = "extensions:";
        for (std::uint32_t i = 0; i < image_.count(Section::extensions); ++i)
            out_.append(" ").append(image_.string(image_.extension(i)));
        out_ += "\nvariables:";
        for (std::uint32_t i = 0; i < image_.count(Section::variables); ++i)
            out_.append(" ").append(image_.string(image_.variable(i)));
        out_ += "\n\naddress  line  code\n";
        return code();
    }

    std::string code() {
        for (std::uint32_t i = 0; i < image_.count(Section::code); ++i)
            instruction(i);
        return std::move(out_);
    }

  private:
    void instruction(std::uint32_t address) {
        const Instruction instruction = image_.instruction(address);
        const OpcodeRow& row = opcode_table[static_cast<std::size_t>(instruction.opcode())];
        char prefix[40];
        std::snprintf(prefix, sizeof prefix, "%08x %5u  ", address, lines_.line(address));
        out_.append(prefix).append(row.name);
        const std::string text = operand(row.operand, instruction.operand());
        if (!text.empty()) out_.append(" ").append(text);
        out_ += "\n";
    }

    std::string operand(Operand kind, std::uint32_t operand) const {
        char text[32];
        switch (kind) {
            case Operand::none:
                return {};
            case Operand::string:
                return quoted(image_.string(operand));
            case Operand::list:
                return list(image_.list(operand));
            case Operand::number:
                return std::to_string(image_.number(operand));
            case Operand::template_:
                return parts(image_.template_(operand));
            case Operand::count:
                return std::to_string(operand);
            case Operand::shape:
                return shape(image_.shape(operand));
            case Operand::target:
            case Operand::origin:
                std::snprintf(text, sizeof text, "%08x", operand);
                return text;
            case Operand::search:
                std::snprintf(text, sizeof text, "%08x", image_.search(operand).past);
                return "group " + std::to_string(image_.search(operand).group) + ", else " + text;
        }
        return {};
    }

    std::string list(Slice slice) const {
        std::string text = "[";
        for (std::uint32_t i = 0; i < slice.count; ++i)
            text.append(i == 0 ? "" : ", ")
                .append(quoted(image_.string(image_.list_item(slice.first + i))));
        return text + "]";
    }

    std::string parts(Slice slice) const {
        std::string text;
        for (std::uint32_t i = slice.first; i < slice.first + slice.count; ++i) {
            const std::uint32_t bits = image_.template_part(i);
            const std::uint32_t index = bits & 0xffffff;
            if (i != slice.first) text += " ";
            switch (static_cast<format::PartKind>(bits >> 24)) {
                case format::PartKind::literal:
                    text += quoted(image_.string(index));
                    break;
                case format::PartKind::variable:
                    text.append("${").append(image_.string(image_.variable(index))).append("}");
                    break;
                case format::PartKind::environment:
                    text.append("${env.").append(image_.string(index)).append("}");
                    break;
                case format::PartKind::match_value:
                    text += "${" + std::to_string(index) + "}";
                    break;
            }
        }
        return text;
    }

    std::string shape(const ShapeEntry& shape) const {
        std::string text(image_.string(image_.word(shape.word).name));
        for (std::uint32_t i = shape.first; i < shape.first + shape.count; ++i) {
            const SlotEntry slot = image_.shape_slot(i);
            text.append(" ").append(slot_names[slot.slot]);
            if (slot.constant != format::absent) text += "=" + std::to_string(slot.constant);
        }
        return text;
    }

    const Image& image_;
    LineTableReader lines_;
    std::string out_;
};

}  // namespace

std::string listing(const Program& program) {
    return Lister(program).run();
}

std::string code_listing(const Program& program) {
    return Lister(program).code();
}

}  // namespace sieve
