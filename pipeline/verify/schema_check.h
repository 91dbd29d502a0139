#pragma once

#include "pipeline/verify/verify.h"
#include "tiles3d/base/json.h"

#include <functional>
#include <string>

namespace pipeline::verify {

/// Adds a finding of the file that is being checked.
using Note = std::function<void(Severity, const std::string& where, const std::string& message)>;

/// The JSON of one tileset against 3D Tiles 1.1 (7) and our profile, by the letter: required
/// members and their types, version 1.1, refine in capitals and stated at the root, one volume a
/// tile, no empty children, no names from before 1.0; implicitTiling, a schema and metadata of its
/// classes where they stand. What needs numbers understood is left to
/// tiles3d::tileset::validate() and to checkTile().
void checkSchema(const tiles3d::base::Json& json, const Note& note);

} // namespace pipeline::verify
