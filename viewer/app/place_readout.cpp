#include "viewer/app/place_readout.h"

#include "tiles3d/base/file.h"
#include "tiles3d/base/json.h"
#include "viewer/tools/quantity_text.h"

#include <QDir>
#include <QFileInfo>
#include <cmath>
#include <utility>

namespace viewer::app {

namespace base = tiles3d::base;

namespace {

QString degreesText(double degrees, const char* positive, const char* negative) {
    constexpr int kDigits = 7; // a centimetre
    return QString("%1° %2")
        .arg(std::abs(degrees), 0, 'f', kDigits)
        .arg(QLatin1String(degrees < 0.0 ? negative : positive));
}

QString longitudeText(const tiles3d::geo::Cartographic& place) {
    return degreesText(place.longitude.degrees(), "E", "W");
}

QString latitudeText(const tiles3d::geo::Cartographic& place) {
    return degreesText(place.latitude.degrees(), "N", "S");
}

QString metresText(double metres) {
    constexpr int kDigits = 3;
    return QString::number(metres, 'f', kDigits);
}

} // namespace

base::Status PlaceReadout::setPlane(const std::string& crs) {
    crs_.clear();
    readout_.reset();
    auto readout = tools::PlaneReadout::create(crs);
    if (!readout) {
        return readout.error();
    }
    crs_ = crs;
    readout_ = *std::move(readout);
    return base::ok();
}

QString PlaceReadout::planeText(const tiles3d::geo::Cartographic& place) const {
    const auto plane = readout_ ? readout_->at(place).plane : std::nullopt;
    return plane ? QString("X %1  Y %2").arg(metresText(plane->y), metresText(plane->x))
                 : QString();
}

QString PlaceReadout::geographicText(const tiles3d::geo::Cartographic& place) {
    return QString("%1  %2  %3 m")
        .arg(longitudeText(place), latitudeText(place))
        .arg(place.heightMetres, 0, 'f', 2);
}

std::vector<std::pair<QString, QString>>
PlaceReadout::rows(const tiles3d::geo::Cartographic& place) const {
    std::vector<std::pair<QString, QString>> rows;
    const tools::Readout known = readout_ ? readout_->at(place) : tools::Readout{.place = place};
    if (known.plane) {
        rows.emplace_back(tr("Plane"), QString::fromStdString(crs_));
        rows.emplace_back(tr("X (north)"), metresText(known.plane->y));
        rows.emplace_back(tr("Y (east)"), metresText(known.plane->x));
    }
    rows.emplace_back(tr("Longitude"), longitudeText(place));
    rows.emplace_back(tr("Latitude"), latitudeText(place));
    rows.emplace_back(tr("Height, ellipsoid"),
                      QString::fromStdString(tools::lengthText(place.heightMetres)));
    if (known.geoidHeightMetres) {
        rows.emplace_back(tr("Height, EGM96"),
                          QString::fromStdString(tools::lengthText(*known.geoidHeightMetres)));
    }
    return rows;
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
