#include "viewer/overlay/page_cells.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace viewer::overlay {

using pipeline::planning::PlaneBox;

namespace {

/// Clips to halves of halves of the page: each edge is cut some log2(cells) times.
class Distributor {
public:
    Distributor(const PageShape& shape, double cell, PageCells& cells)
        : shape_(shape), cell_(cell), cells_(cells) {}

    void addSurfaces() {
        std::vector<Path> rings = clipped(shape_.rings, padded({}));
        divideRings({}, rings);
    }

    void addLines() { divideLines({}, shape_.lines); }

private:
    /// Cells [east, east + width) x [north, north + height).
    struct Block {
        int east = 0;
        int north = 0;
        int width = kCellsAcross;
        int height = kCellsAcross;

        bool isCell() const { return width == 1 && height == 1; }
        std::pair<Block, Block> halves() const {
            Block first = *this;
            Block second = *this;
            if (width >= height) {
                first.width = width / 2;
                second.width -= first.width;
                second.east += first.width;
            } else {
                first.height = height / 2;
                second.height -= first.height;
                second.north += first.height;
            }
            return {first, second};
        }
    };

    PlaneBox boxOf(const Block& block) const {
        return {glm::dvec2(block.east, block.north) * cell_,
                glm::dvec2(block.east + block.width, block.north + block.height) * cell_};
    }

    PlaneBox padded(const Block& block) const { return boxOf(block).grownBy(shape_.padMetres); }

    static std::vector<Path> clipped(const std::vector<Path>& rings, const PlaneBox& box) {
        std::vector<Path> out;
        for (const Path& ring : rings) {
            if (Path kept = clippedRing(ring, box); !kept.empty()) {
                out.push_back(std::move(kept));
            }
        }
        return out;
    }

    void divideRings(const Block& block, const std::vector<Path>& rings) {
        if (rings.empty()) {
            return;
        }
        if (block.isCell()) {
            emitSurface(block, rings);
            return;
        }
        const auto [first, second] = block.halves();
        divideRings(first, clipped(rings, padded(first)));
        divideRings(second, clipped(rings, padded(second)));
    }

    void divideLines(const Block& block, const std::vector<Path>& lines) {
        std::vector<Path> pieces;
        for (const Path& line : lines) {
            std::ranges::move(clippedLine(line, padded(block)), std::back_inserter(pieces));
        }
        if (pieces.empty()) {
            return;
        }
        if (block.isCell()) {
            emitLines(block, pieces);
            return;
        }
        const auto [first, second] = block.halves();
        divideLines(first, pieces);
        divideLines(second, pieces);
    }

    CellRecord record(bool isArea) const {
        return {.feature = shape_.feature,
                .isArea = isArea,
                .isDashed = shape_.isDashed,
                .padMetres = shape_.padMetres};
    }

    std::vector<CellRecord>& recordsOf(const Block& cell) {
        return cells_.at(static_cast<std::size_t>(cell.north * kCellsAcross + cell.east));
    }

    void emitLines(const Block& cell, const std::vector<Path>& lines) {
        CellRecord out = record(false);
        for (const Path& line : lines) {
            for (std::size_t i = 0; i + 1 < line.size(); ++i) {
                out.edges.push_back({line[i].at, line[i + 1].at, line[i].arc});
            }
        }
        recordsOf(cell).push_back(std::move(out));
    }

    void emitSurface(const Block& cell, const std::vector<Path>& rings) {
        const PlaneBox box = padded(cell);
        CellRecord out = record(true);
        std::vector<CellRecord::Edge> closing;
        double area = 0.0;
        for (const Path& ring : rings) {
            area += signedArea(ring);
            addEdges(ring, box, out.edges, closing);
        }
        if (out.edges.empty()) {
            // No edge about: all of it is inside, or what is left of the rings here is flat.
            const glm::dvec2 size = box.high - box.low;
            out.isSolid = std::abs(area) > size.x * size.y / 2.0;
            if (!out.isSolid) {
                return;
            }
        } else {
            std::ranges::move(closing, std::back_inserter(out.edges));
        }
        recordsOf(cell).push_back(std::move(out));
    }

    /// Of the pieces along the border only those in the west are crossed by a ray to the west.
    static void addEdges(const Path& ring,
                         const PlaneBox& box,
                         std::vector<CellRecord::Edge>& edges,
                         std::vector<CellRecord::Edge>& closing) {
        for (std::size_t i = 0; i < ring.size(); ++i) {
            const glm::dvec2& a = ring[i].at;
            const glm::dvec2& b = ring[(i + 1) % ring.size()].at;
            if (a == b) {
                continue;
            }
            if (a.x == box.low.x && b.x == box.low.x) {
                closing.push_back({a, b, 0.0});
            } else if (!isAlong(a.x, b.x, box.high.x) && !isAlong(a.y, b.y, box.low.y) &&
                       !isAlong(a.y, b.y, box.high.y)) {
                edges.push_back({a, b, ring[i].arc});
            }
        }
    }

    static bool isAlong(double a, double b, double border) { return a == border && b == border; }

    const PageShape& shape_;
    double cell_;
    PageCells& cells_;
};

} // namespace

void distribute(const PageShape& shape, double cell, PageCells& cells) {
    Distributor distributor(shape, cell, cells);
    distributor.addSurfaces();
    distributor.addLines();
}

} // namespace viewer::overlay
