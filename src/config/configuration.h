// SPDX-License-Identifier: MIT
// A configuration, read once: the Dovecot 2.3 language (compat 1.1 to 1.3) with its includes, as
// assignments in filters. settings() evaluates it for a program and a connection as often as
// wanted. Immutable after loading; threads may share.
#pragma once

#include "base/result.h"
#include "config/problem.h"
#include "config/settings.h"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace config {

// What filters are matched against (compat 1.3); empty: that filter does not match.
struct Filter {
    std::string protocol;  // "lda", "lmtp", "imap", ...
    std::string local_ip;
    std::string remote_ip;
    std::string local_name;  // TLS server name
};

// -o k=v on a command line: "key" or "section/name/key".
using Overrides = std::vector<std::pair<std::string, std::string>>;

struct Document;

class Configuration {
  public:
    // Where a program looks when it is given no file: CONFIG_FILE of the environment,
    // /etc/tamis/tamis.conf, /etc/dovecot/dovecot.conf; nothing where none exists: then the
    // built-in defaults serve.
    static std::optional<std::string> default_path();

    // Reads the file and what it includes. The problems hold every error (and warning) of it where
    // there is an error. A file that cannot be opened is a problem, too.
    static base::Result<Configuration, Problems> load(const std::string& path,
                                                      const Overrides& overrides = {});
    // No file: defaults only.
    static base::Result<Configuration, Problems> built_in(const Overrides& overrides = {});

    // The settings that hold under `filter`, and with a userdb's extra fields on top (compat 1.3: a
    // known setting's name, "namespace/inbox/separator", "plugin/x"; every other name lands in
    // plugin {}). Text that was written as "<path" is the file's content, except for ssl_* files,
    // which keep that form. A field with a value that its type does not allow, and a file that
    // cannot be read, throw std::invalid_argument.
    Settings settings(const Filter& filter = {}) const;
    Settings settings(const Filter& filter,
                      const std::map<std::string, std::string>& user_fields) const;

    const Problems& warnings() const;
    const std::string& path() const;  // empty for the built-in one
    const Document& document() const { return *document_; }

  private:
    explicit Configuration(std::shared_ptr<const Document> document)
        : document_(std::move(document)) {}
    std::shared_ptr<const Document> document_;
};

}  // namespace config
