#include "viewer/scene/tile_layer.h"

#include "viewer/scene/scene_shaders.h"
#include "viewer/scene/tile_geometry.h"

#include <algorithm>
#include <chrono>
#include <ctime>
#include <iterator>
#include <limits>
#include <ranges>
#include <string_view>
#include <utility>

namespace viewer::scene {

namespace {

constexpr std::uint64_t kReleaseAfterCalls = 3;
constexpr double kReleaseMilliseconds = 1.0;
constexpr std::size_t kLeastSliceBytes = std::size_t{32} << 10U; // less is not worth the call

bool isDivisible(UploadKind kind) {
    return kind == UploadKind::Vertices || kind == UploadKind::Texels;
}

double cpuMilliseconds() {
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) * 1e-6;
}

class Stopwatch {
public:
    double milliseconds() const {
        return std::chrono::duration<double, std::milli>(Clock::now() - start_).count();
    }

private:
    using Clock = std::chrono::steady_clock;
    Clock::time_point start_ = Clock::now();
};

/// What nearestHit() needs of a pack.
std::shared_ptr<const stream::MeshPack> trianglesOf(const stream::MeshPack& pack) {
    stream::MeshPack triangles{.centre = pack.centre, .limits = pack.limits};
    for (const stream::MeshPart& part : pack.parts) {
        triangles.parts.push_back({.positions = part.positions,
                                   .shortIndices = part.shortIndices,
                                   .longIndices = part.longIndices});
    }
    return std::make_shared<const stream::MeshPack>(std::move(triangles));
}

Box<glm::dvec3> boxOf(const stream::MeshPack& pack) {
    return {pack.limits.minimum, pack.limits.maximum};
}

bool holdsCentreOf(const stream::MeshPack& outer, const stream::MeshPack& inner) {
    for (int axis = 0; axis < 3; ++axis) {
        if (inner.centre[axis] < outer.limits.minimum[axis] ||
            inner.centre[axis] > outer.limits.maximum[axis]) {
            return false;
        }
    }
    return true;
}

/// One takes the other's place: a child its parent's or the other way round, not a neighbour.
bool covers(const stream::MeshPack& a, const stream::MeshPack& b) {
    return holdsCentreOf(a, b) || holdsCentreOf(b, a);
}

std::vector<std::size_t> without(std::vector<std::size_t> ids, std::vector<std::size_t> others) {
    std::ranges::sort(ids);
    std::ranges::sort(others);
    std::vector<std::size_t> rest;
    std::ranges::set_difference(ids, others, std::back_inserter(rest));
    return rest;
}

void setKept(osg::StateSet& state, float from, float to) {
    state.getOrCreateUniform("u_keep", osg::Uniform::FLOAT_VEC2)->set(osg::Vec2f(from, to));
}

} // namespace

TileLayer::TileLayer() : root_(new osg::Group) {
    osg::StateSet& state = *root_->getOrCreateStateSet();
    state.setAttributeAndModes(makeTileProgram());
    state.addUniform(new osg::Uniform("u_texture", 0));
    state.addUniform(new osg::Uniform("u_alphaCutoff", 0.0F));
    setKept(state, 0.0F, 1.0F);
    // The default bin sorts by the addresses of state sets: another picture in every run where
    // surfaces coincide.
    state.setRenderBinDetails(0, "TraversalOrderBin");
}

void TileLayer::add(std::size_t id,
                    const std::string& name,
                    const std::shared_ptr<const stream::MeshPack>& pack) {
    remove(id);
    Tile tile{.name = name, .gpu = std::make_shared<GpuTile>(pack), .pack = pack};
    tile.triangles = pack->triangleCount();
    tile.node = makeTileGeometry(*pack, tile.gpu);
    tiles_.emplace(id, std::move(tile));
    waiting_.push_back(id);
}

void TileLayer::remove(std::size_t id) {
    const auto found = tiles_.find(id);
    if (found == tiles_.end()) {
        return;
    }
    if (const auto fade = fades_.find(id); fade != fades_.end()) {
        endFades(fade->second.startSeconds);
        rebuildChildren();
    }
    root_->removeChild(found->second.node);
    std::erase(shown_, id);
    std::erase(waiting_, id);
    removed_.push_back({found->second.gpu, releaseCalls_});
    tiles_.erase(found);
}

void TileLayer::clear() {
    while (!tiles_.empty()) {
        remove(tiles_.begin()->first);
    }
}

/// By name; without those that are not there.
std::vector<std::size_t> TileLayer::inDrawingOrder(const std::vector<std::size_t>& ids) const {
    std::vector<std::pair<std::string_view, std::size_t>>
        named; // a look-up each, not two a compare
    for (const std::size_t id : ids) {
        if (const auto found = tiles_.find(id); found != tiles_.end()) {
            named.emplace_back(found->second.name, id);
        }
    }
    std::ranges::sort(named);
    std::vector<std::size_t> ordered;
    std::ranges::copy(std::views::values(named), std::back_inserter(ordered));
    return ordered;
}

void TileLayer::show(const std::vector<std::size_t>& ids) {
    std::vector<std::size_t> wanted = inDrawingOrder(ids);
    if (wanted == shown_) {
        return;
    }
    fade(without(shown_, wanted), without(wanted, shown_));
    shown_ = std::move(wanted);
    rebuildChildren();
}

void TileLayer::setFade(const FadeOptions& options) {
    fade_ = options;
}

void TileLayer::setTime(double seconds) {
    nowSeconds_ = seconds;
    const std::size_t before = fades_.size();
    std::erase_if(fades_, [this](const auto& entry) {
        const bool isOver = progress(entry.second) >= 1.0F;
        if (isOver) {
            dither(entry.first, 0.0F, 1.0F);
        }
        return isOver;
    });
    for (const auto& [id, fade] : fades_) {
        const float share = progress(fade);
        dither(id, fade.isLeaving ? share : 0.0F, fade.isLeaving ? 1.0F : share);
    }
    if (fades_.size() != before) {
        rebuildChildren();
    }
}

float TileLayer::progress(const Fade& fade) const {
    const double passed = nowSeconds_ - fade.startSeconds;
    return fade_.seconds > 0.0 ? static_cast<float>(std::clamp(passed / fade_.seconds, 0.0, 1.0))
                               : 1.0F;
}

/// Pairs always start together, so they also end together: a tile that is wanted otherwise before
/// its fade is over takes those of its start with it, and no pixel is left without a tile.
void TileLayer::fade(const std::vector<std::size_t>& leaving,
                     const std::vector<std::size_t>& coming) {
    for (const auto* ids : {&leaving, &coming}) {
        for (const std::size_t id : *ids) {
            if (const auto found = fades_.find(id); found != fades_.end()) {
                endFades(found->second.startSeconds);
            }
        }
    }
    if (fade_.seconds <= 0.0) {
        return;
    }
    for (const std::size_t leaver : leaving) {
        for (const std::size_t comer : coming) {
            if (covers(*tiles_.at(leaver).pack, *tiles_.at(comer).pack)) {
                fades_[leaver] = {.startSeconds = nowSeconds_, .isLeaving = true};
                fades_[comer] = {.startSeconds = nowSeconds_};
            }
        }
    }
    setTime(nowSeconds_);
}

void TileLayer::endFades(double startSeconds) {
    std::erase_if(fades_, [&](const auto& entry) {
        const bool ends = entry.second.startSeconds == startSeconds;
        if (ends) {
            dither(entry.first, 0.0F, 1.0F);
        }
        return ends;
    });
}

void TileLayer::dither(std::size_t id, float from, float to) {
    osg::StateSet& state = *tiles_.at(id).node->getOrCreateStateSet();
    if (from <= 0.0F && to >= 1.0F) {
        state.removeUniform("u_keep");
        state.removeDefine("HOLED");
        return;
    }
    setKept(state, from * opacity_, to * opacity_);
    state.setDefine("HOLED");
}

void TileLayer::setOpacity(double opacity) {
    opacity_ = static_cast<float>(std::clamp(opacity, 0.0, 1.0));
    osg::StateSet& state = *root_->getOrCreateStateSet();
    setKept(state, 0.0F, opacity_);
    if (opacity_ < 1.0F) {
        state.setDefine("HOLED");
    } else {
        state.removeDefine("HOLED");
    }
    setTime(nowSeconds_); // those that fade have their own
}

void TileLayer::setVisible(bool isVisible) {
    root_->setNodeMask(isVisible ? ~0U : 0U);
}

/// Children: what is shown and what still goes, in the order of names.
void TileLayer::rebuildChildren() {
    std::vector<std::size_t> drawn = shown_;
    for (const auto& [id, fade] : fades_) {
        if (fade.isLeaving) {
            drawn.push_back(id);
        }
    }
    root_->removeChildren(0, root_->getNumChildren());
    for (const std::size_t id : inDrawingOrder(drawn)) {
        root_->addChild(tiles_.at(id).node);
    }
}

std::vector<std::size_t> TileLayer::waitingForUpload() const {
    return {waiting_.begin(), waiting_.end()};
}

GpuTile::Slice TileLayer::nextStep(const Tile& tile) {
    return tile.gpu->isComplete() ? GpuTile::Slice{UploadKind::End, tile.pack->byteCount()}
                                  : tile.gpu->nextSlice();
}

/// What of the step is expected to be done by then; none if not enough of it to be worth the call.
std::optional<std::size_t> TileLayer::bytesWithin(double milliseconds,
                                                  const GpuTile::Slice& step) const {
    const std::size_t bytes = pace_.bytesWithin(milliseconds, step.kind, step.bytes);
    const std::size_t least =
        isDivisible(step.kind) ? std::min(step.bytes, kLeastSliceBytes) : step.bytes;
    return bytes >= least && milliseconds > 0.0 ? std::optional(bytes) : std::nullopt;
}

void TileLayer::uploadStep(std::size_t mostBytes, osg::State& state, UploadReport& report) {
    const Stopwatch watch;
    const std::size_t id = waiting_.front();
    Tile& tile = tiles_.at(id);
    GpuTile::Slice step = nextStep(tile);
    if (step.kind == UploadKind::End) {
        finishUpload(tile);
        waiting_.pop_front();
        report.completed.push_back(id);
    } else {
        const std::size_t bytes = tile.gpu->uploadSlice(state, mostBytes);
        report.bytes += bytes;
        ++report.slices;
        step.bytes = isDivisible(step.kind) ? bytes : step.bytes;
    }
    pace_.learn(step.kind, step.bytes, watch.milliseconds());
}

UploadReport TileLayer::uploadSome(osg::State& state, const UploadBudget& budget) {
    const Stopwatch watch;
    const double cpuStart = cpuMilliseconds();
    UploadReport report;
    for (bool isFirst = true; !waiting_.empty(); isFirst = false) {
        const double left = budget.milliseconds - watch.milliseconds();
        const auto most = bytesWithin(left, nextStep(tiles_.at(waiting_.front())));
        if (!isFirst && (!most || report.bytes >= budget.bytes)) {
            break;
        }
        uploadStep(most.value_or(kLeastSliceBytes), state, report);
    }
    report.milliseconds = watch.milliseconds();
    report.cpuMilliseconds = cpuMilliseconds() - cpuStart;
    return report;
}

void TileLayer::upload(std::size_t id, osg::State& state) {
    const auto found = tiles_.find(id);
    if (found == tiles_.end() || std::erase(waiting_, id) == 0) {
        return;
    }
    while (!found->second.gpu->isComplete()) {
        found->second.gpu->uploadSlice(state);
    }
    finishUpload(found->second);
}

void TileLayer::finishUpload(Tile& tile) {
    tile.pack = trianglesOf(*tile.pack);
}

void TileLayer::releaseRemoved(osg::State& state) {
    const Stopwatch watch;
    ++releaseCalls_;
    while (!removed_.empty() && removed_.front().call + kReleaseAfterCalls <= releaseCalls_) {
        removed_.front().gpu->release(state);
        removed_.pop_front();
        if (watch.milliseconds() >= kReleaseMilliseconds) {
            return;
        }
    }
}

std::size_t TileLayer::livingObjects() const {
    std::size_t living = 0;
    for (const auto& [id, tile] : tiles_) {
        living += tile.gpu->livingObjects();
    }
    for (const Removed& removed : removed_) {
        living += removed.gpu->livingObjects();
    }
    return living;
}

std::uint64_t TileLayer::heldBytes() const {
    std::uint64_t bytes = 0;
    for (const auto& [id, tile] : tiles_) {
        bytes += tile.pack->byteCount();
        for (const TriangleTree& tree : tile.trees) {
            bytes += tree.byteCount();
        }
    }
    return bytes;
}

std::optional<SurfaceHit> TileLayer::nearestTile(const Ray& ray) const {
    constexpr double kNone = std::numeric_limits<double>::infinity();
    std::vector<std::pair<double, std::size_t>> met; // by where the ray enters
    for (const std::size_t id : shown_) {
        if (const double enter = entry(ray, boxOf(*tiles_.at(id).pack), kNone); enter < kNone) {
            met.emplace_back(enter, id);
        }
    }
    std::ranges::sort(met);
    double nearest = kNone;
    std::size_t nearestId = 0;
    for (const auto& [enter, id] : met) {
        if (enter > nearest) {
            break;
        }
        if (const double hit = nearestInTile(tiles_.at(id), ray, nearest); hit < nearest) {
            nearest = hit;
            nearestId = id;
        }
    }
    if (nearest == kNone) {
        return std::nullopt;
    }
    return SurfaceHit{nearestId, ray.origin + ray.direction * nearest};
}

std::optional<glm::dvec3> TileLayer::nearestHit(const Ray& ray) const {
    const auto hit = nearestTile(ray);
    return hit ? std::optional(hit->point) : std::nullopt;
}

double TileLayer::nearestInTile(const Tile& tile, const Ray& ray, double nearest) const {
    const auto& parts = tile.pack->parts;
    if (tile.trees.empty()) {
        std::ranges::transform(parts, std::back_inserter(tile.trees), [](const auto& part) {
            return TriangleTree(part);
        });
    }
    const Ray local{ray.origin - tile.pack->centre, ray.direction};
    for (std::size_t i = 0; i < parts.size(); ++i) {
        nearest = tile.trees[i].nearestHit(parts[i], local, nearest);
    }
    return nearest;
}

std::vector<std::shared_ptr<const stream::MeshPack>> TileLayer::shownPacks() const {
    std::vector<std::shared_ptr<const stream::MeshPack>> packs;
    for (const std::size_t id : shown_) {
        packs.push_back(tiles_.at(id).pack);
    }
    return packs;
}

std::size_t TileLayer::shownTriangles() const {
    std::size_t total = 0;
    for (const std::size_t id : shown_) {
        total += tiles_.at(id).triangles;
    }
    return total;
}

} // namespace viewer::scene
