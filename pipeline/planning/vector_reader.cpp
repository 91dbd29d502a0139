#include "pipeline/planning/vector_reader.h"

#include "pipeline/planning/feature_converter.h"
#include "pipeline/planning/vector_source.h"
#include "tiles3d/base/file.h"

#include <fmt/format.h>

namespace pipeline::planning {

using tiles3d::base::Error;
using tiles3d::base::ok;
using tiles3d::base::Result;
using tiles3d::base::Status;
using tiles3d::base::toUtf8;

namespace {

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

GeometryKind kindOf(const Geometry& geometry) {
    return !geometry.polygons.empty() ? GeometryKind::Polygon
           : !geometry.lines.empty()  ? GeometryKind::Line
                                      : GeometryKind::Point;
}

/// Reads layers one after another, within the limits for all of them together.
class LayersReader {
public:
    LayersReader(const CrsQuestion& question, const ReadOptions& options)
        : question_(question), options_(options) {}

    Status read(OGRLayer& source, const TableEncoding& encoding) {
        VectorLayer layer{.name = nameOf(source), .crs = question_.target};
        Result<PlaneTransform> transform =
            PlaneTransform::create(source.GetSpatialRef(), question_);
        if (!transform) {
            return tiles3d::base::within("layer " + layer.name, transform.error());
        }
        const TakenFields fields = takenFields(*source.GetLayerDefn(), encoding);
        FeatureConverter converter(fields, encoding, *std::move(transform));
        layer.fields = fields.fields;
        FeatureCounts counts;
        for (FeatureReader reader(source);;) {
            const auto features = reader.next();
            if (!features) {
                return tiles3d::base::within("layer " + layer.name, features.error());
            }
            if (features->empty()) {
                break;
            }
            ConvertedFeatures converted = converter.convert(*features);
            counts.add(converted.counts);
            if (Status taken = take(std::move(converted), layer); !taken) {
                return taken;
            }
        }
        finish(std::move(layer), counts);
        return ok();
    }

    ReadLayers& result() { return out_; }

private:
    Status take(ConvertedFeatures converted, VectorLayer& layer) {
        for (ConvertedFeature& one : converted.features) {
            vertices_ += vertexCount(one.feature.geometry);
            layer.features.push_back(std::move(one.feature));
            if (layer.features.size() > options_.maxFeatures || vertices_ > options_.maxVertices) {
                return Error{fmt::format("layer {}: more than {} features or {} vertices",
                                         layer.name,
                                         options_.maxFeatures,
                                         options_.maxVertices)};
            }
        }
        return ok();
    }

    void finish(VectorLayer layer, const FeatureCounts& counts) {
        const auto warn = [&](std::uint64_t count, const char* what) {
            if (count > 0) {
                out_.warnings.push_back(fmt::format("{}: {} {}", layer.name, count, what));
            }
        };
        warn(counts.repaired, "geometries were not valid and have been repaired");
        warn(counts.empty, "features have no geometry and are left out");
        warn(counts.notFinite + counts.unplaced,
             "features lie outside of what the target CRS covers and are left out");
        if (!layer.features.empty()) {
            layer.kind = kindOf(layer.features.front().geometry);
        }
        out_.layers.push_back(std::move(layer));
    }

    const CrsQuestion& question_;
    const ReadOptions& options_;
    ReadLayers out_;
    std::uint64_t vertices_ = 0;
};

} // namespace

Result<ReadLayers> readVectors(const std::filesystem::path& file,
                               const std::string& targetCrs,
                               const ReadOptions& options) {
    const Result<VectorSource> source =
        openVectors({.path = file.string(), .encoding = options.encoding});
    if (!source) {
        return source.error();
    }
    const CrsQuestion question{
        .given = options.sourceCrs, .fallback = options.fallbackCrs, .target = targetCrs};
    LayersReader reader(question, options);
    for (const std::string& note : source->notes) {
        reader.result().warnings.push_back(toUtf8(file.filename()) + ": " + note);
    }
    for (OGRLayer* layer : source->dataset->GetLayers()) {
        if (const Status read = reader.read(*layer, source->encoding); !read) {
            return tiles3d::base::within(toUtf8(file), read.error());
        }
    }
    return std::move(reader.result());
}

} // namespace pipeline::planning
