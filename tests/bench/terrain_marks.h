#pragma once

namespace tests::bench {

/// Builds a small land whose orthophoto shows dark squares at known places, and looks for them in
/// the pictures of the finest tiles, through their texture coordinates. Prints how far they stand
/// from where PROJ has them; whether that is half a texel and 1 cm at most.
/// Throws std::runtime_error if something cannot be built or read.
bool findMarks();

} // namespace tests::bench
