#include "pipeline/scan/raster_files.h"

#include "tiles3d/base/file.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <system_error>

namespace pipeline::scan {

using tiles3d::base::Error;
using tiles3d::base::Result;
using tiles3d::base::toUtf8;

namespace {

namespace fs = std::filesystem;

bool isPattern(std::string_view name) {
    return name.find_first_of("*?") != std::string_view::npos;
}

/// Greedy matching with one point to return to: the last '*'.
bool matches(std::string_view name, std::string_view pattern) {
    std::size_t at = 0;
    std::size_t in = 0;
    std::size_t star = std::string_view::npos;
    std::size_t resume = 0;
    while (at < name.size()) {
        if (in < pattern.size() && pattern[in] == '*') {
            star = in++;
            resume = at;
        } else if (in < pattern.size() && (pattern[in] == '?' || pattern[in] == name[at])) {
            ++in;
            ++at;
        } else if (star != std::string_view::npos) {
            in = star + 1;
            at = ++resume;
        } else {
            return false;
        }
    }
    return pattern.find_first_not_of('*', in) == std::string_view::npos;
}

bool isCompanion(const fs::path& file) {
    constexpr std::array<std::string_view, 11> kEndings{
        ".tfw", ".tifw", ".jgw", ".pgw", ".wld", ".ovr", ".xml", ".prj", ".msk", ".txt", ".part"};
    return std::ranges::find(kEndings, file.extension().string()) != kEndings.end();
}

std::vector<fs::path> entriesLike(const fs::path& folder, const std::string& pattern) {
    std::vector<fs::path> found;
    std::error_code failed;
    for (const fs::directory_entry& entry : fs::directory_iterator(folder, failed)) {
        const std::string name = entry.path().filename().string();
        if (!name.starts_with('.') && matches(name, pattern)) {
            found.push_back(entry.path());
        }
    }
    return found;
}

} // namespace

Result<std::vector<fs::path>> rasterFiles(const fs::path& pattern) {
    std::error_code failed;
    if (fs::is_directory(pattern, failed)) {
        return Error{toUtf8(pattern) +
                     ": a folder; name its files: " + toUtf8(pattern.filename() / "*.tif")};
    }
    if (fs::is_regular_file(pattern, failed)) {
        return std::vector<fs::path>{pattern};
    }
    std::vector<fs::path> found{pattern.root_path()};
    for (const fs::path& name : pattern.relative_path()) {
        std::vector<fs::path> next;
        for (const fs::path& folder : found) {
            if (!isPattern(name.native())) {
                next.push_back(folder / name);
                continue;
            }
            std::ranges::move(entriesLike(folder, name.native()), std::back_inserter(next));
        }
        found = std::move(next);
    }
    std::erase_if(found, [](const fs::path& file) {
        std::error_code unreadable;
        return !fs::is_regular_file(file, unreadable) || isCompanion(file);
    });
    if (found.empty()) {
        return Error{toUtf8(pattern) + ": no such file"};
    }
    std::ranges::sort(found);
    return found;
}

} // namespace pipeline::scan
