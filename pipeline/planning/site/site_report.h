#pragma once

#include "pipeline/planning/site/report_html.h"
#include "pipeline/planning/site/site_finding.h"
#include "pipeline/planning/vector_layer.h"
#include "tiles3d/base/json.h"
#include "tiles3d/base/result.h"

#include <filesystem>
#include <vector>

namespace pipeline::planning::site {

/// For programs: all that the report says, without geometry.
tiles3d::base::Json toJson(const SiteReport& report);

/// The report's geometry: 用户红线范围 (the site) and 冲突范围 (what breaks a rule), by the
/// legend's names, then the parts of all features as 重叠面, 重叠线 and 重叠点, each with layer,
/// rule, verdict and size. Layers without a feature are left out.
std::vector<VectorLayer> toLayers(const SiteReport& report);

/// Writes FOLDER/report.json, site.gpkg and report.html, each whole or not at all; the folder is
/// made. Fails on the first that cannot be written. A GdalRuntime must exist; may be called in any
/// thread, in one at a time.
tiles3d::base::Status writeReport(const SiteReport& report,
                                  const style::Legend& legend,
                                  const std::filesystem::path& folder,
                                  const HtmlOptions& options = {});

/// Writes what writeReport() calls site.gpkg: for pictures that the report is to hold.
tiles3d::base::Status writeSiteLayers(const SiteReport& report, const std::filesystem::path& file);

} // namespace pipeline::planning::site
