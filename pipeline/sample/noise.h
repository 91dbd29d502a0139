#pragma once

#include <cstdint>

namespace pipeline::sample {

/// A hash of three whole numbers under a seed: the same on every machine, without visible patterns.
/// Source: the finaliser of SplitMix64 (Steele, Lea, Flood, 2014), chained.
std::uint64_t hashOf(std::uint64_t seed, std::int64_t a, std::int64_t b = 0, std::int64_t c = 0);

/// [0, 1) of the hash's upper bits.
double unitOf(std::uint64_t hash);

/// A number in [low, high) made of `hash` and a salt, so that one hash gives many numbers.
double pick(std::uint64_t hash, std::int64_t salt, double low, double high);

/// True for the fraction `share` of all hashes.
bool chance(std::uint64_t hash, std::int64_t salt, double share);

/// Smooth noise in [0, 1] with one knot per unit; continuous everywhere.
double smoothNoise(std::uint64_t seed, double x, double y);

/// Sum of `octaves` smoothNoise() of halving size and weight, in [0, 1].
double fractalNoise(std::uint64_t seed, double x, double y, int octaves);

/// One value in [0, 1) per cell of a lattice with one cell per unit: grain of asphalt or sand.
double cellNoise(std::uint64_t seed, double x, double y);

/// 0 below `low`, 1 above `high`, smooth between.
double smoothStep(double low, double high, double x);

} // namespace pipeline::sample
