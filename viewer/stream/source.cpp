#include "viewer/stream/source.h"

#include "tiles3d/base/file.h"
#include "tiles3d/base/uri.h"

namespace viewer::stream {

tiles3d::base::Result<tiles3d::base::Bytes> FileSource::read(const std::string& uri) const {
    const auto file = tiles3d::base::localPath(folder_, uri);
    if (!file) {
        return file.error();
    }
    return tiles3d::base::readFile(*file, kMaxContentBytes);
}

} // namespace viewer::stream
