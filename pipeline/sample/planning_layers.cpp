#include "pipeline/sample/planning_layers.h"

#include "pipeline/planning/vector_writer.h"
#include "pipeline/sample/delivery.h"
#include "tiles3d/base/file.h"
#include "tiles3d/crs/source_crs.h"
#include "tiles3d/crs/transform.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

namespace pipeline::sample {

using planning::Feature;
using planning::FieldType;
using planning::GeometryKind;
using planning::Polygon;
using planning::Ring;
using planning::VectorLayer;
using tiles3d::base::Error;
using tiles3d::base::Result;
using tiles3d::base::Status;

namespace {

constexpr const char* kPlane = "EPSG:4548";

glm::dvec2 plane(const glm::dvec2& world) {
    return world + glm::dvec2(kOrigin);
}

/// What a cell's use is called in the plan, and what may be built there.
struct Zoning {
    const char* code;
    const char* name;
    double floorAreaRatio;
    double heightLimitMetres;
};

Zoning zoningOf(LandUse use) {
    switch (use) {
    case LandUse::OldTown:
        return {"0701", "城镇住宅用地", 1.6, 18.0};
    case LandUse::Slabs:
        return {"0701", "城镇住宅用地", 2.4, 36.0};
    case LandUse::Towers:
        return {"0701", "城镇住宅用地", 3.2, 80.0};
    case LandUse::Commerce:
        return {"09", "商业服务业用地", 5.0, 150.0};
    case LandUse::School:
        return {"0804", "教育用地", 0.8, 24.0};
    case LandUse::Park:
        return {"1401", "公园绿地", 0.05, 9.0};
    case LandUse::Plaza:
        return {"1403", "广场用地", 0.1, 12.0};
    case LandUse::Farm:
        return {"01", "耕地", 0.0, 0.0};
    case LandUse::Nature:
        break;
    }
    return {"03", "林地", 0.0, 0.0};
}

/// The cells whose middle lies in the area, on land that is built or farmed.
std::vector<Cell> cellsIn(const StreetPlan& plan, const glm::dvec2& size) {
    constexpr std::int64_t kRing = 40; // more cells than a kilometre of the area holds
    std::vector<Cell> cells;
    const glm::dvec2 middle = StreetPlan::toCity(size / 2.0);
    const std::int64_t i0 = plan.avenueBefore(middle.x);
    const std::int64_t j0 = plan.streetBefore(middle.y);
    const auto reach = static_cast<std::int64_t>(std::max(size.x, size.y) / 40.0) + 2;
    const std::int64_t span = std::min(reach, kRing * 25);
    for (std::int64_t j = j0 - span; j <= j0 + span; ++j) {
        for (std::int64_t i = i0 - span; i <= i0 + span; ++i) {
            const Cell cell = plan.cell(i, j);
            const glm::dvec2 centre = StreetPlan::toWorld((cell.low + cell.high) / 2.0);
            const bool isInside =
                centre.x > 0.0 && centre.y > 0.0 && centre.x < size.x && centre.y < size.y;
            if (isInside && cell.use != LandUse::Nature &&
                plan.land().inland(centre) > kBuildFrom) {
                cells.push_back(cell);
            }
        }
    }
    return cells;
}

Ring cellRing(const Cell& cell) {
    Ring ring;
    for (const glm::dvec2& corner : {cell.low,
                                     glm::dvec2(cell.high.x, cell.low.y),
                                     cell.high,
                                     glm::dvec2(cell.low.x, cell.high.y)}) {
        ring.push_back(plane(StreetPlan::toWorld(corner)));
    }
    return ring;
}

Feature surface(const Ring& ring, std::vector<planning::Value> values = {}) {
    Feature feature;
    feature.geometry.polygons.push_back({ring, {}});
    feature.values = std::move(values);
    return feature;
}

VectorLayer parcels(const std::vector<Cell>& cells) {
    VectorLayer layer{.name = "控规地块", .crs = kPlane};
    layer.fields = {{"BSM", FieldType::Integer},
                    {"YDYHFLDM"},
                    {"YDYHFLMC"},
                    {"RJL", FieldType::Real},
                    {"JZXG", FieldType::Real}};
    std::int64_t number = 350203000;
    for (const Cell& cell : cells) {
        const Zoning zoning = zoningOf(cell.use);
        layer.features.push_back(surface(cellRing(cell),
                                         {++number,
                                          std::string(zoning.code),
                                          std::string(zoning.name),
                                          zoning.floorAreaRatio,
                                          zoning.heightLimitMetres}));
    }
    return layer;
}

/// The edge of the wooded hill, found along rays from its top.
VectorLayer ecologicalLine(const StreetPlan& plan) {
    constexpr int kRays = 72;
    constexpr double kStepMetres = 1.0;
    constexpr double kMostMetres = 400.0;
    Ring ring;
    for (int ray = 0; ray < kRays; ++ray) {
        const double angle = 2.0 * std::numbers::pi * ray / kRays;
        const glm::dvec2 direction(std::cos(angle), std::sin(angle));
        double distance = 0.0;
        while (distance < kMostMetres &&
               plan.land().hilliness(kHomeHill + direction * distance) > kHillEdge) {
            distance += kStepMetres;
        }
        ring.push_back(plane(kHomeHill + direction * distance));
    }
    VectorLayer layer{.name = "生态保护红线", .crs = kPlane};
    layer.fields = {{"HXMC"}};
    layer.features.push_back(surface(ring, {std::string("样例山体生态保护红线")}));
    return layer;
}

/// Along the shore at building distance, and round the inside of the area.
VectorLayer developmentBoundary(const StreetPlan& plan, const glm::dvec2& size) {
    constexpr double kInsideMetres = 12.0;
    constexpr double kStepMetres = 10.0;
    Ring ring;
    for (double east = kInsideMetres; east <= size.x - kInsideMetres; east += kStepMetres) {
        ring.push_back(plane({east, plan.land().shoreNorthing(east) + kBuildFrom}));
    }
    ring.push_back(plane({size.x - kInsideMetres, size.y - kInsideMetres}));
    ring.push_back(plane({kInsideMetres, size.y - kInsideMetres}));
    VectorLayer layer{.name = "城镇开发边界", .crs = kPlane};
    layer.fields = {{"MC"}};
    layer.features.push_back(surface(ring, {std::string("集中建设区")}));
    return layer;
}

/// Both edges of every street, cell by cell, where there is land to build on.
VectorLayer roadLines(const std::vector<Cell>& cells) {
    VectorLayer layer{.name = "道路红线", .crs = kPlane, .kind = GeometryKind::Line};
    layer.fields = {{"LB"}};
    for (const Cell& cell : cells) {
        Ring ring = cellRing(cell);
        ring.push_back(ring.front());
        Feature feature;
        feature.geometry.lines.push_back(ring);
        feature.values = {std::string("城市道路")};
        layer.features.push_back(std::move(feature));
    }
    return layer;
}

/// Fields on the hill's foot, in degrees, as a bureau files them.
Result<VectorLayer> farmland() {
    const auto crs = tiles3d::crs::understandSrs(kPlane, true);
    if (!crs) {
        return crs.error();
    }
    const auto transform =
        tiles3d::crs::Transform::create(*crs, tiles3d::crs::EllipsoidalHeights{});
    if (!transform) {
        return transform.error();
    }
    VectorLayer layer{.name = "永久基本农田", .crs = "EPSG:4490"};
    layer.fields = {{"地类名称"}, {"面积", FieldType::Real}};
    constexpr glm::dvec2 kFieldMetres(34.0, 22.0);
    constexpr double kPathMetres = 3.0;
    for (int number = 0; number < 4; ++number) {
        const glm::dvec2 corner =
            kHomeHill + glm::dvec2(-150.0 + number * (kFieldMetres.x + kPathMetres), 62.0);
        Ring ring;
        for (const glm::dvec2& offset : {glm::dvec2(0.0),
                                         glm::dvec2(kFieldMetres.x, 0.0),
                                         kFieldMetres,
                                         glm::dvec2(0.0, kFieldMetres.y)}) {
            const glm::dvec2 at = plane(corner + offset);
            const auto place = transform->toCartographic({at.x, at.y, 0.0});
            if (!place) {
                return place.error();
            }
            ring.emplace_back(place->longitude.degrees(), place->latitude.degrees());
        }
        layer.features.push_back(surface(
            ring,
            {std::string(number % 2 == 0 ? "水田" : "旱地"), kFieldMetres.x * kFieldMetres.y}));
    }
    return layer;
}

} // namespace

Status writePlanningLayers(const std::filesystem::path& folder,
                           const StreetPlan& plan,
                           const glm::dvec2& size) {
    if (Status made = tiles3d::base::makeFolder(folder); !made) {
        return made;
    }
    const std::vector<Cell> cells = cellsIn(plan, size);
    const Status written = planning::writeGeoPackage(
        folder / "planning.gpkg",
        {parcels(cells), ecologicalLine(plan), developmentBoundary(plan, size), roadLines(cells)});
    if (!written) {
        return written;
    }
    const Result<VectorLayer> fields = farmland();
    if (!fields) {
        return fields.error();
    }
    return planning::writeShapefile(
        folder / "永久基本农田.shp", *fields, {.encoding = "GBK", .withCodePage = false});
}

} // namespace pipeline::sample
