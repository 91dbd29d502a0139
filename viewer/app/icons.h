#pragma once

#include <QColor>
#include <QIcon>
#include <QString>
#include <vector>

namespace viewer::app {

/// The drawing for a command of that object name (see Actions), in the palette's text colour; none
/// for a command that stands in menus only.
QIcon iconOf(const QString& name);

/// A square of upright stripes in these colours, from left to right; none without colours.
QIcon swatchOf(const std::vector<QColor>& colours);

} // namespace viewer::app
