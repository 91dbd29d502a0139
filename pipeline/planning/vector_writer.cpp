#include "pipeline/planning/vector_writer.h"

#include "pipeline/planning/ogr_handles.h"
#include "tiles3d/base/file.h"

#include <cpl_error.h>
#include <cpl_string.h>

#include <array>
#include <map>
#include <system_error>

namespace pipeline::planning {

using tiles3d::base::Error;
using tiles3d::base::ok;
using tiles3d::base::Result;
using tiles3d::base::Status;
using tiles3d::base::toUtf8;

namespace {

namespace fs = std::filesystem;

Error gdalError(const fs::path& file, const std::string& what) {
    return {toUtf8(file) + ": " + what + ": " + CPLGetLastErrorMsg()};
}

OGRwkbGeometryType ogrType(GeometryKind kind) {
    switch (kind) {
    case GeometryKind::Polygon:
        return wkbMultiPolygon;
    case GeometryKind::Line:
        return wkbMultiLineString;
    case GeometryKind::Point:
        break;
    }
    return wkbMultiPoint;
}

OGRFieldType ogrType(FieldType type) {
    switch (type) {
    case FieldType::Integer:
        return OFTInteger64;
    case FieldType::Real:
        return OFTReal;
    case FieldType::Boolean:
        return OFTInteger;
    case FieldType::Date:
        return OFTDate;
    case FieldType::DateTime:
        return OFTDateTime;
    case FieldType::String:
        break;
    }
    return OFTString;
}

OGRLinearRing ogrRing(const Ring& ring) {
    OGRLinearRing out;
    for (const glm::dvec2& point : ring) {
        out.addPoint(point.x, point.y);
    }
    out.closeRings();
    return out;
}

OGRGeometryUniquePtr ogrGeometry(const Geometry& geometry, GeometryKind kind) {
    if (kind == GeometryKind::Polygon) {
        auto out = std::make_unique<OGRMultiPolygon>();
        for (const Polygon& polygon : geometry.polygons) {
            OGRPolygon one;
            OGRLinearRing outer = ogrRing(polygon.outer);
            one.addRing(&outer);
            for (const Ring& hole : polygon.holes) {
                OGRLinearRing inner = ogrRing(hole);
                one.addRing(&inner);
            }
            out->addGeometry(&one);
        }
        return OGRGeometryUniquePtr(out.release());
    }
    if (kind == GeometryKind::Line) {
        auto out = std::make_unique<OGRMultiLineString>();
        for (const auto& line : geometry.lines) {
            OGRLineString one;
            for (const glm::dvec2& point : line) {
                one.addPoint(point.x, point.y);
            }
            out->addGeometry(&one);
        }
        return OGRGeometryUniquePtr(out.release());
    }
    auto out = std::make_unique<OGRMultiPoint>();
    for (const glm::dvec2& point : geometry.points) {
        const OGRPoint one(point.x, point.y);
        out->addGeometry(&one);
    }
    return OGRGeometryUniquePtr(out.release());
}

void setValue(OGRFeature& feature, int field, const Value& value) {
    if (const auto* text = std::get_if<std::string>(&value)) {
        feature.SetField(field, text->c_str());
    } else if (const auto* integer = std::get_if<std::int64_t>(&value)) {
        feature.SetField(field, static_cast<GIntBig>(*integer));
    } else if (const auto* real = std::get_if<double>(&value)) {
        feature.SetField(field, *real);
    }
}

Status writeFeatures(OGRLayer& out, const VectorLayer& layer, const fs::path& file) {
    for (const Feature& feature : layer.features) {
        const OGRFeatureUniquePtr one(OGRFeature::CreateFeature(out.GetLayerDefn()));
        one->SetGeometry(ogrGeometry(feature.geometry, layer.kind).get());
        for (std::size_t i = 0; i < std::min(feature.values.size(), layer.fields.size()); ++i) {
            setValue(*one, static_cast<int>(i), feature.values[i]);
        }
        if (out.CreateFeature(one.get()) != OGRERR_NONE) {
            return gdalError(file, "a feature cannot be written");
        }
    }
    return ok();
}

Status
addLayer(GDALDataset& dataset, const VectorLayer& layer, char** options, const fs::path& file) {
    const Result<Reference> crs = referenceFrom(layer.crs);
    if (!crs) {
        return crs.error();
    }
    OGRLayer* out =
        dataset.CreateLayer(layer.name.c_str(), crs->get(), ogrType(layer.kind), options);
    if (out == nullptr) {
        return gdalError(file, "layer " + layer.name + " cannot be made");
    }
    for (const Field& field : layer.fields) {
        OGRFieldDefn definition(field.name.c_str(), ogrType(field.type));
        if (out->CreateField(&definition) != OGRERR_NONE) {
            return gdalError(file, "field " + field.name + " cannot be made");
        }
    }
    dataset.StartTransaction();
    Status written = writeFeatures(*out, layer, file);
    dataset.CommitTransaction();
    return written;
}

Result<Dataset> create(const char* driver, const fs::path& file) {
    GDALDriver* found = GetGDALDriverManager()->GetDriverByName(driver);
    GDALDataset* dataset =
        found != nullptr ? found->Create(file.c_str(), 0, 0, 0, GDT_Unknown, nullptr) : nullptr;
    if (dataset == nullptr) {
        return gdalError(file, "cannot be created");
    }
    return Dataset(dataset);
}

} // namespace

Status writeGeoPackage(const fs::path& file, const std::vector<VectorLayer>& layers) {
    // GDAL's driver insists on the extension, so the temporary name keeps it.
    const fs::path part = file.parent_path() / ("." + file.stem().string() + ".part.gpkg");
    std::error_code error;
    fs::remove(part, error);
    {
        const Result<Dataset> dataset = create("GPKG", part);
        if (!dataset) {
            return dataset.error();
        }
        for (const VectorLayer& layer : layers) {
            if (Status added = addLayer(**dataset, layer, nullptr, part); !added) {
                return added;
            }
        }
    }
    fs::rename(part, file, error);
    return error ? Status(Error{toUtf8(file) + ": " + error.message()}) : ok();
}

Status
writeShapefile(const fs::path& file, const VectorLayer& layer, const ShapefileOptions& options) {
    CPLStringList layerOptions;
    layerOptions.SetNameValue("ENCODING", options.encoding == "GBK" ? "CP936" : "UTF-8");
    {
        const Result<Dataset> dataset = create("ESRI Shapefile", file);
        if (!dataset) {
            return dataset.error();
        }
        VectorLayer named = layer;
        named.name = file.stem().string();
        if (Status added = addLayer(**dataset, named, layerOptions.List(), file); !added) {
            return added;
        }
    }
    if (options.withCodePage) {
        return ok();
    }
    std::error_code error;
    fs::path codePage = file;
    fs::remove(codePage.replace_extension(".cpg"), error);
    fs::path table = file;
    table.replace_extension(".dbf");
    tiles3d::base::Result<tiles3d::base::Bytes> bytes = tiles3d::base::readFile(table);
    constexpr std::size_t kLanguageByte = 29;
    if (!bytes || bytes->size() <= kLanguageByte) {
        return Error{toUtf8(table) + ": no table was written"};
    }
    (*bytes)[kLanguageByte] = std::byte{0};
    return tiles3d::base::writeFile(table, tiles3d::base::ByteView(*bytes));
}

} // namespace pipeline::planning
