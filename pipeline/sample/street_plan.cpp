#include "pipeline/sample/street_plan.h"

#include "pipeline/sample/noise.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace pipeline::sample {

namespace {

// cos and sin of 8.5 degrees, written down so that no library's rounding moves a street.
constexpr double kTurnCosine = 0.989015863361917;
constexpr double kTurnSine = 0.147809411129611;

constexpr double kAvenuePitch = 88.0;
constexpr double kStreetPitch = 70.0;

/// Cells of the first 400 m whose use is chosen by hand, so that every sample shows the whole
/// range.
struct ComposedCell {
    glm::dvec2 world;
    LandUse use;
};

constexpr std::array<ComposedCell, 10> kComposed = {{
    {{55.0, 140.0}, LandUse::OldTown},
    {{140.0, 140.0}, LandUse::Towers},
    {{230.0, 150.0}, LandUse::Plaza},
    {{330.0, 160.0}, LandUse::Towers},
    {{45.0, 215.0}, LandUse::OldTown},
    {{130.0, 225.0}, LandUse::Commerce},
    {{215.0, 225.0}, LandUse::Slabs},
    {{40.0, 290.0}, LandUse::Slabs},
    {{120.0, 300.0}, LandUse::School},
    {{30.0, 360.0}, LandUse::Farm},
}};

bool contains(const Cell& cell, const glm::dvec2& city) {
    return city.x >= cell.low.x && city.x <= cell.high.x && city.y >= cell.low.y &&
           city.y <= cell.high.y;
}

struct UseShare {
    LandUse use;
    double share;
};

LandUse drawUse(double at, const std::array<UseShare, 6>& shares) {
    for (const UseShare& entry : shares) {
        if (at < entry.share) {
            return entry.use;
        }
        at -= entry.share;
    }
    return LandUse::Park;
}

LandUse urbanUse(double density, double draw) {
    if (density > 0.58) {
        return drawUse(draw,
                       {{{LandUse::Towers, 0.36},
                         {LandUse::Commerce, 0.22},
                         {LandUse::Slabs, 0.24},
                         {LandUse::Plaza, 0.07},
                         {LandUse::School, 0.04},
                         {LandUse::OldTown, 0.03}}});
    }
    if (density > 0.40) {
        return drawUse(draw,
                       {{{LandUse::Slabs, 0.50},
                         {LandUse::OldTown, 0.16},
                         {LandUse::School, 0.09},
                         {LandUse::Commerce, 0.10},
                         {LandUse::Towers, 0.06},
                         {LandUse::Plaza, 0.02}}});
    }
    return drawUse(draw,
                   {{{LandUse::OldTown, 0.42},
                     {LandUse::Slabs, 0.18},
                     {LandUse::Farm, 0.18},
                     {LandUse::School, 0.05},
                     {LandUse::Commerce, 0.05},
                     {LandUse::Plaza, 0.0}}});
}

} // namespace

glm::dvec2 StreetPlan::toCity(const glm::dvec2& world) {
    return {kTurnCosine * world.x + kTurnSine * world.y,
            -kTurnSine * world.x + kTurnCosine * world.y};
}

glm::dvec2 StreetPlan::toWorld(const glm::dvec2& city) {
    return {kTurnCosine * city.x - kTurnSine * city.y, kTurnSine * city.x + kTurnCosine * city.y};
}

Street StreetPlan::avenue(std::int64_t i) const {
    Street line;
    line.centre = static_cast<double>(i) * kAvenuePitch + pick(hashOf(seed_, 101, i), 0, -8.0, 8.0);
    line.isBoulevard = ((i % 3) + 3) % 3 == 2;
    line.carriageway = line.isBoulevard ? 10.5 : 4.6;
    line.reserve = line.isBoulevard ? 14.5 : 7.8;
    return line;
}

Street StreetPlan::street(std::int64_t j) const {
    Street line;
    line.centre = static_cast<double>(j) * kStreetPitch + pick(hashOf(seed_, 102, j), 0, -6.0, 6.0);
    line.isBoulevard = ((j % 5) + 5) % 5 == 4;
    line.carriageway = line.isBoulevard ? 9.0 : 4.2;
    line.reserve = line.isBoulevard ? 12.5 : 7.0;
    return line;
}

std::int64_t StreetPlan::avenueBefore(double u) const {
    auto i = static_cast<std::int64_t>(std::floor(u / kAvenuePitch));
    if (u < avenue(i).centre) {
        --i;
    } else if (u >= avenue(i + 1).centre) {
        ++i;
    }
    return i;
}

std::int64_t StreetPlan::streetBefore(double v) const {
    auto j = static_cast<std::int64_t>(std::floor(v / kStreetPitch));
    if (v < street(j).centre) {
        --j;
    } else if (v >= street(j + 1).centre) {
        ++j;
    }
    return j;
}

Cell StreetPlan::cell(std::int64_t i, std::int64_t j) const {
    const Street west = avenue(i);
    const Street east = avenue(i + 1);
    const Street south = street(j);
    const Street north = street(j + 1);
    Cell cell;
    cell.i = i;
    cell.j = j;
    cell.low = {west.centre + west.reserve, south.centre + south.reserve};
    cell.high = {east.centre - east.reserve, north.centre - north.reserve};
    cell.key = hashOf(seed_, 103, i, j);
    cell.use = useOf(cell);
    return cell;
}

LandUse StreetPlan::useOf(const Cell& cell) const {
    const glm::dvec2 centre = (cell.low + cell.high) * 0.5;
    const glm::dvec2 world = toWorld(centre);
    if (land_.hilliness(world) > kHillEdge || land_.inland(world) < kBuildFrom) {
        return LandUse::Nature;
    }
    const std::array<glm::dvec2, 4> corners = {
        {cell.low, cell.high, {cell.low.x, cell.high.y}, {cell.high.x, cell.low.y}}};
    const bool atHill = std::ranges::any_of(corners, [&](const glm::dvec2& corner) {
        return land_.hilliness(toWorld(corner)) > 2.0 * kHillEdge;
    });
    for (const ComposedCell& composed : kComposed) {
        if (contains(cell, toCity(composed.world))) {
            return composed.use;
        }
    }
    if (atHill) {
        return LandUse::Park;
    }
    const double density = fractalNoise(seed_ + 41, world.x / 620.0, world.y / 620.0, 2);
    return urbanUse(density, unitOf(hashOf(cell.key, 1)));
}

} // namespace pipeline::sample
