#pragma once

#include <glm/vec2.hpp>

namespace viewer::camera {

enum class PointerButton { None, Left, Middle, Right };

/// What a mouse or touchpad did; a window, a test and a script make it alike.
struct PointerEvent {
    enum class Kind { Press, Move, Release, DoubleClick, Wheel };

    Kind kind = Kind::Move;
    PointerButton button = PointerButton::None; ///< Of Press, Release and DoubleClick.
    bool isCtrlHeld = false;
    glm::dvec2 pixel{0.0};   ///< From the picture's lower left corner, in the lens's pixels.
    double wheelSteps = 0.0; ///< Of Wheel: notches away from the user; touchpads send fractions.
};

/// The keys that are held down.
struct HeldKeys {
    bool forward = false;
    bool back = false;
    bool left = false;
    bool right = false;
    bool up = false;
    bool down = false;
    bool turnLeft = false;
    bool turnRight = false;
    bool lookUp = false;
    bool lookDown = false;
    bool fast = false; ///< Four times as fast; runs when walking.

    bool operator==(const HeldKeys&) const = default;
};

} // namespace viewer::camera
