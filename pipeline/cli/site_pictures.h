#pragma once

#include "pipeline/planning/site/report_html.h"
#include "pipeline/planning/site/site_finding.h"

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace pipeline::cli {

/// What the pictures are taken of.
struct PictureScene {
    std::filesystem::path city;       ///< The folder with tileset.json.
    std::filesystem::path siteLayers; ///< The GeoPackage of the report, to be draped.
    double groundMetres = 0.0;        ///< Ellipsoidal height of the site's ground.
    planning::site::Language language = planning::site::Language::Chinese;
};

struct SitePictures {
    std::vector<planning::site::ReportPicture> pictures;
    std::string remark; ///< Why some are missing; or "".
};

/// Pictures of the site in the city, from above and from three sides, made by the program
/// city3d-viewer beside this one; without it, or where it fails, there is a remark instead.
/// `onPicture` hears of each before it is made.
SitePictures takePictures(const planning::site::SiteReport& report,
                          const PictureScene& scene,
                          const std::function<void(std::size_t done, std::size_t all)>& onPicture);

} // namespace pipeline::cli
