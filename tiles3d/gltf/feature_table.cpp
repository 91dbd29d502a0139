#include "tiles3d/gltf/feature_table.h"

#include <fmt/format.h>
#include <glm/common.hpp>
#include <glm/geometric.hpp>

#include <cmath>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>

namespace tiles3d::gltf {

using base::ByteView;
using base::Error;
using base::Json;
using base::Result;

namespace {

constexpr std::int64_t kMostInstances = 1'000'000;

double finite(double value) {
    return std::isfinite(value) ? value : 0.0;
}

std::optional<glm::dvec3> vectorIn(const Json& numbers) {
    if (numbers.items().size() != 3) {
        return std::nullopt;
    }
    glm::dvec3 vector(0.0);
    for (int i = 0; i < 3; ++i) {
        vector[i] = finite(numbers.items()[static_cast<std::size_t>(i)].numberOr(0.0));
    }
    return vector;
}

/// One property of all instances: `components` numbers each.
template <typename Number>
class Column {
public:
    /// Absent unless the table has the property.
    static Result<Column>
    open(const FeatureTable& table, const char* name, std::size_t components, std::size_t count) {
        Column column;
        column.components_ = components;
        const Json& property = table.json[name];
        if (property.isNull()) {
            return column;
        }
        const std::int64_t offset = property["byteOffset"].integerOr(-1);
        const std::uint64_t bytes = std::uint64_t{count} * components * sizeof(Number);
        if (offset < 0 || static_cast<std::uint64_t>(offset) > table.binary.size() ||
            bytes > table.binary.size() - static_cast<std::uint64_t>(offset)) {
            return Error{fmt::format("{} of {} instances is beyond the table", name, count)};
        }
        column.bytes_ = table.binary.subspan(static_cast<std::size_t>(offset), bytes);
        column.isThere_ = true;
        return column;
    }

    bool isThere() const { return isThere_; }

    double at(std::size_t instance, std::size_t component = 0) const {
        Number value{};
        std::memcpy(&value,
                    bytes_.data() + (instance * components_ + component) * sizeof(Number),
                    sizeof value);
        return finite(static_cast<double>(value));
    }

    glm::dvec3 vectorAt(std::size_t instance) const {
        return {at(instance, 0), at(instance, 1), at(instance, 2)};
    }

private:
    ByteView bytes_;
    std::size_t components_ = 1;
    bool isThere_ = false;
};

using Floats = Column<float>;
using Shorts = Column<std::uint16_t>;

/// All that a table may say of its instances.
struct Columns {
    Floats position, up, right, scale, scales;
    Shorts quantizedPosition, octUp, octRight;
};

Result<Columns> openColumns(const FeatureTable& table, std::size_t count) {
    Columns columns;
    std::optional<Error> problem;
    const auto open = [&](auto& column, const char* name, std::size_t components) {
        auto opened = std::decay_t<decltype(column)>::open(table, name, components, count);
        if (opened) {
            column = *std::move(opened);
        } else if (!problem) {
            problem = opened.error();
        }
    };
    open(columns.position, "POSITION", 3);
    open(columns.quantizedPosition, "POSITION_QUANTIZED", 3);
    open(columns.up, "NORMAL_UP", 3);
    open(columns.right, "NORMAL_RIGHT", 3);
    open(columns.octUp, "NORMAL_UP_OCT32P", 2);
    open(columns.octRight, "NORMAL_RIGHT_OCT32P", 2);
    open(columns.scale, "SCALE", 1);
    open(columns.scales, "SCALE_NON_UNIFORM", 3);
    return problem ? Result<Columns>(*problem) : Result<Columns>(std::move(columns));
}

/// A unit vector folded onto an octahedron, 16 bits an axis.
glm::dvec3 unfolded(const Shorts& column, std::size_t instance) {
    constexpr double kMost = 65535.0;
    const double x = column.at(instance, 0) / kMost * 2.0 - 1.0;
    const double y = column.at(instance, 1) / kMost * 2.0 - 1.0;
    const double z = 1.0 - std::abs(x) - std::abs(y);
    if (z >= 0.0) {
        return {x, y, z};
    }
    const auto sign = [](double value) { return value < 0.0 ? -1.0 : 1.0; };
    return {(1.0 - std::abs(y)) * sign(x), (1.0 - std::abs(x)) * sign(y), z};
}

/// Columns of length 1 where the axes are directions at all, else no turn.
glm::dmat3 turned(const glm::dvec3& right, const glm::dvec3& up) {
    const glm::dvec3 forward = glm::cross(right, up);
    const double area = glm::length(forward);
    if (!std::isnormal(area) || !std::isnormal(glm::length(right)) ||
        !std::isnormal(glm::length(up))) {
        return glm::dmat3(1.0);
    }
    return {glm::normalize(right), glm::normalize(up), forward / area};
}

/// East, north and up on the ellipsoid below a position in ECEF (WGS 84).
glm::dmat3 eastNorthUp(const glm::dvec3& positionEcef) {
    constexpr double kEquatorMetres = 6378137.0;
    constexpr double kPoleMetres = 6356752.314245179;
    const glm::dvec3 radii(kEquatorMetres, kEquatorMetres, kPoleMetres);
    const glm::dvec3 normal = positionEcef / (radii * radii);
    const glm::dvec3 east(-positionEcef.y, positionEcef.x, 0.0);
    if (!std::isnormal(glm::length(east)) || !std::isnormal(glm::length(normal))) {
        return glm::dmat3(1.0); // on the Earth's axis there is no east
    }
    const glm::dvec3 up = glm::normalize(normal);
    return {glm::normalize(east), glm::cross(up, glm::normalize(east)), up};
}

glm::dmat3 rotationOf(const Columns& columns, std::size_t instance, const glm::dmat3& otherwise) {
    if (columns.up.isThere() && columns.right.isThere()) {
        return turned(columns.right.vectorAt(instance), columns.up.vectorAt(instance));
    }
    if (columns.octUp.isThere() && columns.octRight.isThere()) {
        return turned(unfolded(columns.octRight, instance), unfolded(columns.octUp, instance));
    }
    return otherwise;
}

glm::dvec3 scaleOf(const Columns& columns, std::size_t instance) {
    glm::dvec3 scale(1.0);
    if (columns.scale.isThere()) {
        scale *= columns.scale.at(instance);
    }
    if (columns.scales.isThere()) {
        scale *= columns.scales.vectorAt(instance);
    }
    return scale;
}

} // namespace

glm::dvec3 rtcCentreOf(const FeatureTable& table) {
    const Json& centre = table.json["RTC_CENTER"];
    if (const auto vector = vectorIn(centre)) {
        return *vector;
    }
    const auto column = Floats::open(table, "RTC_CENTER", 3, 1); // it may lie in the binary part
    return column && column->isThere() ? column->vectorAt(0) : glm::dvec3(0.0);
}

Result<std::vector<glm::dmat4>> instancesOf(const FeatureTable& table,
                                            const glm::dvec3& rtcCentre) {
    const std::int64_t count = table.json["INSTANCES_LENGTH"].integerOr(-1);
    if (count < 0 || count > kMostInstances) {
        return Error{fmt::format("{} instances; from 0 to {} are read", count, kMostInstances)};
    }
    const auto columns = openColumns(table, static_cast<std::size_t>(count));
    if (!columns) {
        return columns.error();
    }
    const auto volumeOffset = vectorIn(table.json["QUANTIZED_VOLUME_OFFSET"]);
    const auto volumeScale = vectorIn(table.json["QUANTIZED_VOLUME_SCALE"]);
    const bool isQuantized = columns->quantizedPosition.isThere() && volumeOffset && volumeScale;
    if (!columns->position.isThere() && !isQuantized) {
        return Error{"instances without a position"};
    }
    const bool standsUpright = table.json["EAST_NORTH_UP"].boolOr(false);
    constexpr double kMostQuantized = 65535.0;
    std::vector<glm::dmat4> instances;
    instances.reserve(static_cast<std::size_t>(count));
    for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i) {
        const glm::dvec3 position = columns->position.isThere()
                                        ? columns->position.vectorAt(i)
                                        : *volumeOffset + columns->quantizedPosition.vectorAt(i) /
                                                              kMostQuantized * *volumeScale;
        const glm::dmat3 otherwise =
            standsUpright ? eastNorthUp(rtcCentre + position) : glm::dmat3(1.0);
        const glm::dmat3 rotation = rotationOf(*columns, i, otherwise);
        const glm::dvec3 scale = scaleOf(*columns, i);
        instances.emplace_back(glm::dvec4(rotation[0] * scale.x, 0.0),
                               glm::dvec4(rotation[1] * scale.y, 0.0),
                               glm::dvec4(rotation[2] * scale.z, 0.0),
                               glm::dvec4(position, 1.0));
    }
    return instances;
}

} // namespace tiles3d::gltf
