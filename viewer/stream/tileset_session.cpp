#include "viewer/stream/tileset_session.h"

#include "tiles3d/base/uri.h"
#include "tiles3d/tileset/bounding_volume.h"
#include "tiles3d/tileset/tileset_io.h"
#include "viewer/stream/byte_budget.h"
#include "viewer/stream/detail_feedback.h"
#include "viewer/stream/load_queue.h"
#include "viewer/stream/need_forecast.h"
#include "viewer/stream/required_extensions.h"
#include "viewer/stream/retry_list.h"
#include "viewer/stream/tile_cache.h"

#include <algorithm>
#include <chrono>
#include <deque>
#include <functional>
#include <thread>
#include <utility>

namespace viewer::stream {

namespace {

namespace base = tiles3d::base;
namespace geo = tiles3d::geo;
namespace select = tiles3d::select;
namespace tileset = tiles3d::tileset;

/// Preloads that are expected to be needed so soon are worth dropping tiles for.
constexpr double kSoonSeconds = 2.5;
/// What they may drop: what comes back within 10 s was dropped too early, and forecasts err. 10 s
/// gave twice as many reloads over a known way of 10 s, 14 s left half as many preloads.
constexpr double kFarSeconds = 13.0;
constexpr std::size_t kPrefetched = 2; // of the next views: more would cost a selection each
constexpr std::uint64_t kFirstGuessBytes = std::uint64_t{256} << 10U;
constexpr std::uint64_t kFirstFrame = 2; // nothing was needed in the frames before
constexpr std::chrono::milliseconds kNap{5};
constexpr std::chrono::milliseconds kNoNap{0}; // a made clock does not run by itself

std::uint64_t partOf(std::uint64_t bytes, double part) {
    return static_cast<std::uint64_t>(static_cast<double>(bytes) * part);
}

glm::dvec3 centreOf(const tileset::BoundingVolume& volumeEcef) {
    if (const auto* box = std::get_if<tileset::Box>(&volumeEcef)) {
        return box->centre;
    }
    if (const auto* sphere = std::get_if<tileset::Sphere>(&volumeEcef)) {
        return sphere->centre;
    }
    const auto& region = std::get<tileset::Region>(volumeEcef);
    const auto middle = [](geo::Angle a, geo::Angle b) {
        return geo::Angle::radians((a.radians() + b.radians()) / 2.0);
    };
    return geo::toEcef({.longitude = middle(region.west, region.east),
                        .latitude = middle(region.south, region.north)})
        .metres;
}

std::size_t threadCount(std::size_t wanted) {
    constexpr std::size_t kFewest = 2;
    constexpr std::size_t kMost = 8;
    const std::size_t cores = std::thread::hardware_concurrency();
    return wanted > 0 ? wanted : std::clamp(cores, kFewest, kMost);
}

} // namespace

geo::EnuFrame sceneFrameOf(const tileset::BoundingVolume& volumeEcef) {
    geo::Cartographic centre = geo::toCartographic({centreOf(volumeEcef)});
    centre.heightMetres = 0.0;
    return geo::EnuFrame(centre);
}

struct TilesetSession::State {
    State(std::shared_ptr<const ISource> source,
          const tileset::Tileset& root,
          const std::string& rootUri,
          SessionOptions sessionOptions)
        : options(std::move(sessionOptions)), tree(root, rootUri),
          frame(options.sceneFrame ? *options.sceneFrame
                                   : sceneFrameOf(tree.nodes().front().volumeEcef)),
          budget(std::make_shared<ByteBudget>(options.cacheBytes)),
          cache(std::min(kFirstGuessBytes, options.cacheBytes / 16)),
          retries(options.retryAfterSeconds),
          loads(options.makeLoader ? options.makeLoader(std::move(source), budget)
                                   : std::make_unique<LoadQueue>(
                                         std::move(source), threadCount(options.threads), budget)) {
        growRecords();
    }

    SessionOptions options;
    select::SelectionTree tree;
    geo::EnuFrame frame;
    std::shared_ptr<ByteBudget> budget;
    std::vector<select::ContentState> contentStates;
    TileCache cache;
    RetryList retries;
    DetailFeedback detail;
    std::deque<TileArrival> arrivals;
    std::vector<std::size_t> evicted;
    std::vector<TileFailure> failures;
    SessionStatistics statistics;
    std::vector<select::ViewState> views; // of the last update, as the next
    double wantedErrorPixels = 0.0;
    NeedForecast forecast;
    select::Selection selection;
    FrameTime now{.number = kFirstFrame};
    struct {
        std::uint64_t needs = 0;
        std::uint64_t soon = 0;     // of preloads
    } missingBytes;                 // what the last update asked for and is not decoded
    std::size_t idlePreloads = 0;   // that there is room for, of the last update
    std::unique_ptr<ILoader> loads; // last: its threads end before the rest goes

    double secondsNow() const;
    void growRecords();
    void beginFrame();
    void accept(LoadResult result);
    bool isToBeRetried(const LoadResult& result);
    void acceptPack(std::size_t node, MeshPack pack);
    bool isResting(const std::vector<select::ViewState>& nextViews, const select::Options& next);
    void markNeeds();
    void markNeeded(std::size_t node);
    void makeRoom();
    /// What neither was of use for the one time nor will be for the other.
    struct Disuse {
        double idleSeconds = 0.0;
        double leastSeconds = 0.0;
    };
    void dropDownTo(std::uint64_t targetBytes, const Disuse& disuse);
    void drop(std::size_t node);
    bool isSoon(std::size_t node) const;
    void schedule();
    bool mayStart(const select::Wish& wish) const;
    LoadRequest requestFor(const select::Wish& wish) const;
    void sortArrivals();
    bool isStarved() const;
    bool hasContent(std::size_t node) const { return !tree.nodes()[node].contentUris.empty(); }
};

double TilesetSession::State::secondsNow() const {
    if (options.secondsNow) {
        return options.secondsNow();
    }
    const auto sinceStart = std::chrono::steady_clock::now().time_since_epoch();
    return std::chrono::duration<double>(sinceStart).count();
}

void TilesetSession::State::growRecords() {
    const std::size_t first = contentStates.size();
    contentStates.resize(tree.nodes().size(), select::ContentState::Unloaded);
    for (std::size_t node = first; node < contentStates.size(); ++node) {
        if (!hasContent(node) && tree.nodes()[node].externalUri.empty()) {
            contentStates[node] = select::ContentState::Ready; // nothing to wait for
        }
    }
    cache.beginFrame(now, tree.nodes().size());
}

void TilesetSession::State::beginFrame() {
    ++now.number;
    now.seconds = secondsNow();
    cache.beginFrame(now, tree.nodes().size());
    for (LoadResult& result : loads->takeResults()) {
        accept(std::move(result));
    }
}

void TilesetSession::State::accept(LoadResult result) {
    const std::size_t node = result.node;
    statistics.readBytes += result.readBytes;
    if (result.lackedRoomBytes > 0) {
        cache.learnBytes(node, result.lackedRoomBytes);
        ++statistics.discardedLoads;
        return;
    }
    if (isToBeRetried(result)) {
        budget->release(result.pack ? result.pack->byteCount() : 0);
        ++statistics.retriedLoads;
        return;
    }
    for (LoadProblem& problem : result.problems) {
        failures.push_back({std::move(problem.uri), std::move(problem.message)});
    }
    if (result.external && !tree.nodes()[node].externalAttached) {
        tree.attach(node, *result.external);
        growRecords();
        contentStates[node] = select::ContentState::Ready;
    } else if (result.pack) {
        acceptPack(node, *std::move(result.pack));
    } else {
        contentStates[node] = select::ContentState::Failed;
        ++statistics.failedLoads;
    }
}

bool TilesetSession::State::isToBeRetried(const LoadResult& result) {
    if (result.mayPass) {
        return retries.noteFailure(result.node, now.seconds);
    }
    retries.forget(result.node);
    return false;
}

void TilesetSession::State::acceptPack(std::size_t node, MeshPack pack) {
    cache.admit(node, pack.byteCount());
    arrivals.push_back({node, std::make_shared<const MeshPack>(std::move(pack))});
}

bool TilesetSession::State::isResting(const std::vector<select::ViewState>& nextViews,
                                      const select::Options& next) {
    const bool rests = nextViews == views && next.maxScreenSpaceErrorPixels == wantedErrorPixels;
    views = nextViews;
    wantedErrorPixels = next.maxScreenSpaceErrorPixels;
    return rests;
}

void TilesetSession::State::markNeeds() {
    for (const std::size_t node : selection.render) {
        markNeeded(node);
        cache.markDrawn(node);
    }
    // While one tile is missing, its ready neighbours wait undrawn. Dropping them would start the
    // loading over, for ever if the cap is small.
    std::ranges::for_each(selection.hold, [this](std::size_t node) { markNeeded(node); });
    statistics.wanted = {};
    missingBytes = {};
    for (const select::Wish& wish : selection.load) {
        const bool isPreload = wish.priority == select::Priority::Preload;
        ++statistics.wanted[wish.priority];
        cache.markWished(wish.node, wish.priority);
        if (isPreload) {
            cache.markUseful(wish.node);
        } else {
            markNeeded(wish.node);
        }
        if (cache.phase(wish.node) == TileCache::Phase::Absent && hasContent(wish.node)) {
            missingBytes.needs += isPreload ? 0 : cache.likelyBytes(wish.node);
            missingBytes.soon += isPreload && isSoon(wish.node) ? cache.likelyBytes(wish.node) : 0;
        }
    }
    statistics.pending = statistics.wanted.needs();
    std::ranges::for_each(selection.spare, [this](std::size_t node) { cache.markUseful(node); });
}

void TilesetSession::State::markNeeded(std::size_t node) {
    for (auto at = static_cast<std::int64_t>(node); at >= 0;
         at = tree.nodes()[static_cast<std::size_t>(at)].parent) {
        if (!cache.markNeeded(static_cast<std::size_t>(at))) {
            return; // and so were its ancestors
        }
    }
}

/// Drops no more than the needs want: dropping ahead, to 85 % of the cap, loaded up to a third more
/// tiles twice in random flights.
void TilesetSession::State::makeRoom() {
    const std::uint64_t cap = options.cacheBytes;
    const std::uint64_t needs = std::min(cap, missingBytes.needs);
    if (budget->heldBytes() + needs > cap) {
        dropDownTo(cap - needs, {});
    }
    const std::uint64_t limit = partOf(cap, kPreloadShare);
    if (missingBytes.soon > 0 && budget->heldBytes() + needs + missingBytes.soon > limit) {
        dropDownTo(limit - std::min(limit, needs + missingBytes.soon),
                   {.idleSeconds = kThrashSeconds, .leastSeconds = kFarSeconds});
    }
}

/// First what will be needed last.
void TilesetSession::State::dropDownTo(std::uint64_t targetBytes, const Disuse& disuse) {
    std::vector<std::pair<double, std::size_t>> order;
    for (const std::size_t node : cache.droppable(disuse.idleSeconds)) {
        order.emplace_back(forecast.secondsUntil(tree, node), node);
    }
    std::ranges::stable_sort(
        order, std::greater<>(), [](const auto& entry) { return entry.first; });
    for (const auto& [seconds, node] : order) {
        if (budget->heldBytes() <= targetBytes || seconds < disuse.leastSeconds) {
            return;
        }
        drop(node);
    }
}

/// What the scene never got goes as well: while it uploads slowly, a camera in motion leaves whole
/// pictures behind it that are decoded and not wanted any more.
void TilesetSession::State::drop(std::size_t node) {
    if (cache.phase(node) == TileCache::Phase::Decoded) {
        std::erase_if(arrivals,
                      [node](const TileArrival& arrival) { return arrival.node == node; });
    } else {
        evicted.push_back(node);
    }
    budget->release(cache.bytesOf(node));
    cache.drop(node);
    contentStates[node] = select::ContentState::Unloaded;
}

bool TilesetSession::State::isSoon(std::size_t node) const {
    return forecast.secondsUntil(tree, node) <= kSoonSeconds;
}

/// Preloads only as far as there is room for them, so that none is left waiting when all is done.
void TilesetSession::State::schedule() {
    std::vector<LoadRequest> requests;
    idlePreloads = 0;
    std::uint64_t promised = budget->heldBytes() + missingBytes.needs;
    for (const select::Wish& wish : selection.load) {
        if (!mayStart(wish)) {
            continue;
        }
        LoadRequest request = requestFor(wish);
        if (wish.priority == select::Priority::Preload) {
            promised += request.expectedBytes;
            if (promised > partOf(options.cacheBytes, kPreloadShare)) {
                break;
            }
            ++idlePreloads;
        }
        requests.push_back(std::move(request));
    }
    loads->replaceWaiting(std::move(requests));
    statistics.inFlight = loads->startedCount();
}

bool TilesetSession::State::mayStart(const select::Wish& wish) const {
    if (cache.phase(wish.node) != TileCache::Phase::Absent) {
        return false;
    }
    const bool isThrash = wish.priority == select::Priority::Preload &&
                          cache.wasDroppedSince(wish.node, now.seconds - kThrashSeconds);
    return !isThrash && retries.mayTry(wish.node, now.seconds);
}

LoadRequest TilesetSession::State::requestFor(const select::Wish& wish) const {
    const select::Node& tile = tree.nodes()[wish.node];
    return {.node = wish.node,
            .contentUris = tile.contentUris,
            .gltfUpAxis = tile.gltfUpAxis,
            .externalUri = tile.externalAttached ? "" : tile.externalUri,
            .subtree = tile.subtree,
            .tileToScene = frame.fromEcefMatrix() * tile.toEcef,
            .priority = wish.priority,
            .expectedBytes = hasContent(wish.node) ? cache.reservedBytes(wish.node) : 0};
}

void TilesetSession::State::sortArrivals() {
    std::ranges::stable_sort(
        arrivals, {}, [this](const TileArrival& arrival) { return cache.wish(arrival.node); });
}

/// What the views need does not fit, even at the coarsest; the feedback has done all it can.
bool TilesetSession::State::isStarved() const {
    return detail.isAtLimit() && detail.isSteady() && arrivals.empty() &&
           loads->startedCount() == 0 && retries.isEmpty() &&
           std::ranges::none_of(selection.load, [this](const select::Wish& wish) {
               return wish.priority != select::Priority::Preload && mayStart(wish) &&
                      budget->heldBytes() + requestFor(wish).expectedBytes <= options.cacheBytes;
           });
}

TilesetSession::TilesetSession(std::unique_ptr<State> state) : state_(std::move(state)) {}

TilesetSession::~TilesetSession() = default;

base::Result<std::unique_ptr<TilesetSession>>
TilesetSession::open(std::shared_ptr<const ISource> source,
                     const std::string& rootUri,
                     const SessionOptions& options) {
    const auto bytes = source->read(rootUri);
    if (!bytes) {
        return bytes.error();
    }
    const auto read = tileset::readTileset(base::asText(*bytes));
    if (!read) {
        return base::within(base::decodeUri(rootUri), read.error());
    }
    if (const auto passed = checkRequired(read->tileset); !passed) {
        return passed.error();
    }
    auto state = std::make_unique<State>(std::move(source), read->tileset, rootUri, options);
    return std::unique_ptr<TilesetSession>(new TilesetSession(std::move(state)));
}

const select::SelectionTree& TilesetSession::tree() const {
    return state_->tree;
}

const geo::EnuFrame& TilesetSession::sceneFrame() const {
    return state_->frame;
}

const select::Selection& TilesetSession::update(const std::vector<select::ViewState>& views,
                                                const select::Options& options) {
    State& state = *state_;
    state.beginFrame();
    state.forecast.beginFrame({.views = views,
                               .nextViews = options.prefetchViews,
                               .maxScreenSpaceErrorPixels = options.maxScreenSpaceErrorPixels,
                               .nowSeconds = state.now.seconds});
    select::Options inEffect = options;
    inEffect.maxScreenSpaceErrorPixels *= state.detail.factor();
    inEffect.prefetchViews.resize(std::min(options.prefetchViews.size(), kPrefetched));
    state.selection = select::select(
        state.tree, views, state.contentStates, inEffect, std::exchange(state.selection, {}));
    state.markNeeds();
    state.detail.update({.neededBytes = state.cache.neededBytes() + state.missingBytes.needs,
                         .capBytes = state.options.cacheBytes,
                         .nowSeconds = state.now.seconds,
                         .isResting = state.isResting(views, options)});
    state.makeRoom();
    state.schedule();
    state.sortArrivals();
    state.statistics.maxScreenSpaceErrorPixels = inEffect.maxScreenSpaceErrorPixels;
    return state.selection;
}

void TilesetSession::setCacheBytes(std::uint64_t bytes) {
    state_->options.cacheBytes = bytes;
    state_->budget->setCap(bytes);
    state_->views.clear(); // what did not fit may fit now
}

std::vector<TileArrival> TilesetSession::takeArrivals(std::uint64_t budgetBytes) {
    std::vector<TileArrival> taken;
    std::uint64_t takenBytes = 0;
    while (!state_->arrivals.empty()) {
        const std::uint64_t bytes = state_->cache.bytesOf(state_->arrivals.front().node);
        if (!taken.empty() && takenBytes + bytes > budgetBytes) {
            break;
        }
        takenBytes += bytes;
        state_->cache.markTaken(state_->arrivals.front().node);
        taken.push_back(std::move(state_->arrivals.front()));
        state_->arrivals.pop_front();
    }
    return taken;
}

void TilesetSession::markReady(std::size_t node) {
    state_->cache.markReady(node);
    state_->contentStates[node] = select::ContentState::Ready;
}

std::vector<std::size_t> TilesetSession::takeEvicted() {
    return std::exchange(state_->evicted, {});
}

bool TilesetSession::isSettled() const {
    const bool isFinal = state_->statistics.pending == 0 && state_->selection.isComplete;
    return state_->now.number > kFirstFrame && state_->detail.isSteady() &&
           (isFinal || state_->isStarved());
}

bool TilesetSession::isIdle() const {
    return isSettled() && state_->idlePreloads == 0 && state_->arrivals.empty() &&
           state_->loads->startedCount() == 0;
}

void TilesetSession::waitForLoad() const {
    if (!state_->arrivals.empty()) {
        return;
    }
    const bool waitsForTime = !state_->retries.isEmpty() || !state_->detail.isSteady();
    if (state_->loads->startedCount() == 0 && waitsForTime) {
        std::this_thread::sleep_for(state_->options.secondsNow ? kNoNap : kNap);
        return;
    }
    state_->loads->waitForResult();
}

std::vector<TileFailure> TilesetSession::failures() const {
    std::vector<TileFailure> sorted = state_->failures;
    std::ranges::stable_sort(sorted, {}, &TileFailure::uri);
    return sorted;
}

SessionStatistics TilesetSession::statistics() const {
    const TileCache& cache = state_->cache;
    SessionStatistics statistics = state_->statistics;
    statistics.visited = state_->selection.visited;
    statistics.culled = state_->selection.culled;
    statistics.kicked = state_->selection.kicked;
    statistics.loadedContents = cache.admittedCounts().total();
    statistics.evictedContents = cache.droppedCount();
    statistics.reloadedContents = cache.reloadedCount();
    statistics.neverDrawn = cache.neverDrawnCounts();
    statistics.cachedBytes = cache.residentBytes();
    statistics.peakBytes = state_->budget->peakBytes();
    return statistics;
}

} // namespace viewer::stream
