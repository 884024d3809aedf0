#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Makes unicode_table.inc of UnicodeData.txt: what i;unicode-casemap (RFC 5051 §2) turns each code
point into, as UTF-8.

usage: unicode_table.py UnicodeData.txt OUTPUT

Two steps lead from a code point to its entry: `pages` by its upper bits, `entries` by the lower
PAGE_BITS ones. An entry is 0 where the code point stays as it is, else an offset into `pool`, where
a length and that many octets stand. Hangul syllables are not in it: their rule is arithmetic.
"""
import sys

PAGE_BITS = 6
PAGE = 1 << PAGE_BITS


def read(path):
    titles, decompositions = {}, {}
    with open(path, encoding="ascii") as lines:
        for line in lines:
            fields = line.rstrip("\n").split(";")
            code = int(fields[0], 16)
            # An empty titlecase is the uppercase (UAX #44, Simple_Titlecase_Mapping).
            if title := fields[14] or fields[12]:
                titles[code] = int(title, 16)
            if fields[5]:
                words = [word for word in fields[5].split() if not word.startswith("<")]
                decompositions[code] = [int(word, 16) for word in words]
    return titles, decompositions


def decompose(code, decompositions):
    if code not in decompositions:
        return [code]
    return [each for part in decompositions[code] for each in decompose(part, decompositions)]


def rows(numbers, width=16):
    for at in range(0, len(numbers), width):
        yield "    " + ", ".join(map(str, numbers[at:at + width])) + ",\n"


def main():
    titles, decompositions = read(sys.argv[1])
    prepared = {}
    for code in sorted(titles.keys() | decompositions.keys()):
        result = decompose(titles.get(code, code), decompositions)
        if result != [code]:
            prepared[code] = "".join(map(chr, result)).encode()

    pool, places = [0], {}
    for text in prepared.values():
        if text not in places:
            places[text] = len(pool)
            pool += [len(text), *text]
    entries, pages, known = [], [], {}
    for first in range(0, (max(prepared) // PAGE + 1) * PAGE, PAGE):
        page = tuple(places[prepared[code]] if code in prepared else 0
                     for code in range(first, first + PAGE))
        if page not in known:
            known[page] = len(known)
            entries += page
        pages.append(known[page])
    assert len(pool) < 1 << 16 and len(known) < 1 << 8
    assert max(map(len, prepared.values())) < 1 << 8

    with open(sys.argv[2], "w", encoding="ascii") as out:
        out.write(f"constexpr unsigned page_bits = {PAGE_BITS};\n")
        for name, kind, numbers in (("pages", "std::uint8_t", pages),
                                    ("entries", "std::uint16_t", entries),
                                    ("pool", "unsigned char", pool)):
            out.write(f"constexpr {kind} {name}[] = {{\n")
            out.writelines(rows(numbers))
            out.write("};\n")


main()
