#include "viewer/app/status_readout.h"

#include <QEvent>

namespace viewer::app {

namespace {

constexpr double kBytesPerMebibyte = 1048576.0;

QLabel* addLabel(QStatusBar& bar, const char* name) {
    auto* label = new QLabel(&bar);
    label->setObjectName(name);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    constexpr int kApart = 8;
    label->setMargin(0);
    label->setContentsMargins(kApart, 0, kApart, 0);
    bar.addPermanentWidget(label);
    return label;
}

/// Labels that show nothing take no room.
void setOrHide(QLabel* label, const QString& text) {
    label->setText(text);
    label->setVisible(!text.isEmpty());
}

} // namespace

StatusReadout::StatusReadout(QStatusBar& bar)
    : QObject(&bar), plane_(addLabel(bar, "planeCoordinates")),
      geographic_(addLabel(bar, "geographicCoordinates")), scale_(addLabel(bar, "scale")),
      streaming_(addLabel(bar, "streaming")), failures_(addLabel(bar, "failures")) {
    failures_->setStyleSheet("color: white; background: #c62828; padding: 0 6px");
    failures_->setTextInteractionFlags(Qt::NoTextInteraction);
    failures_->setCursor(Qt::PointingHandCursor);
    failures_->installEventFilter(this);
    failures_->hide();
    retranslate();
}

void StatusReadout::retranslate() {
    failures_->setToolTip(tr("Show the log"));
    streaming_->setToolTip(tr("Tiles being loaded, memory for tiles, the largest error on the "
                              "screen that is allowed now"));
}

void StatusReadout::showPlace(const QString& plane, const QString& geographic) {
    setOrHide(plane_, plane);
    setOrHide(geographic_, geographic);
}

void StatusReadout::showNothing() {
    for (QLabel* label : {plane_, geographic_, scale_, streaming_, failures_}) {
        label->hide();
    }
}

void StatusReadout::showScale(double metresPerPixel) {
    constexpr double kKnown = 0.0;
    setOrHide(scale_,
              metresPerPixel > kKnown ? tr("%1 m/pixel").arg(metresPerPixel, 0, 'g', 3)
                                      : QString());
}

void StatusReadout::showStreaming(const render::ViewportStatistics& statistics,
                                  bool isBusy,
                                  bool isSettled) {
    const QString state = isBusy      ? tr("opening…")
                          : isSettled ? tr("complete")
                                      : tr("loading %1").arg(statistics.pendingTiles);
    setOrHide(streaming_,
              tr("%1 · %2 tiles · %3 MB · error %4 px")
                  .arg(state)
                  .arg(statistics.drawnTiles)
                  .arg(static_cast<double>(statistics.residentBytes) / kBytesPerMebibyte, 0, 'f', 0)
                  .arg(statistics.screenSpaceErrorPixels, 0, 'f', 0));
    setOrHide(failures_,
              statistics.failedTiles > 0
                  ? tr("%n tile(s) failed", nullptr, static_cast<int>(statistics.failedTiles))
                  : QString());
}

bool StatusReadout::eventFilter(QObject* watched, QEvent* event) {
    if (watched == failures_ && event->type() == QEvent::MouseButtonRelease) {
        emit failuresClicked();
    }
    return QObject::eventFilter(watched, event);
}

} // namespace viewer::app
