#include "viewer/app/city_widget.h"

#include <QMouseEvent>
#include <QOpenGLFunctions>
#include <QPainter>
#include <QWheelEvent>
#include <utility>

namespace viewer::app {

namespace {

constexpr int kStepMilliseconds = 12;
/// A hand that clicks trembles.
constexpr double kClickPixels = 4.0;
/// Of a mouse wheel; touchpads send fractions.
constexpr double kAnglePerWheelStep = 120.0;

camera::PointerButton buttonOf(Qt::MouseButton button) {
    switch (button) {
    case Qt::LeftButton:
        return camera::PointerButton::Left;
    case Qt::MiddleButton:
        return camera::PointerButton::Middle;
    case Qt::RightButton:
        return camera::PointerButton::Right;
    default:
        return camera::PointerButton::None;
    }
}

} // namespace

CityWidget::CityWidget(const render::ViewportOptions& options, QWidget* parent)
    : QOpenGLWidget(parent), viewport_(options) {
    setMouseTracking(true);
    setFocusPolicy(Qt::StrongFocus);
    setObjectName("city");
    setMinimumSize(160, 120);
    clock_.start();
    timer_.setInterval(kStepMilliseconds);
    connect(&timer_, &QTimer::timeout, this, &CityWidget::step);
}

CityWidget::~CityWidget() {
    if (isReady_) {
        makeCurrent();
        viewport_.detach();
        doneCurrent();
    }
}

double CityWidget::now() const {
    constexpr double kMillisecondsPerSecond = 1000.0;
    return static_cast<double>(clock_.elapsed()) / kMillisecondsPerSecond;
}

void CityWidget::change(const std::function<void(render::Viewport&)>& work) {
    if (isReady_) {
        makeCurrent();
    }
    work(viewport_);
    redraw();
}

void CityWidget::redraw() {
    viewport_.markDirty();
    wake();
}

void CityWidget::wake() {
    if (isReady_ && !timer_.isActive()) {
        timer_.start();
    }
}

void CityWidget::step() {
    makeCurrent();
    if (viewport_.step(now())) {
        update();
    }
    if (!viewport_.wantsStep()) {
        timer_.stop();
    }
    if (cursor_) {
        emit hovered(*cursor_);
    }
    emit stepped();
}

glm::dvec2 CityWidget::pixelAt(const QPointF& position) const {
    const double ratio = devicePixelRatioF();
    return {position.x() * ratio, (height() - position.y()) * ratio};
}

QPointF CityWidget::positionOf(const glm::dvec2& pixel) const {
    const double ratio = devicePixelRatioF();
    return {pixel.x / ratio, height() - pixel.y / ratio};
}

QImage CityWidget::picture(bool withForeground) {
    auto kept = withForeground ? nullptr : std::exchange(foreground_, nullptr);
    QImage image = grabFramebuffer();
    if (kept) {
        foreground_ = std::move(kept);
        update();
    }
    return image.convertToFormat(QImage::Format_RGB32);
}

void CityWidget::initializeGL() {
    const auto attached = viewport_.attach();
    isReady_ = static_cast<bool>(attached);
    if (!attached) {
        emit failed(QString::fromStdString(attached.error().message));
    }
    wake();
}

void CityWidget::resizeGL(int width, int height) {
    const double ratio = devicePixelRatioF();
    viewport_.resize(qRound(width * ratio), qRound(height * ratio));
    wake();
}

void CityWidget::paintGL() {
    if (!isReady_) {
        return;
    }
    viewport_.draw(defaultFramebufferObject());
    if (foreground_) {
        context()->functions()->glPixelStorei(GL_UNPACK_ALIGNMENT, 4); // QPainter expects it
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        foreground_(painter);
    }
}

void CityWidget::send(camera::PointerEvent::Kind kind,
                      const QPointF& position,
                      const QMouseEvent& event) {
    if (camera::MapManipulator* manipulator = viewport_.manipulator()) {
        manipulator->handle({.kind = kind,
                             .button = buttonOf(event.button()),
                             .isCtrlHeld = event.modifiers().testFlag(Qt::ControlModifier),
                             .pixel = pixelAt(position)},
                            now());
        redraw();
    }
}

void CityWidget::mousePressEvent(QMouseEvent* event) {
    pressedAt_ = event->position();
    isClick_ = true;
    send(camera::PointerEvent::Kind::Press, event->position(), *event);
}

void CityWidget::mouseMoveEvent(QMouseEvent* event) {
    if (event->buttons() != Qt::NoButton) {
        isClick_ = isClick_ && QLineF(pressedAt_, event->position()).length() <= kClickPixels;
        if (!isClick_) {
            send(camera::PointerEvent::Kind::Move, event->position(), *event);
        }
    }
    cursor_ = event->position();
    wake();
}

void CityWidget::mouseReleaseEvent(QMouseEvent* event) {
    send(camera::PointerEvent::Kind::Release, event->position(), *event);
    if (std::exchange(isClick_, false)) {
        emit clicked(event->position(), event->button());
    }
}

void CityWidget::mouseDoubleClickEvent(QMouseEvent* event) {
    send(camera::PointerEvent::Kind::DoubleClick, event->position(), *event);
}

void CityWidget::wheelEvent(QWheelEvent* event) {
    if (camera::MapManipulator* manipulator = viewport_.manipulator()) {
        manipulator->handle({.kind = camera::PointerEvent::Kind::Wheel,
                             .pixel = pixelAt(event->position()),
                             .wheelSteps = event->angleDelta().y() / kAnglePerWheelStep},
                            now());
        redraw();
    }
}

bool CityWidget::setKey(int key, Qt::KeyboardModifiers modifiers, bool isDown) {
    keys_.fast = modifiers.testFlag(Qt::ShiftModifier);
    const bool turns = modifiers.testFlag(Qt::ControlModifier);
    switch (key) {
    case Qt::Key_W:
        keys_.forward = isDown;
        break;
    case Qt::Key_S:
        keys_.back = isDown;
        break;
    case Qt::Key_A:
        keys_.left = isDown;
        break;
    case Qt::Key_D:
        keys_.right = isDown;
        break;
    case Qt::Key_Up:
        (turns ? keys_.lookUp : keys_.forward) = isDown;
        break;
    case Qt::Key_Down:
        (turns ? keys_.lookDown : keys_.back) = isDown;
        break;
    case Qt::Key_Left:
        (turns ? keys_.turnLeft : keys_.left) = isDown;
        break;
    case Qt::Key_Right:
        (turns ? keys_.turnRight : keys_.right) = isDown;
        break;
    case Qt::Key_Q:
    case Qt::Key_PageDown:
        keys_.down = isDown;
        break;
    case Qt::Key_E:
    case Qt::Key_PageUp:
        keys_.up = isDown;
        break;
    case Qt::Key_Shift:
        break;
    default:
        return false;
    }
    if (camera::MapManipulator* manipulator = viewport_.manipulator()) {
        manipulator->setKeys(keys_);
        redraw();
    }
    return true;
}

void CityWidget::keyPressEvent(QKeyEvent* event) {
    if (!setKey(event->key(), event->modifiers(), true)) {
        QOpenGLWidget::keyPressEvent(event);
    }
}

void CityWidget::keyReleaseEvent(QKeyEvent* event) {
    if (event->isAutoRepeat() || !setKey(event->key(), event->modifiers(), false)) {
        QOpenGLWidget::keyReleaseEvent(event);
    }
}

/// The release of a key goes to whoever has the focus then: nothing may stay held down.
void CityWidget::focusOutEvent(QFocusEvent* event) {
    keys_ = {};
    if (camera::MapManipulator* manipulator = viewport_.manipulator()) {
        manipulator->setKeys(keys_);
    }
    QOpenGLWidget::focusOutEvent(event);
}

void CityWidget::leaveEvent(QEvent* event) {
    cursor_.reset();
    emit left();
    QOpenGLWidget::leaveEvent(event);
}

} // namespace viewer::app
