#include "viewer/scene/upload_pace.h"

#include <algorithm>

namespace viewer::scene {

namespace {

/// What is smaller takes as long as the call does.
constexpr std::size_t kTellingBytes = std::size_t{32} << 10U;
/// One slice that the machine's other work fell into says little.
constexpr double kWeightOfLast = 0.25;

} // namespace

void UploadPace::learn(UploadKind kind, std::size_t bytes, double milliseconds) {
    if (bytes < kTellingBytes) {
        return;
    }
    double& kept = millisecondsPerByte_[static_cast<std::size_t>(kind)];
    const double last = milliseconds / static_cast<double>(bytes);
    kept = kept == 0.0 ? last : kept + kWeightOfLast * (last - kept);
}

double UploadPace::expectedMilliseconds(UploadKind kind, std::size_t bytes) const {
    return millisecondsPerByte_[static_cast<std::size_t>(kind)] * static_cast<double>(bytes);
}

std::size_t
UploadPace::bytesWithin(double milliseconds, UploadKind kind, std::size_t mostBytes) const {
    if (expectedMilliseconds(kind, mostBytes) <= milliseconds) {
        return mostBytes;
    }
    const double perByte = millisecondsPerByte_[static_cast<std::size_t>(kind)];
    return perByte > 0.0 ? static_cast<std::size_t>(std::max(milliseconds, 0.0) / perByte) : 0;
}

} // namespace viewer::scene
