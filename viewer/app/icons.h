#pragma once

#include <QIcon>
#include <QString>

namespace viewer::app {

/// The drawing for a command of that object name (see Actions), in the palette's text colour; none
/// for a command that stands in menus only.
QIcon iconOf(const QString& name);

} // namespace viewer::app
