#pragma once

#include "viewer/stream/mesh_pack.h"

#include <osg/MatrixTransform>
#include <osg/ref_ptr>

#include <memory>

namespace viewer::scene {

/// The drawable form of a pack: a transform to its centre above one geometry per part, with buffer
/// objects, no display lists, and the uniforms of makeTileProgram(). Texels are not copied: the
/// pack lives until the GPU has them.
osg::ref_ptr<osg::MatrixTransform>
makeTileGeometry(const std::shared_ptr<const stream::MeshPack>& pack);

} // namespace viewer::scene
