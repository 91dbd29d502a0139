#include "viewer/overlay/label_set.h"

#include <glm/geometric.hpp>
#include <glm/matrix.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <set>
#include <utility>

namespace viewer::overlay {

namespace geo = tiles3d::geo;
using pipeline::planning::FeatureRef;
using pipeline::planning::LayerStore;
using pipeline::planning::PlaneBox;

namespace {

constexpr std::size_t kMostHeightsPerStep = 40;
constexpr double kLeastDistanceMetres = 400.0;
constexpr double kMostDistanceMetres = 60000.0;
constexpr double kDistanceStep = 4.0;
constexpr int kAreas = 4;
constexpr double kSpareShare = 0.25; // asked for beyond the view, so that it may move a little

std::unique_ptr<LabelFont> openFont(std::vector<std::string>& messages) {
    auto font = LabelFont::open();
    if (!font) {
        messages.push_back(font.error().message);
        return nullptr;
    }
    return *std::move(font);
}

bool holds(const PlaneBox& outer, const PlaneBox& inner) {
    return outer.low.x <= inner.low.x && outer.low.y <= inner.low.y &&
           outer.high.x >= inner.high.x && outer.high.y >= inner.high.y;
}

double widest(const PlaneBox& box) {
    return std::max(box.high.x - box.low.x, box.high.y - box.low.y);
}

/// The areas asked for still serve: they hold the view's, and are not much larger.
bool serve(const std::vector<PlaneBox>& asked, const std::vector<PlaneBox>& seen) {
    constexpr double kMostLarger = 3.0;
    return std::ranges::equal(asked, seen, [](const PlaneBox& a, const PlaneBox& s) {
        return holds(a, s) && widest(a) <= kMostLarger * widest(s);
    });
}

} // namespace

std::vector<PlaneBox> labelAreas(const LabelView& view) {
    const glm::dmat4 sceneFromClip = glm::inverse(view.clipFromScene);
    const double height = std::max(view.eye.z - view.groundMetres, 1.0);
    const std::array<double, 3> across{-1.0, 0.0, 1.0};
    std::vector<PlaneBox> areas;
    double distance = std::max(kLeastDistanceMetres, 1.5 * height);
    for (int i = 0; i < kAreas; ++i, distance *= kDistanceStep) {
        const double reach = std::min(distance, std::max(kMostDistanceMetres, 1.5 * height));
        PlaneBox area;
        area.add(glm::dvec2(view.eye));
        for (const double x : across) {
            for (const double y : across) {
                const glm::dvec4 near = sceneFromClip * glm::dvec4(x, y, 1.0, 1.0);
                const glm::dvec3 ray = glm::normalize(glm::dvec3(near) / near.w - view.eye);
                const double toGround = ray.z < 0.0 ? height / -ray.z : reach;
                area.add(glm::dvec2(view.eye + std::min(toGround, reach) * ray));
            }
        }
        areas.push_back(area);
    }
    return areas;
}

LabelSet::LabelSet(std::shared_ptr<const LayerStore> store,
                   const geo::EnuFrame& scene,
                   double pixelScale)
    : store_(std::move(store)), scene_(scene), loader_(store_, scene),
      layer_(openFont(messages_), pixelScale) {}

void LabelSet::setLayers(const std::vector<LabelledLayer>& layers) {
    std::vector<LabelledLayer> labelled;
    std::ranges::copy_if(layers, std::back_inserter(labelled), [&](const LabelledLayer& layer) {
        return isLabelled(store_->layers()[layer.layer], *layer.style);
    });
    if (labelled != layers_) {
        layers_ = std::move(labelled);
        isStale_ = true;
    }
}

void LabelSet::noteSurfaceChange() {
    ++surfaceVersion_;
}

bool LabelSet::step(const LabelView& view) {
    request(view);
    if (auto labels = loader_.take()) {
        labels_ = *std::move(labels);
        std::set<FeatureRef> kept;
        std::ranges::transform(labels_, std::inserter(kept, kept.end()), &MapLabel::feature);
        std::erase_if(heights_, [&](const auto& h) { return !kept.contains(h.first); });
    }
    askHeights(view);
    return layer_.update(standing(), view);
}

void LabelSet::request(const LabelView& view) {
    const std::vector<PlaneBox> areas = labelAreas(view);
    if (!isStale_ && (layers_.empty() || serve(askedAreas_, areas))) {
        return;
    }
    askedAreas_.clear();
    for (const PlaneBox& area : areas) {
        askedAreas_.push_back(area.grownBy(kSpareShare * widest(area)));
    }
    isStale_ = false;
    loader_.ask({layers_, askedAreas_});
}

/// First those that have none yet, then those whose surface may have changed.
void LabelSet::askHeights(const LabelView& view) {
    heightsLeft_ = 0;
    std::size_t asked = 0;
    if (!surface_) {
        return;
    }
    const double ground = scene_.origin().heightMetres + view.groundMetres;
    for (const bool isFirst : {true, false}) {
        for (const MapLabel& label : labels_) {
            Height& height = heights_[label.feature];
            if (height.asked == surfaceVersion_ || (isFirst && height.metres)) {
                continue;
            }
            const glm::dvec4 clip = view.clipFromScene *
                                    glm::dvec4(pointOf(label, height.metres.value_or(ground)), 1.0);
            constexpr double kBeyond = 1.1; // anchors on heights may stand further down
            if (clip.w <= 0.0 || std::abs(clip.x) > kBeyond * clip.w ||
                std::abs(clip.y) > kBeyond * clip.w) {
                continue;
            }
            if (asked == kMostHeightsPerStep) {
                ++heightsLeft_;
                continue;
            }
            ++asked;
            const std::optional<double> metres = surface_(label.place);
            height.metres = metres ? metres : height.metres;
            height.asked = surfaceVersion_;
        }
    }
}

glm::dvec3 LabelSet::pointOf(const MapLabel& label, double heightMetres) const {
    geo::Cartographic place = label.place;
    place.heightMetres = heightMetres;
    return scene_.fromEcef(geo::toEcef(place)).metres;
}

std::vector<StandingLabel> LabelSet::standing() const {
    std::vector<StandingLabel> standing;
    for (const MapLabel& label : labels_) {
        const auto height = heights_.find(label.feature);
        if (height != heights_.end() && height->second.metres) {
            standing.push_back({&label, pointOf(label, *height->second.metres)});
        }
    }
    return standing;
}

bool LabelSet::isSettled() const {
    return !isStale_ && loader_.isIdle() && heightsLeft_ == 0;
}

std::vector<std::string> LabelSet::takeMessages() {
    std::vector<std::string> messages = std::exchange(messages_, {});
    std::ranges::move(loader_.takeMessages(), std::back_inserter(messages));
    return messages;
}

} // namespace viewer::overlay
