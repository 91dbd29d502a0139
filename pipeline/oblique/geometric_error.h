#pragma once

#include "pipeline/sources/osgb_reader.h"

#include <optional>

namespace pipeline::oblique {

/// Screen-space error at which clients refine by default, in pixels: geometric error = 16 x the
/// metres per pixel at which the delivery itself hands over to the finer level.
inline constexpr double kScreenSpaceErrorPixels = 16.0;

/// Metres per pixel at which the finer representation takes over, as the delivery's ranges say.
/// Pixel ranges: 2 * radius / range (view independent, k = 1). Distance ranges: distance over the
/// focal length of a 1080-pixel view with 60 degrees vertically.
/// Nothing if the range says nothing: not finite, <= 0, >= 1e29, or a radius <= 0.
/// Source: osg::PagedLOD / osg::CullingSet::pixelSize of OpenSceneGraph 3.6.5; 3D Tiles 1.1,
/// "geometric error".
std::optional<double> handoverMetresPerPixel(const sources::SwitchRange& range);

/// 16 x handoverMetresPerPixel() = 32 * radius / range for pixel ranges.
std::optional<double> geometricErrorMetres(const sources::SwitchRange& range);

} // namespace pipeline::oblique
