#pragma once

#include "pipeline/planning/layer_store.h"
#include "pipeline/planning/layer_store_connection.h"
#include "tiles3d/base/result.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace pipeline::planning {

struct RowSource {
    const std::string& table;
    const std::string& idColumn;
    const std::vector<Field>& fields;
};

/// LayerStore::rows(). Fails on a condition that is more than one.
tiles3d::base::Result<std::vector<std::int64_t>>
selectIds(Connection& connection, const RowSource& source, const RowQuery& query);

/// Whether the text stays inside of the parentheses that it is put into: quotes and parentheses
/// that match, no comment, no semicolon, no null byte. Fails saying what is wrong.
tiles3d::base::Status checkIsOneCondition(std::string_view text);

} // namespace pipeline::planning
