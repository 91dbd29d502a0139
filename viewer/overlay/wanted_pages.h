#pragma once

#include "pipeline/planning/plane_box.h"
#include "viewer/overlay/drape_view.h"
#include "viewer/overlay/page_grid.h"
#include "viewer/overlay/plane_fit.h"

#include <vector>

namespace viewer::overlay {

/// The pages that the pixels of a view may look up, coarsest first, then nearest: at a place those
/// for surfaces that face the camera up to those for ground that it sees aslant. Some tens, at most
/// a few hundred, whatever lies in them. Only such as meet `extent`.
std::vector<PageKey> wantedPages(const DrapeView& view,
                                 const PlaneExpansion& plane,
                                 const pipeline::planning::PlaneBox& extent);

/// The level for that many metres per pixel.
int levelFor(double metresPerPixel);

} // namespace viewer::overlay
