#include "pipeline/sample/greenery.h"

#include "pipeline/sample/noise.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace pipeline::sample {

namespace {

bool isFree(const Scenery& scenery, const glm::dvec2& world, double clearance) {
    return std::ranges::none_of(scenery.volumes, [&](const Volume& volume) {
        const glm::dvec2 plan = toPlan(volume, world);
        return std::abs(plan.x) < volume.half.x + clearance &&
               std::abs(plan.y) < volume.half.y + clearance;
    });
}

Tree makeTree(const StreetPlan& plan, const glm::dvec2& world, std::uint64_t key, double size) {
    Tree tree;
    tree.centre = world;
    tree.key = key;
    tree.radius = size * pick(key, 1, 0.75, 1.25);
    tree.height = tree.radius * pick(key, 2, 2.1, 2.9);
    tree.ground = plan.land().height(world);
    return tree;
}

/// Plants one tree at a city position if the ground there is dry, flat and not built on.
void plant(
    const StreetPlan& plan, const glm::dvec2& city, std::uint64_t key, double size, Scenery& to) {
    const glm::dvec2 world = StreetPlan::toWorld(city);
    if (plan.land().inland(world) < kBuildFrom || plan.land().hilliness(world) > kHillEdge) {
        return;
    }
    const Tree tree = makeTree(plan, world, key, size);
    if (isFree(to, world, tree.radius * 0.6)) {
        to.trees.push_back(tree);
    }
}

/// Two rows along a street's pavements, between `from` and `to` along it.
struct Row {
    bool alongU = true;
    double line = 0.0;
    double from = 0.0;
    double to = 0.0;
};

void plantRow(const StreetPlan& plan, const Row& row, std::uint64_t key, Scenery& scenery) {
    constexpr double kSpacing = 8.5;
    const auto count = static_cast<int>((row.to - row.from) / kSpacing);
    for (int i = 0; i < count; ++i) {
        const std::uint64_t treeKey = hashOf(key, i);
        if (chance(treeKey, 9, 0.12)) {
            continue;
        }
        const double along = row.from + (i + 0.5) * kSpacing + pick(treeKey, 8, -0.8, 0.8);
        const glm::dvec2 city =
            row.alongU ? glm::dvec2(along, row.line) : glm::dvec2(row.line, along);
        plant(plan, city, treeKey, 2.3, scenery);
    }
}

void plantStreets(const StreetPlan& plan, const Cell& cell, Scenery& scenery) {
    const Street south = plan.street(cell.j);
    const Street west = plan.avenue(cell.i);
    for (const double side : {-1.0, 1.0}) {
        const auto salt = static_cast<std::int64_t>(side);
        plantRow(plan,
                 {true,
                  south.centre + side * (south.carriageway + 1.4),
                  cell.low.x + 4.0,
                  cell.high.x - 4.0},
                 hashOf(cell.key, 301, salt),
                 scenery);
        plantRow(plan,
                 {false,
                  west.centre + side * (west.carriageway + 1.4),
                  cell.low.y + 4.0,
                  cell.high.y - 4.0},
                 hashOf(cell.key, 302, salt),
                 scenery);
    }
    if (west.isBoulevard) {
        plantRow(plan,
                 {false, west.centre, cell.low.y + 10.0, cell.high.y - 10.0},
                 hashOf(cell.key, 303),
                 scenery);
    }
}

/// Trees on a jittered grid over the plots; `share` of its places are taken.
void plantPlots(
    const StreetPlan& plan, const Cell& cell, double pitch, double share, Scenery& scenery) {
    const glm::dvec2 size = cell.high - cell.low;
    const auto columns = static_cast<int>(size.x / pitch);
    const auto rows = static_cast<int>(size.y / pitch);
    for (int row = 0; row < rows; ++row) {
        for (int column = 0; column < columns; ++column) {
            const std::uint64_t key = hashOf(cell.key, 310, column, row);
            if (!chance(key, 5, share)) {
                continue;
            }
            const glm::dvec2 place{column + pick(key, 6, 0.2, 0.8), row + pick(key, 7, 0.2, 0.8)};
            plant(plan, cell.low + place * pitch, key, pick(key, 4, 1.6, 3.1), scenery);
        }
    }
}

double treeShare(LandUse use) {
    switch (use) {
    case LandUse::Park:
        return 0.62;
    case LandUse::Slabs:
        return 0.55;
    case LandUse::Plaza:
        return 0.10;
    case LandUse::Towers:
        return 0.40;
    case LandUse::OldTown:
        return 0.45;
    case LandUse::Commerce:
        return 0.25;
    case LandUse::School:
    case LandUse::Farm:
    case LandUse::Nature:
        return 0.0;
    }
    return 0.0;
}

constexpr std::array<glm::vec3, 8> kCarColours = {{{0.93F, 0.93F, 0.93F},
                                                   {0.85F, 0.86F, 0.87F},
                                                   {0.12F, 0.12F, 0.13F},
                                                   {0.55F, 0.57F, 0.60F},
                                                   {0.60F, 0.12F, 0.11F},
                                                   {0.15F, 0.25F, 0.48F},
                                                   {0.90F, 0.90F, 0.88F},
                                                   {0.20F, 0.50F, 0.42F}}};

void addCar(const StreetPlan& plan,
            const glm::dvec2& city,
            bool alongU,
            std::uint64_t key,
            Scenery& scenery) {
    Prop car;
    car.centre = StreetPlan::toWorld(city);
    if (plan.land().inland(car.centre) < kShoreRoadTo + 2.0 ||
        plan.land().hilliness(car.centre) > kHillEdge) {
        return;
    }
    car.axis = StreetPlan::toWorld(alongU ? glm::dvec2(1.0, 0.0) : glm::dvec2(0.0, 1.0));
    const bool isBus = chance(key, 1, 0.04);
    car.kind = isBus ? PropKind::Bus : PropKind::Car;
    car.half = isBus ? glm::dvec2(5.6, 1.25) : glm::dvec2(pick(key, 2, 2.05, 2.4), 0.92);
    car.bottom = plan.land().height(car.centre) + 0.02;
    car.top = car.bottom + (isBus ? 3.0 : pick(key, 3, 1.4, 1.7));
    const auto colour = static_cast<std::size_t>(pick(key, 4, 0.0, 7.999));
    car.colour = isBus ? glm::vec3(0.18F, 0.52F, 0.55F) : kCarColours[colour];
    car.key = key;
    scenery.props.push_back(car);
}

struct Lane {
    bool alongU = true;
    double line = 0.0;
    double from = 0.0;
    double to = 0.0;
    double spacing = 7.0;
    double share = 0.4;
};

void fillLane(const StreetPlan& plan, const Lane& lane, std::uint64_t key, Scenery& scenery) {
    const auto count = static_cast<int>((lane.to - lane.from) / lane.spacing);
    for (int i = 0; i < count; ++i) {
        const std::uint64_t carKey = hashOf(key, i);
        if (!chance(carKey, 9, lane.share)) {
            continue;
        }
        const double along = lane.from + (i + pick(carKey, 8, 0.35, 0.65)) * lane.spacing;
        const glm::dvec2 city =
            lane.alongU ? glm::dvec2(along, lane.line) : glm::dvec2(lane.line, along);
        addCar(plan, city, lane.alongU, carKey, scenery);
    }
}

void fillStreet(
    const StreetPlan& plan, const Street& street, Lane lane, std::uint64_t key, Scenery& scenery) {
    for (const double side : {-1.0, 1.0}) {
        const auto salt = static_cast<std::int64_t>(side);
        if (!street.isBoulevard) {
            lane.line = street.centre + side * (street.carriageway - 1.1);
            lane.spacing = 6.0;
            lane.share = 0.42;
            fillLane(plan, lane, hashOf(key, 1, salt), scenery); // parked
        }
        const int lanes = street.isBoulevard ? 2 : 1;
        for (int i = 0; i < lanes; ++i) {
            lane.line = street.centre + side * (street.isBoulevard ? 4.0 + 3.4 * i : 1.7);
            lane.spacing = 13.0;
            lane.share = street.isBoulevard ? 0.34 : 0.16;
            fillLane(plan, lane, hashOf(key, 2 + i, salt), scenery); // moving
        }
    }
}

/// Calls `place(lattice east, lattice north)` for every lattice cell that may reach the window.
template <typename Place>
void forLattice(const Window& window, double pitch, const Place& place) {
    const auto first = [&](double low) {
        return static_cast<std::int64_t>(std::floor(low / pitch)) - 1;
    };
    const auto last = [&](double high) {
        return static_cast<std::int64_t>(std::floor(high / pitch)) + 1;
    };
    for (std::int64_t j = first(window.low.y); j <= last(window.high.y); ++j) {
        for (std::int64_t i = first(window.low.x); i <= last(window.high.x); ++i) {
            place(i, j);
        }
    }
}

void addWoods(const StreetPlan& plan, const Window& window, Scenery& scenery) {
    constexpr double kPitch = 6.2;
    forLattice(window, kPitch, [&](std::int64_t i, std::int64_t j) {
        const std::uint64_t key = hashOf(plan.seed(), 401, i, j);
        const glm::dvec2 at{(static_cast<double>(i) + pick(key, 1, 0.1, 0.9)) * kPitch,
                            (static_cast<double>(j) + pick(key, 2, 0.1, 0.9)) * kPitch};
        const double hill = plan.land().hilliness(at);
        if (hill < kHillEdge * 0.9 || !window.touches(at, 6.0)) {
            return;
        }
        const double density = fractalNoise(plan.seed() + 51, at.x / 45.0, at.y / 45.0, 2);
        if (density < 0.36 || !isFree(scenery, at, 4.0)) {
            return; // a clearing
        }
        Tree tree = makeTree(plan, at, key, pick(key, 3, 2.4, 3.9));
        tree.foliage = chance(key, 4, 0.18) ? Foliage::Conifer : Foliage::Broadleaf;
        scenery.trees.push_back(tree);
    });
}

void addPalms(const StreetPlan& plan, const Window& window, Scenery& scenery) {
    constexpr double kPitch = 9.0;
    const auto first = static_cast<std::int64_t>(std::floor(window.low.x / kPitch)) - 1;
    const auto last = static_cast<std::int64_t>(std::floor(window.high.x / kPitch)) + 1;
    for (std::int64_t i = first; i <= last; ++i) {
        const double east = static_cast<double>(i) * kPitch;
        for (const double inland : {kPromenadeFrom + 1.2, kShoreRoadTo + 1.8}) {
            const glm::dvec2 at{east, plan.land().shoreNorthing(east) + inland / 0.97};
            if (!window.touches(at, 6.0)) {
                continue;
            }
            const std::uint64_t key = hashOf(plan.seed(), 402, i, std::llround(inland));
            Tree tree = makeTree(plan, at, key, 2.2);
            tree.height = pick(key, 5, 6.5, 9.0);
            tree.foliage = Foliage::Palm;
            scenery.trees.push_back(tree);
        }
    }
}

void addBeach(const StreetPlan& plan, const Window& window, Scenery& scenery) {
    constexpr double kPitch = 5.5;
    forLattice(window, kPitch, [&](std::int64_t i, std::int64_t j) {
        const std::uint64_t key = hashOf(plan.seed(), 403, i, j);
        const glm::dvec2 at{(static_cast<double>(i) + pick(key, 1, 0.2, 0.8)) * kPitch,
                            (static_cast<double>(j) + pick(key, 2, 0.2, 0.8)) * kPitch};
        const double inland = plan.land().inland(at);
        if (inland < 8.0 || inland > 15.0 || !chance(key, 3, 0.4) || !window.touches(at, 2.0)) {
            return;
        }
        Prop umbrella;
        umbrella.kind = PropKind::Umbrella;
        umbrella.centre = at;
        umbrella.half = glm::dvec2(1.3);
        umbrella.bottom = plan.land().height(at) + 1.9;
        umbrella.top = umbrella.bottom + 0.6;
        umbrella.colour =
            chance(key, 4, 0.5) ? glm::vec3(0.85F, 0.25F, 0.20F) : glm::vec3(0.20F, 0.45F, 0.75F);
        umbrella.key = key;
        scenery.props.push_back(umbrella);
    });
}

void addBoats(const StreetPlan& plan, const Window& window, Scenery& scenery) {
    constexpr double kPitch = 26.0;
    forLattice(window, kPitch, [&](std::int64_t i, std::int64_t j) {
        const std::uint64_t key = hashOf(plan.seed(), 404, i, j);
        const glm::dvec2 at{(static_cast<double>(i) + pick(key, 1, 0.2, 0.8)) * kPitch,
                            (static_cast<double>(j) + pick(key, 2, 0.2, 0.8)) * kPitch};
        const double inland = plan.land().inland(at);
        if (inland > -12.0 || inland < -300.0 || !chance(key, 3, 0.4) ||
            !isFree(scenery, at, 8.0) || !window.touches(at, 8.0)) {
            return;
        }
        Prop boat;
        boat.kind = PropKind::Boat;
        boat.centre = at;
        const double turn = pick(key, 4, 0.0, 6.28);
        boat.axis = {std::cos(turn), std::sin(turn)};
        boat.half = {pick(key, 5, 3.0, 6.0), pick(key, 6, 1.1, 1.7)};
        boat.bottom = -0.2;
        boat.top = 1.5;
        boat.colour = {0.90F, 0.90F, 0.88F};
        boat.key = key;
        scenery.props.push_back(boat);
    });
}

} // namespace

void addTrees(const StreetPlan& plan, const Cell& cell, Scenery& scenery) {
    if (cell.use != LandUse::Nature) {
        plantStreets(plan, cell, scenery);
        plantPlots(plan, cell, 6.5, treeShare(cell.use), scenery);
    }
}

void addTraffic(const StreetPlan& plan, const Cell& cell, Scenery& scenery) {
    if (cell.use == LandUse::Nature) {
        return;
    }
    fillStreet(plan,
               plan.street(cell.j),
               {true, 0.0, cell.low.x + 3.0, cell.high.x - 3.0},
               hashOf(cell.key, 320),
               scenery);
    fillStreet(plan,
               plan.avenue(cell.i),
               {false, 0.0, cell.low.y + 3.0, cell.high.y - 3.0},
               hashOf(cell.key, 321),
               scenery);
}

void addWilds(const StreetPlan& plan, const Window& window, Scenery& scenery) {
    addWoods(plan, window, scenery);
    addPalms(plan, window, scenery);
    addBeach(plan, window, scenery);
    addBoats(plan, window, scenery);
}

} // namespace pipeline::sample
