#pragma once

#include "pipeline/planning/layer_store.h"
#include "viewer/overlay/page.h"
#include "viewer/overlay/page_cells.h"

#include <array>
#include <limits>
#include <map>
#include <vector>

namespace viewer::overlay {

/// A feature to be put into a page, in plane coordinates.
struct PageFeature {
    pipeline::planning::FeatureRef ref;
    pipeline::planning::Geometry geometry; ///< Surfaces and lines; points are not draped.
    std::uint32_t symbol = 0;              ///< Row of the symbol table.
    bool isHidden = false; ///< By a filter: it takes its place, but is not counted in shares.
    bool isFilled = false; ///< Such surfaces may shrink to a share of a cell.
    bool isDashed = false;
    double halfWidthMetres = 0.0; ///< Of lines that are drawn in metres; else 0.
    float zMin = -std::numeric_limits<float>::infinity();
    float zMax = std::numeric_limits<float>::infinity();
};

/// Makes one page of features that come one by one: what is kept of each is its part of the page.
/// Features are drawn in the order that they come in, those with a solid fill below all others.
/// Same features in the same order: same page.
class PageBuilder {
public:
    explicit PageBuilder(const PageKey& key);

    void add(const PageFeature& feature);
    /// A surface too small to be seen by itself: it counts whole for the part of a cell that
    /// `middle` lies in.
    void addShare(std::uint32_t symbol, const glm::dvec2& middle, double squareMetres);
    Page finish();

private:
    using Parts = std::array<double, 16>; // of a cell, from the south-west

    struct Row {
        pipeline::planning::FeatureRef ref;
        Texel texel;
    };

    double padOf(const PageFeature& feature) const;
    pipeline::planning::PlaneBox frameOf(double padMetres) const;
    Path moved(const std::vector<glm::dvec2>& points) const;
    void simplify();
    void simplify(const std::vector<PageShape*>& shapes) const;
    void writeCell(std::size_t cell, Page& page) const;

    PageKey key_;
    double cell_;
    glm::dvec2 corner_;
    std::vector<Row> rows_;                                        // of all that is in shapes_
    std::vector<PageShape> surfaces_;                              // solid fills
    std::vector<PageShape> lines_;                                 // all else
    std::map<std::size_t, std::map<std::uint32_t, Parts>> shares_; // by cell, then symbol
    PageCells cells_;
};

} // namespace viewer::overlay
