#include "viewer/overlay/drape_index.h"

#include "viewer/overlay/simplify.h"

#include <fmt/format.h>
#include <glm/common.hpp>
#include <glm/geometric.hpp>
#include <glm/trigonometric.hpp>
#include <glm/vec4.hpp>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <map>
#include <utility>

namespace viewer::overlay {

using pipeline::planning::Geometry;
using pipeline::planning::Polygon;
using pipeline::planning::Ring;
using tiles3d::base::Error;
using tiles3d::base::Result;

namespace {

enum class Kind : std::uint32_t { Solid = 1, Polygon = 2, Line = 3 };

struct Rect {
    glm::dvec2 low{0.0};
    glm::dvec2 high{0.0};
};

struct Segment {
    glm::dvec2 a{0.0};
    glm::dvec2 b{0.0};
    double arc = 0.0; ///< Length of the ring or line up to `a`.
};

/// Lines, hatches and bare outlines: they are few, and what a map is looked at for.
constexpr double kAlwaysWide = 1e30;

std::uint32_t bits(double value) {
    return std::bit_cast<std::uint32_t>(static_cast<float>(value));
}

std::uint32_t bits(float value) {
    return std::bit_cast<std::uint32_t>(value);
}

/// Keeps the part of a closed ring on one side of an axis-parallel line (Sutherland and Hodgman,
/// "Reentrant polygon clipping", 1974). Pieces along the line stay: parity needs them.
Ring clippedBy(const Ring& ring, int axis, double limit, bool keepsBelow) {
    Ring out;
    const auto isKept = [&](const glm::dvec2& p) {
        return keepsBelow ? p[axis] <= limit : p[axis] >= limit;
    };
    for (std::size_t i = 0; i < ring.size(); ++i) {
        const glm::dvec2& a = ring[i];
        const glm::dvec2& b = ring[(i + 1) % ring.size()];
        if (isKept(a)) {
            out.push_back(a);
        }
        if (isKept(a) != isKept(b)) {
            // From the lower end always, so that a shared edge is cut at the same point both ways.
            const bool isForward = a[axis] < b[axis];
            const glm::dvec2& from = isForward ? a : b;
            const glm::dvec2& to = isForward ? b : a;
            const double t = (limit - from[axis]) / (to[axis] - from[axis]);
            glm::dvec2 cut = from + (to - from) * t;
            cut[axis] = limit;
            out.push_back(cut);
        }
    }
    return out.size() >= 3 ? out : Ring();
}

std::vector<Ring> clippedTo(const std::vector<Ring>& rings, const Rect& rect) {
    std::vector<Ring> out;
    for (const Ring& ring : rings) {
        Ring kept = clippedBy(ring, 0, rect.low.x, false);
        kept = clippedBy(kept, 0, rect.high.x, true);
        kept = clippedBy(kept, 1, rect.low.y, false);
        kept = clippedBy(kept, 1, rect.high.y, true);
        if (!kept.empty()) {
            out.push_back(std::move(kept));
        }
    }
    return out;
}

/// The part of the segment within `rect`, if any (Liang and Barsky, "A new concept and method for
/// line clipping", 1984). Short edges keep their floats exact.
std::optional<Segment> within(const Segment& segment, const Rect& rect) {
    double first = 0.0;
    double last = 1.0;
    const glm::dvec2 along = segment.b - segment.a;
    for (int axis = 0; axis < 2; ++axis) {
        if (along[axis] == 0.0) {
            if (segment.a[axis] < rect.low[axis] || segment.a[axis] > rect.high[axis]) {
                return std::nullopt;
            }
            continue;
        }
        double enter = (rect.low[axis] - segment.a[axis]) / along[axis];
        double leave = (rect.high[axis] - segment.a[axis]) / along[axis];
        if (enter > leave) {
            std::swap(enter, leave);
        }
        first = std::max(first, enter);
        last = std::min(last, leave);
    }
    if (first > last) {
        return std::nullopt;
    }
    return Segment{.a = first > 0.0 ? segment.a + along * first : segment.a,
                   .b = last < 1.0 ? segment.a + along * last : segment.b,
                   .arc = segment.arc + glm::length(along) * first};
}

std::vector<Segment> within(const std::vector<Segment>& segments, Rect rect, double pad) {
    rect.low -= pad;
    rect.high += pad;
    std::vector<Segment> out;
    for (const Segment& segment : segments) {
        if (const auto part = within(segment, rect)) {
            out.push_back(*part);
        }
    }
    return out;
}

void addSegments(const std::vector<glm::dvec2>& points, bool isClosed, std::vector<Segment>& out) {
    double arc = 0.0;
    const std::size_t count = points.size() - (isClosed || points.empty() ? 0 : 1);
    for (std::size_t i = 0; i < count; ++i) {
        const Segment segment{points[i], points[(i + 1) % points.size()], arc};
        arc += glm::distance(segment.a, segment.b);
        out.push_back(segment);
    }
}

/// Positive counter-clockwise.
double twiceArea(const Ring& ring) {
    double area = 0.0;
    for (std::size_t i = 0; i < ring.size(); ++i) {
        const glm::dvec2 a = ring[i] - ring.front();
        const glm::dvec2 b = ring[(i + 1) % ring.size()] - ring.front();
        area += a.x * b.y - a.y * b.x;
    }
    return area;
}

/// How wide the surfaces are in the mean: the side of a square of their area.
double meanWidth(const std::vector<Ring>& rings) {
    double area = 0.0; // holes wind the other way
    double surfaces = 0.0;
    for (const Ring& ring : rings) {
        area += twiceArea(ring) / 2.0;
        surfaces += twiceArea(ring) > 0.0 ? 1.0 : 0.0;
    }
    return std::sqrt(std::max(area, 0.0) / std::max(surfaces, 1.0));
}

/// A record of one cell, coordinates relative to the level's south-west corner.
struct Record {
    Kind kind = Kind::Line;
    std::uint32_t style = 0;
    bool isDashed = false;
    double widthMetres = 0.0; ///< As in the header of a record.
    std::vector<Segment> parity;
    std::vector<Segment> distance;
};

using Cells =
    std::map<std::pair<std::uint32_t, std::uint32_t>, std::vector<Record>>; ///< (north, east)

/// Puts one feature's rings and segments into the cells of one level.
class Distributor {
public:
    /// `record` has what all records of the feature share.
    Distributor(const DrapeLevel& level, Record record, Cells& cells)
        : level_(level), record_(std::move(record)), cells_(cells) {}

    void addPolygon(const std::vector<Ring>& rings, const std::vector<Segment>& segments) {
        record_.kind = Kind::Polygon;
        divide(wholeBlock(), rings, segments);
    }

    void addLines(const std::vector<Segment>& segments) {
        record_.kind = Kind::Line;
        divide(wholeBlock(), {}, segments);
    }

private:
    /// A rectangle of cells: [east, east + width) x [north, north + height).
    struct Block {
        std::uint32_t east = 0;
        std::uint32_t north = 0;
        std::uint32_t width = 1;
        std::uint32_t height = 1;
    };

    Block wholeBlock() const {
        return {.width = level_.pagesEast * DrapeIndex::kCellsAcross,
                .height = level_.pagesNorth * DrapeIndex::kCellsAcross};
    }

    Rect rectOf(const Block& block) const {
        const auto cell = static_cast<double>(level_.cellMetres);
        return {glm::dvec2(block.east, block.north) * cell,
                glm::dvec2(block.east + block.width, block.north + block.height) * cell};
    }

    /// Clips to the block and goes on with its halves: each edge is cut some log2(cells) times.
    void divide(const Block& block,
                const std::vector<Ring>& rings,
                const std::vector<Segment>& segments) {
        const Rect rect = rectOf(block);
        const std::vector<Ring> inside = clippedTo(rings, rect);
        const std::vector<Segment> near =
            within(segments, rect, static_cast<double>(level_.padMetres));
        if (inside.empty() && near.empty()) {
            return;
        }
        if (block.width == 1 && block.height == 1) {
            emit(block, rect, inside, near);
            return;
        }
        const bool splitsWidth = block.width >= block.height;
        const std::uint32_t half = (splitsWidth ? block.width : block.height) / 2;
        Block first = block;
        Block second = block;
        if (splitsWidth) {
            first.width = half;
            second.east += half;
            second.width -= half;
        } else {
            first.height = half;
            second.north += half;
            second.height -= half;
        }
        divide(first, inside, near);
        divide(second, inside, near);
    }

    void emit(const Block& cell,
              const Rect& rect,
              const std::vector<Ring>& rings,
              const std::vector<Segment>& near) {
        Record record = record_;
        record.distance = near;
        if (record.kind == Kind::Polygon && near.empty()) {
            // No edge about: a ring covers the whole cell, or what is left of it here is flat.
            const glm::dvec2 size = rect.high - rect.low;
            const auto covers = [&](const Ring& ring) {
                return std::abs(twiceArea(ring)) > size.x * size.y;
            };
            if (std::ranges::count_if(rings, covers) % 2 == 0) {
                return;
            }
            record.kind = Kind::Solid;
        } else if (record.kind == Kind::Polygon) {
            for (const Ring& ring : rings) {
                addParityEdges(ring, rect, record.parity);
            }
        }
        cells_[{cell.north, cell.east}].push_back(std::move(record));
    }

    /// Only edges that a ray to the west can cross: not level ones, not those on the east border.
    static void addParityEdges(const Ring& ring, const Rect& rect, std::vector<Segment>& out) {
        for (std::size_t i = 0; i < ring.size(); ++i) {
            Segment edge{ring[i], ring[(i + 1) % ring.size()], 0.0};
            const bool isOnEastBorder = edge.a.x == rect.high.x && edge.b.x == rect.high.x;
            if (edge.a.x == rect.low.x && edge.b.x == rect.low.x) {
                // West of every point of the cell, those on the border itself included.
                edge.a.x -= 1.0;
                edge.b.x -= 1.0;
            }
            if (edge.a.y != edge.b.y && !isOnEastBorder) {
                out.push_back(edge);
            }
        }
    }

    const DrapeLevel& level_;
    Record record_;
    Cells& cells_;
};

class Builder {
public:
    Builder(const std::vector<DrapeFeature>& features, const PlaneExtent& extent, std::size_t most)
        : features_(features), extent_(extent), most_(most) {}

    Result<DrapeIndex> build() {
        makeLevels();
        writeStyles();
        for (DrapeLevel& level : index_.levels) {
            Cells cells;
            for (std::size_t i = 0; i < features_.size(); ++i) {
                distribute(features_[i], styleOfFeature_[i], level, cells);
            }
            writeLevel(level, cells);
            if (index_.texels.size() > most_) {
                return Error{fmt::format("the layers take more than {} MB of index; show fewer, or "
                                         "a smaller area",
                                         most_ * sizeof(Texel) >> 20U)};
            }
        }
        return std::move(index_);
    }

private:
    void makeLevels() {
        constexpr double kPageMetres = 256.0;
        index_.anchor = glm::floor(extent_.minimum / kPageMetres) * kPageMetres;
        const glm::dvec2 size = extent_.maximum - index_.anchor;
        // Half a line of 3 pixels with its casing stays within half the pad: it does not fade yet.
        for (const auto& [cell, pad, most] : {std::array{16.0F, 4.0F, 0.8F},
                                              {64.0F, 16.0F, 3.2F},
                                              {256.0F, 64.0F, 12.8F},
                                              {1024.0F, 256.0F, 1e9F}}) {
            const double page = static_cast<double>(cell) * DrapeIndex::kCellsAcross;
            index_.levels.push_back(
                {.cellMetres = cell,
                 .padMetres = pad,
                 .mostMetresPerPixel = most,
                 .pagesEast = static_cast<std::uint32_t>(std::max(1.0, std::ceil(size.x / page))),
                 .pagesNorth =
                     static_cast<std::uint32_t>(std::max(1.0, std::ceil(size.y / page)))});
        }
    }

    /// The least metres per pixel that a level is used for; 0 for the finest.
    double leastMetresPerPixel(const DrapeLevel& level) const {
        return &level == index_.levels.data()
                   ? 0.0
                   : static_cast<double>((&level - 1)->mostMetresPerPixel);
    }

    /// Equal styles of one layer share one row.
    void writeStyles() {
        std::vector<std::pair<DrapeStyle, std::uint32_t>> styles;
        for (const DrapeFeature& feature : features_) {
            const std::pair row(feature.style, feature.layer);
            const auto known = std::ranges::find(styles, row);
            styleOfFeature_.push_back(static_cast<std::uint32_t>(known - styles.begin()));
            if (known == styles.end()) {
                styles.push_back(row);
            }
        }
        for (const auto& [s, layer] : styles) {
            const float radians = glm::radians(s.hatchDegrees + 90.0F); // across the stripes
            const bool isUpward = s.mode == DrapeMode::Upward;
            push(bits(s.fillColour.r),
                 bits(s.fillColour.g),
                 bits(s.fillColour.b),
                 bits(s.fill == FillKind::None ? 0.0F : s.fillAlpha));
            push(bits(s.lineColour.r),
                 bits(s.lineColour.g),
                 bits(s.lineColour.b),
                 bits(s.lineWidthPixels));
            push(bits(s.casingColour.r),
                 bits(s.casingColour.g),
                 bits(s.casingColour.b),
                 bits(s.casingPixels));
            push(bits(std::cos(radians)),
                 bits(std::sin(radians)),
                 bits(s.fill == FillKind::Hatch ? s.hatchPixels : 0.0F),
                 bits(isUpward ? 0.35F : 1.0F));
            push(bits(s.dashPixels), bits(s.gapPixels), layer, 0);
        }
    }

    void distribute(const DrapeFeature& feature,
                    std::uint32_t style,
                    const DrapeLevel& level,
                    Cells& cells) const {
        constexpr double kTolerancePixels = 0.25;
        const double finest = leastMetresPerPixel(level);
        std::vector<Ring> rings;
        std::vector<Segment> outlines;
        const auto take = [&](const Ring& ring) {
            Ring moved = simplifiedRing(ring, kTolerancePixels * finest);
            std::ranges::for_each(moved, [&](glm::dvec2& point) { point -= index_.anchor; });
            addSegments(moved, true, outlines);
            rings.push_back(std::move(moved));
        };
        for (const Polygon& polygon : feature.geometry.polygons) {
            take(polygon.outer);
            std::ranges::for_each(polygon.holes, take);
        }
        Record record{.style = style,
                      .isDashed = feature.style.dashPixels > 0.0F,
                      .widthMetres = kAlwaysWide};
        if (feature.style.fill == FillKind::Solid && !rings.empty()) {
            record.widthMetres = meanWidth(rings);
        }
        Distributor distributor(level, record, cells);
        if (record.widthMetres > finest) {
            distributor.addPolygon(rings, outlines);
        }
        std::vector<Segment> lines;
        for (const auto& whole : feature.geometry.lines) {
            std::vector<glm::dvec2> line = simplifiedLine(whole, kTolerancePixels * finest);
            std::ranges::for_each(line, [&](glm::dvec2& point) { point -= index_.anchor; });
            addSegments(line, false, lines);
        }
        distributor.addLines(lines);
    }

    std::uint32_t here() const { return static_cast<std::uint32_t>(index_.texels.size()); }

    void push(std::uint32_t x, std::uint32_t y, std::uint32_t z, std::uint32_t w) {
        index_.texels.push_back({x, y, z, w});
    }

    void writeLevel(DrapeLevel& level, const Cells& cells) {
        constexpr std::uint32_t kAcross = DrapeIndex::kCellsAcross;
        constexpr std::uint32_t kPageTexels = kAcross * kAcross / 2;
        level.tableStart = here();
        const std::size_t pages = std::size_t{level.pagesEast} * level.pagesNorth;
        index_.texels.resize(index_.texels.size() + (pages + 3) / 4);
        for (const auto& [place, records] : cells) {
            const auto [north, east] = place;
            const std::uint32_t page = north / kAcross * level.pagesEast + east / kAcross;
            const std::size_t entry = level.tableStart + page / 4;
            if (index_.texels[entry][page % 4] == 0) {
                index_.texels[entry][page % 4] = here();
                index_.texels.resize(index_.texels.size() + kPageTexels);
            }
            const std::uint32_t cell = north % kAcross * kAcross + east % kAcross;
            const std::size_t slot = index_.texels[entry][page % 4] + cell / 2;
            const std::size_t pair = std::size_t{cell % 2} * 2;
            index_.texels[slot][pair] = here();
            index_.texels[slot][pair + 1] = static_cast<std::uint32_t>(records.size());
            const double pageMetres = static_cast<double>(level.cellMetres) * kAcross;
            const glm::dvec2 corner = glm::dvec2(east / kAcross, north / kAcross) * pageMetres;
            for (const Record& record : records) {
                writeRecord(record, corner);
            }
        }
    }

    void writeRecord(const Record& record, const glm::dvec2& corner) {
        constexpr std::uint32_t kKindShift = 28;
        constexpr std::uint32_t kDashed = 1U << 27U;
        push(static_cast<std::uint32_t>(record.kind) << kKindShift |
                 (record.isDashed ? kDashed : 0U) | record.style,
             static_cast<std::uint32_t>(record.parity.size()),
             static_cast<std::uint32_t>(record.distance.size()),
             bits(record.widthMetres));
        const auto pushEdge = [&](const Segment& s) {
            const glm::dvec2 a = s.a - corner;
            const glm::dvec2 b = s.b - corner;
            push(bits(a.x), bits(a.y), bits(b.x), bits(b.y));
        };
        std::ranges::for_each(record.parity, pushEdge);
        for (const Segment& s : record.distance) {
            pushEdge(s);
            if (record.isDashed) {
                push(bits(s.arc), 0, 0, 0);
            }
        }
    }

    const std::vector<DrapeFeature>& features_;
    const PlaneExtent& extent_;
    std::size_t most_;
    std::vector<std::uint32_t> styleOfFeature_;
    DrapeIndex index_;
};

} // namespace

Result<DrapeIndex> buildDrapeIndex(const std::vector<DrapeFeature>& features,
                                   const PlaneExtent& extent,
                                   std::size_t mostTexels) {
    return Builder(features, extent, mostTexels).build();
}

namespace {

/// The records of a cell and the corner that their edges are relative to.
struct Found {
    std::uint32_t first = 0;
    std::uint32_t count = 0;
    glm::vec2 corner{0.0F};
};

Found findCell(const DrapeIndex& index, const DrapeLevel& level, const glm::vec2& point) {
    constexpr std::uint32_t kAcross = DrapeIndex::kCellsAcross;
    const glm::vec2 cell = glm::floor(point / level.cellMetres);
    const glm::vec2 cells(level.pagesEast * kAcross, level.pagesNorth * kAcross);
    if (cell.x < 0.0F || cell.y < 0.0F || cell.x >= cells.x || cell.y >= cells.y) {
        return {};
    }
    const glm::uvec2 place(cell);
    const glm::uvec2 page = place / kAcross;
    const std::uint32_t number = page.y * level.pagesEast + page.x;
    const std::uint32_t start = index.texels[level.tableStart + number / 4][number % 4];
    if (start == 0) {
        return {};
    }
    const std::uint32_t inPage = place.y % kAcross * kAcross + place.x % kAcross;
    const Texel& slot = index.texels[start + inPage / 2];
    const std::size_t pair = std::size_t{inPage % 2} * 2;
    return {slot[pair],
            slot[pair + 1],
            glm::vec2(page) * (level.cellMetres * static_cast<float>(kAcross))};
}

glm::vec4 edgeAt(const DrapeIndex& index, std::uint32_t texel) {
    const Texel& t = index.texels[texel];
    return {std::bit_cast<float>(t[0]),
            std::bit_cast<float>(t[1]),
            std::bit_cast<float>(t[2]),
            std::bit_cast<float>(t[3])};
}

bool crossesWestOf(const glm::vec4& edge, const glm::vec2& p) {
    if ((edge.y <= p.y) == (edge.w <= p.y)) {
        return false;
    }
    return edge.x + (p.y - edge.y) * (edge.z - edge.x) / (edge.w - edge.y) < p.x;
}

float distanceTo(const glm::vec4& edge, const glm::vec2& p) {
    const glm::vec2 a(edge.x, edge.y);
    const glm::vec2 along = glm::vec2(edge.z, edge.w) - a;
    const float length = std::max(glm::dot(along, along), 1e-12F);
    const float t = std::clamp(glm::dot(p - a, along) / length, 0.0F, 1.0F);
    return glm::length(p - a - along * t);
}

} // namespace

std::vector<DrapeHit> lookUp(const DrapeIndex& index, std::size_t level, const glm::vec2& point) {
    const Found found = findCell(index, index.levels[level], point);
    const glm::vec2 p = point - found.corner;
    std::vector<DrapeHit> hits;
    std::uint32_t at = found.first;
    for (std::uint32_t i = 0; i < found.count; ++i) {
        const Texel header = index.texels[at++];
        const auto kind = static_cast<Kind>(header[0] >> 28U);
        const bool isDashed = (header[0] & 1U << 27U) != 0;
        DrapeHit hit{.style = header[0] & 0x07FFFFFFU, .isInside = kind == Kind::Solid};
        for (std::uint32_t e = 0; e < header[1]; ++e) {
            hit.isInside ^= crossesWestOf(edgeAt(index, at++), p);
        }
        for (std::uint32_t e = 0; e < header[2]; ++e) {
            const float distance = distanceTo(edgeAt(index, at), p);
            hit.distanceMetres = std::min(hit.distanceMetres.value_or(1e30F), distance);
            at += isDashed ? 2 : 1;
        }
        hits.push_back(hit);
    }
    return hits;
}

} // namespace viewer::overlay
