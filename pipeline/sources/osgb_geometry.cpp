#include "pipeline/sources/osgb_geometry.h"

#include "pipeline/sources/osgb_kept_image.h"

#include <glm/common.hpp>
#include <glm/vector_relational.hpp>
#include <osg/TriangleIndexFunctor>

#include <algorithm>
#include <limits>
#include <span>

namespace pipeline::sources {

namespace {

using tiles3d::base::Error;
using tiles3d::base::Result;

template <typename Source, typename Target>
void convertArray(const osg::Array& array, std::vector<Target>& out) {
    const auto& source = static_cast<const Source&>(array);
    out.reserve(source.size());
    for (const auto& value : source) {
        Target target;
        for (int axis = 0; axis < Target::length(); ++axis) {
            target[axis] = static_cast<float>(value.ptr()[axis]);
        }
        out.push_back(target);
    }
}

std::vector<glm::vec3> positionsOf(const osg::Array* array) {
    std::vector<glm::vec3> positions;
    if (array != nullptr && array->getType() == osg::Array::Vec3ArrayType) {
        convertArray<osg::Vec3Array>(*array, positions);
    } else if (array != nullptr && array->getType() == osg::Array::Vec3dArrayType) {
        convertArray<osg::Vec3dArray>(*array, positions);
    } else if (array != nullptr && array->getType() == osg::Array::Vec4ArrayType) {
        convertArray<osg::Vec4Array>(*array, positions);
    }
    return positions;
}

std::vector<glm::vec2> uvsOf(const osg::Array* array, std::size_t count) {
    std::vector<glm::vec2> uvs;
    if (array == nullptr || array->getNumElements() != count) {
        return uvs;
    }
    if (array->getType() == osg::Array::Vec2ArrayType) {
        convertArray<osg::Vec2Array>(*array, uvs);
    } else if (array->getType() == osg::Array::Vec2dArrayType) {
        convertArray<osg::Vec2dArray>(*array, uvs);
    } else if (array->getType() == osg::Array::Vec3ArrayType) {
        convertArray<osg::Vec3Array>(*array, uvs);
    }
    return uvs;
}

bool isSurface(GLenum mode) {
    switch (mode) {
    case GL_TRIANGLES:
    case GL_TRIANGLE_STRIP:
    case GL_TRIANGLE_FAN:
    case GL_QUADS:
    case GL_QUAD_STRIP:
    case GL_POLYGON:
        return true;
    default:
        return false;
    }
}

/// Collects what osg::TriangleIndexFunctor finds; indices out of range are dropped and counted.
struct Collector {
    std::vector<std::uint32_t>* indices = nullptr;
    std::size_t vertexCount = 0;
    std::size_t dropped = 0;

    void operator()(unsigned a, unsigned b, unsigned c) {
        if (a >= vertexCount || b >= vertexCount || c >= vertexCount) {
            ++dropped;
            return;
        }
        indices->insert(indices->end(), {a, b, c});
    }
};

/// The usual case without a call per triangle.
bool appendPlainTriangles(const osg::PrimitiveSet& set, Collector& collector) {
    const auto* list = dynamic_cast<const osg::DrawElementsUInt*>(&set);
    if (list == nullptr || set.getMode() != GL_TRIANGLES) {
        return false;
    }
    const bool isInside = std::ranges::all_of(
        list->asVector(), [&](unsigned index) { return index < collector.vertexCount; });
    if (!isInside) {
        return false;
    }
    const std::size_t count = list->size() / 3 * 3;
    collector.indices->insert(collector.indices->end(),
                              list->begin(),
                              list->begin() + static_cast<std::ptrdiff_t>(count));
    return true;
}

/// DrawArrays with a count beyond the vertices would run for 2^31 steps on hostile input.
bool isBounded(const osg::PrimitiveSet& set, std::size_t vertexCount) {
    if (const auto* arrays = dynamic_cast<const osg::DrawArrays*>(&set)) {
        return arrays->getFirst() >= 0 && arrays->getCount() >= 0 &&
               static_cast<std::size_t>(arrays->getFirst()) +
                       static_cast<std::size_t>(arrays->getCount()) <=
                   vertexCount;
    }
    if (const auto* lengths = dynamic_cast<const osg::DrawArrayLengths*>(&set)) {
        std::size_t total = 0;
        for (const int length : *lengths) {
            total += static_cast<std::size_t>(std::max(length, 0));
        }
        const bool isPositive =
            std::ranges::all_of(*lengths, [](int length) { return length >= 0; });
        return isPositive && lengths->getFirst() >= 0 &&
               static_cast<std::size_t>(lengths->getFirst()) + total <= vertexCount;
    }
    return true;
}

std::string collectIndices(const osg::Geometry& geometry, OsgbGeometry& out, bool& isDamaged) {
    osg::TriangleIndexFunctor<Collector> functor;
    functor.indices = &out.indices;
    functor.vertexCount = out.positions.size();
    std::string problem;
    for (unsigned i = 0; i < geometry.getNumPrimitiveSets(); ++i) {
        const osg::PrimitiveSet* set = geometry.getPrimitiveSet(i);
        if (set == nullptr) {
            continue;
        }
        const bool isInside = isBounded(*set, out.positions.size());
        if (isInside && set->getNumIndices() == 0) {
            continue;
        }
        if (!isSurface(set->getMode())) {
            problem = "points or lines left out";
        } else if (!isInside) {
            problem = "a primitive set reaches beyond its vertices";
            isDamaged = true;
        } else if (!appendPlainTriangles(*set, functor)) {
            set->accept(functor);
        }
    }
    if (functor.dropped > 0) {
        problem = std::to_string(functor.dropped) + " triangles with indices beyond the vertices";
        isDamaged = true;
    }
    return problem;
}

template <typename Vector>
bool isFinite(const Vector& vector) {
    return glm::all(glm::lessThan(glm::abs(vector), Vector(std::numeric_limits<float>::max())));
}

bool isUsable(const OsgbGeometry& geometry, std::size_t vertex) {
    return isFinite(geometry.positions[vertex]) &&
           (geometry.uvs.empty() || isFinite(geometry.uvs[vertex]));
}

/// Takes out the triangles at vertices that are no finite numbers; returns how many.
std::size_t dropBrokenVertices(OsgbGeometry& geometry) {
    const std::size_t count = geometry.positions.size();
    std::vector<bool> isBroken(count);
    std::size_t good = count;
    for (std::size_t i = 0; i < count; ++i) {
        isBroken[i] = !isUsable(geometry, i);
        good = good == count && !isBroken[i] ? i : good;
    }
    std::vector<std::uint32_t> kept;
    for (std::size_t i = 0; i + 2 < geometry.indices.size(); i += 3) {
        const std::span corners(&geometry.indices[i], 3);
        if (std::ranges::none_of(corners, [&](std::uint32_t c) { return isBroken[c]; })) {
            kept.insert(kept.end(), corners.begin(), corners.end());
        }
    }
    const std::size_t dropped = (geometry.indices.size() - kept.size()) / 3;
    geometry.indices = std::move(kept);
    for (std::size_t i = 0; i < count && good < count; ++i) { // for whoever looks at all vertices
        if (isBroken[i]) {
            geometry.positions[i] = geometry.positions[good];
            if (!geometry.uvs.empty()) {
                geometry.uvs[i] = geometry.uvs[good];
            }
        }
    }
    return dropped;
}

bool isAnyBroken(const OsgbGeometry& geometry) {
    return !std::ranges::all_of(geometry.positions, isFinite<glm::vec3>) ||
           !std::ranges::all_of(geometry.uvs, isFinite<glm::vec2>);
}

/// What a client refuses as a whole is no texture. A JPEG's pixels take longer to decode than all
/// the rest of a build takes, and clients show a damaged one; a PNG is rare, and they do not.
Result<tiles3d::image::EncodedImage> whole(Result<tiles3d::image::EncodedImage> image) {
    if (!image || image->format == tiles3d::image::ImageFormat::Jpeg) {
        return image;
    }
    const auto decoded = tiles3d::image::decode(image->bytes);
    return decoded ? std::move(image) : Result<tiles3d::image::EncodedImage>(decoded.error());
}

} // namespace

GeometryReading readGeometry(osg::Geometry& geometry) {
    GeometryReading reading;
    const osg::Array* vertices = geometry.getVertexArray();
    if (vertices == nullptr || vertices->getNumElements() == 0) {
        reading.problem = "empty geometry";
        return reading;
    }
    OsgbGeometry& out = reading.geometry;
    out.positions = positionsOf(vertices);
    if (out.positions.empty()) {
        reading.problem = "vertices of an unsupported type";
        reading.isLost = true;
        return reading;
    }
    out.uvs = uvsOf(geometry.getTexCoordArray(0), out.positions.size());
    reading.problem = collectIndices(geometry, out, reading.isDamaged);
    if (isAnyBroken(out)) {
        reading.problem =
            std::to_string(dropBrokenVertices(out)) + " triangles at vertices that are no numbers";
        reading.isDamaged = true;
    }
    return reading;
}

Result<tiles3d::image::EncodedImage> encodedImage(osg::Image& image) {
    if (auto* kept = dynamic_cast<KeptBytes*>(image.getUserData())) {
        return whole(tiles3d::image::readHeader(kept->take()));
    }
    constexpr int kMaxSide = 16384;
    if (image.data() == nullptr || image.s() <= 0 || image.t() <= 0 || image.s() > kMaxSide ||
        image.t() > kMaxSide || image.r() != 1) {
        return Error{"a texture image without pixels"};
    }
    tiles3d::image::Raster raster;
    raster.width = static_cast<std::uint32_t>(image.s());
    raster.height = static_cast<std::uint32_t>(image.t());
    raster.channels = image.isImageTranslucent() ? 4 : 3;
    raster.pixels.reserve(std::size_t{raster.width} * raster.height * raster.channels);
    for (int row = image.t() - 1; row >= 0; --row) { // OSG's first row is the lowest
        for (int column = 0; column < image.s(); ++column) {
            const osg::Vec4 colour =
                image.getColor(static_cast<unsigned>(column), static_cast<unsigned>(row));
            for (unsigned channel = 0; channel < raster.channels; ++channel) {
                const float value = std::clamp(colour.ptr()[channel], 0.0F, 1.0F);
                raster.pixels.push_back(static_cast<std::byte>(std::lround(value * 255.0F)));
            }
        }
    }
    return tiles3d::image::encode(raster, {.format = tiles3d::image::ImageFormat::Png});
}

} // namespace pipeline::sources
