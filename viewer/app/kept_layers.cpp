#include "viewer/app/kept_layers.h"

namespace viewer::app {

namespace {

constexpr const char* kFavouritesKey = "favouriteLayers";
constexpr const char* kPresetsKey = "layerPresets";
constexpr const char* kNameKey = "name";
constexpr const char* kTablesKey = "tables";

} // namespace

KeptLayers::KeptLayers(QSettings& settings, QObject* parent)
    : QObject(parent), settings_(settings),
      favourites_(settings.value(kFavouritesKey).toStringList()) {
    const int count = settings_.beginReadArray(kPresetsKey);
    for (int i = 0; i < count; ++i) {
        settings_.setArrayIndex(i);
        presets_[settings_.value(kNameKey).toString()] = settings_.value(kTablesKey).toStringList();
    }
    settings_.endArray();
}

void KeptLayers::setFavourite(const QString& table, bool isFavourite) {
    favourites_.removeAll(table);
    if (isFavourite) {
        favourites_.append(table);
    }
    settings_.setValue(kFavouritesKey, favourites_);
    emit favouritesChanged();
}

void KeptLayers::savePreset(const QString& name, const QStringList& tables) {
    presets_[name] = tables;
    writePresets();
}

void KeptLayers::deletePreset(const QString& name) {
    presets_.erase(name);
    writePresets();
}

void KeptLayers::writePresets() {
    settings_.remove(kPresetsKey);
    settings_.beginWriteArray(kPresetsKey, static_cast<int>(presets_.size()));
    int place = 0;
    for (const auto& [name, tables] : presets_) {
        settings_.setArrayIndex(place++);
        settings_.setValue(kNameKey, name);
        settings_.setValue(kTablesKey, tables);
    }
    settings_.endArray();
}

} // namespace viewer::app
