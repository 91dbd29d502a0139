#include "viewer/stream/tileset_session.h"

#include "tiles3d/base/uri.h"
#include "tiles3d/tileset/bounding_volume.h"
#include "tiles3d/tileset/tileset_io.h"
#include "viewer/stream/load_queue.h"
#include "viewer/stream/required_extensions.h"

#include <algorithm>
#include <deque>
#include <thread>
#include <utility>

namespace viewer::stream {

namespace {

namespace base = tiles3d::base;
namespace geo = tiles3d::geo;
namespace select = tiles3d::select;
namespace tileset = tiles3d::tileset;

/// A tile drawn, or an ancestor of one, in the last frames is kept: a camera that trembles would
/// otherwise load it again and again.
constexpr std::uint64_t kKeepFrames = 2;
/// Eviction goes on down to this part of the cap, so that it does not run in every frame.
constexpr double kEvictDownTo = 0.85;
/// Decoded tiles held here before uploading; more stay with the loading threads, which then pause.
constexpr std::uint64_t kMaxArrivalBytes = std::uint64_t{64} << 20U;

/// What the session knows of a node beyond the tree.
struct NodeRecord {
    enum class Phase : std::uint8_t { Unloaded, Decoded, Ready };
    Phase phase = Phase::Unloaded;
    std::uint64_t bytes = 0;
    std::uint64_t lastUsedFrame = 0;
    std::uint64_t drawnFrame = 0;
    std::uint64_t standInFrame = 0; ///< Drawn in place of finer tiles that are being loaded.
};

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
          const SessionOptions& sessionOptions)
        : options(sessionOptions), tree(root, rootUri),
          frame(options.sceneFrame ? *options.sceneFrame
                                   : sceneFrameOf(tree.nodes().front().volumeEcef)),
          loads(std::move(source), threadCount(options.threads)) {
        growRecords();
    }

    SessionOptions options;
    select::SelectionTree tree;
    geo::EnuFrame frame;
    std::vector<select::ContentState> contentStates;
    std::vector<NodeRecord> records;
    std::deque<TileArrival> arrivals;
    std::uint64_t arrivalBytes = 0;
    std::vector<std::size_t> evicted;
    std::vector<TileFailure> failures;
    SessionStatistics statistics;
    select::Selection selection;
    bool isSelectionStale = true; // something became ready since
    std::uint64_t frameNumber = kKeepFrames;
    LoadQueue loads; // last: its threads end before the rest goes

    void growRecords();
    void takeResults();
    void accept(LoadResult result);
    void acceptPack(std::size_t node, MeshPack pack);
    void markUsed();
    void markStandIns();
    bool isBelowStandIn(std::size_t node) const;
    void schedule();
    void evict();
    void drop(std::size_t node);
    bool hasContent(std::size_t node) const { return !tree.nodes()[node].contentUris.empty(); }
};

void TilesetSession::State::growRecords() {
    const std::size_t first = records.size();
    records.resize(tree.nodes().size());
    contentStates.resize(tree.nodes().size(), select::ContentState::Unloaded);
    for (std::size_t node = first; node < records.size(); ++node) {
        if (!hasContent(node) && tree.nodes()[node].externalUri.empty()) {
            contentStates[node] = select::ContentState::Ready; // nothing to wait for
        }
    }
}

void TilesetSession::State::takeResults() {
    if (arrivalBytes >= kMaxArrivalBytes) {
        return;
    }
    for (LoadResult& result : loads.takeResults()) {
        accept(std::move(result));
    }
}

void TilesetSession::State::accept(LoadResult result) {
    const std::size_t node = result.node;
    statistics.readBytes += result.readBytes;
    for (LoadProblem& problem : result.problems) {
        failures.push_back({std::move(problem.uri), std::move(problem.message)});
    }
    const bool wantedExternal =
        !tree.nodes()[node].externalUri.empty() && !tree.nodes()[node].externalAttached;
    if (result.external && wantedExternal) {
        tree.attach(node, *result.external);
        growRecords();
    }
    const bool lacksExternal = wantedExternal && !result.external;
    if (result.pack && !lacksExternal) {
        acceptPack(node, *std::move(result.pack));
        return;
    }
    const bool isExternalOnly = !hasContent(node) && result.external.has_value();
    contentStates[node] =
        isExternalOnly ? select::ContentState::Ready : select::ContentState::Failed;
}

void TilesetSession::State::acceptPack(std::size_t node, MeshPack pack) {
    NodeRecord& record = records[node];
    record.phase = NodeRecord::Phase::Decoded;
    record.bytes = pack.byteCount();
    record.lastUsedFrame = frameNumber;
    ++statistics.loadedContents;
    statistics.cachedBytes += record.bytes;
    arrivalBytes += record.bytes;
    arrivals.push_back({node, std::make_shared<const MeshPack>(std::move(pack))});
}

void TilesetSession::State::markUsed() {
    const auto& nodes = tree.nodes();
    const auto markUpwards = [&](std::size_t node) {
        for (auto at = static_cast<std::int64_t>(node); at >= 0;
             at = nodes[static_cast<std::size_t>(at)].parent) {
            NodeRecord& record = records[static_cast<std::size_t>(at)];
            if (record.lastUsedFrame == frameNumber) {
                return; // and so are its ancestors
            }
            record.lastUsedFrame = frameNumber;
        }
    };
    std::ranges::for_each(selection.render, markUpwards);
    std::ranges::for_each(selection.load, markUpwards);
}

/// While one tile is missing, its ready neighbours wait undrawn below the tile that stands in for
/// them all. Dropping them then would start the loading over, for ever if the cap is small.
void TilesetSession::State::markStandIns() {
    for (const std::size_t node : selection.render) {
        records[node].drawnFrame = frameNumber;
    }
    for (const std::size_t node : selection.load) {
        for (std::int64_t at = tree.nodes()[node].parent; at >= 0;) {
            const auto ancestor = static_cast<std::size_t>(at);
            if (records[ancestor].drawnFrame == frameNumber) {
                records[ancestor].standInFrame = frameNumber;
                break;
            }
            at = tree.nodes()[ancestor].parent;
        }
    }
}

bool TilesetSession::State::isBelowStandIn(std::size_t node) const {
    for (std::int64_t at = tree.nodes()[node].parent; at >= 0;) {
        const auto ancestor = static_cast<std::size_t>(at);
        if (records[ancestor].standInFrame == frameNumber) {
            return true;
        }
        at = tree.nodes()[ancestor].parent;
    }
    return false;
}

void TilesetSession::State::schedule() {
    std::vector<LoadRequest> requests;
    const auto& nodes = tree.nodes();
    for (const std::size_t node : selection.load) {
        if (records[node].phase != NodeRecord::Phase::Unloaded ||
            contentStates[node] != select::ContentState::Unloaded) {
            continue;
        }
        const select::Node& tile = nodes[node];
        requests.push_back({.node = node,
                            .contentUris = tile.contentUris,
                            .externalUri = tile.externalAttached ? "" : tile.externalUri,
                            .subtree = tile.subtree,
                            .tileToScene = frame.fromEcefMatrix() * tile.toEcef});
    }
    statistics.pending = requests.size();
    loads.replaceWaiting(std::move(requests));
}

void TilesetSession::State::evict() {
    if (statistics.cachedBytes <= options.cacheBytes) {
        return;
    }
    std::vector<std::size_t> unused;
    for (std::size_t node = 0; node < records.size(); ++node) {
        const NodeRecord& record = records[node];
        if (record.phase == NodeRecord::Phase::Ready && record.bytes > 0 &&
            record.lastUsedFrame + kKeepFrames < frameNumber && !isBelowStandIn(node)) {
            unused.push_back(node);
        }
    }
    std::ranges::stable_sort(
        unused, {}, [this](std::size_t node) { return records[node].lastUsedFrame; });
    const auto target =
        static_cast<std::uint64_t>(static_cast<double>(options.cacheBytes) * kEvictDownTo);
    for (const std::size_t node : unused) {
        if (statistics.cachedBytes <= target) {
            return;
        }
        drop(node);
    }
}

void TilesetSession::State::drop(std::size_t node) {
    NodeRecord& record = records[node];
    statistics.cachedBytes -= record.bytes;
    ++statistics.evictedContents;
    record = {};
    contentStates[node] = select::ContentState::Unloaded;
    evicted.push_back(node);
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
    ++state.frameNumber;
    state.takeResults();
    state.selection = select::select(state.tree, views, state.contentStates, options);
    state.isSelectionStale = false;
    state.markUsed();
    state.markStandIns();
    state.schedule();
    state.evict();
    std::erase_if(state.selection.render, [&state](std::size_t node) {
        return state.records[node].phase != NodeRecord::Phase::Ready;
    });
    return state.selection;
}

std::vector<TileArrival> TilesetSession::takeArrivals(std::uint64_t budgetBytes) {
    std::vector<TileArrival> taken;
    std::uint64_t takenBytes = 0;
    while (!state_->arrivals.empty()) {
        const std::uint64_t bytes = state_->records[state_->arrivals.front().node].bytes;
        if (!taken.empty() && takenBytes + bytes > budgetBytes) {
            break;
        }
        takenBytes += bytes;
        taken.push_back(std::move(state_->arrivals.front()));
        state_->arrivals.pop_front();
    }
    state_->arrivalBytes -= takenBytes;
    return taken;
}

void TilesetSession::markReady(std::size_t node) {
    state_->records[node].phase = NodeRecord::Phase::Ready;
    state_->contentStates[node] = select::ContentState::Ready;
    state_->isSelectionStale = true;
}

std::vector<std::size_t> TilesetSession::takeEvicted() {
    return std::exchange(state_->evicted, {});
}

bool TilesetSession::isSettled() const {
    const bool allReady = std::ranges::all_of(state_->selection.load, [this](std::size_t node) {
        return state_->contentStates[node] != tiles3d::select::ContentState::Unloaded;
    });
    return !state_->isSelectionStale && allReady && state_->arrivals.empty() &&
           state_->loads.pendingCount() == 0;
}

void TilesetSession::waitForLoad() const {
    if (state_->arrivals.empty()) {
        state_->loads.waitForResult();
    }
}

std::vector<TileFailure> TilesetSession::failures() const {
    std::vector<TileFailure> sorted = state_->failures;
    std::ranges::stable_sort(sorted, {}, &TileFailure::uri);
    return sorted;
}

SessionStatistics TilesetSession::statistics() const {
    return state_->statistics;
}

} // namespace viewer::stream
