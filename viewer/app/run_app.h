#pragma once

#include "viewer/render/view_file.h"
#include "viewer/render/viewport.h"

#include <optional>
#include <string>

namespace viewer::app {

struct AppOptions {
    render::ViewFile view; ///< What to open; nothing: what was open when the last window closed.
    render::ViewportOptions viewport;
    std::optional<int> widthPixels; ///< None: as it was.
    std::optional<int> heightPixels;
    std::string settingsFolder; ///< Empty: the user's own for this program.
    std::string language;       ///< "zh_CN" or "en"; empty: as set before, else the system's.
};

/// Opens the main window and returns when it is closed. Fails if there is no display.
tiles3d::base::Status runApp(const AppOptions& options);

} // namespace viewer::app
