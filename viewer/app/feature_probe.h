#pragma once

#include "pipeline/planning/feature_size.h"
#include "pipeline/planning/identify.h"
#include "tiles3d/base/result.h"

#include <glm/vec2.hpp>

#include <QObject>
#include <QThreadPool>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace viewer::app {

/// A feature that lies at a place.
struct FoundFeature {
    pipeline::planning::StoredFeature feature;
    std::optional<pipeline::planning::FeatureSize> size; ///< None beyond what the plane covers.
};

struct FoundFeatures {
    std::vector<FoundFeature> features; ///< As identify() orders them.
    std::vector<std::string> warnings;  ///< Features that cannot be read, and why.
};

/// What is asked of a store, and where.
struct PlaceQuestion {
    std::shared_ptr<const pipeline::planning::LayerStore> store;
    glm::dvec2 place = {}; ///< In the store's plane.
    pipeline::planning::IdentifyOptions options;
};

/// Fails where the store's plane cannot be understood. Any thread.
tiles3d::base::Result<FoundFeatures> findFeatures(const PlaceQuestion& question);

/// Finds out what lies at a place, in the background. One question is being answered at a time; of
/// those that come meanwhile the last one follows, so that it can be asked for every move of a
/// mouse.
class FeatureProbe final : public QObject {
    Q_OBJECT

public:
    explicit FeatureProbe(QObject* parent = nullptr);
    /// Waits for what is being found out.
    ~FeatureProbe() override;

    /// In place of what was asked before: found() follows, unless another question does.
    void ask(const PlaceQuestion& question);
    /// No answer is wanted any more.
    void drop();

signals:
    void found(const FoundFeatures& features);
    void failed(const QString& text);

private:
    void askNext();

    QThreadPool pool_; // one thread
    std::optional<PlaceQuestion> next_;
    bool isAsking_ = false;
    bool isWanted_ = false; // the answer to what is being asked
};

} // namespace viewer::app
