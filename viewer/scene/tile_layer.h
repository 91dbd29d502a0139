#pragma once

#include "viewer/scene/gpu_tile.h"
#include "viewer/scene/ray.h"
#include "viewer/scene/triangle_tree.h"
#include "viewer/scene/upload_pace.h"
#include "viewer/stream/mesh_pack.h"

#include <glm/vec3.hpp>
#include <osg/Group>
#include <osg/MatrixTransform>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace viewer::scene {

/// What one call may upload. A slice is at most 512 KiB of texture or 1 MiB of vertices, and
/// smaller where those before it were slow, so a call exceeds the bytes by less than that, and the
/// time only by chance. A texture's room is made at once, first thing in a call if it is expected
/// to take longer than the budget: 1 ms for 2048 x 2048 texels by software where the process has
/// the memory, up to 10 ms where the system has to give it.
struct UploadBudget {
    std::size_t bytes = std::size_t{8} << 20U;
    double milliseconds = 4.0;
};

struct UploadReport {
    std::vector<std::size_t> completed; ///< Tiles that are whole on the GPU from now on.
    std::size_t bytes = 0;
    std::size_t slices = 0;
    double milliseconds = 0.0;
    double cpuMilliseconds = 0.0; ///< Of this thread: less where others had the core meanwhile.
};

/// A point of a tile's surface.
struct SurfaceHit {
    std::size_t id = 0; ///< The tile's.
    glm::dvec3 point{0.0};
};

/// How tiles take each other's place.
struct FadeOptions {
    double seconds = 0.0; ///< 0: at once.
};

/// The tiles the scene holds: made from packs, shown by list, uploaded within a budget, released
/// when the GPU is done with them. All members are called from the thread that draws, and none
/// while it culls or draws.
class TileLayer {
public:
    TileLayer();

    /// Child of FrameGraph::scene().
    osg::Node* node() { return root_.get(); }

    /// Makes the drawable form of a tile, not shown yet; copies nothing. `name` orders the drawing,
    /// so that the same tiles give the same picture whatever the order they arrived in. An id in
    /// use is replaced.
    void add(std::size_t id,
             const std::string& name,
             const std::shared_ptr<const stream::MeshPack>& pack);
    void remove(std::size_t id);
    /// Removes all.
    void clear();
    /// Shows exactly these tiles; unknown ones are skipped, and what is not whole on the GPU is not
    /// drawn. With fading, a tile that another takes the place of goes as that one comes.
    void show(const std::vector<std::size_t>& ids);

    /// Fading is by dither: each pixel shows the old tile or the new one, and no pixel neither.
    /// Tiles that take nobody's place, and those nobody takes the place of, do not fade.
    void setFade(const FadeOptions& options);
    /// The time for fading, seconds from any start; the caller's clock, not the wall's.
    void setTime(double seconds);
    /// The picture changes with time alone.
    bool isFading() const { return !fades_.empty(); }

    /// 1 solid, 0 nothing; between by dither, so that nothing needs sorting.
    void setOpacity(double opacity);
    void setVisible(bool isVisible);

    /// Tiles added and not whole on the GPU, in the order of add().
    std::vector<std::size_t> waitingForUpload() const;
    /// Puts slices of the waiting tiles on the GPU, tile after tile, at least one if any waits. A
    /// tile's pack is let go when it is whole; positions and indices are copied for nearestHit().
    /// REQUIRES: `state` has a current context, the same in every call.
    UploadReport uploadSome(osg::State& state, const UploadBudget& budget);
    /// The same for one tile, at once and without a budget: for pictures that wait for everything.
    void upload(std::size_t id, osg::State& state);

    /// Once a frame: deletes GPU objects of tiles removed three calls ago or earlier, for at most
    /// 1 ms but at least those of one tile. REQUIRES: a current context, that of the upload.
    void releaseRemoved(osg::State& state);
    /// GL objects that exist: of all tiles held, and of removed ones not yet released.
    std::size_t livingObjects() const;
    /// Main memory of the tiles held: packs until uploaded, then what nearestHit() needs.
    std::uint64_t heldBytes() const;

    /// The nearest point of the shown tiles on the ray, scene frame, and whose it is. The first ray
    /// to reach a tile takes about 0.1 ms more per 1,000 of its triangles than later ones.
    std::optional<SurfaceHit> nearestTile(const Ray& ray) const;
    std::optional<glm::dvec3> nearestHit(const Ray& ray) const;

    /// The triangles of the shown tiles; more than these of tiles that are not whole on the GPU.
    std::vector<std::shared_ptr<const stream::MeshPack>> shownPacks() const;

    std::size_t shownTriangles() const;

private:
    struct Tile {
        std::string name;
        osg::ref_ptr<osg::MatrixTransform> node;
        std::shared_ptr<GpuTile> gpu;
        std::shared_ptr<const stream::MeshPack> pack; // whole at first, then for nearestHit()
        std::size_t triangles = 0;
        mutable std::vector<TriangleTree> trees; // one per part, made when first needed
    };
    struct Fade {
        double startSeconds = 0.0;
        bool isLeaving = false;
    };
    struct Removed {
        std::shared_ptr<GpuTile> gpu;
        std::uint64_t call = 0; // of releaseRemoved()
    };

    static GpuTile::Slice nextStep(const Tile& tile);
    std::optional<std::size_t> bytesWithin(double milliseconds, const GpuTile::Slice& step) const;
    void uploadStep(std::size_t mostBytes, osg::State& state, UploadReport& report);
    static void finishUpload(Tile& tile);
    double nearestInTile(const Tile& tile, const Ray& ray, double nearest) const;

    float progress(const Fade& fade) const;
    void fade(const std::vector<std::size_t>& leaving, const std::vector<std::size_t>& coming);
    void endFades(double startSeconds);
    void dither(std::size_t id, float from, float to);
    std::vector<std::size_t> inDrawingOrder(const std::vector<std::size_t>& ids) const;
    void rebuildChildren();

    osg::ref_ptr<osg::Group> root_;
    std::map<std::size_t, Tile> tiles_;
    std::deque<std::size_t> waiting_;
    UploadPace pace_;
    std::vector<std::size_t> shown_;    // in the order drawn
    std::map<std::size_t, Fade> fades_; // of tiles that come, and of those that still go
    std::deque<Removed> removed_;
    FadeOptions fade_;
    double nowSeconds_ = 0.0;
    float opacity_ = 1.0F;
    std::uint64_t releaseCalls_ = 0;
};

} // namespace viewer::scene
