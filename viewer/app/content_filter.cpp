#include "viewer/app/content_filter.h"

#include <algorithm>

namespace viewer::app {

ContentFilter::ContentFilter(ContentModel& model, QObject* parent)
    : QSortFilterProxyModel(parent), model_(model) {
    setRecursiveFilteringEnabled(true);
    setSourceModel(&model);
}

void ContentFilter::setSearch(const QString& text) {
    const QStringList words = text.toLower().split(' ', Qt::SkipEmptyParts);
    if (words != words_) {
        words_ = words;
        invalidateFilter();
    }
}

void ContentFilter::setOnlyVisible(bool isOn) {
    if (isOn != isOnlyVisible_) {
        isOnlyVisible_ = isOn;
        invalidateFilter();
    }
}

bool ContentFilter::filterAcceptsRow(int row, const QModelIndex& parent) const {
    if (!isActive()) {
        return true;
    }
    const QModelIndex index = model_.index(row, 0, parent);
    if (model_.data(index, ContentModel::NodeRole).toInt() != int(ContentNode::Layer)) {
        return false; // stays for the sake of what is below it, if at all
    }
    if (isOnlyVisible_ && model_.data(index, Qt::CheckStateRole).toInt() != Qt::Checked) {
        return false;
    }
    const QString text = model_.data(index, ContentModel::SearchRole).toString();
    return std::ranges::all_of(words_, [&](const QString& word) { return text.contains(word); });
}

bool ContentFilter::setData(const QModelIndex& index, const QVariant& value, int role) {
    const bool isCategory =
        data(index, ContentModel::NodeRole).toInt() == int(ContentNode::Category);
    if (role != Qt::CheckStateRole || !isCategory || !isActive()) {
        return QSortFilterProxyModel::setData(index, value, role);
    }
    std::vector<std::size_t> layers;
    collectLayers(index, layers);
    emit model_.layersAsked(layers, value.toInt() != Qt::Unchecked);
    return true;
}

void ContentFilter::collectLayers(const QModelIndex& index,
                                  std::vector<std::size_t>& layers) const {
    if (data(index, ContentModel::NodeRole).toInt() == int(ContentNode::Layer)) {
        layers.push_back(data(index, ContentModel::NumberRole).value<std::size_t>());
    }
    for (int row = 0; row < rowCount(index); ++row) {
        collectLayers(this->index(row, 0, index), layers);
    }
}

} // namespace viewer::app
