#include "viewer/app/recent_menu.h"

namespace viewer::app {

namespace {

constexpr int kMostRecent = 10;
constexpr const char* kRecentKey = "recent";

} // namespace

RecentMenu::RecentMenu(QMenu& menu, QSettings& settings, QObject* parent)
    : QObject(parent), menu_(menu), settings_(settings) {
    fill();
}

void RecentMenu::add(const QString& location) {
    QStringList recent = settings_.value(kRecentKey).toStringList();
    recent.removeAll(location);
    recent.prepend(location);
    settings_.setValue(kRecentKey, recent.mid(0, kMostRecent));
    fill();
}

void RecentMenu::fill() {
    menu_.clear();
    const QStringList recent = settings_.value(kRecentKey).toStringList();
    for (const QString& location : recent) {
        menu_.addAction(location, this, [this, location] { emit chosen(location); });
    }
    menu_.setEnabled(!recent.isEmpty());
}

} // namespace viewer::app
