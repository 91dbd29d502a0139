#pragma once

#include "pipeline/planning/vector_layer.h"
#include "tiles3d/base/result.h"
#include "tiles3d/geo/enu_frame.h"

#include <memory>
#include <string>
#include <vector>

namespace osg {
class Node;
} // namespace osg

namespace viewer::overlay {

/// A file of planning layers to read.
struct LayerFile {
    std::string path;
    std::string crs; ///< Of layers that do not say theirs; empty: such a layer is an error.
};

struct LayerSetOptions {
    tiles3d::geo::EnuFrame scene;
    double halfExtentMetres = 5000.0; ///< Of the scene round its origin; nothing is draped beyond.
    double pixelScale = 1.0;          ///< Picture pixels per pixel that widths are told in.
};

/// Planning layers, read and indexed, to be laid on a city. Made by read() in any thread, then used
/// by the one that draws.
class LayerSet {
public:
    /// All layers of all files in order, the first drawn first. A file that cannot be read is left
    /// out with a line in errors(). Fails where the index does: PROJ, or more than 1 GiB.
    /// REQUIRES: a pipeline::planning::GdalRuntime, and no other reader of vectors meanwhile.
    static tiles3d::base::Result<std::shared_ptr<LayerSet>>
    read(const std::vector<LayerFile>& files, const LayerSetOptions& options);

    LayerSet(const LayerSet&) = delete;
    LayerSet& operator=(const LayerSet&) = delete;
    ~LayerSet();

    /// The CRS of all layers: localPlane() of the scene.
    const std::string& plane() const;
    const std::vector<pipeline::planning::VectorLayer>& layers() const;
    /// The path of the file that a layer came from. REQUIRES: layer < layers().size().
    const std::string& fileOf(std::size_t layer) const;

    /// 1 as its style says, 0 hidden. From the next frame on. REQUIRES: layer < layers().size().
    void setOpacity(std::size_t layer, float opacity);
    float opacity(std::size_t layer) const;

    const std::vector<std::string>& errors() const;   ///< A file each; named.
    const std::vector<std::string>& warnings() const; ///< Repairs, assumptions, invisible layers.
    /// One line: how much was draped, how well.
    std::string summary() const;

    /// For scene::FrameGraph::setDrapePass(); lives as long as this.
    osg::Node* pass() const;

private:
    struct State;
    explicit LayerSet(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

} // namespace viewer::overlay
