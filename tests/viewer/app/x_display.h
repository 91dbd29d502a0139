#pragma once

#include "tiles3d/base/result.h"
#include "tiles3d/image/image.h"

#include <sys/types.h>

#include <memory>
#include <string>

struct _XDisplay; // NOLINT(bugprone-reserved-identifier): Xlib's own name

namespace tests {

/// A place on the screen, pixels from the upper left corner.
struct ScreenPoint {
    int x = 0;
    int y = 0;
};

/// A screen that nobody sees, with a mouse and keys: an Xvfb server of the test's own. There is no
/// window manager on it: windows stand at the upper left corner, without a frame.
class XDisplay {
public:
    /// Fails if there is no Xvfb, and where it cannot start.
    static tiles3d::base::Result<std::unique_ptr<XDisplay>> start(int widthPixels,
                                                                  int heightPixels);
    XDisplay(const XDisplay&) = delete;
    XDisplay& operator=(const XDisplay&) = delete;
    ~XDisplay();

    /// For the environment variable DISPLAY.
    const std::string& name() const { return name_; }

    /// RGB of the whole screen.
    tiles3d::image::Raster picture() const;
    /// Of the window with this title alone, wherever it stands; nothing if there is none.
    /// REQUIRES: all of it is on the screen.
    tiles3d::image::Raster pictureOf(const std::string& title) const;

    /// A visible window has this title.
    bool hasWindow(const std::string& title) const;
    /// Keys go to that window from now on. False if there is none.
    bool focus(const std::string& title) const;

    void moveTo(ScreenPoint place) const;
    void press(unsigned button) const;
    void release(unsigned button) const;
    void click(ScreenPoint place, unsigned button = 1) const;
    /// From place to place with the left button held, in small steps as a hand does.
    void drag(ScreenPoint from, ScreenPoint to) const;

    /// A key by its X name with what is held before it: "Return", "Control_L+o".
    void key(const std::string& keys) const;
    /// ASCII letters, digits and the punctuation of paths.
    void type(const std::string& text) const;

private:
    XDisplay(pid_t server, std::string name, _XDisplay* display);

    pid_t server_;
    std::string name_;
    _XDisplay* display_;
};

} // namespace tests
