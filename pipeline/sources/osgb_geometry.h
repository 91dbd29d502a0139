#pragma once

#include "pipeline/sources/osgb_reader.h"
#include "tiles3d/base/result.h"

#include <osg/Geometry>
#include <osg/Image>

#include <string>

namespace pipeline::sources {

struct GeometryReading {
    OsgbGeometry geometry;  ///< Without image and matrix.
    std::string problem;    ///< One phrase; empty if all was kept.
    bool isLost = false;    ///< Nothing of it can be used.
    bool isDamaged = false; ///< Some triangles cannot be used; the others are there.
};

/// The triangles of one osg::Geometry; points and lines are left out and said in `problem`.
/// Indices beyond the vertices, and vertices that are no finite numbers, drop their triangles.
GeometryReading readGeometry(osg::Geometry& geometry);

/// The kept file bytes of an image, or its pixels as PNG. Leaves `image` without its kept bytes.
tiles3d::base::Result<tiles3d::image::EncodedImage> encodedImage(osg::Image& image);

} // namespace pipeline::sources
