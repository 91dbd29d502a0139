#pragma once

#include "viewer/render/viewport.h"

#include <QLabel>
#include <QStatusBar>

namespace viewer::app {

/// The line below the city: where the cursor is, how large a pixel is, what is being loaded, and in
/// red how many tiles have failed.
class StatusReadout final : public QObject {
    Q_OBJECT

public:
    explicit StatusReadout(QStatusBar& bar);

    /// There is no city.
    void showNothing();
    /// Empty: the cursor is not over the city.
    void showPlace(const QString& plane, const QString& geographic);
    void showScale(double metresPerPixel);
    void showStreaming(const render::ViewportStatistics& statistics, bool isBusy, bool isSettled);
    void retranslate();

signals:
    /// A click on the count of failed tiles.
    void failuresClicked();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    QLabel* plane_;
    QLabel* geographic_;
    QLabel* scale_;
    QLabel* streaming_;
    QLabel* failures_;
};

} // namespace viewer::app
