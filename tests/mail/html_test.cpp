// SPDX-License-Identifier: MIT
#include "mail/html.h"

#include <catch2/catch.hpp>

TEST_CASE("HTML becomes readable text") {
    struct Case {
        std::string name;
        std::string html;
        std::string text;
    };
    auto row = GENERATE(values<Case>({
        {"RFC 5173 §5.3 tags go", "<html><body>Hello</body></html>", "Hello"},
        {"white space is one space", "a\n   b\t\tc", "a b c"},
        {"block tags part words", "<p>a</p><p>b</p>c<br>d<BR/>e", "a b c d e"},
        {"inline tags do not", "H<b>el</b>lo <i>x</i>", "Hello x"},
        {"attributes with >", "<a title=\"x>y\" href='>'>k</a>", "k"},
        {"a quote that never closes", "<a title=\"x>k</a>", "k"},
        {"comments", "a<!-- <b> -- > -->b<!-- c", "ab"},
        {"style and script", "<style>p{}</style>a<SCRIPT>if (a</b) x</script >b", "ab"},
        {"script that never ends", "a<script>b", "a"},
        {"declarations", "<!DOCTYPE html><?xml x?>a", "a"},
        {"named entities", "&lt;&amp;&auml;&euro;&nbsp;x&nosuch;",
         "<&\xc3\xa4\xe2\x82\xac x&nosuch;"},
        {"numbers", "&#65;&#x42;&#228 &#128;&#0;&#xd800;&#99999999;",
         "AB\xc3\xa4 \xe2\x82\xac\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"},
        {"no entity", "a & b &; &# &#x", "a & b &; &# &#x"},
        {"no tag", "1 < 2 <3 <", "1 < 2 <3 <"},
        {"cut off", "a<b", "a"},
        {"nothing", "", ""},
    }));
    CAPTURE(row.name);
    CHECK(mail::html_to_text(row.html) == row.text);
}
