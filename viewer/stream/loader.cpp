#include "viewer/stream/loader.h"

#include "tiles3d/base/uri.h"
#include "tiles3d/tileset/subtree.h"
#include "tiles3d/tileset/tileset_io.h"
#include "viewer/stream/tile_decoder.h"

#include <algorithm>
#include <exception>
#include <utility>

namespace viewer::stream {

namespace {

namespace base = tiles3d::base;
namespace select = tiles3d::select;
namespace tileset = tiles3d::tileset;

/// One request's way from bytes to result.
class Loading {
public:
    Loading(const ISource& source, const LoadRequest& request)
        : source_(source), request_(request), result_{.node = request.node} {}

    LoadResult run() {
        loadContents();
        if (!request_.externalUri.empty()) {
            if (auto external = loadExternal()) {
                result_.external = *std::move(external);
            } else {
                result_.problems.push_back({request_.externalUri, external.error().message});
            }
        }
        return std::move(result_);
    }

private:
    base::Result<base::Bytes> read(const std::string& uri) {
        auto bytes = source_.read(uri);
        result_.readBytes += bytes ? bytes->size() : 0;
        result_.mayPass = result_.mayPass || (!bytes && bytes.error().mayPass);
        return bytes;
    }

    void loadContents() {
        std::vector<MeshPack> packs;
        for (const std::string& uri : request_.contentUris) {
            if (auto pack = loadContent(uri)) {
                packs.push_back(*std::move(pack));
            } else {
                result_.problems.push_back({uri, pack.error().message});
            }
        }
        if (!packs.empty()) {
            result_.pack = joinPacks(std::move(packs));
        }
    }

    base::Result<MeshPack> loadContent(const std::string& uri) {
        const auto bytes = read(uri);
        if (!bytes) {
            return bytes.error();
        }
        const auto readResource = [&](const std::string& reference) {
            return read(base::resolveUri(uri, reference));
        };
        return decodeTile(*bytes,
                          request_.tileToScene,
                          {.upAxis = request_.gltfUpAxis, .readResource = readResource});
    }

    base::Result<tileset::Tileset> loadExternal() {
        const auto bytes = read(request_.externalUri);
        if (!bytes) {
            return bytes.error();
        }
        if (request_.subtree) {
            return expandFile(*bytes);
        }
        auto external = tileset::readTileset(base::asText(*bytes));
        if (!external) {
            return external.error();
        }
        return std::move(external->tileset);
    }

    /// The tiles of a subtree file; its buffers may lie beside it.
    base::Result<tileset::Tileset> expandFile(base::ByteView bytes) {
        const tileset::Tile& tile = request_.subtree->tile;
        const auto readBuffer = [this](const std::string& uri) {
            return read(base::resolveUri(request_.externalUri, uri));
        };
        const auto subtree = tileset::readSubtree(bytes, *tile.implicitTiling, readBuffer);
        if (!subtree) {
            return subtree.error();
        }
        return tileset::Tileset{.geometricErrorMetres = tile.geometricErrorMetres,
                                .root = tileset::expandSubtree(tile, *subtree)};
    }

    const ISource& source_;
    const LoadRequest& request_;
    LoadResult result_;
};

LoadResult loadSafely(const ISource& source, const LoadRequest& request) {
    const std::string uri =
        request.contentUris.empty() ? request.externalUri : request.contentUris.front();
    try {
        return Loading(source, request).run();
    } catch (const std::exception& exception) { // out of memory, say
        return {.node = request.node, .problems = {{uri, exception.what()}}};
    }
}

} // namespace

std::optional<LoadRequest> takeStartable(std::deque<LoadRequest>& waiting, ByteBudget& budget) {
    const auto capBytes = budget.capBytes();
    const auto preloadBytes =
        static_cast<std::uint64_t>(static_cast<double>(capBytes) * kPreloadShare);
    bool needWaits = false;
    for (auto at = waiting.begin(); at != waiting.end(); ++at) {
        const bool isPreload = at->priority == select::Priority::Preload;
        if (isPreload && needWaits) {
            return std::nullopt;
        }
        if (budget.reserve(at->expectedBytes, isPreload ? preloadBytes : capBytes)) {
            LoadRequest request = std::move(*at);
            waiting.erase(at);
            return request;
        }
        needWaits = true;
    }
    return std::nullopt;
}

LoadResult load(const ISource& source, const LoadRequest& request, ByteBudget& budget) {
    LoadResult result = loadSafely(source, request);
    const std::uint64_t bytes = result.pack ? result.pack->byteCount() : 0;
    if (!budget.settle(request.expectedBytes, bytes)) {
        return {.node = request.node, .lackedRoomBytes = bytes, .readBytes = result.readBytes};
    }
    return result;
}

} // namespace viewer::stream
