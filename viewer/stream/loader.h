#pragma once

#include "tiles3d/select/select.h"
#include "tiles3d/tileset/tileset.h"
#include "viewer/stream/byte_budget.h"
#include "viewer/stream/mesh_pack.h"
#include "viewer/stream/source.h"

#include <glm/mat4x4.hpp>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace viewer::stream {

/// Everything to be read for one node.
struct LoadRequest {
    std::size_t node = 0;
    std::vector<std::string> contentUris;
    tiles3d::mesh::UpAxis gltfUpAxis = tiles3d::mesh::UpAxis::Y; ///< Of the contents.
    std::string externalUri;                                     ///< Empty if none.
    /// Set if externalUri is a subtree file of implicit tiles.
    std::shared_ptr<const tiles3d::select::ImplicitSubtree> subtree;
    glm::dmat4 tileToScene{1.0};
    tiles3d::select::Priority priority = tiles3d::select::Priority::Normal;
    std::uint64_t expectedBytes = 0; ///< Of the decoded pack; reserved while it is made.
};

struct LoadProblem {
    std::string uri;
    std::string message;
};

/// What came of a request. `pack` is empty if no content could be read, `external` likewise. The
/// pack's bytes are held in the loader's budget; who takes the result releases them in the end.
struct LoadResult {
    std::size_t node = 0;
    std::optional<MeshPack> pack;
    std::optional<tiles3d::tileset::Tileset> external;
    std::vector<LoadProblem> problems;
    bool mayPass = false; ///< A read failed in a way (Error::mayPass) that may go well next time.
    /// Not 0: all went well, but there was no room for that many bytes, so the pack is gone.
    std::uint64_t lackedRoomBytes = 0;
    std::uint64_t readBytes = 0;
};

/// Runs requests in the order of a list that changes all the time. Members are called from one
/// thread. A request starts when the budget has room for what is expected of it; where a need
/// waits for room, no preload starts. What has started is never given up: its bytes are nearly
/// there, and a camera in motion would give up most of what it asks for. What has not started
/// costs nothing, so it is forgotten as soon as it is not asked for any more.
class ILoader {
public:
    ILoader() = default;
    ILoader(const ILoader&) = delete;
    ILoader& operator=(const ILoader&) = delete;
    virtual ~ILoader() = default;

    /// Replaces all requests that have not started, most urgent first. Nodes in flight, or done and
    /// not yet taken, are left out.
    virtual void replaceWaiting(std::vector<LoadRequest> requests) = 0;
    /// Results in order of completion.
    virtual std::vector<LoadResult> takeResults() = 0;
    /// Requests in flight, or done and not yet taken.
    virtual std::size_t startedCount() const = 0;
    /// These and the waiting ones.
    virtual std::size_t pendingCount() const = 0;
    /// Blocks until there is a result, or 50 ms have passed, or nothing is pending.
    virtual void waitForResult() const = 0;
};

using LoaderFactory = std::function<std::unique_ptr<ILoader>(std::shared_ptr<const ISource>,
                                                             std::shared_ptr<ByteBudget>)>;

/// Preloads leave the rest of a cap to needs that may come.
inline constexpr double kPreloadShare = 0.95;

/// Takes out the first request that may start, its bytes reserved. For loaders.
std::optional<LoadRequest> takeStartable(std::deque<LoadRequest>& waiting, ByteBudget& budget);

/// Reads and decodes; the reservation becomes the pack's bytes. A decoder that throws costs its
/// tile only. For loaders; thread-safe.
LoadResult load(const ISource& source, const LoadRequest& request, ByteBudget& budget);

} // namespace viewer::stream
