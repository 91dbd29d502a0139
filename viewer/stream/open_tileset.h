#pragma once

#include "tiles3d/base/result.h"
#include "viewer/stream/tileset_session.h"

#include <memory>
#include <string>

namespace viewer::stream {

/// Opens the tileset at `location`, in UTF-8, one of
///   a folder that holds tileset.json, or such a file itself, whatever its name;
///   a .3tz archive, or any ZIP with tileset.json at its top;
///   an http or https URL of a tileset.json or of its folder; its query goes to all its files;
///   one tile (.glb, .gltf, .b3dm, .i3dm, .cmpt), which becomes a tileset of one: where its
///   coordinates say if they are on the Earth, else at longitude 0 and latitude 0.
/// Fails with a message that says what can be given. Error::mayPass as of ISource.
tiles3d::base::Result<std::unique_ptr<TilesetSession>>
openTileset(const std::string& location, const SessionOptions& options = {});

} // namespace viewer::stream
