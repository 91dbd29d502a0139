#pragma once

#include "tiles3d/base/result.h"
#include "tiles3d/image/image.h"

#include <memory>

namespace viewer::render {

/// A picture of 8-bit RGBA in the memory of the OpenGL context that is current: to be drawn into
/// and read back. All members need that context current again.
class Framebuffer {
public:
    /// Left bound. Fails with the driver's reason if it refuses the size.
    static tiles3d::base::Result<std::unique_ptr<Framebuffer>> make(int widthPixels,
                                                                    int heightPixels);

    Framebuffer(const Framebuffer&) = delete;
    Framebuffer& operator=(const Framebuffer&) = delete;
    ~Framebuffer();

    unsigned name() const { return name_; } ///< OpenGL's.
    int widthPixels() const { return widthPixels_; }
    int heightPixels() const { return heightPixels_; }

    /// Its colours as RGB, row 0 at the top. Binds it.
    tiles3d::image::Raster readPixels() const;

private:
    Framebuffer(int widthPixels, int heightPixels);

    unsigned name_ = 0;
    unsigned colour_ = 0; // a renderbuffer; each pass has depth of its own
    int widthPixels_ = 0;
    int heightPixels_ = 0;
};

/// Longest side of a texture in the context that is current, pixels.
int maxTextureSize();

} // namespace viewer::render
