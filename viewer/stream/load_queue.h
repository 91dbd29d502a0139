#pragma once

#include "tiles3d/base/result.h"
#include "tiles3d/select/select.h"
#include "tiles3d/tileset/tileset.h"
#include "viewer/stream/mesh_pack.h"
#include "viewer/stream/source.h"

#include <glm/mat4x4.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace viewer::stream {

/// Everything to be read for one node.
struct LoadRequest {
    std::size_t node = 0;
    std::vector<std::string> contentUris;
    std::string externalUri; ///< Empty if none.
    /// Set if externalUri is a subtree file of implicit tiles.
    std::shared_ptr<const tiles3d::select::ImplicitSubtree> subtree;
    glm::dmat4 tileToScene{1.0};
};

struct LoadProblem {
    std::string uri;
    std::string message;
    bool mayPass = false; ///< As Error::mayPass: another try may help.
};

/// What came of a request. `pack` is empty if no content could be read, `external` likewise.
struct LoadResult {
    std::size_t node = 0;
    std::optional<MeshPack> pack;
    std::optional<tiles3d::tileset::Tileset> external;
    std::vector<LoadProblem> problems;
    std::uint64_t readBytes = 0;
};

/// Runs requests on its own threads. Members are called from one thread.
class LoadQueue {
public:
    LoadQueue(std::shared_ptr<const ISource> source, std::size_t threads);
    LoadQueue(const LoadQueue&) = delete;
    LoadQueue& operator=(const LoadQueue&) = delete;
    /// Drops what has not started, waits for the rest.
    ~LoadQueue();

    /// Replaces all requests that have not started, most urgent first. Nodes in flight, or done and
    /// not yet taken, are left out.
    void replaceWaiting(std::vector<LoadRequest> requests);
    /// Results in order of completion.
    std::vector<LoadResult> takeResults();
    /// Requests waiting or in flight, or done and not yet taken.
    std::size_t pendingCount() const;
    /// Blocks until there is a result, or 50 ms have passed, or nothing is pending.
    void waitForResult() const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

} // namespace viewer::stream
