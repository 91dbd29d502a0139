#pragma once

#include "pipeline/planning/site/site_finding.h"
#include "pipeline/planning/style/legend.h"

#include <string>
#include <vector>

namespace pipeline::planning::site {

/// One line of the drawing's legend: a small SVG and what it stands for, both ready for HTML.
struct LegendEntry {
    std::string swatch;
    std::string label;
};

struct PlanDrawing {
    std::string svg; ///< One <svg> element, to stand in HTML.
    std::vector<LegendEntry> entries;
    std::size_t leftOut = 0; ///< Parts beyond what a page can show.
};

struct PlanOptions {
    double widthPixels = 720.0;
    std::size_t maxVertices = 200'000; ///< Larger parts first; the rest is left out.
};

/// The site from above with what overlaps it, in the legend's colours: fills and lines of the
/// layers' parts, conflicts hatched, the site's outline on top, north arrow and scale bar.
PlanDrawing
drawPlan(const SiteReport& report, const style::Legend& legend, const PlanOptions& options = {});

} // namespace pipeline::planning::site
