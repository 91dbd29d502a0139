#include "viewer/stream/open_tileset.h"

#include "tiles3d/base/file.h"
#include "tiles3d/base/uri.h"

#include <filesystem>

namespace viewer::stream {

namespace base = tiles3d::base;

base::Result<std::unique_ptr<TilesetSession>> openTileset(const std::string& path,
                                                          const SessionOptions& options) {
    std::filesystem::path file(path);
    std::error_code error;
    if (std::filesystem::is_directory(file, error)) {
        file /= "tileset.json";
    }
    if (!std::filesystem::is_regular_file(file, error)) {
        return base::Error{
            base::toUtf8(file) +
            ": no such tileset; give the OUT folder of city3d build, or a tileset.json"};
    }
    auto session = TilesetSession::open(std::make_shared<FileSource>(file.parent_path()),
                                        base::encodeUriPath(file.filename()),
                                        options);
    if (!session) {
        return base::within(base::toUtf8(file), session.error());
    }
    return session;
}

} // namespace viewer::stream
