#pragma once

#include <regex>
#include <string>
#include <vector>

namespace tests::architecture {

/// A foreign library and the path prefixes, from the root, that may include its headers.
struct Door {
    std::string library;
    std::regex header;
    std::vector<std::string> places;
};

/// A folder and its floor. A file may include its own folder's headers and those of folders on
/// lower floors.
struct Floor {
    std::string folder;
    int height = 0;
};

/// Files below `folder` may include, of our own headers, only those below `allowed`, however low
/// others lie.
struct Wall {
    std::string folder;
    std::vector<std::string> allowed;
};

/// The tables of ARCHITECTURE.md. A new library or folder adds one row here, nothing else.
const std::vector<Door>& doors();
const std::vector<Floor>& floors();
const std::vector<Wall>& walls();

struct Include {
    std::string file; ///< Path from the root.
    std::string target;
};

/// One sentence per rule that the include breaks.
std::vector<std::string> brokenRules(const Include& include);

/// "a/b" of "a/b/c/d.h", empty for a path with fewer than two folders.
std::string folderOf(const std::string& path);

} // namespace tests::architecture
