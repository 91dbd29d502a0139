#include "viewer/render/egl_context.h"

#include <EGL/egl.h>
#include <EGL/eglext.h>
#include <GL/gl.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

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

    State() = default;
    State(const State&) = delete;
    State& operator=(const State&) = delete;
    ~State();

    base::Status start(const Candidate& candidate);
};

EglContext::State::~State() {
    if (context != EGL_NO_CONTEXT) {
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

} // namespace viewer::render
