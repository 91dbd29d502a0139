#include "tests/support/made_city.h"

#include "tiles3d/base/file.h"
#include "tiles3d/image/image.h"
#include "viewer/render/still.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>
#include <utility>

namespace tests {

namespace fs = std::filesystem;
using tiles3d::base::Error;
using tiles3d::base::Result;

Result<std::unique_ptr<MadeCity>> MadeCity::make(const CityRecipe& recipe) {
    std::unique_ptr<MadeCity> made(
        new MadeCity(fs::temp_directory_path() / ("city3d_made" + std::to_string(::getpid()))));
    const std::string delivery = (made->folder_ / "delivery").string();
    const fs::path out = made->folder_ / "city";
    const std::string command = fmt::format(
        "'{0}' sample '{1}' {2} > /dev/null 2>&1 && '{0}' build '{1}/{3}' {4} --out '{5}' > "
        "/dev/null 2>&1",
        recipe.program,
        delivery,
        recipe.sampleOptions,
        recipe.source,
        recipe.buildOptions,
        out.string());
    if (std::system(command.c_str()) != 0) { // NOLINT(cert-env33-c): our own program
        return Error{"failed: " + command};
    }
    auto opened = TilesetFolder::open(out);
    if (!opened) {
        return opened.error();
    }
    made->city_.emplace(*std::move(opened));
    if (const auto attached = made->city_->attachAll(); !attached) {
        return attached.error();
    }
    auto painter = TilePainter::create(*made->city_);
    if (!painter) {
        return painter.error();
    }
    made->painter_ = *std::move(painter);
    return made;
}

MadeCity::~MadeCity() {
    std::error_code error;
    fs::remove_all(folder_, error);
}

std::string MadeCity::keep(const tiles3d::image::Raster& picture,
                           const Shot& shot,
                           const std::string& file) const {
    const auto png = tiles3d::image::encode(picture, {.format = tiles3d::image::ImageFormat::Png});
    const bool isKept = png && tiles3d::base::writeFile(file, png->bytes);
    const auto fov = tiles3d::geo::Angle::radians(shot.lens.verticalFovRadians);
    return fmt::format("camera {}, {:.3f} degrees high: {}",
                       viewer::render::cameraText(shot.pose),
                       fov.degrees(),
                       isKept ? fs::absolute(file).string() : "picture not written");
}

} // namespace tests
