#pragma once

#include "pipeline/planning/import_layers.h"
#include "pipeline/planning/layer_store.h"
#include "tiles3d/base/result.h"
#include "tiles3d/geo/enu_frame.h"
#include "viewer/render/view_file.h"

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace viewer::render {

/// Files of layers that are to lie on one city.
struct LayerFiles {
    std::vector<ShownLayers> files; ///< In their order; any that importLayers() reads.
    tiles3d::geo::EnuFrame scene;
    std::filesystem::path importFolder; ///< For what is no store yet; exists.
    std::function<void(const pipeline::planning::ImportProgress&)> onImport; ///< From any thread.
};

struct OpenedLayers {
    std::shared_ptr<const pipeline::planning::LayerStore> store; ///< Null: no layer at all.
    /// The file that was given, by the store's own.
    std::map<std::filesystem::path, std::string> givenFiles;
    std::vector<std::string> errors;   ///< A file each, named; it is left out.
    std::vector<std::string> messages; ///< Repairs, assumptions, how much there is.
};

/// Opens files as one store. GeoPackages in one plane are opened as they are, the plane of the
/// first holding for all; other files are imported into that plane, or, if there is none, into one
/// of the scene's own. An import is kept in the folder and taken again the next time.
/// Fails only where no store can be made of files that each can be read.
/// REQUIRES: a pipeline::planning::GdalRuntime, and no other import meanwhile.
tiles3d::base::Result<OpenedLayers> openLayers(const LayerFiles& wanted);

} // namespace viewer::render
