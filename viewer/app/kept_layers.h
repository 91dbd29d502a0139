#pragma once

#include <QObject>
#include <QSettings>
#include <QString>
#include <QStringList>
#include <map>

namespace viewer::app {

/// What the user keeps of layers, by the names of their tables, from one start to the next:
/// favourites; and presets, which are layers to be shown together under a name.
class KeptLayers final : public QObject {
    Q_OBJECT

public:
    explicit KeptLayers(QSettings& settings, QObject* parent = nullptr);

    bool isFavourite(const QString& table) const { return favourites_.contains(table); }
    void setFavourite(const QString& table, bool isFavourite);

    /// Tables by preset.
    const std::map<QString, QStringList>& presets() const { return presets_; }
    /// In place of the one of that name.
    void savePreset(const QString& name, const QStringList& tables);
    void deletePreset(const QString& name);

signals:
    void favouritesChanged();

private:
    void writePresets();

    QSettings& settings_;
    QStringList favourites_;
    std::map<QString, QStringList> presets_;
};

} // namespace viewer::app
