#include "viewer/stream/source.h"

#include "tiles3d/base/file.h"
#include "tiles3d/base/uri.h"

#include <algorithm>

namespace viewer::stream {

namespace base = tiles3d::base;
namespace fs = std::filesystem;

namespace {

/// Without a last "/", which would count as a component.
fs::path absoluteFolder(const fs::path& folder) {
    std::error_code error;
    fs::path absolute = fs::absolute(folder.empty() ? "." : folder, error).lexically_normal();
    return absolute.has_filename() ? absolute : absolute.parent_path();
}

bool isBelow(const fs::path& file, const fs::path& folder) {
    return std::ranges::mismatch(folder, file).in1 == folder.end();
}

} // namespace

FileSource::FileSource(const fs::path& folder) : folder_(absoluteFolder(folder)) {
    constexpr int kFoldersAbove = 2;
    reach_ = folder_;
    for (int i = 0; i < kFoldersAbove && reach_.parent_path() != reach_.root_path(); ++i) {
        reach_ = reach_.parent_path();
    }
}

base::Result<base::Bytes> FileSource::read(const std::string& uri) const {
    const auto file = base::localPath(folder_, uri);
    if (!file) {
        return file.error();
    }
    if (!isBelow(file->lexically_normal(), reach_)) {
        return base::Error{base::toUtf8(*file) + ": not read; files of this tileset must be in " +
                           base::toUtf8(reach_)};
    }
    return base::readFile(*file, kMaxContentBytes);
}

} // namespace viewer::stream
