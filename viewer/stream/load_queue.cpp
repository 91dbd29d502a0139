#include "viewer/stream/load_queue.h"

#include "tiles3d/base/uri.h"
#include "tiles3d/tileset/subtree.h"
#include "tiles3d/tileset/tileset_io.h"
#include "viewer/stream/tile_decoder.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <exception>
#include <iterator>
#include <mutex>
#include <set>
#include <thread>
#include <utility>

namespace viewer::stream {

namespace {

namespace base = tiles3d::base;
namespace tileset = tiles3d::tileset;

/// Workers pause while this much waits for the scene, so that loading cannot outrun uploading.
constexpr std::uint64_t kMaxUntakenBytes = std::uint64_t{256} << 20U;
constexpr std::chrono::milliseconds kWaitForResult{50};

base::Result<MeshPack> loadContent(const ISource& source,
                                   const std::string& uri,
                                   const LoadRequest& request,
                                   LoadResult& result) {
    const auto bytes = source.read(uri);
    if (!bytes) {
        return bytes.error();
    }
    result.readBytes += bytes->size();
    const auto readResource = [&](const std::string& reference) {
        auto resource = source.read(base::resolveUri(uri, reference));
        result.readBytes += resource ? resource->size() : 0;
        return resource;
    };
    return decodeTile(*bytes, request.tileToScene, {.readResource = readResource});
}

/// The tiles of a subtree file; its buffers may lie beside it.
base::Result<tileset::Tileset> expandFile(const ISource& source,
                                          const LoadRequest& request,
                                          base::ByteView bytes,
                                          LoadResult& result) {
    const tileset::Tile& tile = request.subtree->tile;
    const auto readBuffer = [&](const std::string& uri) {
        auto buffer = source.read(base::resolveUri(request.externalUri, uri));
        result.readBytes += buffer ? buffer->size() : 0;
        return buffer;
    };
    const auto subtree = tileset::readSubtree(bytes, *tile.implicitTiling, readBuffer);
    if (!subtree) {
        return subtree.error();
    }
    return tileset::Tileset{.geometricErrorMetres = tile.geometricErrorMetres,
                            .root = tileset::expandSubtree(tile, *subtree)};
}

base::Result<tileset::Tileset>
loadExternal(const ISource& source, const LoadRequest& request, LoadResult& result) {
    const auto bytes = source.read(request.externalUri);
    if (!bytes) {
        return bytes.error();
    }
    result.readBytes += bytes->size();
    if (request.subtree) {
        return expandFile(source, request, *bytes, result);
    }
    auto read = tileset::readTileset(base::asText(*bytes));
    if (!read) {
        return read.error();
    }
    return std::move(read->tileset);
}

LoadResult load(const ISource& source, const LoadRequest& request) {
    LoadResult result{.node = request.node};
    std::vector<MeshPack> packs;
    for (const std::string& uri : request.contentUris) {
        if (auto pack = loadContent(source, uri, request, result)) {
            packs.push_back(*std::move(pack));
        } else {
            result.problems.push_back({uri, pack.error().message, pack.error().mayPass});
        }
    }
    if (!packs.empty()) {
        result.pack = joinPacks(std::move(packs));
    }
    if (!request.externalUri.empty()) {
        if (auto external = loadExternal(source, request, result)) {
            result.external = *std::move(external);
        } else {
            result.problems.push_back(
                {request.externalUri, external.error().message, external.error().mayPass});
        }
    }
    return result;
}

/// A foreign decoder that throws (out of memory, say) costs its tile only.
LoadResult loadSafely(const ISource& source, const LoadRequest& request) {
    const std::string uri =
        request.contentUris.empty() ? request.externalUri : request.contentUris.front();
    try {
        return load(source, request);
    } catch (const std::exception& exception) {
        return {.node = request.node, .problems = {{uri, exception.what()}}};
    }
}

} // namespace

struct LoadQueue::State {
    std::shared_ptr<const ISource> source;
    mutable std::mutex mutex;
    std::condition_variable_any workChanged;
    mutable std::condition_variable resultArrived;
    std::deque<LoadRequest> waiting;
    std::set<std::size_t> started; // in flight, or done and not yet taken
    std::vector<LoadResult> results;
    std::uint64_t untakenBytes = 0;
    std::vector<std::jthread> threads; // last: joined before the rest goes

    void work(const std::stop_token& stop);
};

void LoadQueue::State::work(const std::stop_token& stop) {
    while (true) {
        std::unique_lock lock(mutex);
        const bool hasWork = workChanged.wait(
            lock, stop, [this] { return !waiting.empty() && untakenBytes < kMaxUntakenBytes; });
        if (!hasWork || stop.stop_requested()) {
            return;
        }
        const LoadRequest request = std::move(waiting.front());
        waiting.pop_front();
        started.insert(request.node);
        lock.unlock();

        LoadResult result = loadSafely(*source, request);

        lock.lock();
        untakenBytes += result.pack ? result.pack->byteCount() : 0;
        results.push_back(std::move(result));
        resultArrived.notify_all();
    }
}

LoadQueue::LoadQueue(std::shared_ptr<const ISource> source, std::size_t threads)
    : state_(std::make_unique<State>()) {
    state_->source = std::move(source);
    for (std::size_t i = 0; i < threads; ++i) {
        state_->threads.emplace_back(
            [state = state_.get()](const std::stop_token& stop) { state->work(stop); });
    }
}

LoadQueue::~LoadQueue() {
    state_->source->interrupt();
    std::ranges::for_each(state_->threads, [](std::jthread& thread) { thread.request_stop(); });
    state_->threads.clear();
}

void LoadQueue::replaceWaiting(std::vector<LoadRequest> requests) {
    const std::scoped_lock lock(state_->mutex);
    std::erase_if(requests, [this](const LoadRequest& request) {
        return state_->started.contains(request.node);
    });
    state_->waiting.assign(std::make_move_iterator(requests.begin()),
                           std::make_move_iterator(requests.end()));
    state_->workChanged.notify_all();
}

std::vector<LoadResult> LoadQueue::takeResults() {
    const std::scoped_lock lock(state_->mutex);
    for (const LoadResult& result : state_->results) {
        state_->started.erase(result.node);
    }
    state_->untakenBytes = 0;
    state_->workChanged.notify_all();
    return std::exchange(state_->results, {});
}

std::size_t LoadQueue::pendingCount() const {
    const std::scoped_lock lock(state_->mutex);
    return state_->waiting.size() + state_->started.size();
}

void LoadQueue::waitForResult() const {
    std::unique_lock lock(state_->mutex);
    if (state_->waiting.empty() && state_->started.empty()) {
        return;
    }
    state_->resultArrived.wait_for(
        lock, kWaitForResult, [this] { return !state_->results.empty(); });
}

} // namespace viewer::stream
