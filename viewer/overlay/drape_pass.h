#pragma once

#include "pipeline/planning/vector_layer.h"
#include "tiles3d/base/result.h"
#include "tiles3d/geo/enu_frame.h"
#include "viewer/overlay/drape_index.h"
#include "viewer/overlay/plane_fit.h"

#include <osg/Node>
#include <osg/ref_ptr>

#include <string>
#include <vector>

namespace viewer::overlay {

/// The plane that layers are draped in when nothing else is asked for: a transverse Mercator at the
/// scene's origin, true to scale there. A PROJ string.
std::string localPlane(const tiles3d::geo::EnuFrame& scene);

struct DrapeOptions {
    double halfExtentMetres = 5000.0; ///< Of the scene round its origin; nothing is draped beyond.
};

struct Drape {
    osg::ref_ptr<osg::Node> pass; ///< For scene::FrameGraph::setDrapePass().
    std::size_t features = 0;     ///< Those within reach.
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
