#pragma once

#include "pipeline/planning/site/plan_drawing.h"
#include "pipeline/planning/site/report_text.h"
#include "pipeline/planning/site/site_finding.h"
#include "tiles3d/base/bytes.h"

#include <string>
#include <vector>

namespace pipeline::planning::site {

/// A picture of the site in the city, PNG.
struct ReportPicture {
    std::string title;
    tiles3d::base::Bytes png;
};

struct HtmlOptions {
    Language language = Language::Chinese;
    std::string date;                    ///< Of the check, as it shall stand; or "".
    std::vector<ReportPicture> pictures; ///< Embedded.
    std::string pictureRemark;           ///< Why there are none; or "".
    std::size_t maxRows = 500;           ///< Of features per layer; the rest is counted.
};

/// The report as one page that needs no other file: the answer first, then conflicts, pictures, a
/// plan, all layers, heights, distances, slivers, remarks. Every text from data is escaped.
std::string
toHtml(const SiteReport& report, const style::Legend& legend, const HtmlOptions& options = {});

} // namespace pipeline::planning::site
