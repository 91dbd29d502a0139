#pragma once

#include <QMenu>
#include <QObject>
#include <QSettings>
#include <optional>

namespace viewer::app {

/// The choice of how large an error the picture may have, kept in the settings.
class QualityMenu final : public QObject {
    Q_OBJECT

public:
    QualityMenu(QMenu& menu, QSettings& settings, QObject* parent = nullptr);

    /// `pixels` for this start; none: what was set before. chosen() follows.
    void start(std::optional<double> pixels);
    void retranslate();

signals:
    /// The largest error on the screen, pixels.
    void chosen(double pixels);

private:
    void choose(double pixels);

    QMenu& menu_;
    QSettings& settings_;
};

} // namespace viewer::app
