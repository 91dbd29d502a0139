#pragma once

#include "viewer/scene/gpu_tile.h"
#include "viewer/stream/mesh_pack.h"

#include <osg/MatrixTransform>
#include <osg/ref_ptr>

#include <memory>

namespace viewer::scene {

/// Render bins of the scene pass: opaque tiles are in bin 0, what is seen through comes last.
inline constexpr int kSkyBin = 10;
inline constexpr int kBlendBin = 20;

/// The drawable form of a pack: a transform to its centre above one drawable per part, with the
/// uniforms and defines of makeTileProgram(). Copies no array: the drawables draw what `gpu` holds,
/// and nothing before it is complete.
osg::ref_ptr<osg::MatrixTransform> makeTileGeometry(const stream::MeshPack& pack,
                                                    const std::shared_ptr<const GpuTile>& gpu);

} // namespace viewer::scene
