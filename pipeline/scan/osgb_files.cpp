#include "pipeline/scan/osgb_files.h"

#include "tiles3d/base/hash.h"

#include <sys/stat.h>

#include <algorithm>
#include <system_error>

namespace pipeline::scan {

namespace {

namespace fs = std::filesystem;

struct Listed {
    std::string name;
    std::uint64_t bytes = 0;
    std::uint64_t modified = 0;
};

void list(const fs::path& file, const fs::path& folder, std::vector<Listed>& files) {
    struct stat info {};
    if (!isOsgb(file) || ::stat(file.c_str(), &info) != 0 || !S_ISREG(info.st_mode)) {
        return;
    }
    constexpr std::uint64_t kNanoseconds = 1000000000;
    files.push_back({file.lexically_relative(folder).string(),
                     static_cast<std::uint64_t>(info.st_size),
                     static_cast<std::uint64_t>(info.st_mtim.tv_sec) * kNanoseconds +
                         static_cast<std::uint64_t>(info.st_mtim.tv_nsec)});
}

OsgbFiles summed(std::vector<Listed> files) {
    std::ranges::sort(files, {}, &Listed::name);
    OsgbFiles sum;
    tiles3d::base::Fingerprint fingerprint;
    for (Listed& file : files) {
        sum.bytes += file.bytes;
        fingerprint.add(file.name);
        fingerprint.add(file.bytes);
        fingerprint.add(file.modified);
        sum.names.push_back(std::move(file.name));
    }
    sum.fingerprint = fingerprint.hex();
    return sum;
}

} // namespace

bool isOsgb(const fs::path& file) {
    const std::string extension = file.extension().string();
    return extension == ".osgb" || extension == ".OSGB";
}

bool OsgbFiles::isAnyDirect() const {
    return std::ranges::any_of(
        names, [](const std::string& name) { return name.find('/') == std::string::npos; });
}

OsgbFiles osgbFilesBelow(const fs::path& folder) {
    std::vector<Listed> files;
    std::error_code error;
    fs::recursive_directory_iterator entries(
        folder, fs::directory_options::skip_permission_denied, error);
    for (const auto end = fs::recursive_directory_iterator(); !error && entries != end;
         entries.increment(error)) {
        list(entries->path(), folder, files);
    }
    return summed(std::move(files));
}

OsgbFiles osgbFilesIn(const fs::path& folder) {
    std::vector<Listed> files;
    std::error_code error;
    for (fs::directory_iterator entries(folder, error), end; !error && entries != end;
         entries.increment(error)) {
        list(entries->path(), folder, files);
    }
    return summed(std::move(files));
}

std::vector<fs::path> foldersIn(const fs::path& folder) {
    std::vector<fs::path> folders;
    std::error_code error;
    for (fs::directory_iterator entries(folder, error), end; !error && entries != end;
         entries.increment(error)) {
        if (entries->is_directory(error)) {
            folders.push_back(entries->path());
        }
    }
    std::ranges::sort(folders);
    return folders;
}

} // namespace pipeline::scan
