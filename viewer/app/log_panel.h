#pragma once

#include <QPlainTextEdit>

namespace viewer::app {

/// What happened, one line each with its time, errors in red; the last 10,000 lines.
class LogPanel final : public QPlainTextEdit {
    Q_OBJECT

public:
    explicit LogPanel(QWidget* parent = nullptr);

    void say(const QString& text);
    void complain(const QString& text);

private:
    void add(const QString& text, const QColor& colour);
};

} // namespace viewer::app
