#pragma once

#include "tiles3d/base/result.h"

#include <chrono>
#include <string_view>

namespace viewer::main {

/// The moment that `text` names: YYYY-MM-DDThh:mm[:ss] and Z or +hh:mm or -hh:mm, nothing else.
/// Fails with one sentence, also on a day or hour that is not in the calendar, and on a time
/// without an offset, which names another moment in every country. Source: ISO 8601-1:2019.
tiles3d::base::Result<std::chrono::sys_seconds> parseIsoTime(std::string_view text);

} // namespace viewer::main
