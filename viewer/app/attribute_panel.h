#pragma once

#include "pipeline/planning/layer_store.h"

#include <QComboBox>
#include <QIcon>
#include <QTreeWidget>
#include <optional>
#include <utility>
#include <vector>

namespace viewer::app {

/// Facts under one title: a place, a tile, a feature of a layer.
struct AttributeSection {
    QString title;
    QString remark; ///< Beside the title.
    QIcon icon;
    std::vector<std::pair<QString, QString>> rows;
    std::optional<pipeline::planning::FeatureRef> feature; ///< What it tells of.
};

/// Which layers are asked for what is at a place.
enum class AskedLayers { Shown, All };

/// What is known of the place that was clicked. Ctrl+C copies the rows that are selected.
class AttributePanel final : public QWidget {
    Q_OBJECT

public:
    explicit AttributePanel(QWidget* parent = nullptr);

    /// The section of `chosen` is marked and open; where there are many rows, of the other features
    /// only the titles are seen at first.
    void show(const std::vector<AttributeSection>& sections,
              const std::optional<pipeline::planning::FeatureRef>& chosen);
    void clear();
    AskedLayers askedLayers() const;

signals:
    /// The user wants the answer of other layers.
    void askedLayersChanged();
    /// The user has chosen a feature, or a row of it.
    void featureChosen(const pipeline::planning::FeatureRef& feature);

protected:
    void changeEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    void retranslate();
    void choose();

    QComboBox* asked_;
    QTreeWidget* tree_;
    std::vector<std::optional<pipeline::planning::FeatureRef>> features_; // a section each
};

} // namespace viewer::app
