#include "pipeline/oblique/block_frame.h"

#include <algorithm>

namespace pipeline::oblique {

using tiles3d::base::Result;
using tiles3d::crs::LocalFit;
using tiles3d::crs::SourceBox;

namespace {

/// Finer levels reach a little beyond the coarsest one: its edge by some metres, its roofs and
/// pits by more.
SourceBox withRoom(const SourceBox& box) {
    constexpr double kSideShare = 0.05;
    constexpr double kHeightShare = 0.5;
    constexpr double kSideMetres = 5.0;
    constexpr double kHeightMetres = 30.0;
    const glm::dvec3 size = box.maximum - box.minimum;
    // Geographic sources have degrees on x and y: 5 of them would ruin the fit.
    const double side = std::min(kSideMetres, std::max(size.x, size.y));
    const glm::dvec3 room(size.x * kSideShare + side,
                          size.y * kSideShare + side,
                          size.z * kHeightShare + kHeightMetres);
    return {box.minimum - room, box.maximum + room};
}

/// A centimetre; more for pieces kilometres wide, of a delivery's own top: 5 cm over 26 km, where a
/// pixel is tens of metres.
double residualLimitMetres(const SourceBox& box) {
    constexpr double kLimitMetres = 0.01;
    constexpr double kShareOfWidth = 2e-6;
    const glm::dvec3 size = box.maximum - box.minimum;
    return std::max(kLimitMetres, kShareOfWidth * std::max(size.x, size.y));
}

bool isInside(const SourceBox& inner, const SourceBox& outer) {
    return glm::all(glm::greaterThanEqual(inner.minimum, outer.minimum)) &&
           glm::all(glm::lessThanEqual(inner.maximum, outer.maximum));
}

} // namespace

Result<std::unique_ptr<BlockFrame>> BlockFrame::create(const tiles3d::crs::Transform& transform,
                                                       const SourceBox& box) {
    const auto centre = transform.toCartographic((box.minimum + box.maximum) / 2.0);
    if (!centre) {
        return centre.error();
    }
    std::unique_ptr<BlockFrame> frame(new BlockFrame(transform, tiles3d::geo::EnuFrame(*centre)));
    frame->fittedBox_ = withRoom(box);
    Result<LocalFit> fit = tiles3d::crs::fitLocal(transform, frame->enu_, frame->fittedBox_);
    if (fit) {
        frame->residualMetres_ = fit->residualMetres;
        frame->fit_ = *std::move(fit);
    }
    return frame;
}

Result<LocalFit> BlockFrame::fitFor(const SourceBox& box) const {
    if (fit_ && isInside(box, fittedBox_)) {
        return *fit_;
    }
    const std::scoped_lock lock(mutex_);
    Result<LocalFit> fit = tiles3d::crs::fitLocal(transform_, enu_, box, residualLimitMetres(box));
    if (fit) {
        residualMetres_ = std::max(residualMetres_, fit->residualMetres);
    }
    return fit;
}

double BlockFrame::residualMetres() const {
    const std::scoped_lock lock(mutex_);
    return residualMetres_;
}

} // namespace pipeline::oblique
