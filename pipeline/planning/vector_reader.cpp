#include "pipeline/planning/vector_reader.h"

#include "pipeline/planning/ogr_handles.h"
#include "pipeline/planning/table_encoding.h"
#include "tiles3d/base/file.h"

#include <cpl_error.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace pipeline::planning {

using tiles3d::base::Error;
using tiles3d::base::ok;
using tiles3d::base::Result;
using tiles3d::base::Status;
using tiles3d::base::toUtf8;

namespace {

namespace fs = std::filesystem;

/// Readers of plain files; none that takes a connection string or runs a script found in data.
constexpr std::array<const char*, 11> kDrivers{"ESRI Shapefile",
                                               "GPKG",
                                               "GeoJSON",
                                               "KML",
                                               "LIBKML",
                                               "DXF",
                                               "CSV",
                                               "OpenFileGDB",
                                               "MapInfo File",
                                               "FlatGeobuf",
                                               nullptr};

struct DestroyTransformation {
    void operator()(OGRCoordinateTransformation* t) const {
        OGRCoordinateTransformation::DestroyCT(t);
    }
};
using Transformation = std::unique_ptr<OGRCoordinateTransformation, DestroyTransformation>;

Ring ringFrom(const OGRLinearRing& source, bool isCounterClockwise) {
    Ring ring;
    for (int i = 0; i + 1 < source.getNumPoints(); ++i) { // the last repeats the first
        const glm::dvec2 point(source.getX(i), source.getY(i));
        if (ring.empty() || ring.back() != point) {
            ring.push_back(point);
        }
    }
    double twiceArea = 0.0;
    for (std::size_t i = 0; i < ring.size(); ++i) {
        const glm::dvec2 a = ring[i] - ring[0];
        const glm::dvec2 b = ring[(i + 1) % ring.size()] - ring[0];
        twiceArea += a.x * b.y - a.y * b.x;
    }
    if ((twiceArea > 0.0) != isCounterClockwise) {
        std::ranges::reverse(ring);
    }
    return ring;
}

void addPolygon(const OGRPolygon& source, Geometry& out) {
    const OGRLinearRing* outer = source.getExteriorRing();
    if (outer == nullptr || outer->getNumPoints() < 4) {
        return;
    }
    Polygon polygon{.outer = ringFrom(*outer, true)};
    for (int i = 0; i < source.getNumInteriorRings(); ++i) {
        polygon.holes.push_back(ringFrom(*source.getInteriorRing(i), false));
    }
    out.polygons.push_back(std::move(polygon));
}

void addLine(const OGRLineString& source, Geometry& out) {
    std::vector<glm::dvec2> line;
    for (int i = 0; i < source.getNumPoints(); ++i) {
        line.emplace_back(source.getX(i), source.getY(i));
    }
    if (line.size() >= 2) {
        out.lines.push_back(std::move(line));
    }
}

/// Collections are flattened; depth is bounded by OGR's own readers and once more here.
void addGeometry(const OGRGeometry& source, Geometry& out, int depth = 0) {
    constexpr int kMostDepth = 16;
    switch (wkbFlatten(source.getGeometryType())) {
    case wkbPolygon:
        addPolygon(*source.toPolygon(), out);
        break;
    case wkbLineString:
        addLine(*source.toLineString(), out);
        break;
    case wkbPoint:
        if (!source.IsEmpty()) {
            out.points.emplace_back(source.toPoint()->getX(), source.toPoint()->getY());
        }
        break;
    case wkbMultiPolygon:
    case wkbMultiLineString:
    case wkbMultiPoint:
    case wkbGeometryCollection:
        for (const OGRGeometry* part : *source.toGeometryCollection()) {
            if (depth < kMostDepth) {
                addGeometry(*part, out, depth + 1);
            }
        }
        break;
    default:
        break;
    }
}

std::uint64_t vertexCount(const Geometry& geometry) {
    std::uint64_t count = geometry.points.size();
    for (const Polygon& polygon : geometry.polygons) {
        count += polygon.outer.size();
        for (const Ring& hole : polygon.holes) {
            count += hole.size();
        }
    }
    for (const auto& line : geometry.lines) {
        count += line.size();
    }
    return count;
}

bool isFinite(const OGRGeometry& geometry) {
    OGREnvelope box;
    geometry.getEnvelope(&box);
    return std::isfinite(box.MinX) && std::isfinite(box.MaxX) && std::isfinite(box.MinY) &&
           std::isfinite(box.MaxY);
}

/// WGS 84 and CGCS2000 are one datum within what a map can tell; PROJ knows no operation between
/// them but the null shift that it calls a ballpark.
bool isWgs84Like(const OGRSpatialReference& reference) {
    const char* datum = reference.GetAttrValue("DATUM");
    const std::string name = datum != nullptr ? datum : "";
    return name.find("WGS_1984") != std::string::npos || name.find("WGS 84") != std::string::npos ||
           name.find("World Geodetic System 1984") != std::string::npos ||
           name.find("China_2000") != std::string::npos ||
           name.find("China 2000") != std::string::npos ||
           name.find("CGCS2000") != std::string::npos ||
           name.find("CGCS_2000") != std::string::npos;
}

/// Reads one layer; counts what had to be repaired or left out.
class LayerReader {
public:
    LayerReader(OGRLayer& source, const TableEncoding& encoding, ReadLayers& out)
        : source_(source), encoding_(encoding), out_(out) {}

    Status read(const std::string& targetCrs, const ReadOptions& options, std::uint64_t& vertices) {
        layer_.name = encoding_.toUtf8(source_.GetName());
        layer_.crs = targetCrs;
        if (Status prepared = prepareTransformation(targetCrs, options); !prepared) {
            return prepared;
        }
        readFields();
        source_.ResetReading();
        while (const OGRFeatureUniquePtr feature{source_.GetNextFeature()}) {
            if (layer_.features.size() >= options.maxFeatures || vertices > options.maxVertices) {
                return Error{fmt::format("layer {}: more than {} features or {} vertices",
                                         layer_.name,
                                         options.maxFeatures,
                                         options.maxVertices)};
            }
            readFeature(*feature, vertices);
        }
        finish();
        return ok();
    }

private:
    Status prepareTransformation(const std::string& targetCrs, const ReadOptions& options) {
        const OGRSpatialReference* own = source_.GetSpatialRef();
        const bool isGiven = !options.sourceCrs.empty() || own == nullptr;
        const std::string& given =
            options.sourceCrs.empty() ? options.fallbackCrs : options.sourceCrs;
        if (isGiven && given.empty()) {
            return Error{"layer " + layer_.name +
                         " does not say its CRS; add a .prj file, or state it: \"crs\" in "
                         "city.json, --layers-crs in the viewer"};
        }
        Reference source;
        if (isGiven) {
            Result<Reference> understood = referenceFrom(given);
            if (!understood) {
                return understood.error();
            }
            source = *std::move(understood);
        } else {
            source.reset(own->Clone());
            source->SetAxisMappingStrategy(OAMS_TRADITIONAL_GIS_ORDER);
        }
        const Result<Reference> target = referenceFrom(targetCrs);
        if (!target) {
            return target.error();
        }
        OGRCoordinateTransformationOptions exact;
        exact.SetBallparkAllowed(isWgs84Like(*source) && isWgs84Like(**target));
        transformation_.reset(
            OGRCreateCoordinateTransformation(source.get(), target->get(), exact));
        if (!transformation_) {
            return Error{"layer " + layer_.name + ": its CRS cannot be transformed to " +
                         targetCrs};
        }
        return ok();
    }

    void readFields() {
        const OGRFeatureDefn* definition = source_.GetLayerDefn();
        for (int i = 0; i < definition->GetFieldCount(); ++i) {
            const OGRFieldDefn* field = definition->GetFieldDefn(i);
            const OGRFieldType type = field->GetType();
            const bool isInteger = type == OFTInteger || type == OFTInteger64;
            layer_.fields.push_back({encoding_.toUtf8(field->GetNameRef()),
                                     isInteger         ? FieldType::Integer
                                     : type == OFTReal ? FieldType::Real
                                                       : FieldType::String});
        }
    }

    Value readValue(const OGRFeature& feature, int field) const {
        if (!feature.IsFieldSetAndNotNull(field)) {
            return {};
        }
        switch (layer_.fields[static_cast<std::size_t>(field)].type) {
        case FieldType::Integer:
            return std::int64_t{feature.GetFieldAsInteger64(field)};
        case FieldType::Real:
            return feature.GetFieldAsDouble(field);
        case FieldType::String:
            break;
        }
        return encoding_.toUtf8(feature.GetFieldAsString(field));
    }

    void readFeature(const OGRFeature& source, std::uint64_t& vertices) {
        Feature feature;
        if (const OGRGeometry* own = source.GetGeometryRef()) {
            OGRGeometryUniquePtr geometry(own->getLinearGeometry());
            const bool isPlaced = geometry &&
                                  geometry->transform(transformation_.get()) == OGRERR_NONE &&
                                  isFinite(*geometry);
            if (!isPlaced) {
                ++unplaced_;
                return;
            }
            if (!geometry->IsValid()) {
                ++repaired_;
                OGRGeometryUniquePtr valid(geometry->MakeValid());
                geometry = valid ? std::move(valid) : std::move(geometry);
            }
            addGeometry(*geometry, feature.geometry);
        }
        if (feature.geometry.isEmpty()) {
            ++empty_;
            return;
        }
        vertices += vertexCount(feature.geometry);
        for (int i = 0; i < static_cast<int>(layer_.fields.size()); ++i) {
            feature.values.push_back(readValue(source, i));
        }
        layer_.features.push_back(std::move(feature));
    }

    void finish() {
        const auto warn = [&](std::size_t count, const char* what) {
            if (count > 0) {
                out_.warnings.push_back(fmt::format("{}: {} {}", layer_.name, count, what));
            }
        };
        warn(repaired_, "geometries were not valid and have been repaired");
        warn(empty_, "features have no geometry and are left out");
        warn(unplaced_, "features lie outside of what the target CRS covers and are left out");
        if (!layer_.features.empty()) {
            const Geometry& first = layer_.features.front().geometry;
            layer_.kind = !first.polygons.empty() ? GeometryKind::Polygon
                          : !first.lines.empty()  ? GeometryKind::Line
                                                  : GeometryKind::Point;
        }
        out_.layers.push_back(std::move(layer_));
    }

    OGRLayer& source_;
    const TableEncoding& encoding_;
    ReadLayers& out_;
    VectorLayer layer_;
    Transformation transformation_;
    std::size_t repaired_ = 0;
    std::size_t empty_ = 0;
    std::size_t unplaced_ = 0;
};

} // namespace

Result<ReadLayers>
readVectors(const fs::path& file, const std::string& targetCrs, const ReadOptions& options) {
    if (!fs::exists(file)) {
        return Error{toUtf8(file) + ": no such file"};
    }
    const TableEncoding encoding = tableEncodingOf(file, options.encoding);
    const std::string openOption = "ENCODING=" + encoding.openAs();
    const char* const openOptions[] = {encoding.isShapefile() ? openOption.c_str() : nullptr,
                                       nullptr};
    const Dataset dataset(GDALDataset::Open(
        file.c_str(), GDAL_OF_VECTOR | GDAL_OF_READONLY, kDrivers.data(), openOptions, nullptr));
    if (!dataset) {
        const std::string reason = CPLGetLastErrorMsg();
        return Error{toUtf8(file) +
                     ": no vector file that can be read (Shapefile, GeoPackage, "
                     "GeoJSON, KML, DXF, CSV, File Geodatabase)" +
                     (reason.empty() ? "" : ": " + reason)};
    }
    ReadLayers out;
    if (!encoding.note().empty()) {
        out.warnings.push_back(toUtf8(file.filename()) + ": " + encoding.note());
    }
    std::uint64_t vertices = 0;
    for (OGRLayer* layer : dataset->GetLayers()) {
        const Status read = LayerReader(*layer, encoding, out).read(targetCrs, options, vertices);
        if (!read) {
            return tiles3d::base::within(toUtf8(file), read.error());
        }
    }
    return out;
}

} // namespace pipeline::planning
