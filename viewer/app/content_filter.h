#pragma once

#include "viewer/app/content_model.h"

#include <QSortFilterProxyModel>

namespace viewer::app {

/// The contents' tree as far as a search goes: the layers that hold every word of it in their
/// title, their table's name or their categories, in any case, below their categories; tilesets
/// only while nothing is searched. The tick of a category is then that of what the search has left.
class ContentFilter final : public QSortFilterProxyModel {
    Q_OBJECT

public:
    explicit ContentFilter(ContentModel& model, QObject* parent = nullptr);

    void setSearch(const QString& text);
    /// Only what is visible.
    void setOnlyVisible(bool isOn);
    /// Something is left out.
    bool isActive() const { return !words_.isEmpty() || isOnlyVisible_; }

    bool setData(const QModelIndex& index, const QVariant& value, int role) override;

protected:
    bool filterAcceptsRow(int row, const QModelIndex& parent) const override;

private:
    void collectLayers(const QModelIndex& index, std::vector<std::size_t>& layers) const;

    ContentModel& model_;
    QStringList words_;
    bool isOnlyVisible_ = false;
};

} // namespace viewer::app
