#pragma once

#include "viewer/overlay/layer_set.h"

#include <QColor>
#include <cstddef>
#include <vector>

namespace viewer::app {

/// The colours that a layer of the set is drawn in, at most `most`, in the order of its features;
/// the first 1,000 of them are looked at.
std::vector<QColor>
coloursOf(const overlay::LayerSet& layers, std::size_t layer, std::size_t most = 4);

} // namespace viewer::app
