#pragma once

#include "viewer/camera/input.h"
#include "viewer/render/viewport.h"

#include <QElapsedTimer>
#include <QImage>
#include <QOpenGLWidget>
#include <QTimer>
#include <functional>
#include <optional>

namespace viewer::app {

/// The city in the window: a viewport with Qt's mouse, keys and context. Draws when something has
/// changed and rests otherwise. Positions in signals are the widget's (upper left corner, logical
/// pixels); pixelAt() makes the viewport's of them.
class CityWidget final : public QOpenGLWidget {
    Q_OBJECT

public:
    explicit CityWidget(const render::ViewportOptions& options, QWidget* parent = nullptr);
    ~CityWidget() override;

    render::Viewport& viewport() { return viewport_; }
    const render::Viewport& viewport() const { return viewport_; }

    /// Runs what adds to or takes from the viewport, with the context current, and wakes.
    void change(const std::function<void(render::Viewport&)>& work);
    /// Something may have changed: look, and draw if so.
    void wake();
    /// Draws anew even if the city has not changed.
    void redraw();

    glm::dvec2 pixelAt(const QPointF& position) const;
    QPointF positionOf(const glm::dvec2& pixel) const;

    /// Called after the city is drawn, in logical pixels.
    void setForeground(std::function<void(QPainter&)> paint) { foreground_ = std::move(paint); }

    /// The picture as it stands, in the screen's pixels, with or without the foreground.
    QImage picture(bool withForeground);

signals:
    /// Where the cursor is, whenever it or the picture may have moved; once per frame at most.
    void hovered(const QPointF& position);
    void left();
    /// A press and release without a drag.
    void clicked(const QPointF& position, Qt::MouseButton button);
    /// After each look at what has changed.
    void stepped();
    /// The picture cannot be drawn on this machine.
    void failed(const QString& reason);

protected:
    void initializeGL() override;
    void resizeGL(int width, int height) override;
    void paintGL() override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void keyReleaseEvent(QKeyEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    void leaveEvent(QEvent* event) override;

private:
    double now() const;
    void step();
    void send(camera::PointerEvent::Kind kind, const QPointF& position, const QMouseEvent& event);
    bool setKey(int key, Qt::KeyboardModifiers modifiers, bool isDown);

    render::Viewport viewport_;
    std::function<void(QPainter&)> foreground_;
    QElapsedTimer clock_;
    QTimer timer_;
    camera::HeldKeys keys_;
    std::optional<QPointF> cursor_; // none: not over the city
    QPointF pressedAt_;
    bool isClick_ = false;
    bool isReady_ = false; // the context is attached
};

} // namespace viewer::app
