#include "viewer/render/picture.h"

#include "tiles3d/image/png_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <memory>
#include <set>
#include <thread>
#include <utility>
#include <vector>

namespace viewer::render {

namespace {

namespace base = tiles3d::base;
namespace image = tiles3d::image;

/// What looks at its neighbours (a drape's outline, a filter) needs them beyond a part's edge.
constexpr int kOverlapPixels = 8;

base::Status checkSize(const PictureView& view) {
    for (const int side : {view.widthPixels, view.heightPixels}) {
        if (side < kFewestPixels || side > kMostPixels) {
            return base::Error{fmt::format("picture of {} x {} pixels: each side must be {} to {}",
                                           view.widthPixels,
                                           view.heightPixels,
                                           kFewestPixels,
                                           kMostPixels)};
        }
    }
    return base::ok();
}

/// One side of a picture cut into parts of equal length, the last of which may reach beyond it.
struct Cut {
    int count = 1;
    int step = 0;    // pixels that a part gives to the picture
    int overlap = 0; // drawn on both ends and thrown away

    int drawn() const { return step + 2 * overlap; }
    int start(int part) const { return part * step; }
};

Cut cutSide(int pixels, int most) {
    if (pixels <= most) {
        return {.step = pixels};
    }
    const int fullest = most - 2 * kOverlapPixels;
    const int count = (pixels + fullest - 1) / fullest;
    // Even: GPUs take derivatives over 2 x 2 pixels, which must be the same ones in every part.
    const int step = (pixels + count - 1) / count;
    return {.count = count, .step = step + step % 2, .overlap = kOverlapPixels};
}

/// Draws the parts of one picture.
class PartPainter {
public:
    PartPainter(CityView& city,
                ICanvas& canvas,
                const PictureView& view,
                const PictureOptions& options);
    PartPainter(const PartPainter&) = delete;
    PartPainter& operator=(const PartPainter&) = delete;
    ~PartPainter() { city_.frame().resize(sizeBefore_); }

    base::Result<PictureReport> draw(const TakeRows& take);

private:
    base::Status prepare();
    base::Status drawRow(int row, image::Raster& band);
    bool settlePart(int row, int column);
    bool isAsked(PictureProgress progress) const;
    void copyPart(int column, image::Raster& band) const;
    void count();

    CityView& city_;
    ICanvas& canvas_;
    const PictureView& view_;
    const PictureOptions& options_;
    scene::FrameSize sizeBefore_;
    Cut across_;
    Cut down_;
    std::unique_ptr<Framebuffer> target_;
    std::size_t partsDone_ = 0;
    std::set<std::pair<TilesetId, std::size_t>> drawn_;
    std::size_t triangles_ = 0;
};

PartPainter::PartPainter(CityView& city,
                         ICanvas& canvas,
                         const PictureView& view,
                         const PictureOptions& options)
    : city_(city), canvas_(canvas), view_(view), options_(options),
      sizeBefore_(city.frame().size()) {
    const int most = std::min(options.mostPartPixels, maxTextureSize() / options.supersampling);
    across_ = cutSide(view.widthPixels, most);
    down_ = cutSide(view.heightPixels, most);
}

base::Status PartPainter::prepare() {
    auto target = Framebuffer::make(across_.drawn(), down_.drawn());
    if (!target) {
        return target.error();
    }
    target_ = *std::move(target);
    canvas_.setTarget(*target_);
    city_.frame().resize({across_.drawn(), down_.drawn(), options_.supersampling});
    return base::ok();
}

bool PartPainter::isAsked(PictureProgress progress) const {
    progress.partsDone = partsDone_;
    progress.parts =
        static_cast<std::size_t>(across_.count) * static_cast<std::size_t>(down_.count);
    return !options_.keepGoing || options_.keepGoing(progress);
}

bool PartPainter::settlePart(int row, int column) {
    camera::Lens lens = view_.lens();
    if (across_.count * down_.count > 1) {
        lens.part = {.left = static_cast<double>(across_.start(column) - across_.overlap),
                     .top = static_cast<double>(down_.start(row) - down_.overlap),
                     .widthPixels = static_cast<double>(across_.drawn()),
                     .heightPixels = static_cast<double>(down_.drawn())};
    }
    return settle(city_,
                  canvas_,
                  view_.pose,
                  lens,
                  {.maxScreenSpaceErrorPixels = view_.maxScreenSpaceErrorPixels},
                  [this](const PictureProgress& progress) { return isAsked(progress); });
}

void PartPainter::copyPart(int column, image::Raster& band) const {
    const image::Raster part = target_->readPixels();
    const int start = across_.start(column);
    const int pixels = std::min(across_.step, view_.widthPixels - start);
    const std::size_t rowBytes = static_cast<std::size_t>(pixels) * band.channels;
    for (std::size_t row = 0; row < band.height; ++row) {
        const std::size_t from = (row + static_cast<std::size_t>(down_.overlap)) * part.width +
                                 static_cast<std::size_t>(across_.overlap);
        const std::size_t to = row * band.width + static_cast<std::size_t>(start);
        std::memcpy(band.pixels.data() + to * band.channels,
                    part.pixels.data() + from * part.channels,
                    rowBytes);
    }
}

void PartPainter::count() {
    for (const TilesetId tileset : city_.tilesets()) {
        for (const std::size_t node : city_.drawnTiles(tileset)) {
            drawn_.insert({tileset, node});
        }
        triangles_ += city_.tiles(tileset).shownTriangles();
    }
}

/// A session whose memory is too small settles for less detail than was asked for.
bool isCoarser(const CityView& city, double maxErrorPixels) {
    constexpr double kRounding = 1.0001;
    return std::ranges::any_of(city.tilesets(), [&](TilesetId tileset) {
        const auto statistics = city.session(tileset).statistics();
        return city.isVisible(tileset) &&
               (statistics.pending > 0 ||
                statistics.maxScreenSpaceErrorPixels > maxErrorPixels * kRounding);
    });
}

base::Status PartPainter::drawRow(int row, image::Raster& band) {
    for (int column = 0; column < across_.count; ++column) {
        if (!settlePart(row, column)) {
            return base::Error{"the picture was stopped"};
        }
        if (isCoarser(city_, view_.maxScreenSpaceErrorPixels)) {
            return base::Error{"the memory for tiles holds no picture of that detail: give more "
                               "with --cache, or allow a larger error with --sse"};
        }
        canvas_.draw();
        copyPart(column, band);
        count();
        ++partsDone_;
    }
    return base::ok();
}

base::Result<PictureReport> PartPainter::draw(const TakeRows& take) {
    if (const auto prepared = prepare(); !prepared) {
        return prepared.error();
    }
    for (int row = 0; row < down_.count; ++row) {
        const int height = std::min(down_.step, view_.heightPixels - down_.start(row));
        image::Raster band{.width = static_cast<std::uint32_t>(view_.widthPixels),
                           .height = static_cast<std::uint32_t>(height)};
        band.pixels.resize(std::size_t{band.width} * band.height * band.channels);
        if (const auto drawn = drawRow(row, band); !drawn) {
            return drawn.error();
        }
        if (const auto taken = take(band); !taken) {
            return taken.error();
        }
    }
    return PictureReport{.drawnTiles = drawn_.size(), .drawnTriangles = triangles_};
}

std::size_t pendingTiles(const CityView& city) {
    std::size_t pending = 0;
    for (const TilesetId tileset : city.tilesets()) {
        pending += city.session(tileset).statistics().pending;
    }
    return pending;
}

void waitForLoad(const CityView& city) {
    const std::vector<TilesetId> tilesets = city.tilesets();
    const auto waiting = std::ranges::find_if(tilesets, [&city](TilesetId tileset) {
        return city.isVisible(tileset) && !city.session(tileset).isSettled();
    });
    if (waiting != tilesets.end()) {
        city.session(*waiting).waitForLoad();
    }
}

} // namespace

camera::Lens PictureView::lens() const {
    return {.verticalFovRadians = verticalFovRadians,
            .widthPixels = static_cast<double>(widthPixels),
            .heightPixels = static_cast<double>(heightPixels)};
}

/// A selection for every tile that arrives would take the loading threads' cores: the loaders have
/// their list, and go on meanwhile.
constexpr std::chrono::milliseconds kBatch{5};

bool settle(CityView& city,
            ICanvas& canvas,
            const camera::CameraPose& pose,
            const camera::Lens& lens,
            const ViewQuality& quality,
            const KeepGoing& keepGoing) {
    while (true) {
        city.update(pose, lens, quality);
        city.uploadArrivals(canvas.state());
        if (keepGoing && !keepGoing({.tilesWaiting = pendingTiles(city)})) {
            return false;
        }
        if (city.isSettled()) {
            return true;
        }
        waitForLoad(city);
        std::this_thread::sleep_for(kBatch);
    }
}

base::Result<PictureReport> drawPicture(CityView& city,
                                        ICanvas& canvas,
                                        const PictureView& view,
                                        const TakeRows& take,
                                        const PictureOptions& options) {
    if (const auto checked = checkSize(view); !checked) {
        return checked.error();
    }
    return PartPainter(city, canvas, view, options).draw(take);
}

base::Result<PictureReport> savePicture(CityView& city,
                                        ICanvas& canvas,
                                        const PictureView& view,
                                        const std::filesystem::path& file,
                                        const PictureOptions& options) {
    const auto png = image::PngFile::create(file,
                                            static_cast<std::uint32_t>(view.widthPixels),
                                            static_cast<std::uint32_t>(view.heightPixels));
    if (!png) {
        return png.error();
    }
    const auto report = drawPicture(
        city,
        canvas,
        view,
        [&](const image::Raster& rows) { return (*png)->append(rows); },
        options);
    if (!report) {
        return report.error();
    }
    if (const auto finished = (*png)->finish(); !finished) {
        return finished.error();
    }
    return report;
}

} // namespace viewer::render
