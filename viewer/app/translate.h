#pragma once

#include <QCoreApplication>
#include <QString>

namespace viewer::app {

/// A text of the program in the language of the window, for what is no QObject. The name is one
/// that the collector of texts knows.
inline QString tr(const char* text) {
    return QCoreApplication::translate("viewer::app", text);
}

} // namespace viewer::app
