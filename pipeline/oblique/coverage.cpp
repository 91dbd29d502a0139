#include "pipeline/oblique/coverage.h"

#include "tiles3d/base/hash.h"

#include <algorithm>
#include <cmath>

namespace pipeline::oblique {

using tiles3d::base::Json;

namespace {

/// Page coordinates as one key: pages west and south of zero included.
std::uint64_t keyOf(const glm::ivec2& page) {
    return std::uint64_t{static_cast<std::uint32_t>(page.x)} << 32U |
           static_cast<std::uint32_t>(page.y);
}

/// Bits `first` to `last` of a word, both included.
std::uint64_t bits(int first, int last) {
    const auto upTo = [](int bit) { return ~std::uint64_t{0} >> static_cast<unsigned>(63 - bit); };
    return upTo(last) & ~std::uint64_t{0} << static_cast<unsigned>(first);
}

} // namespace

PlanGrid::PlanGrid(const tiles3d::geo::EnuFrame& frame) {
    constexpr double kStepMetres = 1000.0;
    const auto cellsAt = [&](const glm::dvec3& steps) {
        const auto place = tiles3d::geo::toCartographic(frame.toEcef({kStepMetres * steps}));
        return kCellsPerDegree * glm::dvec2(place.longitude.degrees(), place.latitude.degrees());
    };
    centre_ = cellsAt({0.0, 0.0, 0.0});
    for (int axis = 0; axis < 3; ++axis) {
        glm::dvec3 one(0.0);
        one[axis] = 1.0;
        glm::dvec3 next(0.0);
        next[(axis + 1) % 3] = 1.0;
        const auto i = static_cast<std::size_t>(axis);
        const glm::dvec2 ahead = cellsAt(one);
        const glm::dvec2 behind = cellsAt(-one);
        linear_[i] = (ahead - behind) / (2.0 * kStepMetres);
        square_[i] = (ahead + behind - 2.0 * centre_) / (2.0 * kStepMetres * kStepMetres);
        mixed_[i] = (cellsAt(one + next) - cellsAt(one - next) - cellsAt(next - one) +
                     cellsAt(-one - next)) /
                    (4.0 * kStepMetres * kStepMetres);
    }
}

glm::ivec2 PlanGrid::cellAt(const glm::dvec3& enu) const {
    return glm::ivec2(glm::floor(toCells(enu)));
}

CellRange PlanGrid::cellsOf(const tiles3d::tileset::Limits& limits) const {
    CellRange range;
    if (limits.isEmpty()) {
        return range;
    }
    for (int corner = 0; corner < 8; ++corner) {
        const glm::dvec3 point((corner & 1) != 0 ? limits.maximum.x : limits.minimum.x,
                               (corner & 2) != 0 ? limits.maximum.y : limits.minimum.y,
                               (corner & 4) != 0 ? limits.maximum.z : limits.minimum.z);
        const glm::ivec2 cell = cellAt(point);
        range.minimum = glm::min(range.minimum, cell - 1);
        range.maximum = glm::max(range.maximum, cell + 1);
    }
    return range;
}

Json toJson(const Coverage& coverage) {
    Json array = Json::array();
    if (coverage.range.isEmpty()) {
        return array;
    }
    const CellRange& range = coverage.range;
    for (const int side : {range.minimum.x, range.minimum.y, range.maximum.x, range.maximum.y}) {
        array.push(side);
    }
    for (const std::uint32_t run : coverage.runs) {
        array.push(std::int64_t{run});
    }
    return array;
}

Coverage coverageFrom(const Json& json) {
    const Json::Array& items = json.items();
    Coverage coverage;
    constexpr std::size_t kSides = 4;
    if (items.size() < kSides) {
        return coverage;
    }
    const auto side = [&](std::size_t i) { return static_cast<int>(items[i].integerOr(0)); };
    coverage.range = {.minimum = {side(0), side(1)}, .maximum = {side(2), side(3)}};
    for (std::size_t i = kSides; i < items.size(); ++i) {
        coverage.runs.push_back(static_cast<std::uint32_t>(items[i].integerOr(0)));
    }
    return coverage;
}

void CoveredArea::add(const Coverage& coverage) {
    const CellRange& range = coverage.range;
    if (range.isEmpty()) {
        return;
    }
    const auto width = static_cast<std::uint32_t>(range.maximum.x - range.minimum.x) + 1;
    std::uint32_t at = 0;
    for (std::size_t i = 0; i < coverage.runs.size(); ++i) {
        const std::uint32_t end = at + coverage.runs[i];
        while (i % 2 == 1 && at < end) { // a run may go on in the next rows
            const std::uint32_t cells = std::min(end - at, width - at % width);
            cover(range.minimum + glm::ivec2(at % width, at / width), cells);
            at += cells;
        }
        at = end;
    }
}

void CoveredArea::cover(const glm::ivec2& first, std::uint32_t cells) {
    const int last = first.x + static_cast<int>(cells) - 1;
    for (int x = first.x; x <= last;) {
        const glm::ivec2 page = glm::ivec2(x, first.y) >> 6;
        const int pageStart = page.x * kPageCells;
        const int pageLast = std::min(last, pageStart + kPageCells - 1);
        pages_[keyOf(page)][static_cast<std::size_t>(first.y - page.y * kPageCells)] |=
            bits(x - pageStart, pageLast - pageStart);
        x = pageLast + 1;
    }
}

bool CoveredArea::isCovered(const glm::ivec2& cell) const {
    const glm::ivec2 page = cell >> 6;
    const auto found = pages_.find(keyOf(page));
    const glm::ivec2 inside = cell - page * kPageCells;
    return found != pages_.end() &&
           (found->second[static_cast<std::size_t>(inside.y)] >> static_cast<unsigned>(inside.x) &
            1U) != 0;
}

bool CoveredArea::contains(const glm::ivec2& cell) const {
    constexpr int kMayMiss = 1;
    int missed = 0;
    for (int y = -1; y <= 1; ++y) {
        for (int x = -1; x <= 1; ++x) {
            missed += isCovered(cell + glm::ivec2(x, y)) ? 0 : 1;
        }
    }
    return missed <= kMayMiss;
}

std::string CoveredArea::fingerprint(const CellRange& range) const {
    if (isEmpty() || range.isEmpty()) {
        return {};
    }
    const glm::ivec2 low = range.minimum - 1;
    const glm::ivec2 high = range.maximum + 1;
    tiles3d::base::Fingerprint print;
    bool isAnyCovered = false;
    for (int y = low.y; y <= high.y; ++y) {
        for (int page = low.x >> 6; page <= high.x >> 6; ++page) {
            const auto found = pages_.find(keyOf({page, y >> 6}));
            if (found == pages_.end()) {
                continue;
            }
            const int start = page * kPageCells;
            const std::uint64_t row =
                found->second[static_cast<std::size_t>(y & 63)] &
                bits(std::max(low.x - start, 0), std::min(high.x - start, kPageCells - 1));
            if (row != 0) {
                print.add(keyOf({page, y}));
                print.add(row);
                isAnyCovered = true;
            }
        }
    }
    return isAnyCovered ? print.hex() : std::string();
}

} // namespace pipeline::oblique
