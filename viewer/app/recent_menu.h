#pragma once

#include <QMenu>
#include <QObject>
#include <QSettings>
#include <QString>

namespace viewer::app {

/// The cities that were opened last, kept in the settings.
class RecentMenu final : public QObject {
    Q_OBJECT

public:
    RecentMenu(QMenu& menu, QSettings& settings, QObject* parent = nullptr);

    /// It now stands first.
    void add(const QString& location);

signals:
    void chosen(const QString& location);

private:
    void fill();

    QMenu& menu_;
    QSettings& settings_;
};

} // namespace viewer::app
