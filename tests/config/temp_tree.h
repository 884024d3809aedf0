// SPDX-License-Identifier: MIT
// Files in a directory of their own under /tmp, gone with the object.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

class TempTree {
  public:
    TempTree() {
        char name[] = "/tmp/tamis-config-XXXXXX";
        if (!::mkdtemp(name)) std::abort();
        root_ = name;
    }
    TempTree(const TempTree&) = delete;
    TempTree& operator=(const TempTree&) = delete;
    ~TempTree() { std::filesystem::remove_all(root_); }

    std::string path(const std::string& name) const { return root_ + "/" + name; }
    std::string write(const std::string& name, const std::string& text) const {
        std::filesystem::path whole = path(name);
        std::filesystem::create_directories(whole.parent_path());
        std::ofstream(whole, std::ios::binary) << text;
        return whole;
    }

  private:
    std::string root_;
};
