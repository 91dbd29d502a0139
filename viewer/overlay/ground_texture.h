#pragma once

#include "viewer/overlay/ground_grid.h"

#include <osg/Texture2D>
#include <osg/ref_ptr>

namespace viewer::overlay {

/// Heights of the ground for a shader, R32F, between cells by their mean. Without any yet: each is
/// so low that no mean with it is a height, as are those of a grid that are not known.
osg::ref_ptr<osg::Texture2D> groundTexture();

/// From the next frame on.
void setHeights(osg::Texture2D& texture, const GroundGrid& ground);

} // namespace viewer::overlay
