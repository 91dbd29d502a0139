#pragma once

#include "tiles3d/base/result.h"
#include "tiles3d/crs/transform.h"
#include "tiles3d/geo/enu_frame.h"

#include <glm/vec3.hpp>

#include <memory>
#include <mutex>
#include <optional>

namespace pipeline::oblique {

/// A block's own ENU frame and the placement of its vertices in it, one by one.
/// place() may be called from several threads.
class BlockFrame {
public:
    /// A frame at the centre of `box` (source coordinates), fitted for that box with room for
    /// finer levels that reach beyond it. `transform` outlives the frame.
    /// Fails where PROJ does.
    static tiles3d::base::Result<std::unique_ptr<BlockFrame>>
    create(const tiles3d::crs::Transform& transform, const tiles3d::crs::SourceBox& box);

    const tiles3d::geo::EnuFrame& enu() const { return enu_; }

    /// The polynomial for points inside `box`: the block's own, or one made for this box if it
    /// reaches beyond, within a centimetre of PROJ or, if that is more, two millionths of its
    /// width. Fails where PROJ does.
    tiles3d::base::Result<tiles3d::crs::LocalFit> fitFor(const tiles3d::crs::SourceBox& box) const;

    /// Largest residual of all fits handed out so far.
    double residualMetres() const;

private:
    BlockFrame(const tiles3d::crs::Transform& transform, const tiles3d::geo::EnuFrame& enu)
        : transform_(transform), enu_(enu) {}

    const tiles3d::crs::Transform& transform_;
    tiles3d::geo::EnuFrame enu_;
    tiles3d::crs::SourceBox fittedBox_;
    std::optional<tiles3d::crs::LocalFit> fit_; ///< Absent if the block is too wide for one fit.
    mutable std::mutex mutex_;                  ///< PROJ objects and the residual.
    mutable double residualMetres_ = 0.0;
};

} // namespace pipeline::oblique
