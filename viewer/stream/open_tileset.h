#pragma once

#include "tiles3d/base/result.h"
#include "viewer/stream/tileset_session.h"

#include <memory>
#include <string>

namespace viewer::stream {

/// Opens PATH = a folder that holds tileset.json, or such a file itself.
tiles3d::base::Result<std::unique_ptr<TilesetSession>>
openTileset(const std::string& path, const SessionOptions& options = {});

} // namespace viewer::stream
