#pragma once

#include "pipeline/planning/style/layer_style.h"

#include <QIcon>
#include <QPixmap>
#include <QSize>

namespace viewer::app {

struct SymbolPictureOptions {
    QSize size{28, 16};      ///< Logical pixels.
    double pixelRatio = 2.0; ///< Also sharp on screens of twice the pixels.
    float opacity = 1.0F;
};

/// A feature as a symbol draws it on the city: fill, hatch, outline, dash and casing of a surface,
/// a bent line, or a disc.
QPixmap pictureOf(const pipeline::planning::style::Symbol& symbol,
                  pipeline::planning::GeometryKind kind,
                  const SymbolPictureOptions& options = {});

/// Of a layer in a list: its symbol, or stripes of those of its first classes.
QIcon iconOf(const pipeline::planning::style::LayerStyle& style,
             pipeline::planning::GeometryKind kind);

} // namespace viewer::app
