#pragma once

#include "tests/support/tileset_folder.h"
#include "tiles3d/base/result.h"
#include "tiles3d/image/image.h"
#include "tiles3d/tileset/bounding_volume.h"
#include "viewer/camera/camera_pose.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace tests {

/// Where the city's silhouette ends. No photograph holds it, so a pixel of exactly this colour is
/// background.
inline constexpr std::array<std::uint8_t, 3> kBackground{255, 0, 255}; // RGB

/// A camera; its picture is lens.widthPixels x lens.heightPixels.
struct Shot {
    viewer::camera::CameraPose pose;
    viewer::camera::Lens lens;
};

/// Pictures of chosen tiles, whatever the selection would say: read, decoded and drawn by the
/// viewer's own code, one sample per pixel, over kBackground instead of the sky. One at a time in a
/// process. Same tiles, same camera, same GL renderer: same pixels.
class TilePainter {
public:
    /// `city` must outlive the painter; it may still grow. Fails without EGL.
    static tiles3d::base::Result<std::unique_ptr<TilePainter>> create(const TilesetFolder& city);

    TilePainter(const TilePainter&) = delete;
    TilePainter& operator=(const TilePainter&) = delete;
    ~TilePainter();

    /// The picture of exactly these tiles. Loads what it does not hold and keeps it. Fails if a
    /// tile cannot be decoded or the picture is too large.
    tiles3d::base::Result<tiles3d::image::Raster> draw(const std::vector<std::size_t>& tiles,
                                                       const Shot& shot);

    /// The same picture as distances along the viewing direction, metres, row 0 at the top;
    /// infinite where it shows the background. Within 1e-6 of the distance. Fails likewise.
    tiles3d::base::Result<std::vector<float>> distances(const std::vector<std::size_t>& tiles,
                                                        const Shot& shot);

    /// Limits of all vertices of these tiles in the scene's frame. Loads and fails like draw().
    tiles3d::base::Result<tiles3d::tileset::Limits> limitsOf(const std::vector<std::size_t>& tiles);

    /// Drops all tiles held.
    void forget();

private:
    struct State;
    explicit TilePainter(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

} // namespace tests
