#include "viewer/render/framebuffer.h"

#include <cstddef>
#include <cstring>

#define GL_GLEXT_PROTOTYPES
#include <GL/gl.h>
#include <GL/glext.h>
#include <fmt/format.h>

namespace viewer::render {

namespace base = tiles3d::base;

Framebuffer::Framebuffer(int widthPixels, int heightPixels)
    : widthPixels_(widthPixels), heightPixels_(heightPixels) {
    glGenFramebuffers(1, &name_);
    glGenRenderbuffers(1, &colour_);
    glBindFramebuffer(GL_FRAMEBUFFER, name_);
    glBindRenderbuffer(GL_RENDERBUFFER, colour_);
    glRenderbufferStorage(GL_RENDERBUFFER, GL_RGBA8, widthPixels, heightPixels);
    glFramebufferRenderbuffer(GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_RENDERBUFFER, colour_);
}

Framebuffer::~Framebuffer() {
    glDeleteFramebuffers(1, &name_);
    glDeleteRenderbuffers(1, &colour_);
}

base::Result<std::unique_ptr<Framebuffer>> Framebuffer::make(int widthPixels, int heightPixels) {
    std::unique_ptr<Framebuffer> framebuffer(new Framebuffer(widthPixels, heightPixels));
    const GLenum status = glCheckFramebufferStatus(GL_FRAMEBUFFER);
    if (status != GL_FRAMEBUFFER_COMPLETE) {
        return base::Error{fmt::format(
            "a picture of {} x {} pixels is too large for {} (framebuffer status 0x{:04x})",
            widthPixels,
            heightPixels,
            reinterpret_cast<const char*>(glGetString(GL_RENDERER)),
            status)};
    }
    return framebuffer;
}

tiles3d::image::Raster Framebuffer::readPixels() const {
    const auto width = static_cast<std::size_t>(widthPixels_);
    const auto height = static_cast<std::size_t>(heightPixels_);
    tiles3d::image::Raster raster{.width = static_cast<std::uint32_t>(width),
                                  .height = static_cast<std::uint32_t>(height)};
    const std::size_t rowBytes = width * raster.channels;
    base::Bytes bottomUp(rowBytes * height);
    glBindFramebuffer(GL_FRAMEBUFFER, name_);
    glPixelStorei(GL_PACK_ALIGNMENT, 1);
    glPixelStorei(GL_PACK_ROW_LENGTH, 0);
    glReadPixels(0, 0, widthPixels_, heightPixels_, GL_RGB, GL_UNSIGNED_BYTE, bottomUp.data());
    raster.pixels.resize(bottomUp.size());
    for (std::size_t row = 0; row < height; ++row) {
        std::memcpy(raster.pixels.data() + row * rowBytes,
                    bottomUp.data() + (height - 1 - row) * rowBytes,
                    rowBytes);
    }
    return raster;
}

int maxTextureSize() {
    GLint size = 0;
    glGetIntegerv(GL_MAX_TEXTURE_SIZE, &size);
    return size;
}

} // namespace viewer::render
