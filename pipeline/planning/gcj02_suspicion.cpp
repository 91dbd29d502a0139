#include "pipeline/planning/gcj02_suspicion.h"

namespace pipeline::planning {

std::vector<std::string> suspectGcj02(const Database&, const ImportOptions&) {
    return {};
}

} // namespace pipeline::planning
