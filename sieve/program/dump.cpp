// SPDX-License-Identifier: MIT
#include "sieve/program/dump.h"

#include "sieve/extension/table.h"
#include "sieve/program/binary.h"
#include "sieve/program/listing.h"
#include "sieve/text.h"

#include <algorithm>
#include <array>
#include <cstdio>

namespace sieve {

namespace {

using format::Section;

constexpr std::array<std::string_view, format::section_count> section_names{
    "strings",        "lists",         "list items",    "numbers",       "templates",
    "template parts", "words",         "shapes",        "shape slots",   "extensions",
    "variables",      "code",          "lines",         "string bytes",  "searches",
    "search groups",  "search states", "search labels", "search exacts", "search found"};
static_assert(std::ranges::none_of(section_names, &std::string_view::empty), "each has a name");

std::string hexadecimal(std::uint64_t number) {
    char text[17];
    std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(number));
    return text;
}

void heading(std::string& out, const std::string& text) {
    out.append("\n* ").append(text).append(":\n\n");
}

void entry(std::string& out, std::string_view name, std::string_view value) {
    out.append(name).append(" = ").append(value).append("\n");
}

void add_extensions(std::string& out, const Image& image) {
    const std::uint32_t count = image.count(Section::extensions);
    heading(out, "Required extensions (block: extensions)");
    for (std::uint32_t i = 0; i < count; ++i) {
        const std::string_view name = image.string(image.extension(i));
        out.append("  ").append(std::to_string(i)).append(": ").append(printable(name));
        if (const auto id = find_extension(name)) {
            out.append(" (id: ").append(std::to_string(*id)).append("; ");
            out.append(extension_table()[*id]->rfc).append(")");
        }
        out += "\n";
    }
    if (count == 0) out += "  (none)\n";
}

void add_variables(std::string& out, const Image& image) {
    const std::uint32_t count = image.count(Section::variables);
    if (count == 0) return;
    heading(out, "Variables (block: variables)");
    for (std::uint32_t i = 0; i < count; ++i)
        out.append("  ")
            .append(std::to_string(i))
            .append(": ")
            .append(printable(image.string(image.variable(i))))
            .append("\n");
}

void hex_row(std::string& out, std::string_view row, std::size_t offset) {
    char text[32];
    std::snprintf(text, sizeof text, "%08zx ", offset);
    out += text;
    std::string shown;
    for (std::size_t i = 0; i < 16; ++i) {
        if (i >= row.size()) {
            out += "   ";
            continue;
        }
        const auto octet = static_cast<unsigned char>(row[i]);
        std::snprintf(text, sizeof text, " %02x", octet);
        out += text;
        shown += octet >= 0x20 && octet < 0x7f ? row[i] : '.';
    }
    out.append("  |").append(shown).append("|\n");
}

void hex_block(std::string& out, std::string_view name, std::string_view bytes,
               std::size_t offset) {
    char text[40];
    std::snprintf(text, sizeof text, "file offset %08zx", offset);
    heading(out, "Block " + std::string(name) + " (" + std::to_string(bytes.size()) + " bytes, " +
                     text + ")");
    for (std::size_t at = 0; at < bytes.size(); at += 16)
        hex_row(out, bytes.substr(at, 16), offset + at);
}

}  // namespace

std::string dump(const Program& program, std::string_view location) {
    const Image& image = program.image();
    const format::Header& header = image.header();
    std::string out;
    heading(out, "Header");
    entry(out, "version", std::to_string(header.version));
    entry(out, "compiler", hexadecimal(header.compiler));
    entry(out, "checksum", hexadecimal(header.checksum));
    entry(out, "size", std::to_string(header.size) + " bytes");
    heading(out, "Script metadata (block: header)");
    entry(out, "class", "file");
    entry(out, "location", location.empty() ? "unknown" : printable(location, 4096));
    entry(out, "source", to_string(SourceHash{header.source_high, header.source_low}));
    entry(out, "extensions", hexadecimal(header.extensions));
    add_extensions(out, image);
    add_variables(out, image);
    heading(out, "Main program (block: code)");
    out += "Address   Line  Code\n";
    return out + code_listing(program) + "\n";
}

std::string hex_dump(const Program& program) {
    const std::string_view bytes = program.image().bytes();
    std::string out;
    heading(out, "Binary blocks (count: " + std::to_string(format::section_count + 1) + ")");
    const auto size = [&](std::string_view name, std::size_t octets) {
        out.append("  ")
            .append(name)
            .append(": size: ")
            .append(std::to_string(octets))
            .append(" bytes\n");
    };
    const auto section = [&](std::size_t i) {
        const format::Extent& extent = program.image().header().sections[i];
        return bytes.substr(extent.offset, std::size_t{extent.count} * format::entry_bytes[i]);
    };
    size("header", sizeof(format::Header));
    for (std::size_t i = 0; i < format::section_count; ++i)
        size(section_names[i], section(i).size());
    hex_block(out, "header", bytes.substr(0, sizeof(format::Header)), 0);
    for (std::size_t i = 0; i < format::section_count; ++i)
        hex_block(out, section_names[i], section(i), program.image().header().sections[i].offset);
    return out;
}

}  // namespace sieve
