#include "pipeline/planning/vector_layer.h"

#include <fmt/format.h>

namespace pipeline::planning {

std::string toText(const Value& value) {
    if (const auto* text = std::get_if<std::string>(&value)) {
        return *text;
    }
    if (const auto* integer = std::get_if<std::int64_t>(&value)) {
        return std::to_string(*integer);
    }
    if (const auto* real = std::get_if<double>(&value)) {
        return fmt::format("{}", *real);
    }
    return {};
}

} // namespace pipeline::planning
