#include "pipeline/sample/noise.h"

#include <algorithm>
#include <cmath>

namespace pipeline::sample {

namespace {

std::uint64_t mix(std::uint64_t x) {
    x += 0x9E3779B97F4A7C15U;
    x = (x ^ (x >> 30U)) * 0xBF58476D1CE4E5B9U;
    x = (x ^ (x >> 27U)) * 0x94D049BB133111EBU;
    return x ^ (x >> 31U);
}

/// One multiplication round is enough for a value that is only looked at as grey.
double knot(std::uint64_t seed, std::int64_t x, std::int64_t y) {
    std::uint64_t h = seed ^ (static_cast<std::uint64_t>(x) * 0x9E3779B97F4A7C15U) ^
                      (static_cast<std::uint64_t>(y) * 0xC2B2AE3D27D4EB4FU);
    h = (h ^ (h >> 29U)) * 0xBF58476D1CE4E5B9U;
    h ^= h >> 32U;
    return static_cast<double>(h & 0xFFFFFFU) / 16777216.0;
}

} // namespace

std::uint64_t hashOf(std::uint64_t seed, std::int64_t a, std::int64_t b, std::int64_t c) {
    std::uint64_t h = mix(seed ^ static_cast<std::uint64_t>(a));
    h = mix(h ^ static_cast<std::uint64_t>(b));
    return mix(h ^ static_cast<std::uint64_t>(c));
}

double unitOf(std::uint64_t hash) {
    constexpr double kTwoTo53 = 9007199254740992.0;
    return static_cast<double>(hash >> 11U) / kTwoTo53;
}

double pick(std::uint64_t hash, std::int64_t salt, double low, double high) {
    return low + (high - low) * unitOf(hashOf(hash, salt));
}

bool chance(std::uint64_t hash, std::int64_t salt, double share) {
    return unitOf(hashOf(hash, salt)) < share;
}

double smoothNoise(std::uint64_t seed, double x, double y) {
    const double floorX = std::floor(x);
    const double floorY = std::floor(y);
    const auto i = static_cast<std::int64_t>(floorX);
    const auto j = static_cast<std::int64_t>(floorY);
    const double fx = x - floorX;
    const double fy = y - floorY;
    const double sx = fx * fx * (3.0 - 2.0 * fx);
    const double sy = fy * fy * (3.0 - 2.0 * fy);
    const double south = std::lerp(knot(seed, i, j), knot(seed, i + 1, j), sx);
    const double north = std::lerp(knot(seed, i, j + 1), knot(seed, i + 1, j + 1), sx);
    return std::lerp(south, north, sy);
}

double fractalNoise(std::uint64_t seed, double x, double y, int octaves) {
    double sum = 0.0;
    double weight = 1.0;
    double total = 0.0;
    for (int octave = 0; octave < octaves; ++octave) {
        sum += weight * smoothNoise(seed + static_cast<std::uint64_t>(octave) * 7919U, x, y);
        total += weight;
        weight *= 0.5;
        x *= 2.03; // not 2: knots of the octaves must not coincide
        y *= 2.03;
    }
    return sum / total;
}

double cellNoise(std::uint64_t seed, double x, double y) {
    return knot(
        seed, static_cast<std::int64_t>(std::floor(x)), static_cast<std::int64_t>(std::floor(y)));
}

double smoothStep(double low, double high, double x) {
    const double t = std::clamp((x - low) / (high - low), 0.0, 1.0);
    return t * t * (3.0 - 2.0 * t);
}

} // namespace pipeline::sample
