#pragma once

namespace pipeline::sources {

/// Which axis of a design model points up: y (OBJ, glTF, most programs of animators) or z (most
/// programs of architects).
enum class UpAxis { Y, Z };

} // namespace pipeline::sources
