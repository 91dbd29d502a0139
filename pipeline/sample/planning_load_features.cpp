#include "pipeline/sample/planning_load_features.h"

#include "pipeline/planning/plane_ring.h"
#include "pipeline/sample/delivery.h"
#include "pipeline/sample/landform.h"
#include "pipeline/sample/noise.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <utility>

namespace pipeline::sample {

using planning::Feature;
using planning::Field;
using planning::FieldType;
using planning::Ring;
using planning::Value;
using tiles3d::base::ok;
using tiles3d::base::Status;

namespace {

constexpr glm::dvec2 kCorner{-kLoadMetres / 2.0, -1000.0}; // from the sample's origin

glm::dvec2 plane(const glm::dvec2& place) {
    constexpr double kPerMetre = 1e4;
    const glm::dvec2 at = place + glm::dvec2(kOrigin);
    return {std::round(at.x * kPerMetre) / kPerMetre, std::round(at.y * kPerMetre) / kPerMetre};
}

struct District {
    const char* code;
    const char* name;
};

/// Upright strips of the square: invented, but for their names.
District districtAt(const glm::dvec2& place) {
    constexpr std::array<District, 6> kDistricts{{{"350205", "海沧区"},
                                                  {"350203", "思明区"},
                                                  {"350206", "湖里区"},
                                                  {"350211", "集美区"},
                                                  {"350212", "同安区"},
                                                  {"350213", "翔安区"}}};
    const double part = (place.x - kCorner.x) / kLoadMetres * kDistricts.size();
    return kDistricts[static_cast<std::size_t>(std::clamp(part, 0.0, 5.0))];
}

struct Use {
    const char* code;
    const char* name;
    double floorAreaRatio;
    double heightLimitMetres;
};

/// As in legend.json.
Use useOf(std::uint64_t hash) {
    constexpr std::array<Use, 14> kUses{{{"0701", "城镇住宅用地", 2.4, 60.0},
                                         {"0701", "城镇住宅用地", 3.2, 100.0},
                                         {"0703", "农村宅基地", 1.2, 15.0},
                                         {"0801", "机关团体用地", 1.8, 40.0},
                                         {"0804", "教育用地", 0.8, 24.0},
                                         {"0806", "医疗卫生用地", 1.6, 60.0},
                                         {"09", "商业服务业用地", 5.0, 150.0},
                                         {"1001", "工业用地", 2.0, 36.0},
                                         {"1207", "城镇道路用地", 0.0, 0.0},
                                         {"13", "公用设施用地", 0.6, 18.0},
                                         {"1401", "公园绿地", 0.05, 9.0},
                                         {"1402", "防护绿地", 0.0, 0.0},
                                         {"01", "耕地", 0.0, 0.0},
                                         {"03", "林地", 0.0, 0.0}}};
    return kUses[hash % kUses.size()];
}

/// Cells of a lattice over the square whose middles lie on land.
class Lattice {
public:
    Lattice(const Landform& land, std::size_t cells) : land_(land) {
        do {
            side_ =
                side_ > 0.0 ? side_ * 0.97 : kLoadMetres / std::sqrt(static_cast<double>(cells));
            across_ = static_cast<std::int64_t>(kLoadMetres / side_);
        } while (!holds(cells));
    }

    double side() const { return side_; }
    std::int64_t across() const { return across_; }
    glm::dvec2 node(std::int64_t i, std::int64_t j) const {
        return kCorner + side_ * glm::dvec2(static_cast<double>(i), static_cast<double>(j));
    }
    bool isOnLand(std::int64_t i, std::int64_t j) const {
        return land_.inland(node(i, j) + side_ / 2.0) > 0.0;
    }

private:
    bool holds(std::size_t cells) const {
        std::size_t found = 0;
        for (std::int64_t j = 0; j < across_ && found < cells; ++j) {
            for (std::int64_t i = 0; i < across_ && found < cells; ++i) {
                found += isOnLand(i, j) ? 1U : 0U;
            }
        }
        return found >= cells;
    }

    const Landform& land_;
    double side_ = 0.0;
    std::int64_t across_ = 0;
};

/// Cells with crooked edges that neighbours share.
class Carpet {
public:
    Carpet(const Lattice& lattice, std::uint64_t seed, int pointsPerEdge)
        : lattice_(lattice), seed_(seed), pointsPerEdge_(pointsPerEdge) {}

    Ring cell(std::int64_t i, std::int64_t j) const {
        Ring ring;
        addEdge(ring, {i, j, Direction::East}, false);
        addEdge(ring, {i + 1, j, Direction::North}, false);
        addEdge(ring, {i, j + 1, Direction::East}, true);
        addEdge(ring, {i, j, Direction::North}, true);
        return ring;
    }

private:
    enum class Direction { East, North };
    struct Edge {
        std::int64_t i = 0;
        std::int64_t j = 0;
        Direction direction = Direction::East;
    };

    glm::dvec2 corner(std::int64_t i, std::int64_t j) const {
        constexpr double kShift = 0.2; // of a side: corners stay corners
        const std::uint64_t hash = hashOf(seed_, i, j, 2);
        return lattice_.node(i, j) + lattice_.side() * glm::dvec2(pick(hash, 1, -kShift, kShift),
                                                                  pick(hash, 2, -kShift, kShift));
    }

    /// Few points on most edges, very many on some.
    int pointsOn(std::uint64_t hash) const {
        if (pointsPerEdge_ > 0) {
            return pointsPerEdge_ - 1;
        }
        constexpr double kMostUsual = 2.7; // e^2.7: 14 points, 5 on average
        const double usual = std::exp(pick(hash, 1, 0.0, kMostUsual)) - 1.0;
        return static_cast<int>(chance(hash, 2, 0.002) ? usual * 40.0 : usual);
    }

    /// All points but the last. Points lie within 13 degrees of the straight edge as its ends see
    /// it, so that edges do not meet.
    void addEdge(Ring& ring, const Edge& edge, bool isReversed) const {
        constexpr double kBend = 0.06; // of the edge's length
        const bool isEast = edge.direction == Direction::East;
        const glm::dvec2 from = corner(edge.i, edge.j);
        const glm::dvec2 to = corner(edge.i + (isEast ? 1 : 0), edge.j + (isEast ? 0 : 1));
        const glm::dvec2 along = to - from;
        const glm::dvec2 aside(-along.y, along.x);
        const std::uint64_t hash = hashOf(seed_, edge.i, edge.j, isEast ? 0 : 1);
        const int points = pointsOn(hash);
        for (int k = 0; k <= points; ++k) {
            const int place = isReversed ? points + 1 - k : k;
            const double t = static_cast<double>(place) / (points + 1);
            const double bend =
                kBend * 4.0 * t * (1.0 - t) * (2.0 * cellNoise(hash, place, 0.0) - 1.0);
            ring.push_back(plane(from + along * t + aside * bend));
        }
    }

    const Lattice& lattice_;
    std::uint64_t seed_;
    int pointsPerEdge_;
};

/// Star-shaped, so that it cannot cross itself.
Ring roundedRing(const glm::dvec2& centre, double radius, int points, std::uint64_t hash) {
    Ring ring;
    for (int i = 0; i < points; ++i) {
        const double angle = 2.0 * std::numbers::pi * i / points;
        double bulge = 0.02 * cellNoise(hash, i, 1.0);
        for (int wave = 2; wave < 6; ++wave) {
            bulge += 0.4 / wave * std::sin(wave * angle + pick(hash, wave, 0.0, 6.0));
        }
        ring.push_back(plane(centre + radius * (1.0 + 0.5 * bulge) *
                                          glm::dvec2(std::cos(angle), std::sin(angle))));
    }
    return ring;
}

planning::Polygon zone(const glm::dvec2& centre, double radius, std::uint64_t hash) {
    const double usual = std::exp(pick(hash, 20, 2.3, 5.0)); // 10 to 150 points, 52 on average
    const int points = static_cast<int>(chance(hash, 21, 0.001) ? usual * 20.0 : usual);
    planning::Polygon polygon{.outer = roundedRing(centre, radius, points, hash)};
    if (chance(hash, 22, 0.05)) {
        Ring hole = roundedRing(centre, radius * 0.3, std::max(points / 3, 4), hash + 1);
        std::ranges::reverse(hole);
        polygon.holes.push_back(std::move(hole));
    }
    return polygon;
}

/// A rectangle, or one with a corner or the middle of a side cut out.
Ring footprint(const glm::dvec2& centre, double side, std::uint64_t hash) {
    const double w = side * pick(hash, 1, 0.25, 0.4);
    const double h = side * pick(hash, 2, 0.15, 0.3);
    Ring ring{{-w, -h}, {w, -h}, {w, h}, {-w, h}};
    if (chance(hash, 3, 0.3)) {
        ring = {{-w, -h}, {w, -h}, {w, 0.0}, {0.0, 0.0}, {0.0, h}, {-w, h}};
    } else if (chance(hash, 4, 0.15)) {
        ring = {{-w, -h},
                {w, -h},
                {w, h},
                {w / 2.0, h},
                {w / 2.0, 0.0},
                {-w / 2.0, 0.0},
                {-w / 2.0, h},
                {-w, h}};
    }
    const double angle = pick(hash, 5, 0.0, std::numbers::pi);
    for (glm::dvec2& point : ring) {
        point = plane(centre + glm::dvec2(point.x * std::cos(angle) - point.y * std::sin(angle),
                                          point.x * std::sin(angle) + point.y * std::cos(angle)));
    }
    return ring;
}

/// Goes on, turning a little at every step.
std::vector<glm::dvec2> way(glm::dvec2 place, std::uint64_t hash) {
    const int points =
        static_cast<int>(std::exp(pick(hash, 1, 0.7, 5.0))); // 2 to 150, 34 on average
    double heading = pick(hash, 2, 0.0, 2.0 * std::numbers::pi);
    std::vector<glm::dvec2> line;
    for (int i = 0; i < points; ++i) {
        line.push_back(plane(place));
        heading += 0.4 * (cellNoise(hash, i, 2.0) - 0.5);
        place += 25.0 * glm::dvec2(std::cos(heading), std::sin(heading));
    }
    return line;
}

double rounded(double value, double perUnit) {
    return std::round(value * perUnit) / perUnit;
}

/// One value per field of fieldsOf().
std::vector<Value> valuesOf(const LoadLayer& layer,
                            const Feature& feature,
                            const glm::dvec2& place,
                            std::int64_t number) {
    const std::uint64_t hash = hashOf(layer.subject, number, 3);
    const District district = districtAt(place);
    std::vector<Value> values{350200000000 + number,
                              fmt::format("20900{:05}", 20000 + layer.subject),
                              std::string(district.code),
                              std::string(district.name)};
    const double area = feature.geometry.polygons.empty()
                            ? 0.0
                            : planning::signedArea(feature.geometry.polygons[0].outer);
    const Use use = useOf(hash);
    switch (layer.shape) {
    case LoadShape::Parcels:
        values.insert(values.end(),
                      {std::string(use.code),
                       std::string(use.name),
                       use.floorAreaRatio,
                       rounded(pick(hash, 5, 15.0, 45.0), 10.0),
                       rounded(pick(hash, 6, 20.0, 40.0), 10.0),
                       use.heightLimitMetres,
                       rounded(area, 100.0)});
        break;
    case LoadShape::Footprints: {
        const auto storeys = static_cast<std::int64_t>(std::exp(pick(hash, 7, 0.0, 3.7)));
        const double base = rounded(pick(hash, 8, 2.0, 60.0), 100.0);
        values.insert(
            values.end(),
            {storeys, base, base + 3.1 * static_cast<double>(storeys), rounded(area, 100.0)});
        break;
    }
    case LoadShape::Districts:
    case LoadShape::Zones:
        values.insert(values.end(),
                      {fmt::format("{}{}号", layer.name, number), rounded(area, 100.0)});
        break;
    case LoadShape::Lines:
        values.insert(
            values.end(),
            {fmt::format("{}{}号", layer.name, number), rounded(pick(hash, 9, 4.0, 60.0), 2.0)});
        break;
    case LoadShape::Points:
        values.insert(values.end(), {fmt::format("{}{}号", layer.name, number), Value()});
        break;
    }
    return values;
}

} // namespace

planning::GeometryKind geometryKindOf(LoadShape shape) {
    return shape == LoadShape::Lines    ? planning::GeometryKind::Line
           : shape == LoadShape::Points ? planning::GeometryKind::Point
                                        : planning::GeometryKind::Polygon;
}

std::vector<Field> fieldsOf(LoadShape shape) {
    constexpr FieldType kReal = FieldType::Real;
    std::vector<Field> fields{{"BSM", FieldType::Integer, "标识码"},
                              {"YSDM", FieldType::String, "要素代码"},
                              {"XZQDM", FieldType::String, "行政区代码"},
                              {"XZQMC", FieldType::String, "行政区名称"}};
    std::vector<Field> own;
    switch (shape) {
    case LoadShape::Parcels:
        own = {{"YDYHFLDM", FieldType::String, "用地用海分类代码"},
               {"YDYHFLMC", FieldType::String, "用地用海分类名称"},
               {"RJL", kReal, "容积率"},
               {"JZMD", kReal, "建筑密度"},
               {"LDL", kReal, "绿地率"},
               {"JZXG", kReal, "建筑限高"},
               {"MJ", kReal, "面积"}};
        break;
    case LoadShape::Footprints:
        own = {{"CS", FieldType::Integer, "层数"},
               {"DBGC", kReal, "底部高程"},
               {"DDGC", kReal, "顶部高程"},
               {"MJ", kReal, "面积"}};
        break;
    case LoadShape::Districts:
    case LoadShape::Zones:
        own = {{"MC", FieldType::String, "名称"}, {"MJ", kReal, "面积"}};
        break;
    case LoadShape::Lines:
        own = {{"MC", FieldType::String, "名称"}, {"KD", kReal, "宽度"}};
        break;
    case LoadShape::Points:
        own = {{"MC", FieldType::String, "名称"}, {"BZ", FieldType::String, "备注"}};
        break;
    }
    fields.insert(fields.end(), own.begin(), own.end());
    return fields;
}

Status forEachLoadFeature(const LoadLayer& layer,
                          std::uint64_t seed,
                          const std::function<Status(Feature)>& visit) {
    const Landform land(seed);
    const Lattice lattice(land, layer.features);
    const std::uint64_t own = hashOf(seed, static_cast<std::int64_t>(layer.subject), layer.year);
    const Carpet carpet(lattice, own, layer.pointsPerEdge);
    const auto shapeIn = [&](std::int64_t i, std::int64_t j, const glm::dvec2& middle) {
        const std::uint64_t hash = hashOf(own, i, j);
        Feature feature;
        planning::Geometry& geometry = feature.geometry;
        switch (layer.shape) {
        case LoadShape::Parcels:
        case LoadShape::Districts:
            geometry.polygons.push_back({carpet.cell(i, j), {}});
            break;
        case LoadShape::Zones:
            geometry.polygons.push_back(
                zone(middle, std::min(lattice.side() * pick(hash, 0, 0.2, 0.6), 2000.0), hash));
            break;
        case LoadShape::Footprints:
            geometry.polygons.push_back(
                {footprint(middle, std::min(lattice.side(), 80.0), hash), {}});
            break;
        case LoadShape::Lines:
            geometry.lines.push_back(way(middle, hash));
            break;
        case LoadShape::Points:
            geometry.points.push_back(
                plane(middle +
                      lattice.side() * (glm::dvec2(unitOf(hash), pick(hash, 1, 0.0, 1.0)) - 0.5)));
            break;
        }
        return feature;
    };
    std::int64_t number = 0;
    for (std::int64_t j = 0; j < lattice.across(); ++j) {
        for (std::int64_t i = 0; i < lattice.across(); ++i) {
            if (number == static_cast<std::int64_t>(layer.features)) {
                return ok();
            }
            if (!lattice.isOnLand(i, j)) {
                continue;
            }
            const glm::dvec2 middle = lattice.node(i, j) + lattice.side() / 2.0;
            Feature feature = shapeIn(i, j, middle);
            feature.values = valuesOf(layer, feature, middle, ++number);
            if (Status visited = visit(std::move(feature)); !visited) {
                return visited;
            }
        }
    }
    return ok();
}

} // namespace pipeline::sample
