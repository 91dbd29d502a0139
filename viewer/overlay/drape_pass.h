#pragma once

#include "pipeline/planning/vector_layer.h"
#include "tiles3d/base/result.h"
#include "tiles3d/geo/enu_frame.h"
#include "viewer/overlay/drape_index.h"
#include "viewer/overlay/plane_fit.h"

#include <osg/Node>
#include <osg/Texture2D>
#include <osg/ref_ptr>

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace viewer::overlay {

/// The plane that layers are draped in when nothing else is asked for: a transverse Mercator at the
/// scene's origin, true to scale there. A PROJ string.
std::string localPlane(const tiles3d::geo::EnuFrame& scene);

struct DrapeOptions {
    double halfExtentMetres = 5000.0; ///< Of the scene round its origin; nothing is draped beyond.
    double pixelScale = 1.0;          ///< Picture pixels per pixel that widths are told in.
};

/// The opacity of each layer of a drape. A change shows in the next frame.
class DrapeLayers {
public:
    explicit DrapeLayers(std::size_t count);

    std::size_t count() const { return opacities_.size(); }
    float opacity(std::size_t layer) const { return opacities_[layer]; }
    /// 1 as its style says, 0 hidden; values outside are clamped. REQUIRES: layer < count().
    void setOpacity(std::size_t layer, float opacity);

    /// R32F, one texel per layer, row by row.
    osg::Texture2D* texture() const { return texture_.get(); }

private:
    std::vector<float> opacities_;
    osg::ref_ptr<osg::Texture2D> texture_;
};

struct Drape {
    osg::ref_ptr<osg::Node> pass;        ///< For scene::FrameGraph::setDrapePass().
    std::shared_ptr<DrapeLayers> layers; ///< One per layer, in their order.
    std::size_t features = 0;            ///< Those within reach.
    std::size_t indexBytes = 0;
    double planeResidualMetres = 0.0;
    std::vector<std::string> remarks; ///< On layers that show nothing, or not all; for people.
};

/// A full-screen pass that paints the layers onto whatever the scene pass drew. `layers` are in
/// localPlane(scene); the first is drawn first. Styles come from the built-in legend.
/// Deferred: a pixel's place is rebuilt from its depth, its footprint from the nearer neighbour on
/// each side, so the cost does not depend on the mesh. The sky stays as it is. Fails where PROJ
/// does, and if the index would grow beyond 1 GiB.
tiles3d::base::Result<Drape> makeDrape(const std::vector<pipeline::planning::VectorLayer>& layers,
                                       const tiles3d::geo::EnuFrame& scene,
                                       const DrapeOptions& options = {});

} // namespace viewer::overlay
