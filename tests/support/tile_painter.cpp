#include "tests/support/tile_painter.h"

#include "viewer/render/egl_context.h"
#include "viewer/render/embedded_viewer.h"
#include "viewer/scene/frame_graph.h"
#include "viewer/scene/tile_layer.h"
#include "viewer/stream/load_queue.h"

#include <osg/GL>
#include <osg/Texture2D>

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

namespace tests {

namespace {

namespace base = tiles3d::base;
namespace camera = viewer::camera;
namespace render = viewer::render;
namespace scene = viewer::scene;
namespace stream = viewer::stream;

constexpr std::size_t kLoadingThreads = 2;
constexpr int kFirstSide = 64; // any: every picture brings its own size

osg::Vec3f backgroundColour() {
    const auto part = [](std::size_t i) { return static_cast<float>(kBackground[i]) / 255.0F; };
    return {part(0), part(1), part(2)};
}

} // namespace

struct TilePainter::State {
    State(const TilesetFolder& folder, std::unique_ptr<render::EglContext> current, unsigned target)
        : city(folder), context(std::move(current)), frame({kFirstSide, kFirstSide, 1}),
          viewer(frame.root(), kFirstSide, kFirstSide, target),
          loads(std::make_shared<stream::FileSource>(folder.path()), kLoadingThreads) {
        frame.scene()->addChild(layer.node());
        frame.setFlatBackground(backgroundColour());
    }

    const TilesetFolder& city;
    std::unique_ptr<render::EglContext> context;
    scene::FrameGraph frame;
    scene::TileLayer layer;
    render::EmbeddedViewer viewer;
    stream::LoadQueue loads;
    std::map<std::size_t, tiles3d::tileset::Limits> held;

    base::Status draw(const std::vector<std::size_t>& tiles, const Shot& shot);
    base::Status load(const std::vector<std::size_t>& tiles);
    base::Status accept(stream::LoadResult result);
    base::Status resize(const camera::Lens& lens);
};

base::Status TilePainter::State::load(const std::vector<std::size_t>& tiles) {
    const glm::dmat4& ecefToScene = city.sceneFrame().fromEcefMatrix();
    std::vector<stream::LoadRequest> requests;
    for (const std::size_t tile : tiles) {
        if (held.contains(tile)) {
            continue;
        }
        const auto& node = city.node(tile);
        requests.push_back({.node = tile,
                            .contentUris = node.contentUris,
                            .tileToScene = ecefToScene * node.toEcef});
    }
    loads.replaceWaiting(std::move(requests));
    base::Status status = base::ok();
    while (loads.pendingCount() > 0) {
        loads.waitForResult();
        for (stream::LoadResult& result : loads.takeResults()) {
            if (auto accepted = accept(std::move(result)); !accepted) {
                status = std::move(accepted);
            }
        }
    }
    return status;
}

base::Status TilePainter::State::accept(stream::LoadResult result) {
    if (!result.problems.empty()) {
        const stream::LoadProblem& problem = result.problems.front();
        return base::Error{problem.uri + ": " + problem.message};
    }
    tiles3d::tileset::Limits limits;
    if (result.pack) { // its name orders the drawing
        limits = result.pack->limits;
        layer.add(result.node,
                  city.node(result.node).contentUris.front(),
                  std::make_shared<const stream::MeshPack>(*std::move(result.pack)));
        layer.upload(result.node, viewer.state());
    }
    held.emplace(result.node, limits);
    return base::ok();
}

base::Status TilePainter::State::resize(const camera::Lens& lens) {
    const scene::FrameSize size{static_cast<int>(std::lround(lens.widthPixels)),
                                static_cast<int>(std::lround(lens.heightPixels)),
                                1};
    if (size.widthPixels == frame.size().widthPixels &&
        size.heightPixels == frame.size().heightPixels) {
        return base::ok();
    }
    const auto framebuffer = context->makeFramebuffer(size.widthPixels, size.heightPixels);
    if (!framebuffer) {
        return framebuffer.error();
    }
    viewer.resize(size.widthPixels, size.heightPixels, *framebuffer);
    frame.resize(size);
    return base::ok();
}

TilePainter::TilePainter(std::unique_ptr<State> state) : state_(std::move(state)) {}

TilePainter::~TilePainter() = default;

base::Result<std::unique_ptr<TilePainter>> TilePainter::create(const TilesetFolder& city) {
    auto context = render::EglContext::create();
    if (!context) {
        return context.error();
    }
    const auto framebuffer = (*context)->makeFramebuffer(kFirstSide, kFirstSide);
    if (!framebuffer) {
        return framebuffer.error();
    }
    auto state = std::make_unique<State>(city, *std::move(context), *framebuffer);
    return std::unique_ptr<TilePainter>(new TilePainter(std::move(state)));
}

base::Status TilePainter::State::draw(const std::vector<std::size_t>& tiles, const Shot& shot) {
    if (auto resized = resize(shot.lens); !resized) {
        return resized;
    }
    if (auto loaded = load(tiles); !loaded) {
        return loaded;
    }
    layer.show(tiles);
    frame.setCamera(camera::frameCamera(shot.pose, shot.lens, city.sceneFrame()));
    viewer.draw();
    return base::ok();
}

base::Result<tiles3d::image::Raster> TilePainter::draw(const std::vector<std::size_t>& tiles,
                                                       const Shot& shot) {
    if (const auto drawn = state_->draw(tiles, shot); !drawn) {
        return drawn.error();
    }
    return state_->context->readPixels();
}

base::Result<std::vector<float>> TilePainter::distances(const std::vector<std::size_t>& tiles,
                                                        const Shot& shot) {
    if (const auto drawn = state_->draw(tiles, shot); !drawn) {
        return drawn.error();
    }
    osg::Texture2D& depth = *state_->frame.targets().depth;
    state_->viewer.state().applyTextureAttribute(0, &depth);
    const scene::FrameSize& size = state_->frame.size();
    const auto width = static_cast<std::size_t>(size.widthPixels);
    const auto height = static_cast<std::size_t>(size.heightPixels);
    std::vector<float> distances(width * height);
    // Mesa 22.3's llvmpipe does not wait for the pass that draws a texture if a later one reads it.
    glFinish();
    glGetTexImage(GL_TEXTURE_2D, 0, GL_DEPTH_COMPONENT, GL_FLOAT, distances.data());
    for (std::size_t top = 0, bottom = height - 1; top < bottom; ++top, --bottom) {
        std::swap_ranges(distances.begin() + static_cast<std::ptrdiff_t>(top * width),
                         distances.begin() + static_cast<std::ptrdiff_t>((top + 1) * width),
                         distances.begin() + static_cast<std::ptrdiff_t>(bottom * width));
    }
    std::ranges::transform(distances, distances.begin(), [](float reversed) {
        return static_cast<float>(scene::kNearMetres) / reversed;
    });
    return distances;
}

base::Result<tiles3d::tileset::Limits>
TilePainter::limitsOf(const std::vector<std::size_t>& tiles) {
    if (const auto loaded = state_->load(tiles); !loaded) {
        return loaded.error();
    }
    tiles3d::tileset::Limits limits;
    for (const std::size_t tile : tiles) {
        limits.include(state_->held.at(tile));
    }
    return limits;
}

void TilePainter::forget() {
    for (const auto& [tile, limits] : std::exchange(state_->held, {})) {
        state_->layer.remove(tile);
    }
    state_->layer.releaseRemoved(state_->viewer.state());
}

} // namespace tests
