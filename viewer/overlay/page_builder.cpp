#include "viewer/overlay/page_builder.h"

#include "viewer/overlay/shared_arcs.h"

#include <glm/common.hpp>

#include <algorithm>
#include <bit>
#include <cmath>
#include <map>
#include <utility>

namespace viewer::overlay {

using pipeline::planning::Geometry;
using pipeline::planning::PlaneBox;
using pipeline::planning::Polygon;

namespace {

/// Lines and bare outlines: they are few, and what a map is looked at for.
constexpr double kAlwaysWide = 1e30;
/// Surfaces narrower than that are a share of their cells.
constexpr double kLeastPixels = 1.5;

std::uint32_t bits(double value) {
    return std::bit_cast<std::uint32_t>(static_cast<float>(value));
}

/// How wide the surfaces are in the mean: the side of a square of their area.
double meanWidth(const std::vector<Path>& rings) {
    double area = 0.0; // holes wind the other way
    double surfaces = 0.0;
    for (const Path& ring : rings) {
        const double own = signedArea(ring);
        area += own;
        surfaces += own > 0.0 ? 1.0 : 0.0;
    }
    return std::sqrt(std::max(area, 0.0) / std::max(surfaces, 1.0));
}

glm::dvec2 middleOf(const Path& ring) {
    glm::dvec2 middle(0.0);
    for (const PathPoint& point : ring) {
        middle += point.at / static_cast<double>(ring.size());
    }
    return middle;
}

/// Writes what a cell has into a page.
class GroupWriter {
public:
    GroupWriter(double cell, std::vector<Texel>& texels) : cell_(cell), texels_(texels) {}

    /// `middle` of the cell, metres from the page's corner.
    void write(const std::vector<CellRecord>& records, const glm::dvec2& middle) {
        constexpr std::size_t kMostFeatures = 32;
        for (std::size_t first = 0; first < records.size(); first += kMostFeatures) {
            const std::size_t last = std::min(first + kMostFeatures, records.size());
            begin(records, first, last);
            for (std::size_t i = first; i < last; ++i) {
                add(records[i], std::uint32_t{1} << (i - first), middle);
            }
            end(records, first, last, last == records.size());
        }
    }

private:
    using Ends = std::pair<std::uint32_t, std::uint32_t>;

    void begin(const std::vector<CellRecord>& records, std::size_t first, std::size_t last) {
        constexpr double kUnitsPerCell = 32768.0;
        constexpr double kMostUnits = 32767.0;
        double reach = 0.0;
        for (std::size_t i = first; i < last; ++i) {
            reach = std::max(reach, records[i].padMetres);
        }
        isWide_ = reach > 1.001 * cell_ / 4.0;
        unit_ = cell_ / kUnitsPerCell;
        while (cell_ / 2.0 + reach > kMostUnits * unit_) {
            unit_ *= 2.0;
        }
        edges_.clear();
        known_.clear();
        solids_ = 0;
        areas_ = 0;
    }

    std::uint32_t packed(const glm::dvec2& offset) const {
        const auto half = [&](double metres) {
            const auto units = static_cast<std::int16_t>(std::lround(metres / unit_));
            return std::uint32_t{static_cast<std::uint16_t>(units)};
        };
        return half(offset.x) | half(offset.y) << 16U;
    }

    void add(const CellRecord& record, std::uint32_t bit, const glm::dvec2& middle) {
        constexpr double kArcPeriod = 65536.0; // dashes repeat by powers of two
        solids_ |= record.isSolid ? bit : 0U;
        areas_ |= record.isArea ? bit : 0U;
        for (const CellRecord::Edge& edge : record.edges) {
            const Ends ends(packed(edge.a - middle), packed(edge.b - middle));
            if (ends.first == ends.second) {
                continue;
            }
            const Ends ordered = std::minmax(ends.first, ends.second);
            if (!record.isDashed) {
                const auto known = known_.find(ordered);
                if (known != known_.end() && (edges_[known->second][2] & bit) == 0) {
                    edges_[known->second][2] |= bit;
                    continue;
                }
                known_[ordered] = edges_.size();
            }
            edges_.push_back({ends.first, ends.second, bit, bits(std::fmod(edge.arc, kArcPeriod))});
        }
    }

    void
    end(const std::vector<CellRecord>& records, std::size_t first, std::size_t last, bool isLast) {
        const std::size_t count = last - first;
        texels_.push_back({static_cast<std::uint32_t>(count) | (isLast ? Page::kLast : 0U) |
                               (isWide_ ? Page::kWide : 0U) |
                               static_cast<std::uint32_t>(edges_.size()) << 12U,
                           solids_,
                           bits(unit_),
                           areas_});
        for (std::size_t i = 0; i < count; i += 4) {
            Texel four{};
            for (std::size_t j = i; j < std::min(i + 4, count); ++j) {
                four.at(j - i) = Page::kSlotTexels + records[first + j].feature;
            }
            texels_.push_back(four);
        }
        texels_.insert(texels_.end(), edges_.begin(), edges_.end());
    }

    double cell_;
    std::vector<Texel>& texels_;
    double unit_ = 1.0;
    bool isWide_ = false;
    std::uint32_t solids_ = 0;
    std::uint32_t areas_ = 0;
    std::vector<Texel> edges_;
    std::map<Ends, std::size_t> known_;
};

void writeShares(const std::map<std::uint32_t, std::array<double, 16>>& shares,
                 bool isLast,
                 std::vector<Texel>& texels) {
    constexpr std::size_t kMost = 255;
    constexpr double kWhole = 255.0;
    const std::size_t count = std::min(shares.size(), kMost);
    texels.push_back(
        {static_cast<std::uint32_t>(count) | (isLast ? Page::kLast : 0U) | Page::kShares, 0, 0, 0});
    std::size_t written = 0;
    for (const auto& [symbol, parts] : shares) {
        if (written++ == count) {
            break;
        }
        Texel bytes{};
        for (std::size_t i = 0; i < parts.size(); ++i) {
            const auto share =
                static_cast<std::uint32_t>(std::lround(std::clamp(parts.at(i), 0.0, 1.0) * kWhole));
            bytes.at(i / 4) |= share << (8U * (i % 4));
        }
        texels.push_back({symbol, 0, 0, 0});
        texels.push_back(bytes);
    }
}

} // namespace

PageBuilder::PageBuilder(const PageKey& key)
    : key_(key), cell_(cellMetres(key.level)), corner_(boxOf(key).low) {}

double PageBuilder::padOf(const PageFeature& feature) const {
    return padMetres(key_.level) + feature.halfWidthMetres;
}

PlaneBox PageBuilder::frameOf(double padMetres) const {
    return PlaneBox{glm::dvec2(0.0), glm::dvec2(pageMetres(key_.level))}.grownBy(padMetres);
}

Path PageBuilder::moved(const std::vector<glm::dvec2>& points) const {
    Path path = pathOf(points);
    for (PathPoint& point : path) {
        point.at -= corner_;
    }
    return path;
}

void PageBuilder::add(const PageFeature& feature) {
    std::vector<Path> rings;
    for (const Polygon& polygon : feature.geometry.polygons) {
        rings.push_back(moved(polygon.outer));
        for (const auto& hole : polygon.holes) {
            rings.push_back(moved(hole));
        }
    }
    const double width = feature.isFilled && !rings.empty() ? meanWidth(rings) : kAlwaysWide;
    if (width < kLeastPixels * mostMetresPerPixel(key_.level) && key_.level > 0) {
        for (const Path& ring : rings) {
            if (!feature.isHidden) {
                addShare(feature.symbol, corner_ + middleOf(ring), signedArea(ring));
            }
        }
        return;
    }
    PageShape shape{.feature = static_cast<std::uint32_t>(rows_.size()),
                    .isDashed = feature.isDashed,
                    .padMetres = padOf(feature)};
    const PlaneBox frame = frameOf(shape.padMetres);
    for (const Path& ring : rings) {
        if (Path kept = clippedRing(ring, frame); !kept.empty()) {
            shape.rings.push_back(std::move(kept));
        }
    }
    for (const auto& line : feature.geometry.lines) {
        std::ranges::move(clippedLine(moved(line), frame), std::back_inserter(shape.lines));
    }
    if (!shape.rings.empty() || !shape.lines.empty()) {
        rows_.push_back({feature.ref,
                         {feature.symbol | kShownBit,
                          std::bit_cast<std::uint32_t>(feature.zMin),
                          std::bit_cast<std::uint32_t>(feature.zMax),
                          bits(width)}});
        (feature.isFilled ? surfaces_ : lines_).push_back(std::move(shape));
    }
}

void PageBuilder::addShare(std::uint32_t symbol, const glm::dvec2& middle, double squareMetres) {
    constexpr double kPartsAcross = 4.0 * kCellsAcross;
    const double side = cell_ / 4.0;
    const glm::dvec2 part = glm::floor((middle - corner_) / side);
    if (!(part.x >= 0.0 && part.y >= 0.0 && part.x < kPartsAcross && part.y < kPartsAcross)) {
        return;
    }
    const auto east = static_cast<std::size_t>(part.x);
    const auto north = static_cast<std::size_t>(part.y);
    Parts& parts = shares_[north / 4 * kCellsAcross + east / 4][symbol];
    parts.at(north % 4 * 4 + east % 4) += squareMetres / (side * side);
}

/// Layer by layer: borders are shared within one.
void PageBuilder::simplify() {
    std::map<std::uint32_t, std::vector<PageShape*>> layers;
    for (auto* shapes : {&surfaces_, &lines_}) {
        for (PageShape& shape : *shapes) {
            layers[rows_[shape.feature].ref.layer].push_back(&shape);
        }
    }
    for (const auto& [layer, shapes] : layers) {
        simplify(shapes);
    }
}

void PageBuilder::simplify(const std::vector<PageShape*>& shapes) const {
    // Tiles of few edges take theirs from two coarser levels: a quarter of a pixel there.
    constexpr double kTolerancePixels = 0.0625;
    PathSet set;
    for (PageShape* shape : shapes) {
        std::ranges::move(shape->rings, std::back_inserter(set.rings));
        std::ranges::move(shape->lines, std::back_inserter(set.lines));
    }
    simplifyInPlace(set,
                    kTolerancePixels * leastMetresPerPixel(key_.level),
                    frameOf(shapes.front()->padMetres));
    auto ring = set.rings.begin();
    auto line = set.lines.begin();
    for (PageShape* shape : shapes) {
        for (Path& path : shape->rings) {
            path = std::move(*ring++);
        }
        std::erase_if(shape->rings, [](const Path& path) { return path.empty(); });
        for (Path& path : shape->lines) {
            path = std::move(*line++);
        }
    }
}

Page PageBuilder::finish() {
    simplify();
    for (const auto* shapes : {&surfaces_, &lines_}) {
        for (const PageShape& shape : *shapes) {
            distribute(shape, cell_, cells_);
        }
    }
    Page page{.key = key_};
    if (rows_.empty() && shares_.empty()) {
        return page;
    }
    page.texels.resize(Page::kSlotTexels);
    for (const Row& row : rows_) {
        page.features.push_back(row.ref);
        page.texels.push_back(row.texel);
    }
    for (std::size_t cell = 0; cell < cells_.size(); ++cell) {
        writeCell(cell, page);
    }
    return page;
}

void PageBuilder::writeCell(std::size_t cell, Page& page) const {
    const auto shares = shares_.find(cell);
    const auto& records = cells_.at(cell);
    if (records.empty() && shares == shares_.end()) {
        return;
    }
    page.texels[cell / 4].at(cell % 4) = static_cast<std::uint32_t>(page.texels.size());
    if (shares != shares_.end()) {
        writeShares(shares->second, records.empty(), page.texels);
    }
    const glm::dvec2 place(static_cast<double>(cell % kCellsAcross),
                           static_cast<double>(cell / kCellsAcross));
    GroupWriter(cell_, page.texels).write(records, (place + 0.5) * cell_);
}

} // namespace viewer::overlay
