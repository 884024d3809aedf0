// SPDX-License-Identifier: MIT
#include "store/mailbox_list.h"

#include "store/directories.h"
#include "store/file_system.h"
#include "store/modified_utf7.h"

#include <algorithm>
#include <optional>
#include <string_view>

namespace store {
namespace {

class Walk {
  public:
    Walk(FileSystem& files, const std::vector<Namespace>& namespaces, const Namespace& space)
        : files_(files), namespaces_(namespaces), space_(space) {}

    std::vector<std::string> take() {
        if (space_.location.layout == Layout::maildir_plus_plus)
            look_at_plus_plus();
        else
            look_at_tree();
        std::ranges::sort(names_);
        return std::move(names_);
    }

  private:
    bool has_room() const { return seen_ < max_listed_mailboxes; }

    // ".a.b" beside the inbox's own directories.
    void look_at_plus_plus() {
        files_.walk(space_.location.root, [&](std::string_view entry) {
            if (entry.size() > 1 && entry.front() == '.') add(entry.substr(1));
            return has_room();
        });
    }

    // "a/b" with cur/ somewhere in it. Breadth first, without recursion.
    void look_at_tree() {
        std::string root = space_.location.root;
        if (!space_.location.mailbox_prefix.empty()) root += '/' + space_.location.mailbox_prefix;
        std::vector<std::string> open{""};
        for (std::size_t i = 0; i < open.size() && has_room(); ++i) {
            const std::string parent = open[i];
            if (std::ranges::count(parent, '/') >= static_cast<std::ptrdiff_t>(max_name_parts))
                continue;
            files_.walk(root + '/' + parent, [&](std::string_view entry) {
                if (is_part_of_mailbox(entry)) return true;
                std::string name = parent.empty() ? std::string() : parent + '/';
                name += entry;
                const auto status = files_.status(root + '/' + name);
                if (status && S_ISDIR(status->st_mode)) {
                    add(name);
                    open.push_back(std::move(name));
                }
                return has_room();
            });
        }
    }

    bool is_part_of_mailbox(std::string_view entry) const {
        return entry == "cur" || entry == "new" || entry == "tmp" ||
               (!space_.location.directory_name.empty() && entry == space_.location.directory_name);
    }

    void add(std::string_view stored) {
        ++seen_;
        std::string name(stored);
        if (!space_.location.utf8) {
            auto decoded = from_modified_utf7(name);
            if (!decoded) return;
            name = *std::move(decoded);
        }
        std::ranges::replace(name, storage_separator(space_.location.layout), space_.separator);
        name = space_.prefix + name;
        // The way back decides: it knows all rules.
        const auto path = locate_mailbox(namespaces_, name);
        if (path && !path->is_inbox && path->space == &space_ && path->name == name &&
            mailbox_exists(files_, *path))
            names_.push_back(std::move(name));
    }

    FileSystem& files_;
    const std::vector<Namespace>& namespaces_;
    const Namespace& space_;
    std::vector<std::string> names_;
    std::size_t seen_ = 0;
};

}  // namespace

void list_mailboxes(FileSystem& files, const std::vector<Namespace>& namespaces,
                    const Namespace& space, std::vector<std::string>& names) {
    for (std::string& name : Walk(files, namespaces, space).take())
        names.push_back(std::move(name));
}

}  // namespace store
