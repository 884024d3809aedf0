// SPDX-License-Identifier: MIT
#include "bin/tamis_config_manual.h"

#include "base/text.h"
#include "config/table.h"

#include <span>
#include <string_view>

namespace bin {
namespace {

using config::Effect;
using config::Setting;
using config::Type;

constexpr std::string_view introduction = R"(.Dd $Mdocdate$
.Dt TAMIS.CONF 5
.Os
.Sh NAME
.Nm tamis.conf
.Nd configuration of Tamis
.Sh DESCRIPTION
Tamis reads configurations of Dovecot 2.3.
A program takes the file of its
.Fl c
option, else the one that the variable
.Ev CONFIG_FILE
names, else
.Pa /etc/tamis/tamis.conf ,
else
.Pa /etc/dovecot/dovecot.conf .
Where there is none, built-in defaults serve the user who started it.
.Pp
Any mistake makes a delivery a temporary failure: the mail stays with the MTA
until the
mistake is mended.
.Ql tamis config --check
shows every mistake at once.
.Sh SYNTAX
The language has one item a line:
.Bd -literal -offset indent
key = value
section name {
  key = value
}
!include conf.d/*.conf
!include_try local.conf
.Ed
.Pp
Space and tab around an item do not count.
A
.Ql #
begins a comment, unless it stands between quotes; an apostrophe inside a
value opens a quotation, too.
A
.Ql \e
at the end of a line joins the next one to it; a comment or an empty line in
between throws away what was collected.
.Bl -tag -width Ds
.It Ar value
Quotes around the whole value are removed, and inside them
.Ql \ex
stands for
.Ql x .
An unquoted value is taken as it is.
.It Li $ Ns Ar name
At the start of a word of an unquoted value: the value of that setting so far,
as in
.Ql mail_plugins = $mail_plugins sieve ;
.Li $ENV: Ns Ar NAME
is a variable of the environment.
.It Li < Ns Ar path
The content of a file, read when the setting is used.
.It Li !include Ar pattern
Reads files in the order of their names.
It is an error if there are none, for
.Li !include_try
it is not.
Relative paths start at the directory of the file that says them.
.El
.Sh VALUES
.Bl -tag -width milliseconds
.It boolean
.Ql yes ,
.Ql y ,
.Ql 1
or
.Ql no .
.It number
0 to 4294967295.
.It octal
A file mode; octal only with a leading 0.
.It time
A number and a unit: secs, mins, hours, days, weeks, or the beginning of one.
.It milliseconds
The same, or msecs.
.It size
A number and a unit: B, k, M, G, T; bytes without one.
.It text
Anything;
.Ql text with %variables
is expanded when it is used.
.It file
Text or
.Li < Ns Ar path .
.El
.Sh SECTIONS
Settings inside a filter hold only where it matches:
.Bl -tag -width Ds
.It Li protocol Ar NAME No { } , Li protocol Ar !NAME No { }
A program or protocol: lda, lmtp, imap, pop3, sieve.
.It Li local Ar NET No { } , Li remote Ar NET No { }
The address of the server or of the client.
.It Li local_name Ar NAMES No { }
The name that a TLS client asks for;
.Ql *.example.com
stands for one label.
.El
.Pp
The more specific filter wins: local_name, then local, then remote (the longer
mask first), then protocol, then what stands outside.
.Ql local
may hold
.Ql local_name ,
that
.Ql remote ,
and that
.Ql protocol .
A setting outside does not change one inside a filter, wherever it stands.
.Bl -tag -width Ds
.It Li service Ar NAME No { }
With
.Li unix_listener ,
.Li fifo_listener
and
.Li inet_listener
blocks.
.It Li namespace Ar NAME No { }
With
.Li mailbox
blocks.
.It Li passdb No { } , Li userdb No { }
Each is asked in the order of the files.
.It Li plugin No { } , Li dict No { }
Free names.
.El
.Pp
Fields of a userdb override settings of the same name;
.Ql namespace/inbox/separator
reaches into a section, and a name that is no setting lands in
.Li plugin No { } .
.Sh VARIABLES
.Bl -tag -width Ds
.It Li %u %n %d
User, the part before the @, the domain.
.It Li %s %h %l %r %p %i
Service, home, local and remote address, process, uid.
.It Li %{ Ns Ar name Ns Li }
By long name: user, username, domain, service, home, session, hostname, pid, ...
.It Li % Ns Ar width Ns Ar modifiers Ns Li u
.Ql %4u
the first 4 characters,
.Ql %.2u
without the first,
.Ql %Lu
lower case; modifiers are L U E X R T H N M D.
.It Li %{if; Ns Ar a ; Ns Ar op ; Ns Ar b ; Ns Ar then ; Ns Ar else Ns Li }
op is one of == != < <= > >= (numbers), eq ne lt le gt ge (text), * !*
(wildcards), ~ !~ (regular expressions).
.It Li %{sha256: Ns Ar name Ns Li }
Digests: md4, md5, sha1, sha256, sha384, sha512, sha3-*; options as in
.Ql %{sha256;rounds=2,truncate=32,salt=x,format=base64:user} ;
and
.Ql %{pkcs5;rounds=2048,salt=x:name} .
.It Li %{env: Ns Ar NAME Ns Li }
A variable of the environment.
.It Li %%
A percent sign.
A single one at the end of a value disappears.
.El
.Sh EFFECT
Each setting below is marked:
.Bl -tag -width Ds
.It acts
A program of Tamis acts on it.
.It later
It is known and accepted, but nothing acts on it yet.
.It none
It belongs to a feature that has no counterpart here, or has lost its meaning.
.El
.Pp
.Ql tamis config --check
says so where a setting of the last two kinds is used.
A name that is not listed is a mistake.
)";

constexpr std::string_view ending = R"(.Sh SEE ALSO
.Xr tamis-config 1 ,
.Xr tamis-lda 1 ,
.Xr tamis-sieve 7 ,
.Xr tamis-lmtp 8
)";

std::string_view type_name(Type type) {
    switch (type) {
        case Type::text:
            return "text";
        case Type::template_text:
            return "text with %variables";
        case Type::boolean:
            return "boolean";
        case Type::number:
            return "number";
        case Type::octal:
            return "octal";
        case Type::size:
            return "size";
        case Type::time:
            return "time";
        case Type::milliseconds:
            return "milliseconds";
        case Type::one_of:
            return "one of";
        case Type::file:
            return "file";
        case Type::port:
            return "port";
    }
    return "text";
}

std::string_view effect_name(Effect effect) {
    switch (effect) {
        case Effect::acts:
            return "acts";
        case Effect::later:
            return "later";
        case Effect::later_delivery:
            return "later, mail is delivered without it";
        case Effect::none:
            return "none";
    }
    return "none";
}

std::string type_and_choices(const Setting& setting) {
    std::string text(type_name(setting.type));
    if (!setting.choices.empty()) text.append(" ").append(setting.choices);
    return text;
}

// A sentence: the first letter large, a full stop at the end.
std::string sentence(std::string_view help) {
    std::string text(help);
    if (!text.ends_with('.')) text += '.';
    return text;
}

void add_rows(std::string& out, std::span<const Setting> rows, std::string_view prefix) {
    for (const Setting& setting : rows) {
        out.append(prefix).append(setting.name).append(" = ").append(setting.default_value);
        out.append("\n    [").append(type_and_choices(setting)).append("; ");
        out.append(effect_name(setting.effect)).append("] ").append(setting.help).append("\n");
    }
}

void add_section_rows(std::string& out, const config::Section& section, const std::string& prefix) {
    std::string inside = prefix + std::string(section.type) + "/";
    add_rows(out, section.keys, inside);
    for (const config::Section* inner : section.inner)
        add_section_rows(out, *inner, inside);
}

// Text inside an mdoc line: a backslash is \e, and a line may not begin with a dot or a quote.
std::string mdoc(std::string_view text) {
    std::string out;
    for (char c : text) {
        if (c == '\\') {
            out += "\\e";
        } else if (c == '"') {
            out += "\\(dq";
        } else {
            out += c;
        }
    }
    if (out.starts_with('.') || out.starts_with('\'')) out = "\\&" + out;
    return out;
}

// Lines of at most 80 bytes; a sentence begins a line.
std::string wrapped(std::string_view text) {
    constexpr std::size_t width = 78;
    std::string out, line;
    auto flush = [&] {
        if (!line.empty()) out += mdoc(line) + "\n";
        line.clear();
    };
    for (std::string_view word : base::words(text)) {
        if (line.size() + 1 + word.size() > width) flush();
        line.append(line.empty() ? "" : " ").append(word);
        if (word.ends_with('.')) flush();
    }
    flush();
    return out;
}

void add_manual_rows(std::string& out, std::span<const Setting> rows) {
    out += ".Bl -tag -width Ds\n";
    for (const Setting& setting : rows) {
        out += ".It Va \"" + mdoc(setting.name) + "\"\n";
        out += wrapped(sentence(setting.help));
        out += ".br\n" + wrapped("Type: " + type_and_choices(setting) + ".");
        if (!setting.default_value.empty())
            out += "Default:\n.Ql \"" + mdoc(setting.default_value) + "\"\n.br\n";
        out += "Effect: " + std::string(effect_name(setting.effect)) + ".\n";
    }
    out += ".El\n";
}

void add_manual_section(std::string& out, const config::Section& section,
                        const std::string& title) {
    if (!section.keys.empty()) {
        out += ".Ss " + title + "\n";
        add_manual_rows(out, section.keys);
    }
    for (const config::Section* inner : section.inner)
        add_manual_section(out, *inner, title + " { " + std::string(inner->type) + " { } }");
}

}  // namespace

std::string settings_text() {
    std::string out;
    for (const config::Area& area : config::areas()) {
        out.append("# ").append(area.title).append("\n");
        add_rows(out, area.rows, "");
    }
    out += "# Sections\n";
    for (const config::Section* section : config::top_sections())
        add_section_rows(out, *section, "");
    out += "# Names in plugin {} (# is an optional number, * the rest of a name)\n";
    add_rows(out, config::sieve_plugin_settings, "plugin/");
    add_rows(out, config::plugin_settings, "plugin/");
    return out;
}

std::string settings_manual() {
    std::string out(introduction);
    out += ".Sh SETTINGS\n";
    for (const config::Area& area : config::areas()) {
        out += ".Ss " + std::string(area.title) + "\n";
        add_manual_rows(out, area.rows);
    }
    out += ".Sh SETTINGS IN SECTIONS\n";
    for (const config::Section* section : config::top_sections())
        add_manual_section(out, *section, std::string(section->type) + " { }");
    out +=
        ".Sh NAMES IN PLUGIN { }\nA # stands for an optional number, a * for the rest of a "
        "name.\n.Ss Sieve\n";
    add_manual_rows(out, config::sieve_plugin_settings);
    out += ".Ss Quota, search and others\n";
    add_manual_rows(out, config::plugin_settings);
    out += ending;
    return out;
}

}  // namespace bin
