// SPDX-License-Identifier: MIT
// The extension rows, each defined in the file of its name. Only table.cpp uses this.
#pragma once

#include "sieve/extension/spec.h"

namespace sieve::extension {

extern const Extension base;
extern const Extension fileinto;
extern const Extension envelope;
extern const Extension encoded_character;
extern const Extension copy;
extern const Extension include;
extern const Extension subaddress;
extern const Extension relational;
extern const Extension ascii_numeric;
extern const Extension octet;
extern const Extension ascii_casemap;
extern const Extension unicode_casemap;
extern const Extension variables;
extern const Extension enotify;
extern const Extension notify;
extern const Extension imap4flags;
extern const Extension imapflags;
extern const Extension mailbox;
extern const Extension body;
extern const Extension date;
extern const Extension index;
extern const Extension reject;
extern const Extension ereject;
extern const Extension vacation;
extern const Extension vacation_seconds;
extern const Extension duplicate;
extern const Extension old_duplicate;
extern const Extension pipe;
extern const Extension filter;
extern const Extension execute;
extern const Extension regex;
extern const Extension environment;
extern const Extension dovecot_environment;
extern const Extension ihave;
extern const Extension mime;
extern const Extension foreverypart;
extern const Extension extracttext;
extern const Extension replace;
extern const Extension enclose;
extern const Extension debug;
extern const Extension spamtest;
extern const Extension spamtestplus;
extern const Extension virustest;
extern const Extension editheader;
extern const Extension extlists;
extern const Extension special_use;
extern const Extension fcc;
extern const Extension mailboxid;
extern const Extension report;
extern const Extension mboxmetadata;
extern const Extension servermetadata;
extern const Extension imapsieve;
extern const Extension dovecot_imapsieve;
extern const Extension envelope_dsn;
extern const Extension envelope_deliverby;
extern const Extension redirect_dsn;
extern const Extension redirect_deliverby;
extern const Extension filetype;
extern const Extension testsuite;

}  // namespace sieve::extension
