#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace viewer::scene {

/// What a step of an upload does. Room: memory for a texture or a buffer, which software rendering
/// clears. End: what is not needed any more is let go.
enum class UploadKind : std::uint8_t { Room, Vertices, Texels, End };

/// How long steps of an upload take, learned from those before.
class UploadPace {
public:
    void learn(UploadKind kind, std::size_t bytes, double milliseconds);

    /// 0 before anything was learned of that kind.
    double expectedMilliseconds(UploadKind kind, std::size_t bytes) const;
    /// The largest step that is expected to take no longer, up to `mostBytes`.
    std::size_t bytesWithin(double milliseconds, UploadKind kind, std::size_t mostBytes) const;

private:
    std::array<double, 4> millisecondsPerByte_{};
};

} // namespace viewer::scene
