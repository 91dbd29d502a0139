#pragma once

#include "pipeline/planning/layer_store.h"
#include "tiles3d/base/result.h"

#include <QString>
#include <span>
#include <string>

namespace viewer::app {

struct FeatureTextOptions {
    char separator = ',';
    const char* lineEnd = "\r\n";
    bool hasByteOrderMark = false; ///< Excel takes UTF-8 for another encoding without it.
};

/// Rows of a layer as a table in UTF-8: a header with the fields' names, then the attributes in the
/// order of `ids`; those that are gone are left out. Fails as LayerStore::read() does.
/// Source: RFC 4180 (quoted where the separator, a quote or a line break is inside).
tiles3d::base::Result<std::string> featureText(const pipeline::planning::LayerStore& store,
                                               std::uint32_t layer,
                                               std::span<const std::int64_t> ids,
                                               const FeatureTextOptions& options = {});

/// What is wrong with a condition, in the window's language; SQLite's own words where we know no
/// better.
QString conditionFault(const QString& sqliteMessage);

} // namespace viewer::app
