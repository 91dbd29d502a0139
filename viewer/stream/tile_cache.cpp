#include "viewer/stream/tile_cache.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace viewer::stream {

namespace {

/// What was needed in the last frames is kept: a camera that trembles would load it again.
constexpr std::uint64_t kKeepFrames = 2;
/// Tiles differ; a promise that is too small costs a decode more than one too large costs room.
constexpr double kReservedOverTypical = 1.25;
constexpr double kRecency = 0.05; // weight of one tile in the mean

} // namespace

void TileCache::beginFrame(const FrameTime& now, std::size_t nodeCount) {
    now_ = now;
    records_.resize(nodeCount);
}

void TileCache::markWished(std::size_t node, tiles3d::select::Priority priority) {
    records_[node].wish = priority;
    records_[node].wishFrame = now_.number;
}

tiles3d::select::Priority TileCache::wish(std::size_t node) const {
    const Record& record = records_[node];
    return record.wishFrame == now_.number ? record.wish : tiles3d::select::Priority::Preload;
}

void TileCache::admit(std::size_t node, std::uint64_t bytes) {
    Record& record = records_[node];
    record.phase = Phase::Decoded;
    record.bytes = bytes;
    record.useful = now_;
    if (!record.admittedAs) {
        record.admittedAs = record.wish;
        ++neverDrawn_[record.wish];
    }
    resident_.push_back(node);
    residentBytes_ += bytes;
    ++admitted_[record.wish];
    if (wasDroppedSince(node, now_.seconds - kThrashSeconds)) {
        ++reloadedCount_;
    }
    const auto size = static_cast<double>(bytes);
    typicalBytes_ = typicalBytes_ == 0.0 ? size : typicalBytes_ + kRecency * (size - typicalBytes_);
}

void TileCache::markDrawn(std::size_t node) {
    Record& record = records_[node];
    if (!std::exchange(record.wasDrawn, true) && record.admittedAs) {
        --neverDrawn_[*record.admittedAs];
    }
}

bool TileCache::markNeeded(std::size_t node) {
    Record& record = records_[node];
    const bool isNews = record.neededFrame != now_.number;
    record.neededFrame = now_.number;
    record.useful = now_;
    return isNews;
}

bool TileCache::mayGo(const Record& record, double idleSeconds) const {
    const bool isOurs = record.phase == Phase::Decoded || record.phase == Phase::Ready;
    return isOurs && record.bytes > 0 && record.neededFrame + kKeepFrames < now_.number &&
           record.useful.seconds + idleSeconds <= now_.seconds;
}

std::vector<std::size_t> TileCache::droppable(double idleSeconds) const {
    std::vector<std::size_t> nodes;
    std::ranges::copy_if(resident_, std::back_inserter(nodes), [&](std::size_t node) {
        return mayGo(records_[node], idleSeconds);
    });
    std::ranges::sort(nodes, {}, [this](std::size_t node) {
        return std::pair(records_[node].useful.number, node);
    });
    return nodes;
}

void TileCache::drop(std::size_t node) {
    Record& record = records_[node];
    residentBytes_ -= record.bytes;
    record.phase = Phase::Absent;
    record.droppedSeconds = now_.seconds;
    ++droppedCount_;
    std::erase(resident_, node);
}

std::uint64_t TileCache::likelyBytes(std::size_t node) const {
    const std::uint64_t known = records_[node].bytes;
    return known > 0 ? known : static_cast<std::uint64_t>(typicalBytes_);
}

std::uint64_t TileCache::reservedBytes(std::size_t node) const {
    if (records_[node].bytes > 0) {
        return records_[node].bytes;
    }
    return typicalBytes_ > 0.0 ? static_cast<std::uint64_t>(kReservedOverTypical * typicalBytes_)
                               : firstGuessBytes_;
}

std::uint64_t TileCache::neededBytes() const {
    std::uint64_t bytes = 0;
    for (const std::size_t node : resident_) {
        bytes += records_[node].neededFrame == now_.number ? records_[node].bytes : 0;
    }
    return bytes;
}

} // namespace viewer::stream
