#pragma once

#include "tiles3d/select/select.h"
#include "viewer/stream/priority_counts.h"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

namespace viewer::stream {

/// The frame that is being made.
struct FrameTime {
    std::uint64_t number = 0;
    double seconds = 0.0;
};

/// Which nodes are held, how large they are, when they were of use: the books, not the tiles.
class TileCache {
public:
    /// Taken: handed to the scene, which is not done with it.
    enum class Phase : std::uint8_t { Absent, Decoded, Taken, Ready };

    /// `firstGuessBytes`: what to reserve for a tile before any is known. Small, so that a small
    /// cap does not keep the first one out.
    explicit TileCache(std::uint64_t firstGuessBytes) : firstGuessBytes_(firstGuessBytes) {}

    /// Begins a frame; there are so many nodes now.
    void beginFrame(const FrameTime& now, std::size_t nodeCount);

    /// The views ask for the node in this frame.
    void markWished(std::size_t node, tiles3d::select::Priority priority);
    /// A node was decoded.
    void admit(std::size_t node, std::uint64_t bytes);
    void markTaken(std::size_t node) { records_[node].phase = Phase::Taken; }
    void markReady(std::size_t node) { records_[node].phase = Phase::Ready; }
    void markDrawn(std::size_t node);
    /// The views need the node: nothing drops it in this frame or the next two.
    /// False if that was said in this frame before.
    bool markNeeded(std::size_t node);
    /// It may be needed soon.
    void markUseful(std::size_t node) { records_[node].useful = now_; }
    /// A decoded node's size, to be expected again.
    void learnBytes(std::size_t node, std::uint64_t bytes) { records_[node].bytes = bytes; }

    /// Decoded and ready nodes that are not needed and were of no use for
    /// `idleSeconds`, longest unused first.
    std::vector<std::size_t> droppable(double idleSeconds = 0.0) const;
    /// REQUIRES: one of droppable().
    void drop(std::size_t node);

    /// How this frame asks for a node; Preload if it does not.
    tiles3d::select::Priority wish(std::size_t node) const;
    Phase phase(std::size_t node) const { return records_[node].phase; }
    /// Of a node that was decoded before; otherwise what others took, 0 before there are any.
    std::uint64_t likelyBytes(std::size_t node) const;
    /// What to reserve for a node's decoding: enough in most cases.
    std::uint64_t reservedBytes(std::size_t node) const;
    bool wasDroppedSince(std::size_t node, double seconds) const {
        return records_[node].droppedSeconds >= seconds;
    }
    /// Bytes of what is held and was marked needed in this frame.
    std::uint64_t neededBytes() const;
    std::uint64_t residentBytes() const { return residentBytes_; }
    std::uint64_t bytesOf(std::size_t node) const { return records_[node].bytes; }

    std::size_t droppedCount() const { return droppedCount_; }
    /// Admitted within 10 s of being dropped.
    std::size_t reloadedCount() const { return reloadedCount_; }
    const PriorityCounts& admittedCounts() const { return admitted_; }
    /// Of what was ever admitted, by what it was asked for as the first time.
    const PriorityCounts& neverDrawnCounts() const { return neverDrawn_; }

private:
    struct Record {
        Phase phase = Phase::Absent;
        bool wasDrawn = false;
        tiles3d::select::Priority wish = tiles3d::select::Priority::Preload; ///< The last.
        std::uint64_t wishFrame = 0;
        std::optional<tiles3d::select::Priority> admittedAs; ///< The first time.
        std::uint64_t bytes = 0;                             ///< Kept when dropped.
        std::uint64_t neededFrame = 0;
        FrameTime useful;
        double droppedSeconds = -std::numeric_limits<double>::infinity();
    };

    bool mayGo(const Record& record, double idleSeconds) const;

    std::uint64_t firstGuessBytes_ = 0;
    FrameTime now_;
    std::vector<Record> records_;
    std::vector<std::size_t> resident_;
    std::uint64_t residentBytes_ = 0;
    double typicalBytes_ = 0.0; ///< A running mean; 0 before the first tile.
    std::size_t droppedCount_ = 0;
    std::size_t reloadedCount_ = 0;
    PriorityCounts admitted_;
    PriorityCounts neverDrawn_;
};

/// A tile that comes back sooner than this was dropped too early.
inline constexpr double kThrashSeconds = 10.0;

} // namespace viewer::stream
