#pragma once

#include "pipeline/planning/box_tree.h"
#include "pipeline/planning/plane_box.h"
#include "pipeline/planning/vector_layer.h"
#include "tiles3d/base/result.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace pipeline::planning {

/// What a store says of one of its layers.
struct LayerInfo {
    std::filesystem::path file; ///< The GeoPackage.
    std::string table;          ///< Its table there; names the layer for good.
    std::string title;          ///< For people; the table's name where nothing else is said.
    std::string category;  ///< Path in the category tree, "control/ecological-red-line"; or "".
    std::string source;    ///< The file or connection it was imported from; or "".
    std::string sourceCrs; ///< As it was understood; or "".
    std::string vintage;   ///< "2024-03"; or "".
    GeometryKind kind = GeometryKind::Polygon;
    std::vector<Field> fields;
    std::size_t features = 0;
    PlaneBox extent; ///< Empty for a layer without geometry.
};

/// Names one feature of a store.
struct FeatureRef {
    std::uint32_t layer = 0; ///< Place in LayerStore::layers().
    std::int64_t id = 0;     ///< Its primary key in the layer's table.

    auto operator<=>(const FeatureRef&) const = default;
};

struct StoredFeature {
    FeatureRef ref;
    Geometry geometry;
    std::vector<Value> values; ///< One per field of its layer; none if only geometry was asked for.
};

/// What to read of a feature.
enum class Parts { Geometry, Attributes, All };

/// Which rows of a layer's table, in what order.
struct RowQuery {
    std::string where;   ///< An SQL condition over the layer's fields; "" = all.
    std::string orderBy; ///< A field's name; "" = by id.
    bool descending = false;
    double timeoutSeconds = 30.0; ///< After which it fails.
};

/// The layers of one or more GeoPackages in one plane CRS, opened for reading: the boxes of all
/// features are in memory, all else stays on disk. Any GeoPackage with R-trees will do; what
/// importLayers() adds (category, source, vintage) is optional. Const use is safe from any number
/// of threads.
class LayerStore {
public:
    /// Layers in the order of the files, then of their tables' names. Fails, naming the file, on
    /// one that is no GeoPackage or that lies in another plane CRS than the first.
    static tiles3d::base::Result<std::shared_ptr<const LayerStore>>
    open(const std::vector<std::filesystem::path>& files);

    LayerStore(const LayerStore&) = delete;
    LayerStore& operator=(const LayerStore&) = delete;
    ~LayerStore();

    /// "EPSG:4548" or WKT; x east, y north.
    const std::string& planeCrs() const;
    const std::vector<LayerInfo>& layers() const;
    /// Of the boxes and what else is held for them.
    std::size_t indexBytes() const;

    /// Features whose boxes meet `box`, by layer and id; the boxes are single precision, rounded
    /// outwards. `layers`: those asked for; empty = all.
    std::vector<FeatureRef> near(const PlaneBox& box,
                                 std::span<const std::uint32_t> layers = {}) const;

    /// The boxes of one layer that meet `box`, by id: what can be told of its features without
    /// reading them.
    std::vector<BoxEntry> boxesNear(const PlaneBox& box, std::uint32_t layer) const;

    /// In the order asked for. A feature that is gone is left out. Fails on a file that cannot be
    /// read any more or a geometry that is broken, naming layer and id.
    tiles3d::base::Result<std::vector<StoredFeature>> read(std::span<const FeatureRef> features,
                                                           Parts parts = Parts::All) const;

    /// Whether a feature is wanted, by its geometry as it lies in the file (see
    /// geopackage_geometry.h); what is not is not decoded.
    using IsWanted =
        std::function<bool(const FeatureRef& feature, std::span<const std::byte> blob)>;
    /// As read(), those with a geometry that `isWanted`: each is fetched once.
    tiles3d::base::Result<std::vector<StoredFeature>>
    readIf(std::span<const FeatureRef> features, Parts parts, const IsWanted& isWanted) const;

    /// The ids of a layer's rows that satisfy the query, in its order. Runs read-only and refuses
    /// anything but one condition; fails with SQLite's words on what it does not understand.
    tiles3d::base::Result<std::vector<std::int64_t>> rows(std::uint32_t layer,
                                                          const RowQuery& query) const;

private:
    struct State;
    explicit LayerStore(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

} // namespace pipeline::planning
