#pragma once

#include <glm/vec2.hpp>

#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace pipeline::planning {

/// A closed ring without its repeated last point; x east (or longitude), y north (or latitude).
using Ring = std::vector<glm::dvec2>;

struct Polygon {
    Ring outer;              ///< Counter-clockwise.
    std::vector<Ring> holes; ///< Clockwise.
};

/// The surfaces, lines and points of one feature; usually one kind only.
struct Geometry {
    std::vector<Polygon> polygons;
    std::vector<std::vector<glm::dvec2>> lines;
    std::vector<glm::dvec2> points;

    bool isEmpty() const { return polygons.empty() && lines.empty() && points.empty(); }
};

/// Boolean values are integers 0 and 1; dates are texts, "2024-03-01" and
/// "2024-03-01T08:30:00.000Z".
enum class FieldType { String, Integer, Real, Boolean, Date, DateTime };

struct Field {
    std::string name; ///< UTF-8.
    FieldType type = FieldType::String;
    std::string alias; ///< What people call it; or "".
};

/// monostate: no value.
using Value = std::variant<std::monostate, std::string, std::int64_t, double>;

struct Feature {
    Geometry geometry;
    std::vector<Value> values; ///< One per field.
};

enum class GeometryKind { Polygon, Line, Point };

/// One layer in memory. Coordinates in `crs`.
struct VectorLayer {
    std::string name; ///< UTF-8.
    std::string crs;  ///< "EPSG:4548", WKT or a PROJ string; always x east, y north.
    GeometryKind kind = GeometryKind::Polygon;
    std::vector<Field> fields;
    std::vector<Feature> features;
};

/// The value as people read it; "" for none.
std::string toText(const Value& value);

} // namespace pipeline::planning
