#pragma once

#include "pipeline/planning/layer_store.h"
#include "tiles3d/base/result.h"
#include "tiles3d/geo/enu_frame.h"
#include "viewer/render/view_file.h"

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace viewer::main {

/// Files of layers, opened as one store: GeoPackages in one plane CRS as they are, all else in a
/// folder of its own that goes with this.
class LayerFiles {
public:
    /// The first GeoPackage says the plane; without one it is overlay::localPlane(). Fails on a
    /// file that cannot be read, naming it. REQUIRES: a pipeline::planning::GdalRuntime.
    static tiles3d::base::Result<std::unique_ptr<LayerFiles>>
    open(const std::vector<render::ShownLayers>& files, const tiles3d::geo::EnuFrame& scene);

    LayerFiles(const LayerFiles&) = delete;
    LayerFiles& operator=(const LayerFiles&) = delete;
    ~LayerFiles();

    const std::shared_ptr<const pipeline::planning::LayerStore>& store() const { return store_; }
    /// The file that was named for a layer of the store.
    const std::string& fileOf(std::size_t layer) const;
    const std::vector<std::string>& warnings() const { return warnings_; }

private:
    LayerFiles() = default;
    tiles3d::base::Status import(const render::ShownLayers& file, const std::string& plane);

    std::filesystem::path folder_; // of imported ones
    std::vector<std::filesystem::path> packages_;
    std::map<std::filesystem::path, std::string> named_; // by package
    std::shared_ptr<const pipeline::planning::LayerStore> store_;
    std::vector<std::string> warnings_;
};

} // namespace viewer::main
