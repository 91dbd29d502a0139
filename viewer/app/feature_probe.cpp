#include "viewer/app/feature_probe.h"

#include "viewer/app/background.h"
#include "viewer/app/store_plane.h"

#include <utility>

namespace viewer::app {

namespace base = tiles3d::base;
namespace planning = pipeline::planning;

base::Result<FoundFeatures> findFeatures(const PlaceQuestion& question) {
    const auto plane = planeOf(*question.store); // of this thread
    if (!plane) {
        return plane.error();
    }
    auto identified = planning::identify(*question.store, question.place, question.options);
    if (!identified) {
        return identified.error();
    }
    FoundFeatures found{.warnings = std::move(identified->warnings)};
    for (planning::IdentifiedFeature& feature : identified->features) {
        const auto size = planning::sizeOf(feature.feature.geometry, *plane);
        found.features.push_back(
            {std::move(feature.feature), size ? std::optional(*size) : std::nullopt});
    }
    return found;
}

FeatureProbe::FeatureProbe(QObject* parent) : QObject(parent) {
    pool_.setMaxThreadCount(1);
}

FeatureProbe::~FeatureProbe() {
    pool_.waitForDone();
}

void FeatureProbe::ask(const PlaceQuestion& question) {
    next_ = question;
    isWanted_ = false;
    if (!isAsking_) {
        askNext();
    }
}

void FeatureProbe::drop() {
    next_.reset();
    isWanted_ = false;
}

void FeatureProbe::askNext() {
    isAsking_ = next_.has_value();
    if (!isAsking_) {
        return;
    }
    isWanted_ = true;
    inBackground(
        pool_,
        this,
        [question = *std::exchange(next_, std::nullopt)] { return findFeatures(question); },
        [this](const base::Result<FoundFeatures>& answer) {
            const bool isWanted = std::exchange(isWanted_, false);
            askNext();
            if (!isWanted) {
                return;
            }
            if (answer) {
                emit found(*answer);
            } else {
                emit failed(QString::fromStdString(answer.error().message));
            }
        });
}

} // namespace viewer::app
