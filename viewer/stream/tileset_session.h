#pragma once

#include "tiles3d/base/result.h"
#include "tiles3d/geo/enu_frame.h"
#include "tiles3d/select/select.h"
#include "viewer/stream/loader.h"
#include "viewer/stream/mesh_pack.h"
#include "viewer/stream/priority_counts.h"
#include "viewer/stream/source.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace viewer::stream {

struct SessionOptions {
    std::size_t threads = 0; ///< Loading threads; 0: one per core, at least 2, at most 8.
    /// Decoded tiles never take more than this together: those in use, those not taken yet, those
    /// being made. Where the views need more, they get a coarser picture.
    std::uint64_t cacheBytes = std::uint64_t{1} << 30U;
    /// The frame that tiles are handed out in, for a scene that holds several tilesets. None: that
    /// of sceneFrameOf() for the root's volume.
    std::optional<tiles3d::geo::EnuFrame> sceneFrame;
    /// Pauses before a file that could not be read is tried again, and then given up. What was read
    /// and is bad is never tried again.
    std::vector<double> retryAfterSeconds{1.0, 4.0, 16.0};
    std::function<double()> secondsNow; ///< Never runs backwards. None: the steady clock.
    LoaderFactory makeLoader;           ///< None: a LoadQueue with `threads`.
};

/// A decoded tile that the scene now owns.
struct TileArrival {
    std::size_t node = 0; ///< Index into tree().nodes().
    std::shared_ptr<const MeshPack> pack;
};

struct TileFailure {
    std::string uri;
    std::string message;
};

/// Since opening, or of the last update() where the comment says so.
struct SessionStatistics {
    PriorityCounts wanted;   ///< Of the last update(): its load list.
    std::size_t pending = 0; ///< Of the last update(): wanted as Urgent or Normal.
    std::size_t inFlight = 0;
    std::size_t visited = 0; ///< Of the last update(), as the next two.
    std::size_t culled = 0;
    std::size_t kicked = 0;
    double maxScreenSpaceErrorPixels = 0.0; ///< Of the last update(): the one in effect.

    std::size_t loadedContents = 0; ///< Tiles decoded.
    std::size_t evictedContents = 0;
    std::size_t reloadedContents = 0; ///< Loaded again within 10 s of their eviction.
    std::size_t failedLoads = 0;      ///< Given up; failures() says why.
    std::size_t retriedLoads = 0;
    std::size_t discardedLoads = 0; ///< Decoded, but there was no room; tried again.
    PriorityCounts neverDrawn;      ///< Decoded, but never in a render list, by what asked first.
    std::uint64_t readBytes = 0;
    std::uint64_t cachedBytes = 0; ///< Decoded tiles held now.
    std::uint64_t peakBytes = 0;   ///< Most bytes held and reserved at any time.
};

/// An open tileset: selects, reads and decodes in background threads, and says what to draw.
/// All members are called from one thread. Its life with the scene, frame by frame:
///
///   const Selection& selection = session.update(views);
///   for (node : session.takeEvicted())  drop what was made of the node;
///   for (arrival : session.takeArrivals(budget))  upload it, then session.markReady(arrival.node);
///   draw selection.render;
///
/// A tile whose bytes are bad becomes Failed with a message in failures() and blocks nobody: the
/// selection takes it as drawn and empty. So does one that cannot be read, after the last attempt;
/// until then a coarser tile stands in. Implicit tiles (3D Tiles 1.1, 8) come subtree by subtree,
/// each read when a view first needs a tile of it. Loads that are no longer wanted are dropped
/// before they start, never in the middle.
///
/// Memory: where what the views need does not fit SessionOptions::cacheBytes, the error limit rises
/// until it does (see DetailFeedback), up to eight times. Tiles needed in the last two frames, and
/// their ancestors, are never dropped. Others are dropped only when something lacks room, first
/// what the camera will come to last (see NeedForecast). Preloads that will be needed within 2.5 s
/// drop what was of no use for 10 s and will not be for 13 s, others drop nothing, and what was
/// dropped is not preloaded again within 10 s.
class TilesetSession {
public:
    /// Reads the root tileset at `rootUri`. Fails if it cannot be read or says nothing to draw.
    static tiles3d::base::Result<std::unique_ptr<TilesetSession>>
    open(std::shared_ptr<const ISource> source,
         const std::string& rootUri,
         const SessionOptions& options = {});

    TilesetSession(const TilesetSession&) = delete;
    TilesetSession& operator=(const TilesetSession&) = delete;
    /// Waits for the loads that have started.
    ~TilesetSession();

    const tiles3d::select::SelectionTree& tree() const;
    /// SessionOptions::sceneFrame, or else local east, north, up at the centre of the root's
    /// bounding volume, at ellipsoidal height 0.
    const tiles3d::geo::EnuFrame& sceneFrame() const;

    /// Takes in what has arrived, selects for these views and schedules what is missing. The answer
    /// lives until the next call; its render list holds only nodes that are marked ready and have
    /// content.
    /// Options::prefetchViews are where the camera will be after 1 s, 2 s, and so on: the first two
    /// are loaded ahead, what the later ones need is only kept. Worth giving: ten.
    const tiles3d::select::Selection& update(const std::vector<tiles3d::select::ViewState>& views,
                                             const tiles3d::select::Options& options = {});

    /// May be called at any time; takes effect with the next update().
    void setCacheBytes(std::uint64_t bytes);

    /// Decoded tiles, those that the last update() needs first, then in order of arrival: at least
    /// one if there is any, further ones while the sum of their bytes stays within `budgetBytes`.
    std::vector<TileArrival> takeArrivals(std::uint64_t budgetBytes);
    /// The node can be drawn from the next update() on. REQUIRES: it was handed out as an arrival.
    void markReady(std::size_t node);
    /// Nodes dropped since the last call; they are loaded again when wanted again.
    std::vector<std::size_t> takeEvicted();

    /// The picture is final: the last update() drew all that the views need at the error limit, and
    /// the limit itself will not change. Or nothing more fits the cap, with statistics().pending
    /// above 0. Preloads may be on their way.
    bool isSettled() const;
    /// Settled, and the preloads that the cap has room for are ready, too.
    bool isIdle() const;
    /// Blocks until a load ends, or 50 ms have passed, or there is nothing to wait for.
    void waitForLoad() const;

    /// In order of URI.
    std::vector<TileFailure> failures() const;
    SessionStatistics statistics() const;

private:
    struct State;
    explicit TilesetSession(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

/// The frame of a scene whose root has that volume: see TilesetSession::sceneFrame().
tiles3d::geo::EnuFrame sceneFrameOf(const tiles3d::tileset::BoundingVolume& volumeEcef);

} // namespace viewer::stream
