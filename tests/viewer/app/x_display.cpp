#include "tests/viewer/app/x_display.h"

#include "tests/viewer/app/child_process.h"

#include <X11/Xatom.h>
#include <X11/Xlib.h>
#include <X11/Xutil.h>
#include <X11/extensions/XTest.h>
#include <poll.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <optional>
#include <sstream>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace tests {

using tiles3d::base::Error;
using tiles3d::base::Result;
using tiles3d::image::Raster;

namespace {

/// Between two events: programs merge motions that come at once, and count clicks by time.
constexpr std::chrono::milliseconds kHandPause{15};

/// What the server writes into the pipe once it is there: its number.
std::string readNumber(int pipe) {
    constexpr int kStartMilliseconds = 20000;
    std::string number;
    pollfd state{.fd = pipe, .events = POLLIN, .revents = 0};
    while (number.find('\n') == std::string::npos && poll(&state, 1, kStartMilliseconds) > 0) {
        std::array<char, 16> piece{};
        const ssize_t count = read(pipe, piece.data(), piece.size());
        if (count <= 0) {
            return {};
        }
        number.append(piece.data(), static_cast<std::size_t>(count));
    }
    return number.substr(0, number.find('\n'));
}

std::string titleOf(Display* display, Window window) {
    const Atom name = XInternAtom(display, "_NET_WM_NAME", False);
    const Atom utf8 = XInternAtom(display, "UTF8_STRING", False);
    constexpr long kMostWords = 256;
    Atom type = 0;
    int format = 0;
    unsigned long count = 0;
    unsigned long rest = 0;
    unsigned char* text = nullptr;
    XGetWindowProperty(
        display, window, name, 0, kMostWords, False, utf8, &type, &format, &count, &rest, &text);
    std::string title(text == nullptr ? "" : reinterpret_cast<const char*>(text));
    XFree(text);
    return title;
}

bool isVisible(Display* display, Window window) {
    XWindowAttributes attributes{};
    return XGetWindowAttributes(display, window, &attributes) != 0 &&
           attributes.map_state == IsViewable;
}

std::optional<Window> findWindow(Display* display, const std::string& title) {
    Window root = 0;
    Window parent = 0;
    Window* children = nullptr;
    unsigned count = 0;
    XQueryTree(display, DefaultRootWindow(display), &root, &parent, &children, &count);
    const std::vector<Window> windows(children, children + count);
    XFree(children);
    for (const Window window : windows) {
        if (isVisible(display, window) && titleOf(display, window) == title) {
            return window;
        }
    }
    return std::nullopt;
}

Raster grab(Display* display, Window window) {
    XWindowAttributes attributes{};
    XGetWindowAttributes(display, window, &attributes);
    const auto width = static_cast<unsigned>(attributes.width);
    const auto height = static_cast<unsigned>(attributes.height);
    XImage* image = XGetImage(display, window, 0, 0, width, height, AllPlanes, ZPixmap);
    if (image == nullptr) {
        return {};
    }
    Raster picture{.width = width, .height = height};
    picture.pixels.reserve(std::size_t{3} * width * height);
    for (int y = 0; y < attributes.height; ++y) {
        for (int x = 0; x < attributes.width; ++x) {
            const unsigned long pixel = XGetPixel(image, x, y);
            for (const unsigned shift : {16U, 8U, 0U}) {
                picture.pixels.push_back(static_cast<std::byte>((pixel >> shift) & 0xFFU));
            }
        }
    }
    XDestroyImage(image);
    return picture;
}

/// A window can go between finding it and asking it; that is no reason to end the test.
int ignoreError(Display* /*display*/, XErrorEvent* /*error*/) {
    return 0;
}

void sendKey(Display* display, KeySym symbol, bool isDown) {
    XTestFakeKeyEvent(display, XKeysymToKeycode(display, symbol), isDown ? True : False, 0);
    XFlush(display);
    std::this_thread::sleep_for(kHandPause);
}

/// Of a character that a keyboard with American letters has.
struct Stroke {
    KeySym symbol;
    bool needsShift;
};
Stroke strokeOf(char letter) {
    constexpr std::string_view kShifted = "_:~";
    const bool isCapital = letter >= 'A' && letter <= 'Z';
    // Symbols of Latin letters are their codes.
    return {static_cast<KeySym>(letter),
            isCapital || kShifted.find(letter) != std::string_view::npos};
}

} // namespace

Result<std::unique_ptr<XDisplay>> XDisplay::start(int widthPixels, int heightPixels) {
    std::array<int, 2> pipe{};
    if (::pipe(pipe.data()) != 0) {
        return Error{"no pipe"};
    }
    const std::string size =
        std::to_string(widthPixels) + "x" + std::to_string(heightPixels) + "x24";
    const pid_t server = startProcess(
        {"Xvfb", "-displayfd", std::to_string(pipe[1]), "-screen", "0", size, "-nolisten", "tcp"},
        {});
    close(pipe[1]);
    const std::string number = readNumber(pipe[0]);
    close(pipe[0]);
    const std::string name = ":" + number;
    Display* display = number.empty() ? nullptr : XOpenDisplay(name.c_str());
    if (display == nullptr) {
        endProcess(server);
        return Error{"Xvfb does not start; is it installed?"};
    }
    XSetErrorHandler(ignoreError);
    return std::unique_ptr<XDisplay>(new XDisplay(server, name, display));
}

XDisplay::XDisplay(pid_t server, std::string name, _XDisplay* display)
    : server_(server), name_(std::move(name)), display_(display) {}

XDisplay::~XDisplay() {
    XCloseDisplay(display_);
    endProcess(server_);
}

Raster XDisplay::picture() const {
    return grab(display_, DefaultRootWindow(display_));
}

Raster XDisplay::pictureOf(const std::string& title) const {
    const auto window = findWindow(display_, title);
    return window ? grab(display_, *window) : Raster{};
}

bool XDisplay::hasWindow(const std::string& title) const {
    return findWindow(display_, title).has_value();
}

bool XDisplay::focus(const std::string& title) const {
    const auto window = findWindow(display_, title);
    if (window) {
        XSetInputFocus(display_, *window, RevertToPointerRoot, CurrentTime);
        XSync(display_, False);
        std::this_thread::sleep_for(kHandPause);
    }
    return window.has_value();
}

void XDisplay::moveTo(ScreenPoint place) const {
    XTestFakeMotionEvent(display_, -1, place.x, place.y, 0);
    XFlush(display_);
    std::this_thread::sleep_for(kHandPause);
}

void XDisplay::press(unsigned button) const {
    XTestFakeButtonEvent(display_, button, True, 0);
    XFlush(display_);
    std::this_thread::sleep_for(kHandPause);
}

void XDisplay::release(unsigned button) const {
    XTestFakeButtonEvent(display_, button, False, 0);
    XFlush(display_);
    std::this_thread::sleep_for(kHandPause);
}

void XDisplay::click(ScreenPoint place, unsigned button) const {
    moveTo(place);
    press(button);
    release(button);
}

void XDisplay::drag(ScreenPoint from, ScreenPoint to) const {
    constexpr int kSteps = 10;
    moveTo(from);
    press(1);
    for (int step = 1; step <= kSteps; ++step) {
        moveTo(
            {from.x + (to.x - from.x) * step / kSteps, from.y + (to.y - from.y) * step / kSteps});
    }
    // A hand that rests before it lets go throws nothing.
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    release(1);
}

void XDisplay::key(const std::string& keys) const {
    std::vector<KeySym> symbols;
    std::istringstream parts(keys);
    for (std::string name; std::getline(parts, name, '+');) {
        symbols.push_back(XStringToKeysym(name.c_str()));
    }
    for (auto symbol = symbols.begin(); symbol != symbols.end(); ++symbol) {
        sendKey(display_, *symbol, true);
    }
    for (auto symbol = symbols.rbegin(); symbol != symbols.rend(); ++symbol) {
        sendKey(display_, *symbol, false);
    }
}

void XDisplay::type(const std::string& text) const {
    for (const char letter : text) {
        const Stroke stroke = strokeOf(letter);
        if (stroke.needsShift) {
            sendKey(display_, XK_Shift_L, true);
        }
        sendKey(display_, stroke.symbol, true);
        sendKey(display_, stroke.symbol, false);
        if (stroke.needsShift) {
            sendKey(display_, XK_Shift_L, false);
        }
    }
}

} // namespace tests
