#include "pipeline/sample/buildings.h"

#include "pipeline/sample/noise.h"

#include <glm/vec4.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

namespace pipeline::sample {

namespace {

constexpr std::array<glm::vec3, 6> kApartmentColours = {{{0.86F, 0.82F, 0.75F},
                                                         {0.80F, 0.72F, 0.63F},
                                                         {0.90F, 0.88F, 0.84F},
                                                         {0.78F, 0.62F, 0.52F},
                                                         {0.72F, 0.74F, 0.74F},
                                                         {0.88F, 0.78F, 0.62F}}};
constexpr std::array<glm::vec3, 5> kHouseColours = {{{0.87F, 0.83F, 0.76F},
                                                     {0.74F, 0.47F, 0.38F},
                                                     {0.80F, 0.76F, 0.70F},
                                                     {0.90F, 0.86F, 0.72F},
                                                     {0.66F, 0.62F, 0.58F}}};
constexpr std::array<glm::vec3, 4> kFlatRoofs = {
    {{0.62F, 0.61F, 0.59F}, {0.54F, 0.53F, 0.52F}, {0.70F, 0.66F, 0.61F}, {0.47F, 0.52F, 0.50F}}};
constexpr std::array<glm::vec3, 4> kTileRoofs = {
    {{0.70F, 0.33F, 0.22F}, {0.63F, 0.29F, 0.20F}, {0.74F, 0.40F, 0.27F}, {0.58F, 0.31F, 0.25F}}};

template <std::size_t Count>
glm::vec3
choose(const std::array<glm::vec3, Count>& colours, std::uint64_t key, std::int64_t salt) {
    const auto index = static_cast<std::size_t>(pick(key, salt, 0.0, static_cast<double>(Count)));
    const float shade = static_cast<float>(pick(key, salt + 50, 0.93, 1.05));
    return colours[std::min(index, Count - 1)] * shade;
}

/// One cell being built on: turns plans in city coordinates into volumes that stand on the ground.
class Site {
public:
    Site(const StreetPlan& plan, const Cell& cell, std::vector<Volume>& volumes)
        : plan_(plan), cell_(cell), volumes_(volumes) {}

    const Cell& cell() const { return cell_; }
    glm::dvec2 size() const { return cell_.high - cell_.low; }
    std::uint64_t key(std::int64_t index) const { return hashOf(cell_.key, 200, index); }

    /// A volume on buildable ground, its first floor just above the highest corner; none elsewhere.
    std::optional<Volume> place(const glm::dvec2& cityCentre,
                                const glm::dvec2& half,
                                double heightMetres,
                                double turn = 0.0) const {
        Volume volume;
        volume.centre = StreetPlan::toWorld(cityCentre);
        volume.axis = StreetPlan::toWorld({std::cos(turn), std::sin(turn)});
        volume.half = half;
        double lowest = 1e9;
        double highest = -1e9;
        for (const glm::dvec2& corner : corners(volume)) {
            if (plan_.land().hilliness(corner) > kHillEdge ||
                plan_.land().inland(corner) < kBuildFrom) {
                return std::nullopt;
            }
            const double ground = plan_.land().height(corner);
            lowest = std::min(lowest, ground);
            highest = std::max(highest, ground);
        }
        volume.bottom = lowest - 0.5;
        volume.top = highest + heightMetres;
        return volume;
    }

    void add(const Volume& volume) { volumes_.push_back(volume); }

    /// A smaller volume on the flat roof of `base`; `offset` in the plan's axes.
    Volume onTop(const Volume& base,
                 const glm::dvec2& offset,
                 const glm::dvec2& half,
                 double heightMetres) const {
        Volume volume = base;
        volume.centre =
            base.centre + base.axis * offset.x + glm::dvec2(-base.axis.y, base.axis.x) * offset.y;
        volume.half = half;
        volume.bottom = base.top;
        volume.top = base.top + heightMetres;
        volume.parapet = 0.0;
        volume.material = Material::Plain;
        volume.key = hashOf(base.key, std::llround(offset.x * 8.0), std::llround(offset.y * 8.0));
        volume.fromLevel = 17;
        return volume;
    }

private:
    static std::array<glm::dvec2, 4> corners(const Volume& volume) {
        const glm::dvec2 along = volume.axis * volume.half.x;
        const glm::dvec2 across = glm::dvec2(-volume.axis.y, volume.axis.x) * volume.half.y;
        return {{volume.centre + along + across,
                 volume.centre + along - across,
                 volume.centre - along + across,
                 volume.centre - along - across}};
    }

    const StreetPlan& plan_;
    Cell cell_;
    std::vector<Volume>& volumes_;
};

/// Lift house, water tanks and machines on a flat roof.
void addRoofThings(Site& site, const Volume& base, int machines) {
    const glm::dvec2 room = base.half - glm::dvec2(1.6);
    if (room.x < 2.5 || room.y < 2.2) {
        return;
    }
    Volume lift = site.onTop(base,
                             {pick(base.key, 1, -0.5, 0.5) * room.x, 0.25 * room.y},
                             {std::min(2.6, room.x), std::min(2.1, room.y)},
                             3.2);
    lift.wallColour = base.wallColour * 0.96F;
    site.add(lift);
    for (int i = 0; i < machines; ++i) {
        const std::uint64_t key = hashOf(base.key, 30, i);
        const glm::dvec2 at{pick(key, 1, -0.9, 0.9) * room.x, pick(key, 2, -0.9, 0.2) * room.y};
        const bool isTank = chance(key, 3, 0.3);
        Volume thing =
            site.onTop(base,
                       at,
                       isTank ? glm::dvec2(1.1, 1.1)
                              : glm::dvec2(pick(key, 4, 0.5, 1.1), pick(key, 5, 0.4, 0.7)),
                       isTank ? 1.9 : pick(key, 6, 0.8, 1.3));
        thing.wallColour = glm::vec3(static_cast<float>(pick(key, 7, 0.55, 0.9)));
        thing.roofColour = thing.wallColour * 0.95F;
        thing.fromLevel = isTank ? 17 : 18;
        site.add(thing);
    }
}

/// Rows of solar water heaters, as on most housing roofs.
void addSolarRows(Site& site, const Volume& base) {
    const auto rows = static_cast<int>((base.half.x - 3.0) / 2.4);
    for (int i = 0; i < rows; ++i) {
        const double x = -base.half.x + 4.0 + i * 4.6;
        if (x > base.half.x - 3.0 || !chance(base.key, 60 + i, 0.75)) {
            continue;
        }
        Volume row = site.onTop(base, {x, -0.45 * base.half.y}, {1.7, 0.8}, 0.8);
        row.roofColour = {0.13F, 0.17F, 0.28F};
        row.wallColour = {0.35F, 0.36F, 0.40F};
        row.fromLevel = 18;
        site.add(row);
    }
}

void addTower(Site& site, const glm::dvec2& centre, std::uint64_t key, double podiumTop) {
    const glm::dvec2 half{pick(key, 1, 9.0, 12.0), pick(key, 2, 8.0, 10.5)};
    const double height = podiumTop + 3.2 * std::floor(pick(key, 3, 12.0, 25.0));
    const bool isGlass = chance(key, 4, 0.45);
    auto tower = site.place(centre, half, height);
    if (!tower) {
        return;
    }
    tower->key = key;
    tower->parapet = 1.4;
    tower->material = isGlass ? Material::Glass : Material::Apartments;
    tower->wallColour =
        isGlass ? glm::vec3(0.42F, 0.55F, 0.62F) * static_cast<float>(pick(key, 5, 0.8, 1.1))
                : choose(kApartmentColours, key, 6);
    tower->roofColour = choose(kFlatRoofs, key, 7);
    site.add(*tower);
    Volume crown = site.onTop(*tower, {0.0, 0.0}, half * 0.62, pick(key, 8, 3.0, 7.5));
    crown.material = isGlass ? Material::Glass : Material::Plain;
    crown.parapet = 0.9;
    crown.fromLevel = 15;
    site.add(crown);
    addRoofThings(site, crown, 3);
}

void buildTowers(Site& site) {
    const glm::dvec2 size = site.size();
    const glm::dvec2 middle = (site.cell().low + site.cell().high) * 0.5;
    const std::uint64_t key = site.key(0);
    constexpr double kPodium = 12.6;
    if (auto podium = site.place(middle, size * 0.5 - glm::dvec2(6.0, 5.5), kPodium)) {
        podium->key = key;
        podium->parapet = 1.1;
        podium->material = Material::Shops;
        podium->wallColour = choose(kApartmentColours, key, 1);
        podium->roofColour = {0.45F, 0.52F, 0.42F};
        site.add(*podium);
    }
    const bool two = size.x > 56.0;
    const double reach = size.x * 0.24;
    addTower(site, middle + glm::dvec2(two ? -reach : 0.0, 1.5), site.key(1), kPodium);
    if (two) {
        addTower(site, middle + glm::dvec2(reach, -1.5), site.key(2), kPodium);
    }
}

void addSlab(Site& site, const glm::dvec2& centre, const glm::dvec2& half, std::uint64_t key) {
    const double storeys = std::floor(pick(key, 1, 6.0, 11.99));
    auto slab = site.place(centre, half, 3.0 * storeys + 0.6);
    if (!slab) {
        return;
    }
    slab->key = key;
    slab->material = Material::Apartments;
    slab->wallColour = choose(kApartmentColours, site.cell().key, 3) *
                       static_cast<float>(pick(key, 2, 0.97, 1.03));
    if (chance(site.cell().key, 4, 0.35)) {
        slab->roof = RoofKind::Hip;
        slab->ridge = 3.2;
        slab->roofColour = choose(kTileRoofs, site.cell().key, 5);
        site.add(*slab);
        return;
    }
    slab->parapet = 1.0;
    slab->roofColour = choose(kFlatRoofs, key, 6);
    site.add(*slab);
    addRoofThings(site, *slab, 4);
    addSolarRows(site, *slab);
}

void buildSlabs(Site& site) {
    const glm::dvec2 size = site.size();
    const int rows = size.y > 62.0 ? 3 : 2;
    const double rowPitch = size.y / rows;
    const int columns = size.x > 58.0 ? 2 : 1;
    const double columnPitch = size.x / columns;
    for (int row = 0; row < rows; ++row) {
        for (int column = 0; column < columns; ++column) {
            const std::uint64_t key = site.key(row * 8 + column);
            const glm::dvec2 centre =
                site.cell().low + glm::dvec2((column + 0.5) * columnPitch,
                                             (row + 0.5) * rowPitch + pick(key, 9, -1.5, 1.5));
            addSlab(site, centre, {columnPitch * 0.5 - 4.0, pick(key, 8, 5.6, 6.6)}, key);
        }
    }
}

void addHouse(Site& site, const glm::dvec2& centre, const glm::dvec2& half, std::uint64_t key) {
    const double storeys = std::floor(pick(key, 1, 2.0, 4.6));
    auto house = site.place(centre, half, 3.1 * storeys + 0.4, pick(key, 2, -0.06, 0.06));
    if (!house) {
        return;
    }
    house->key = key;
    house->material = Material::House;
    house->wallColour = choose(kHouseColours, key, 3);
    if (chance(key, 4, 0.72)) {
        house->roof = RoofKind::Hip;
        house->ridge = std::min(half.x, half.y) * pick(key, 5, 0.45, 0.62);
        house->roofColour = choose(kTileRoofs, key, 6);
        site.add(*house);
        return;
    }
    house->parapet = 0.8;
    house->roofColour = choose(kFlatRoofs, key, 7);
    site.add(*house);
    addRoofThings(site, *house, 2);
}

void buildOldTown(Site& site) {
    const glm::dvec2 size = site.size();
    const int columns = std::max(2, static_cast<int>(size.x / 13.5));
    const int rows = std::max(2, static_cast<int>(size.y / 12.5));
    const glm::dvec2 pitch{size.x / columns, size.y / rows};
    for (int row = 0; row < rows; ++row) {
        for (int column = 0; column < columns; ++column) {
            const std::uint64_t key = site.key(row * 32 + column);
            if (chance(key, 11, 0.09)) {
                continue; // a yard with a tree
            }
            const glm::dvec2 jitter{pick(key, 12, -0.6, 0.6), pick(key, 13, -0.6, 0.6)};
            const glm::dvec2 centre =
                site.cell().low + glm::dvec2(column + 0.5, row + 0.5) * pitch + jitter;
            const glm::dvec2 half{pitch.x * 0.5 - pick(key, 14, 0.9, 2.0),
                                  pitch.y * 0.5 - pick(key, 15, 0.9, 2.2)};
            addHouse(site, centre, half, key);
        }
    }
}

void buildCommerce(Site& site) {
    const glm::dvec2 size = site.size();
    const glm::dvec2 middle = (site.cell().low + site.cell().high) * 0.5;
    const std::uint64_t key = site.key(0);
    const glm::dvec2 mallHalf{size.x * 0.5 - 5.0, size.y * 0.27};
    if (auto mall = site.place(middle - glm::dvec2(0.0, size.y * 0.16), mallHalf, 17.5)) {
        mall->key = key;
        mall->parapet = 1.2;
        mall->material = Material::Shops;
        mall->wallColour = choose(kApartmentColours, key, 1);
        mall->roofColour = {0.66F, 0.67F, 0.67F};
        site.add(*mall);
        Volume skylight = site.onTop(*mall, {0.0, 0.0}, {mall->half.x * 0.55, 3.2}, 1.2);
        skylight.roof = RoofKind::Hip;
        skylight.ridge = 1.8;
        skylight.roofColour = {0.42F, 0.58F, 0.68F};
        site.add(skylight);
        addRoofThings(site, *mall, 9);
    }
    const glm::dvec2 officeHalf{size.x * 0.36, 7.5};
    if (auto office = site.place(middle + glm::dvec2(0.0, size.y * 0.31),
                                 officeHalf,
                                 3.6 * std::floor(pick(key, 3, 7.0, 12.0)))) {
        office->key = site.key(1);
        office->parapet = 1.2;
        office->material = Material::Offices;
        office->wallColour = choose(kApartmentColours, key, 4);
        office->roofColour = choose(kFlatRoofs, key, 5);
        site.add(*office);
        addRoofThings(site, *office, 6);
    }
}

void buildSchool(Site& site) {
    const glm::dvec2 size = site.size();
    const std::array<std::array<double, 4>, 3> wings = {
        {{0.5, 0.88, 0.44, 6.0}, {0.08, 0.60, 5.4, 10.0}, {0.92, 0.60, 5.4, 10.0}}};
    for (std::size_t i = 0; i < wings.size(); ++i) {
        const auto& [x, y, halfX, halfY] = wings[i];
        const glm::dvec2 half{halfX < 1.0 ? halfX * size.x : halfX, halfY};
        auto wing =
            site.place(site.cell().low + glm::dvec2(x, y) * size, half, 3.6 * (i == 0 ? 5 : 4));
        if (!wing) {
            continue;
        }
        wing->key = site.key(static_cast<std::int64_t>(i));
        wing->parapet = 1.0;
        wing->material = Material::Offices;
        wing->wallColour = {0.80F, 0.50F, 0.40F};
        wing->roofColour = choose(kFlatRoofs, wing->key, 2);
        site.add(*wing);
        addRoofThings(site, *wing, 2);
    }
}

void buildPlaza(Site& site) {
    const glm::dvec2 size = site.size();
    const glm::dvec2 centre = site.cell().low + glm::dvec2(0.5, 0.76) * size;
    const glm::dvec2 half{size.x * 0.33, size.y * 0.15};
    if (auto hall = site.place(centre, half, 13.0)) {
        hall->key = site.key(0);
        hall->material = Material::Hall;
        hall->wallColour = {0.90F, 0.88F, 0.84F};
        hall->roof = RoofKind::Hip;
        hall->ridge = 5.5;
        hall->roofColour = {0.24F, 0.45F, 0.42F};
        site.add(*hall);
    }
    if (auto column =
            site.place(site.cell().low + glm::dvec2(0.5, 0.32) * size, {0.9, 0.9}, 17.0)) {
        column->key = site.key(1);
        column->wallColour = {0.86F, 0.85F, 0.82F};
        column->roofColour = {0.85F, 0.72F, 0.35F};
        column->fromLevel = 16;
        site.add(*column);
    }
}

void buildPark(Site& site) {
    const glm::dvec2 centre = site.cell().low + glm::dvec2(0.68, 0.62) * site.size();
    if (auto pavilion = site.place(centre, {3.2, 3.2}, 3.8)) {
        pavilion->key = site.key(0);
        pavilion->material = Material::Hall;
        pavilion->wallColour = {0.62F, 0.24F, 0.18F};
        pavilion->roof = RoofKind::Hip;
        pavilion->ridge = 2.4;
        pavilion->roofColour = {0.32F, 0.36F, 0.36F};
        pavilion->fromLevel = 16;
        site.add(*pavilion);
    }
}

void buildFarm(Site& site) {
    const glm::dvec2 size = site.size();
    for (int i = 0; i < 4; ++i) {
        const glm::dvec2 at = site.cell().low + glm::dvec2(0.2 * size.x, 6.0 + i * 8.0);
        auto tunnel = site.place(at, {size.x * 0.15, 3.0}, 1.6);
        if (!tunnel) {
            continue;
        }
        tunnel->key = site.key(i);
        tunnel->roof = RoofKind::Hip;
        tunnel->ridge = 1.3;
        tunnel->wallColour = glm::vec3(0.82F);
        tunnel->roofColour = {0.85F, 0.88F, 0.90F};
        tunnel->fromLevel = 15;
        site.add(*tunnel);
    }
    addHouse(site, site.cell().low + glm::dvec2(0.85, 0.85) * size, {6.0, 4.5}, site.key(9));
    addHouse(site, site.cell().low + glm::dvec2(0.60, 0.88) * size, {5.0, 4.0}, site.key(10));
}

void addPagoda(const StreetPlan& plan, std::vector<Volume>& volumes) {
    const double ground = plan.land().height(kHomeHill);
    constexpr int kTiers = 5;
    double bottom = ground - 1.5;
    for (int tier = 0; tier < kTiers; ++tier) {
        Volume volume;
        volume.centre = kHomeHill;
        volume.axis = StreetPlan::toWorld({1.0, 0.0});
        volume.half = glm::dvec2(4.6 - 0.62 * tier);
        volume.bottom = bottom;
        volume.top = bottom + (tier == 0 ? 6.0 : 4.2);
        volume.roof = RoofKind::Hip;
        volume.ridge = tier + 1 == kTiers ? 4.0 : 1.5;
        volume.material = Material::Hall;
        volume.wallColour = {0.66F, 0.27F, 0.20F};
        volume.roofColour = {0.78F, 0.58F, 0.22F};
        volume.key = hashOf(plan.seed(), 900, tier);
        volume.fromLevel = tier % 2 == 0 ? 14 : 16;
        volumes.push_back(volume);
        bottom = volume.top + 0.4;
    }
}

void addPier(const StreetPlan& plan, std::vector<Volume>& volumes) {
    constexpr double kEast = 168.0;
    const double shore = plan.land().shoreNorthing(kEast);
    const std::array<glm::dvec4, 2> decks = {{{0.0, -14.0, 2.2, 28.0}, {0.0, -46.0, 9.0, 4.5}}};
    for (std::size_t i = 0; i < decks.size(); ++i) {
        Volume deck;
        deck.centre = {kEast + decks[i].x, shore + decks[i].y};
        deck.half = {decks[i].z, decks[i].w};
        deck.bottom = -0.4;
        deck.top = 2.4;
        deck.material = Material::Timber;
        deck.wallColour = {0.42F, 0.33F, 0.25F};
        deck.roofColour = {0.60F, 0.49F, 0.37F};
        deck.key = hashOf(plan.seed(), 901, static_cast<std::int64_t>(i));
        volumes.push_back(deck);
    }
}

} // namespace

void addBuildings(const StreetPlan& plan, const Cell& cell, std::vector<Volume>& volumes) {
    Site site(plan, cell, volumes);
    switch (cell.use) {
    case LandUse::Towers:
        return buildTowers(site);
    case LandUse::Slabs:
        return buildSlabs(site);
    case LandUse::OldTown:
        return buildOldTown(site);
    case LandUse::Commerce:
        return buildCommerce(site);
    case LandUse::School:
        return buildSchool(site);
    case LandUse::Plaza:
        return buildPlaza(site);
    case LandUse::Park:
        return buildPark(site);
    case LandUse::Farm:
        return buildFarm(site);
    case LandUse::Nature:
        return;
    }
}

void addLandmarks(const StreetPlan& plan, std::vector<Volume>& volumes) {
    addPagoda(plan, volumes);
    addPier(plan, volumes);
}

} // namespace pipeline::sample
