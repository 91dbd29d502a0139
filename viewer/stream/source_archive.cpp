#include "viewer/stream/source_archive.h"

#include "tiles3d/base/uri.h"

namespace viewer::stream {

namespace base = tiles3d::base;

base::Result<base::Bytes> ArchiveSource::read(const std::string& uri) const {
    if (!base::schemeOf(uri).empty()) {
        return base::Error{uri + ": not read; this tileset is an archive"};
    }
    std::string name = base::decodeUri(std::string_view(uri).substr(0, uri.find_first_of("?#")));
    name.erase(0, name.find_first_not_of('/'));
    return archive_.read(name, kMaxContentBytes);
}

} // namespace viewer::stream
