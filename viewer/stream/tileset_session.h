#pragma once

#include "tiles3d/base/result.h"
#include "tiles3d/geo/enu_frame.h"
#include "tiles3d/select/select.h"
#include "viewer/stream/mesh_pack.h"
#include "viewer/stream/source.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace viewer::stream {

struct SessionOptions {
    std::size_t threads = 0; ///< Loading threads; 0: one per core, at least 2, at most 8.
    /// Tiles that are not in use are dropped, oldest first, while all tiles together take more than
    /// this. What the views need is never dropped, so a large picture may exceed it.
    std::uint64_t cacheBytes = std::uint64_t{1} << 30U;
    /// The frame that tiles are handed out in, for a scene that holds several tilesets. None: that
    /// of sceneFrameOf() for the root's volume.
    std::optional<tiles3d::geo::EnuFrame> sceneFrame;
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

struct SessionStatistics {
    std::size_t loadedContents = 0; ///< Tiles decoded since opening.
    std::size_t evictedContents = 0;
    std::size_t pending = 0;       ///< Wanted, but not yet ready, at the last update().
    std::uint64_t readBytes = 0;   ///< File bytes since opening.
    std::uint64_t cachedBytes = 0; ///< MeshPack bytes of the tiles held now.
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
/// selection takes it as drawn and empty. Implicit tiles (3D Tiles 1.1, 8) come subtree by subtree,
/// each read when a view first needs a tile of it. Loads that are no longer wanted are dropped
/// before they start, never in the middle.
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
    const tiles3d::select::Selection& update(const std::vector<tiles3d::select::ViewState>& views,
                                             const tiles3d::select::Options& options = {});

    /// Decoded tiles in order of arrival, at least one if there is any, further ones while the sum
    /// of their bytes stays within `budgetBytes`.
    std::vector<TileArrival> takeArrivals(std::uint64_t budgetBytes);
    /// The node can be drawn from the next update() on. REQUIRES: it was handed out as an arrival.
    void markReady(std::size_t node);
    /// Nodes dropped since the last call; they are loaded again when wanted again.
    std::vector<std::size_t> takeEvicted();

    /// Everything the last update() wanted is ready or failed, and nothing is being read.
    bool isSettled() const;
    /// Blocks until a load ends, or 50 ms have passed, or nothing is being loaded.
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
