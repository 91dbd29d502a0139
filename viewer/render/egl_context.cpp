#include "viewer/render/egl_context.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstring>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#define GL_GLEXT_PROTOTYPES
#include <EGL/egl.h>
#include <EGL/eglext.h>
#include <GL/gl.h>
#include <GL/glext.h>
#include <fmt/format.h>

namespace viewer::render {

namespace {

namespace base = tiles3d::base;

bool contains(const char* extensions, std::string_view name) {
    return extensions != nullptr &&
           std::string_view(extensions).find(name) != std::string_view::npos;
}

template <typename Function>
Function functionNamed(const char* name) {
    return reinterpret_cast<Function>(eglGetProcAddress(name));
}

/// A display that could be tried, and how to call it in a message.
struct Candidate {
    EGLDisplay display = EGL_NO_DISPLAY;
    std::string name;
};

/// GPUs first: a software renderer is a device like any other, and often the first.
std::vector<EGLDeviceEXT> rankedDevices() {
    const auto query = functionNamed<PFNEGLQUERYDEVICESEXTPROC>("eglQueryDevicesEXT");
    const auto text = functionNamed<PFNEGLQUERYDEVICESTRINGEXTPROC>("eglQueryDeviceStringEXT");
    constexpr EGLint kMaxDevices = 32;
    std::array<EGLDeviceEXT, kMaxDevices> devices{};
    EGLint count = 0;
    if (query == nullptr || text == nullptr ||
        query(kMaxDevices, devices.data(), &count) != EGL_TRUE) {
        return {};
    }
    std::vector<EGLDeviceEXT> ranked(devices.begin(), devices.begin() + count);
    std::ranges::stable_sort(ranked, {}, [&](EGLDeviceEXT device) {
        const char* extensions = text(device, EGL_EXTENSIONS);
        if (contains(extensions, "EGL_NV_device_cuda")) {
            return 0;
        }
        return contains(extensions, "EGL_MESA_device_software") ? 2 : 1;
    });
    return ranked;
}

std::vector<Candidate> candidates() {
    const char* extensions = eglQueryString(EGL_NO_DISPLAY, EGL_EXTENSIONS);
    const auto display = functionNamed<PFNEGLGETPLATFORMDISPLAYEXTPROC>("eglGetPlatformDisplayEXT");
    std::vector<Candidate> found;
    if (display == nullptr) {
        return found;
    }
    if (contains(extensions, "EGL_EXT_platform_device")) {
        for (const EGLDeviceEXT device : rankedDevices()) {
            found.push_back({display(EGL_PLATFORM_DEVICE_EXT, device, nullptr),
                             fmt::format("EGL device {}", found.size())});
        }
    }
    if (contains(extensions, "EGL_MESA_platform_surfaceless")) {
        found.push_back({display(EGL_PLATFORM_SURFACELESS_MESA, EGL_DEFAULT_DISPLAY, nullptr),
                         "EGL surfaceless"});
    }
    return found;
}

std::optional<EGLConfig> chooseConfig(EGLDisplay display) {
    constexpr std::array<EGLint, 13> kWanted = {EGL_SURFACE_TYPE,
                                                EGL_PBUFFER_BIT,
                                                EGL_RENDERABLE_TYPE,
                                                EGL_OPENGL_BIT,
                                                EGL_RED_SIZE,
                                                8,
                                                EGL_GREEN_SIZE,
                                                8,
                                                EGL_BLUE_SIZE,
                                                8,
                                                EGL_ALPHA_SIZE,
                                                8,
                                                EGL_NONE};
    EGLConfig config = nullptr;
    EGLint count = 0;
    if (eglChooseConfig(display, kWanted.data(), &config, 1, &count) != EGL_TRUE || count == 0) {
        return std::nullopt;
    }
    return config;
}

EGLContext makeContext(EGLDisplay display, EGLConfig config) {
    // OSG of this version is built for OpenGL 1 and 2: a core profile would draw nothing.
    constexpr std::array<EGLint, 7> kWanted = {EGL_CONTEXT_MAJOR_VERSION,
                                               3,
                                               EGL_CONTEXT_MINOR_VERSION,
                                               3,
                                               EGL_CONTEXT_OPENGL_PROFILE_MASK,
                                               EGL_CONTEXT_OPENGL_COMPATIBILITY_PROFILE_BIT,
                                               EGL_NONE};
    return eglCreateContext(display, config, EGL_NO_CONTEXT, kWanted.data());
}

std::string glText(GLenum name) {
    const GLubyte* text = glGetString(name);
    return text == nullptr ? "" : reinterpret_cast<const char*>(text);
}

} // namespace

struct EglContext::State {
    EGLDisplay display = EGL_NO_DISPLAY;
    EGLContext context = EGL_NO_CONTEXT;
    EGLSurface surface = EGL_NO_SURFACE;
    GLuint framebuffer = 0;
    std::array<GLuint, 2> renderbuffers{}; // colour, depth
    int widthPixels = 0;
    int heightPixels = 0;

    State() = default;
    State(const State&) = delete;
    State& operator=(const State&) = delete;
    ~State();

    base::Status start(const Candidate& candidate);
    void dropFramebuffer();
};

EglContext::State::~State() {
    if (context != EGL_NO_CONTEXT) {
        dropFramebuffer();
        eglMakeCurrent(display, EGL_NO_SURFACE, EGL_NO_SURFACE, EGL_NO_CONTEXT);
        eglDestroyContext(display, context);
    }
    if (surface != EGL_NO_SURFACE) {
        eglDestroySurface(display, surface);
    }
    // No eglTerminate(): it would also end displays that a GUI of the process shares.
}

base::Status EglContext::State::start(const Candidate& candidate) {
    display = candidate.display;
    const auto failed = [&](const char* step) {
        return base::Error{
            fmt::format("{}: {} failed (0x{:04x})", candidate.name, step, eglGetError())};
    };
    if (display == EGL_NO_DISPLAY || eglInitialize(display, nullptr, nullptr) != EGL_TRUE) {
        return failed("eglInitialize");
    }
    if (eglBindAPI(EGL_OPENGL_API) != EGL_TRUE) {
        return failed("eglBindAPI");
    }
    const auto config = chooseConfig(display);
    if (!config) {
        return failed("eglChooseConfig");
    }
    context = makeContext(display, *config);
    if (context == EGL_NO_CONTEXT) {
        return failed("eglCreateContext");
    }
    if (eglMakeCurrent(display, EGL_NO_SURFACE, EGL_NO_SURFACE, context) == EGL_TRUE) {
        return base::ok();
    }
    constexpr std::array<EGLint, 5> kTiny = {EGL_WIDTH, 1, EGL_HEIGHT, 1, EGL_NONE};
    surface = eglCreatePbufferSurface(display, *config, kTiny.data());
    if (surface == EGL_NO_SURFACE ||
        eglMakeCurrent(display, surface, surface, context) != EGL_TRUE) {
        return failed("eglMakeCurrent");
    }
    return base::ok();
}

void EglContext::State::dropFramebuffer() {
    if (framebuffer != 0) {
        glDeleteFramebuffers(1, &framebuffer);
        glDeleteRenderbuffers(static_cast<GLsizei>(renderbuffers.size()), renderbuffers.data());
        framebuffer = 0;
    }
}

EglContext::EglContext(std::unique_ptr<State> state) : state_(std::move(state)) {}

EglContext::~EglContext() = default;

base::Result<std::unique_ptr<EglContext>> EglContext::create() {
    std::string reasons;
    for (const Candidate& candidate : candidates()) {
        auto state = std::make_unique<State>();
        const auto started = state->start(candidate);
        if (started) {
            return std::unique_ptr<EglContext>(new EglContext(std::move(state)));
        }
        reasons += (reasons.empty() ? "" : "; ") + started.error().message;
    }
    return base::Error{
        fmt::format("no OpenGL without a display: {}; on Debian, install libegl1 and "
                    "libgl1-mesa-dri",
                    reasons.empty() ? "EGL offers no device" : reasons)};
}

std::string EglContext::rendererName() const {
    return glText(GL_RENDERER);
}

std::string EglContext::versionName() const {
    return glText(GL_VERSION);
}

int EglContext::maxTextureSize() const {
    GLint size = 0;
    glGetIntegerv(GL_MAX_TEXTURE_SIZE, &size);
    return size;
}

base::Result<unsigned> EglContext::makeFramebuffer(int widthPixels, int heightPixels) {
    state_->dropFramebuffer();
    state_->widthPixels = widthPixels;
    state_->heightPixels = heightPixels;
    glGenFramebuffers(1, &state_->framebuffer);
    glGenRenderbuffers(2, state_->renderbuffers.data());
    glBindFramebuffer(GL_FRAMEBUFFER, state_->framebuffer);
    constexpr std::array<std::pair<GLenum, GLenum>, 2> kAttachments = {
        {{GL_RGBA8, GL_COLOR_ATTACHMENT0}, {GL_DEPTH_COMPONENT24, GL_DEPTH_ATTACHMENT}}};
    for (std::size_t i = 0; i < kAttachments.size(); ++i) {
        glBindRenderbuffer(GL_RENDERBUFFER, state_->renderbuffers[i]);
        glRenderbufferStorage(GL_RENDERBUFFER, kAttachments[i].first, widthPixels, heightPixels);
        glFramebufferRenderbuffer(
            GL_FRAMEBUFFER, kAttachments[i].second, GL_RENDERBUFFER, state_->renderbuffers[i]);
    }
    const GLenum status = glCheckFramebufferStatus(GL_FRAMEBUFFER);
    if (status != GL_FRAMEBUFFER_COMPLETE) {
        return base::Error{fmt::format(
            "a picture of {} x {} pixels is too large for {} (framebuffer status 0x{:04x})",
            widthPixels,
            heightPixels,
            rendererName(),
            status)};
    }
    return state_->framebuffer;
}

tiles3d::image::Raster EglContext::readPixels() const {
    const auto width = static_cast<std::size_t>(state_->widthPixels);
    const auto height = static_cast<std::size_t>(state_->heightPixels);
    tiles3d::image::Raster raster;
    raster.width = static_cast<std::uint32_t>(width);
    raster.height = static_cast<std::uint32_t>(height);
    raster.channels = 3;
    const std::size_t rowBytes = width * raster.channels;
    base::Bytes bottomUp(rowBytes * height);
    glBindFramebuffer(GL_FRAMEBUFFER, state_->framebuffer);
    glPixelStorei(GL_PACK_ALIGNMENT, 1);
    glPixelStorei(GL_PACK_ROW_LENGTH, 0);
    glReadPixels(
        0, 0, state_->widthPixels, state_->heightPixels, GL_RGB, GL_UNSIGNED_BYTE, bottomUp.data());
    raster.pixels.resize(bottomUp.size());
    for (std::size_t row = 0; row < height; ++row) {
        std::memcpy(raster.pixels.data() + row * rowBytes,
                    bottomUp.data() + (height - 1 - row) * rowBytes,
                    rowBytes);
    }
    return raster;
}

} // namespace viewer::render
