#include "viewer/app/place_readout.h"

#include "tiles3d/base/file.h"
#include "tiles3d/base/json.h"

#include <QDir>
#include <QFileInfo>

#include <utility>

namespace viewer::app {

namespace base = tiles3d::base;
namespace crs = tiles3d::crs;

namespace {

QString degreesText(double degrees, const char* positive, const char* negative) {
    constexpr int kDigits = 7; // a centimetre
    return QString("%1° %2")
        .arg(std::abs(degrees), 0, 'f', kDigits)
        .arg(QLatin1String(degrees < 0.0 ? negative : positive));
}

} // namespace

base::Status PlaceReadout::setPlane(const std::string& text) {
    crs_.clear();
    transform_.reset();
    if (text.empty()) {
        return base::ok();
    }
    const auto understood = crs::understandSrs(text, true);
    if (!understood) {
        return understood.error();
    }
    auto transform = crs::Transform::create(*understood, crs::EllipsoidalHeights{});
    if (!transform) {
        return transform.error();
    }
    crs_ = text;
    transform_ = *std::move(transform);
    return base::ok();
}

QString PlaceReadout::planeText(const tiles3d::geo::Cartographic& place) const {
    const auto point = transform_ ? transform_->fromCartographic(place)
                                  : base::Result<glm::dvec3>(base::Error{});
    return point ? QString("X %1  Y %2").arg(point->y, 0, 'f', 3).arg(point->x, 0, 'f', 3)
                 : QString();
}

QString PlaceReadout::geographicText(const tiles3d::geo::Cartographic& place) const {
    return QString("%1  %2  %3 m")
        .arg(degreesText(place.longitude.degrees(), "E", "W"),
             degreesText(place.latitude.degrees(), "N", "S"))
        .arg(place.heightMetres, 0, 'f', 2);
}

std::string planeCrsOf(const QString& tilesetLocation) {
    constexpr std::uint64_t kMostBytes = std::uint64_t{16} << 20U;
    const QFileInfo info(tilesetLocation);
    const QDir folder = info.isDir() ? QDir(tilesetLocation) : info.absoluteDir();
    const auto text = base::readTextFile(folder.filePath("city.json").toStdString(), kMostBytes);
    const auto json = text ? base::parseJson(*text) : base::Result<base::Json>(base::Json());
    return json ? (*json)["plane_crs"].stringOr("") : "";
}

} // namespace viewer::app
