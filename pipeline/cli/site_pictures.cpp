#include "pipeline/cli/site_pictures.h"

#include "pipeline/cli/child_program.h"
#include "pipeline/planning/geometry_ops.h"
#include "pipeline/planning/site/plane_geodesy.h"
#include "tiles3d/base/file.h"
#include "tiles3d/base/json.h"
#include "tiles3d/geo/enu_frame.h"

#include <glm/geometric.hpp>
#include <glm/trigonometric.hpp>
#include <unistd.h>

#include <array>
#include <cmath>

namespace pipeline::cli {

namespace fs = std::filesystem;
namespace site = planning::site;

using tiles3d::base::Json;
using tiles3d::base::ok;
using tiles3d::base::Result;
using tiles3d::base::Status;
using tiles3d::geo::Cartographic;

namespace {

constexpr double kTimeoutSeconds = 300.0;
constexpr double kFovyDegrees = 45.0;

struct View {
    const char* chinese;
    const char* english;
    double headingDegrees;
    double pitchDegrees;
    double nearness; ///< 1: a disc around the site fits in; seen aslant it is lower.
};

constexpr std::array<View, 4> kViews{{{"俯视", "From above", 0.0, -90.0, 1.0},
                                      {"自南向北", "From the south", 0.0, -38.0, 0.75},
                                      {"自东向西", "From the east", 270.0, -38.0, 0.75},
                                      {"自西北向东南", "From the north-west", 135.0, -30.0, 0.75}}};

/// The middle of the site on its ground, and how far its corners are from there.
struct Target {
    Cartographic middle;
    double radiusMetres = 0.0;
};

Result<Target> targetOf(const site::SiteReport& report, double groundMetres) {
    const auto geodesy = site::PlaneGeodesy::create(report.planeCrs);
    if (!geodesy) {
        return geodesy.error();
    }
    const planning::PlaneBox box = planning::boundsOf(report.site.area);
    const auto middle = geodesy->placeOf((box.low + box.high) / 2.0);
    if (!middle) {
        return middle.error();
    }
    Target target{.middle = *middle, .radiusMetres = glm::length(box.high - box.low) / 2.0};
    target.middle.heightMetres = groundMetres;
    return target;
}

Json cameraJson(const Target& target, const View& view) {
    const double heading = glm::radians(view.headingDegrees);
    const double pitch = glm::radians(view.pitchDegrees);
    const glm::dvec3 forward(
        std::sin(heading) * std::cos(pitch), std::cos(heading) * std::cos(pitch), std::sin(pitch));
    constexpr double kRoom = 1.15; // around the site
    const double distance = kRoom * view.nearness * std::max(target.radiusMetres, 20.0) /
                            std::tan(glm::radians(kFovyDegrees / 2.0));
    const tiles3d::geo::EnuFrame frame(target.middle);
    const Cartographic eye = tiles3d::geo::toCartographic(frame.toEcef({-distance * forward}));
    return Json::object({{"lon", eye.longitude.degrees()},
                         {"lat", eye.latitude.degrees()},
                         {"h", eye.heightMetres},
                         {"heading", view.headingDegrees},
                         {"pitch", view.pitchDegrees},
                         {"fovy", kFovyDegrees}});
}

/// The city with the site and its conflicts on it: overlaps would hide them.
Json viewJson(const PictureScene& scene, const Json& camera) {
    const Json hidden = Json::object({{"重叠面", 0}, {"重叠线", 0}, {"重叠点", 0}});
    return Json::object(
        {{"tilesets",
          Json(Json::Array{
              Json::object({{"path", fs::absolute(scene.city / "tileset.json").string()}})})},
         {"layers",
          Json(Json::Array{Json::object(
              {{"path", fs::absolute(scene.siteLayers).string()}, {"opacities", hidden}})})},
         {"camera", camera}});
}

/// A file in the temporary folder, gone with it.
class TemporaryFile {
public:
    explicit TemporaryFile(const std::string& ending)
        : path_(fs::temp_directory_path() /
                ("city3d-site-" + std::to_string(::getpid()) + ending)) {}
    TemporaryFile(const TemporaryFile&) = delete;
    TemporaryFile& operator=(const TemporaryFile&) = delete;
    ~TemporaryFile() {
        std::error_code ignored;
        fs::remove(path_, ignored);
    }

    const fs::path& path() const { return path_; }

private:
    fs::path path_;
};

Result<tiles3d::base::Bytes> takePicture(const Json& view) {
    const TemporaryFile viewFile(".json");
    const TemporaryFile picture(".png");
    if (Status written = tiles3d::base::writeFile(viewFile.path(), view.dump()); !written) {
        return written.error();
    }
    const Result<int> done = runProgram({siblingProgram("city3d-viewer").string(),
                                         "--view",
                                         viewFile.path().string(),
                                         "--render",
                                         picture.path().string(),
                                         "--size",
                                         "1280x800"},
                                        kTimeoutSeconds);
    return done ? tiles3d::base::readFile(picture.path()) : done.error();
}

} // namespace

SitePictures takePictures(const site::SiteReport& report,
                          const PictureScene& scene,
                          const std::function<void(std::size_t, std::size_t)>& onPicture) {
    SitePictures taken;
    const Result<Target> target = targetOf(report, scene.groundMetres);
    if (!target) {
        taken.remark = target.error().message;
        return taken;
    }
    for (const View& view : kViews) {
        onPicture(taken.pictures.size(), kViews.size());
        Result<tiles3d::base::Bytes> png = takePicture(viewJson(scene, cameraJson(*target, view)));
        if (!png) { // the others would fail for the same reason
            taken.remark = site::say(scene.language, "三维图未能生成：", "No pictures in 3D: ") +
                           png.error().message;
            return taken;
        }
        taken.pictures.push_back(
            {site::say(scene.language, view.chinese, view.english), *std::move(png)});
    }
    return taken;
}

} // namespace pipeline::cli
