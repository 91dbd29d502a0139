#include "pipeline/sample/shapes.h"

#include "pipeline/sample/noise.h"

#include <algorithm>
#include <cmath>
#include <span>

namespace pipeline::sample {

namespace {

Face topFace(std::span<const glm::dvec3> corners) {
    Face face;
    face.count = static_cast<int>(corners.size());
    std::ranges::copy(corners, face.corners.begin());
    return face;
}

/// A point of a volume's plan at a height.
glm::dvec3 planPoint(const Volume& volume, double x, double y, double height) {
    const glm::dvec2 at =
        volume.centre + volume.axis * x + glm::dvec2(-volume.axis.y, volume.axis.x) * y;
    return {at.x, at.y, height};
}

Face wallFace(const Wall& wall, int index, double top) {
    Face face;
    face.count = 4;
    face.wall = index;
    const std::array<glm::dvec2, 4> st = {
        {{0.0, 0.0}, {wall.length, 0.0}, {wall.length, top}, {0.0, top}}};
    for (std::size_t i = 0; i < 4; ++i) {
        face.onWall[i] = st[i];
        face.corners[i] = wall.at(st[i].x, st[i].y);
    }
    return face;
}

void shapeHip(const Volume& volume, std::vector<Face>& faces) {
    const glm::dvec2 half = volume.half;
    const double run = std::min(half.x, half.y);
    const glm::dvec2 ridge = half - run;
    const double top = volume.top + volume.ridge;
    const auto eaves = [&](double x, double y) {
        return planPoint(volume, x * half.x, y * half.y, volume.top);
    };
    const auto crest = [&](double x, double y) {
        return planPoint(volume, x * ridge.x, y * ridge.y, top);
    };
    const std::array<glm::dvec2, 4> turn = {{{-1.0, -1.0}, {1.0, -1.0}, {1.0, 1.0}, {-1.0, 1.0}}};
    for (std::size_t i = 0; i < 4; ++i) {
        const glm::dvec2 a = turn[i];
        const glm::dvec2 b = turn[(i + 1) % 4];
        const glm::dvec3 crestA = crest(a.x, a.y);
        const glm::dvec3 crestB = crest(b.x, b.y);
        if (crestA == crestB) {
            faces.push_back(topFace(std::array{eaves(a.x, a.y), eaves(b.x, b.y), crestB}));
        } else {
            faces.push_back(topFace(std::array{eaves(a.x, a.y), eaves(b.x, b.y), crestB, crestA}));
        }
    }
}

/// The rim's top and its inner side; the outer side belongs to the walls.
void shapeParapet(const Volume& volume, std::vector<Face>& faces) {
    constexpr double kThick = 0.28;
    const glm::dvec2 outer = volume.half;
    const glm::dvec2 inner = volume.half - kThick;
    const double top = volume.top + volume.parapet;
    const std::array<glm::dvec2, 4> turn = {{{-1.0, -1.0}, {1.0, -1.0}, {1.0, 1.0}, {-1.0, 1.0}}};
    for (std::size_t i = 0; i < 4; ++i) {
        const glm::dvec2 a = turn[i];
        const glm::dvec2 b = turn[(i + 1) % 4];
        const glm::dvec3 outerA = planPoint(volume, a.x * outer.x, a.y * outer.y, top);
        const glm::dvec3 outerB = planPoint(volume, b.x * outer.x, b.y * outer.y, top);
        const glm::dvec3 innerA = planPoint(volume, a.x * inner.x, a.y * inner.y, top);
        const glm::dvec3 innerB = planPoint(volume, b.x * inner.x, b.y * inner.y, top);
        // The inner side leans in by 15 cm, or its texture from above would be a single line.
        const glm::dvec2 foot = inner - 0.15;
        const glm::dvec3 footA = planPoint(volume, a.x * foot.x, a.y * foot.y, volume.top);
        const glm::dvec3 footB = planPoint(volume, b.x * foot.x, b.y * foot.y, volume.top);
        faces.push_back(topFace(std::array{outerA, outerB, innerB, innerA}));
        faces.push_back(topFace(std::array{innerA, innerB, footB, footA}));
    }
}

void shapeVolume(const Volume& volume, int firstWall, int level, std::vector<Face>& faces) {
    const bool rimmed = volume.parapet > 0.0 && level >= 18;
    const std::array<Wall, 4> walls = wallsOf(volume);
    for (int side = 0; side < 4; ++side) {
        const Wall& wall = walls[static_cast<std::size_t>(side)];
        faces.push_back(
            wallFace(wall, firstWall + side, rimmed ? wall.height : wall.height - volume.parapet));
    }
    if (volume.roof == RoofKind::Hip) {
        return shapeHip(volume, faces);
    }
    const glm::dvec2 half = volume.half;
    faces.push_back(topFace(std::array{planPoint(volume, -half.x, -half.y, volume.top),
                                       planPoint(volume, half.x, -half.y, volume.top),
                                       planPoint(volume, half.x, half.y, volume.top),
                                       planPoint(volume, -half.x, half.y, volume.top)}));
    if (rimmed) {
        shapeParapet(volume, faces);
    }
}

/// One ring of a body of revolution: share of the radius and of the height.
struct Ring {
    double radius;
    double height;
};

struct CrownShape {
    int sides;
    std::span<const Ring> rings; ///< From the ground up; the top point comes on top.
};

constexpr std::array<Ring, 1> kCone = {{{0.95, 0.15}}};
constexpr std::array<Ring, 2> kBlob = {{{0.70, 0.05}, {0.95, 0.60}}};
constexpr std::array<Ring, 3> kRound = {{{0.42, 0.04}, {1.0, 0.52}, {0.70, 0.86}}};
constexpr std::array<Ring, 4> kFine = {{{0.22, 0.02}, {0.88, 0.34}, {1.0, 0.60}, {0.66, 0.88}}};
constexpr std::array<Ring, 3> kSpire = {{{0.35, 0.04}, {1.0, 0.22}, {0.55, 0.62}}};
constexpr std::array<Ring, 3> kPalm = {{{0.10, 0.02}, {0.08, 0.72}, {1.0, 0.80}}};

CrownShape crownShape(const Tree& tree, int level) {
    if (level <= 16) {
        return {5, kCone};
    }
    if (level == 17) {
        return {6, kBlob};
    }
    if (tree.foliage == Foliage::Conifer) {
        return {7, kSpire};
    }
    if (tree.foliage == Foliage::Palm) {
        return {8, kPalm};
    }
    return level == 18 ? CrownShape{7, kRound} : CrownShape{9, kFine};
}

glm::dvec3 crownPoint(const Tree& tree, const CrownShape& shape, std::size_t ring, int side) {
    constexpr double kTurn = 6.283185307179586;
    const double angle = kTurn * (side + 0.5 * static_cast<double>(ring % 2)) / shape.sides;
    const std::int64_t corner = static_cast<std::int64_t>(ring) * 16 + side % shape.sides;
    const double wobble = pick(tree.key, 100 + corner, 0.84, 1.08);
    const double radius = tree.radius * shape.rings[ring].radius * wobble;
    return {tree.centre.x + radius * std::cos(angle),
            tree.centre.y + radius * std::sin(angle),
            tree.ground - 0.1 + tree.height * shape.rings[ring].height};
}

void shapeTree(const Tree& tree, int level, std::vector<Face>& faces) {
    const CrownShape shape = crownShape(tree, level);
    const double topShare = tree.foliage == Foliage::Palm ? 0.95 : 1.0;
    const glm::dvec3 top{tree.centre.x, tree.centre.y, tree.ground + tree.height * topShare};
    for (int side = 0; side < shape.sides; ++side) {
        const auto point = [&](std::size_t ring, int at) {
            return crownPoint(tree, shape, ring, at % shape.sides);
        };
        for (std::size_t ring = 0; ring + 1 < shape.rings.size(); ++ring) {
            const bool leansOn = ring % 2 == 0; // odd rings are turned by half a side
            const glm::dvec3 a = point(ring, side);
            const glm::dvec3 b = point(ring, side + 1);
            const glm::dvec3 c = point(ring + 1, side);
            const glm::dvec3 d = point(ring + 1, side + 1);
            faces.push_back(topFace(leansOn ? std::array{a, b, c} : std::array{a, b, d}));
            faces.push_back(topFace(leansOn ? std::array{b, d, c} : std::array{a, d, c}));
        }
        const std::size_t last = shape.rings.size() - 1;
        faces.push_back(topFace(std::array{point(last, side), point(last, side + 1), top}));
    }
}

void shapeProp(const Prop& prop, std::vector<Face>& faces) {
    const double inset = prop.kind == PropKind::Umbrella ? 0.02 : 0.72;
    const glm::dvec2 across{-prop.axis.y, prop.axis.x};
    const auto point = [&](const glm::dvec2& turn, double share, double height) {
        const glm::dvec2 at = prop.centre + prop.axis * (turn.x * prop.half.x * share) +
                              across * (turn.y * prop.half.y * share);
        return glm::dvec3(at.x, at.y, height);
    };
    const std::array<glm::dvec2, 4> turn = {{{-1.0, -1.0}, {1.0, -1.0}, {1.0, 1.0}, {-1.0, 1.0}}};
    const double waist =
        prop.kind == PropKind::Car ? prop.bottom + 0.55 * (prop.top - prop.bottom) : prop.top;
    for (std::size_t i = 0; i < 4; ++i) {
        const glm::dvec2 a = turn[i];
        const glm::dvec2 b = turn[(i + 1) % 4];
        if (prop.kind == PropKind::Car) {
            faces.push_back(topFace(std::array{point(a, 1.0, prop.bottom),
                                               point(b, 1.0, prop.bottom),
                                               point(b, 0.95, waist),
                                               point(a, 0.95, waist)}));
            faces.push_back(topFace(std::array{point(a, 0.95, waist),
                                               point(b, 0.95, waist),
                                               point(b, inset, prop.top),
                                               point(a, inset, prop.top)}));
        } else {
            const double share = prop.kind == PropKind::Umbrella ? inset : 0.93;
            faces.push_back(topFace(std::array{point(a, 1.0, prop.bottom),
                                               point(b, 1.0, prop.bottom),
                                               point(b, share, prop.top),
                                               point(a, share, prop.top)}));
        }
    }
    const double share =
        prop.kind == PropKind::Car || prop.kind == PropKind::Umbrella ? inset : 0.93;
    faces.push_back(topFace(std::array{point(turn[0], share, prop.top),
                                       point(turn[1], share, prop.top),
                                       point(turn[2], share, prop.top),
                                       point(turn[3], share, prop.top)}));
}

} // namespace

std::vector<Wall> allWalls(const Scenery& scenery) {
    std::vector<Wall> walls;
    walls.reserve(scenery.volumes.size() * 4);
    for (const Volume& volume : scenery.volumes) {
        std::ranges::copy(wallsOf(volume), std::back_inserter(walls));
    }
    return walls;
}

std::vector<Face> shapeThings(const Scenery& scenery, int level, Detail detail) {
    constexpr int kTreesFrom = 16;
    constexpr int kPropsFrom = 18;
    constexpr int kCoarsest = 14;
    const bool isLean = detail == Detail::Lean;
    const int finestShape = isLean ? std::max(level - 1, kCoarsest) : level;
    const double lowest = isLean ? std::ldexp(4.0, 16 - level) : 0.0;
    std::vector<Face> faces;
    for (std::size_t i = 0; i < scenery.volumes.size(); ++i) {
        const Volume& volume = scenery.volumes[i];
        if (volume.fromLevel <= finestShape && volume.top - volume.bottom >= lowest) {
            shapeVolume(volume, static_cast<int>(i) * 4, level, faces);
        }
    }
    if (level >= kTreesFrom) {
        for (const Tree& tree : scenery.trees) {
            shapeTree(tree, level, faces);
        }
    }
    if (level >= kPropsFrom) {
        for (const Prop& prop : scenery.props) {
            shapeProp(prop, faces);
        }
    }
    return faces;
}

std::vector<Face> shapeGround(const StreetPlan& plan, const Window& window, int divisions) {
    const glm::dvec2 step = (window.high - window.low) / static_cast<double>(divisions);
    const auto count = static_cast<std::size_t>(divisions) + 1;
    std::vector<glm::dvec3> posts;
    posts.reserve(count * count);
    for (std::size_t row = 0; row < count; ++row) {
        for (std::size_t column = 0; column < count; ++column) {
            const glm::dvec2 at = window.low + step * glm::dvec2(static_cast<double>(column),
                                                                 static_cast<double>(row));
            posts.emplace_back(at.x, at.y, plan.land().height(at));
        }
    }
    std::vector<Face> faces;
    for (std::size_t row = 0; row + 1 < count; ++row) {
        for (std::size_t column = 0; column + 1 < count; ++column) {
            const glm::dvec3* low = &posts[row * count + column];
            const glm::dvec3* high = low + count;
            faces.push_back(topFace(std::array{low[0], low[1], high[1]}));
            faces.push_back(topFace(std::array{low[0], high[1], high[0]}));
        }
    }
    return faces;
}

} // namespace pipeline::sample
