#include "viewer/app/log_panel.h"

#include <QTime>

namespace viewer::app {

LogPanel::LogPanel(QWidget* parent) : QPlainTextEdit(parent) {
    constexpr int kMostLines = 10000;
    setObjectName("log");
    setReadOnly(true);
    setMaximumBlockCount(kMostLines);
}

void LogPanel::say(const QString& text) {
    add(text, palette().color(QPalette::Text));
}

void LogPanel::complain(const QString& text) {
    add(text, Qt::red);
}

void LogPanel::add(const QString& text, const QColor& colour) {
    const QString line = QTime::currentTime().toString("HH:mm:ss  ") + text;
    appendHtml(QString("<span style='color:%1; white-space:pre-wrap'>%2</span>")
                   .arg(colour.name(), line.toHtmlEscaped()));
}

} // namespace viewer::app
