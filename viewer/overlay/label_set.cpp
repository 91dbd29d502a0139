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

constexpr std::size_t kMostQuestions = 24; // per step: 2 ms
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

bool isInView(const LabelView& view, const glm::dvec3& point, double share) {
    const glm::dvec4 clip = view.clipFromScene * glm::dvec4(point, 1.0);
    return clip.w > 0.0 && std::abs(clip.x) <= share * clip.w && std::abs(clip.y) <= share * clip.w;
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
        std::erase_if(labels_, [this](const MapLabel& label) { // at once, not when others are read
            return std::ranges::find(layers_, label.feature.layer, &LabelledLayer::layer) ==
                   layers_.end();
        });
        isStale_ = true;
    }
}

void LabelSet::noteSurfaceChange() {
    ++surfaceVersion_;
    ++viewVersion_;
}

bool LabelSet::step(const LabelView& view, const LabelSurface& surface) {
    if (std::exchange(view_, view) != view) {
        ++viewVersion_;
    }
    request(view);
    if (auto labels = loader_.take()) {
        labels_ = *std::move(labels);
        std::set<FeatureRef> kept;
        std::ranges::transform(labels_, std::inserter(kept, kept.end()), &MapLabel::feature);
        std::erase_if(stands_, [&](const auto& stand) { return !kept.contains(stand.first); });
    }
    questionsLeft_ = 0;
    const std::size_t asked = askHeights(view, surface);
    askSight(view, surface, kMostQuestions - asked);
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

/// First those that have none yet, then those whose surface may have changed. How many.
std::size_t LabelSet::askHeights(const LabelView& view, const LabelSurface& surface) {
    constexpr double kBeyond = 1.1; // anchors whose height is not known may stand further in
    const double ground = scene_.origin().heightMetres + view.groundMetres;
    std::size_t asked = 0;
    for (const bool isFirst : {true, false}) {
        for (const MapLabel& label : labels_) {
            Stand& stand = stands_[label.feature];
            const bool isKnown =
                stand.heightAsked == surfaceVersion_ || (isFirst && stand.heightMetres);
            if (isKnown ||
                !isInView(view,
                          pointAt(label.spots[stand.spot], stand.heightMetres.value_or(ground)),
                          kBeyond)) {
                continue;
            }
            if (asked == kMostQuestions) {
                ++questionsLeft_;
                continue;
            }
            ++asked;
            const std::optional<double> metres = surface.height(label.spots[stand.spot]);
            stand.heightMetres = metres ? metres : stand.heightMetres;
            stand.heightAsked = surfaceVersion_;
        }
    }
    return asked;
}

/// What was seen in an earlier view is taken for seen until its turn comes.
void LabelSet::askSight(const LabelView& view, const LabelSurface& surface, std::size_t most) {
    std::size_t asked = 0;
    for (std::size_t i = 0; i < labels_.size(); ++i) {
        const std::size_t place = (firstSight_ + i) % labels_.size();
        const MapLabel& label = labels_[place];
        Stand& stand = stands_[label.feature];
        if (!stand.heightMetres || stand.sightAsked == viewVersion_ || label.text.empty()) {
            continue;
        }
        const glm::dvec3 point = pointAt(label.spots[stand.spot], *stand.heightMetres);
        if (!isInView(view, point, 1.0)) {
            continue;
        }
        if (asked >= most) {
            firstSight_ = questionsLeft_ == 0 ? place : firstSight_;
            ++questionsLeft_;
            continue;
        }
        asked += look(label, stand, surface);
        stand.sightAsked = viewVersion_;
    }
}

/// Stays where it is seen, else moves to the first of its other spots that is. How many questions.
std::size_t LabelSet::look(const MapLabel& label, Stand& stand, const LabelSurface& surface) const {
    std::size_t asked = 1;
    stand.isSeen = surface.isSeen(view_.eye, pointAt(label.spots[stand.spot], *stand.heightMetres));
    for (std::size_t i = 1; i < label.spots.size() && !stand.isSeen; ++i) {
        const std::size_t spot = (stand.spot + i) % label.spots.size();
        const std::optional<double> height = surface.height(label.spots[spot]);
        asked += 2;
        if (height && surface.isSeen(view_.eye, pointAt(label.spots[spot], *height))) {
            stand.spot = spot;
            stand.heightMetres = height;
            stand.isSeen = true;
        }
    }
    return asked;
}

glm::dvec3 LabelSet::pointAt(const geo::Cartographic& place, double heightMetres) const {
    geo::Cartographic risen = place;
    risen.heightMetres = heightMetres;
    return scene_.fromEcef(geo::toEcef(risen)).metres;
}

std::vector<StandingLabel> LabelSet::standing() const {
    std::vector<StandingLabel> standing;
    for (const MapLabel& label : labels_) {
        const auto stand = stands_.find(label.feature);
        if (stand != stands_.end() && stand->second.heightMetres) {
            standing.push_back(
                {&label,
                 pointAt(label.spots[stand->second.spot], *stand->second.heightMetres),
                 stand->second.isSeen});
        }
    }
    return standing;
}

bool LabelSet::isSettled() const {
    return !isStale_ && loader_.isIdle() && questionsLeft_ == 0;
}

std::vector<std::string> LabelSet::takeMessages() {
    std::vector<std::string> messages = std::exchange(messages_, {});
    std::ranges::move(loader_.takeMessages(), std::back_inserter(messages));
    return messages;
}

} // namespace viewer::overlay
