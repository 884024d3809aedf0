# SPDX-License-Identifier: MIT
"""The users of the scenarios that keep them in LDAP or PostgreSQL, as a passwd-file: only the userdb and passdb
part of their configuration is exchanged, everything else stays as it stands."""
import os
import re

from scenario import SCENARIOS

DRIVER = "driver = passwd-file\n  args = @BASE@/conf/users\n"


def _read(*path):
    with open(os.path.join(SCENARIOS, *path)) as file:
        return file.read()


def evolix_ldap():
    """Replacements for Scenario: the active entries of people.ldif; uid and gid stay with mail_uid and mail_gid."""
    lines = []
    for entry in _read("evolix-ldap", "slapd", "people.ldif").split("\n\n"):
        field = dict(line.split(": ", 1) for line in entry.strip().split("\n") if ": " in line)
        if field.get("isActive") == "TRUE":
            lines.append(f"{field['uid']}:{field['userPassword']}::::{field['homeDirectory']}::\n")
    assert len(lines) == 12
    return {"users": "".join(lines),
            "conf.d/auth-ldap.conf.ext": f"passdb {{\n  {DRIVER}}}\nuserdb {{\n  {DRIVER}}}\n"}


def centos_pgsql():
    """Replacements for Scenario: the rows of schema.sql; dovecot.conf with `sql` exchanged; Postfix's maps inline."""
    rows = re.findall(r"\('((?:[^']|'')*)',\s*'([^']*)',\s*'((?:[^']|'')*)',\s*(@\w+@),\s*(@\w+@)\)",
                      _read("centos-pgsql", "schema.sql"))
    lines = [f"{email}:{_with_scheme(password)}:{uid}:{gid}::@MAIL@/{maildir}::\n".replace("''", "'")
             for email, password, maildir, uid, gid in rows]
    assert len(lines) == 5
    conf = _read("centos-pgsql", "dovecot.conf")
    conf, changed = re.subn(r"driver = sql\n  args = \S+\n", DRIVER, conf)
    assert changed == 2
    main = _read("centos-pgsql", "postfix", "main.cf")
    for name, inline in (("domains", "shisaa.example = 1"), ("aliases", "info@shisaa.example = bram@shisaa.example"),
                         ("transports", "shisaa.example = dovecot:")):
        main = main.replace(f"pgsql:@BASE@/conf/postfix/pgsql-{name}.cf", f"inline:{{ {{ {inline} }} }}")
    assert "pgsql:" not in main
    return {"users": "".join(lines), "dovecot.conf": conf, "postfix/main.cf": main}


def _with_scheme(password):
    return password if password.startswith("{") else "{SHA512-CRYPT}" + password
