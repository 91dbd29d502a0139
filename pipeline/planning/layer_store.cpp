#include "pipeline/planning/layer_store.h"

#include "pipeline/planning/box_tree.h"
#include "pipeline/planning/geopackage_geometry.h"
#include "pipeline/planning/layer_store_boxes.h"
#include "pipeline/planning/layer_store_catalogue.h"
#include "pipeline/planning/layer_store_connection.h"
#include "pipeline/planning/layer_store_rows.h"
#include "pipeline/planning/ogr_handles.h"
#include "tiles3d/base/file.h"
#include "tiles3d/base/parallel.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <functional>
#include <numeric>
#include <thread>

namespace pipeline::planning {

using tiles3d::base::Error;
using tiles3d::base::ok;
using tiles3d::base::Result;
using tiles3d::base::Status;

namespace {

namespace fs = std::filesystem;

/// What is kept of a layer beside its LayerInfo.
struct IndexedLayer {
    std::size_t file = 0;
    std::string idColumn;
    BoxTree boxes;
    std::array<std::string, 3> selects; // by Parts
};

/// A connection for the time of one read.
struct Reader {
    explicit Reader(ConnectionPool::Lent lent)
        : connection(std::move(lent)), snapshot(*connection) {}

    ConnectionPool::Lent connection;
    Connection::Snapshot snapshot;
};

std::string selectOf(const CatalogueLayer& layer, Parts parts) {
    std::string columns = parts == Parts::Attributes ? "NULL" : quotedName(layer.geometryColumn);
    if (parts != Parts::Geometry) {
        for (const Field& field : layer.info.fields) {
            columns += ", " + quotedName(field.name);
        }
    }
    return "SELECT " + columns + " FROM " + quotedName(layer.info.table) + " WHERE " +
           quotedName(layer.idColumn) + " = ?";
}

bool isSameCrs(const std::string& a, const std::string& b) {
    if (a == b) {
        return true;
    }
    const Result<Reference> first = referenceFrom(a);
    const Result<Reference> second = referenceFrom(b);
    return first && second && (*first)->IsSame(second->get()) != 0;
}

/// A value as its field has it: SQLite keeps whole numbers of a column of reals as integers.
Value typedValueAt(sqlite3_stmt* row, int column, FieldType type) {
    const Value value = valueAt(row, column);
    const auto* integer = std::get_if<std::int64_t>(&value);
    return type == FieldType::Real && integer != nullptr ? Value(static_cast<double>(*integer))
                                                         : value;
}

} // namespace

struct LayerStore::State {
    std::vector<std::unique_ptr<ConnectionPool>> files;
    std::string planeCrs;
    std::vector<LayerInfo> infos;
    std::vector<IndexedLayer> layers; // like infos

    Error about(const FeatureRef& ref, const Error& error) const {
        return tiles3d::base::within(fmt::format("{}: layer {}, feature {}",
                                                 tiles3d::base::toUtf8(infos[ref.layer].file),
                                                 infos[ref.layer].table,
                                                 ref.id),
                                     error);
    }

    Status addFile(const fs::path& file);
    Status index(const std::vector<CatalogueLayer>& catalogue);
    Status indexLayer(const CatalogueLayer& layer, std::size_t place);

    using VisitRow = std::function<Status(const FeatureRef& ref, sqlite3_stmt* row)>;
    Status
    forEachRow(std::span<const FeatureRef> features, Parts parts, const VisitRow& visit) const;
    Status decode(sqlite3_stmt* row, Parts parts, StoredFeature& feature) const;
};

Status LayerStore::State::indexLayer(const CatalogueLayer& layer, std::size_t place) {
    const Result<ConnectionPool::Lent> connection = files.back()->lend();
    if (!connection) {
        return connection.error();
    }
    const Connection::Snapshot snapshot(**connection);
    Result<std::vector<BoxEntry>> boxes = readBoxes(**connection, layer);
    if (!boxes) {
        return boxes.error();
    }
    IndexedLayer& indexed = layers[place];
    indexed.file = files.size() - 1;
    indexed.idColumn = layer.idColumn;
    indexed.boxes = BoxTree(*std::move(boxes));
    for (const Parts parts : {Parts::Geometry, Parts::Attributes, Parts::All}) {
        indexed.selects[static_cast<std::size_t>(parts)] = selectOf(layer, parts);
    }
    infos[place] = layer.info;
    infos[place].extent = indexed.boxes.extent();
    if (!layer.hasKind) {
        const Result<GeometryKind> kind = firstKind(**connection, layer);
        if (!kind) {
            return kind.error();
        }
        infos[place].kind = *kind;
    }
    return ok();
}

/// Adds the layers of the last file.
Status LayerStore::State::index(const std::vector<CatalogueLayer>& catalogue) {
    const std::size_t before = layers.size();
    layers.resize(before + catalogue.size());
    infos.resize(layers.size());
    std::vector<std::size_t> largestFirst(catalogue.size());
    std::iota(largestFirst.begin(), largestFirst.end(), std::size_t{0});
    std::ranges::stable_sort(largestFirst, std::ranges::greater(), [&](std::size_t i) {
        return catalogue[i].info.features;
    });
    std::vector<Status> states(catalogue.size(), ok());
    const std::size_t threads = std::max(std::thread::hardware_concurrency(), 1U);
    tiles3d::base::parallelFor(catalogue.size(), threads, [&](std::size_t rank) {
        const std::size_t i = largestFirst[rank];
        states[i] = indexLayer(catalogue[i], before + i);
    });
    const auto failed = std::ranges::find_if(states, [](const Status& state) { return !state; });
    return failed != states.end() ? *failed : ok();
}

Status LayerStore::State::addFile(const fs::path& file) {
    files.push_back(std::make_unique<ConnectionPool>(file));
    Result<std::vector<CatalogueLayer>> catalogue = [&]() -> Result<std::vector<CatalogueLayer>> {
        const Result<ConnectionPool::Lent> connection = files.back()->lend();
        if (!connection) {
            return connection.error();
        }
        const Connection::Snapshot snapshot(**connection);
        return readCatalogue(**connection, file);
    }();
    if (!catalogue) {
        return catalogue.error();
    }
    for (const CatalogueLayer& layer : *catalogue) {
        planeCrs = planeCrs.empty() ? layer.crs : planeCrs;
        if (!isSameCrs(planeCrs, layer.crs)) {
            return Error{fmt::format("{}: layer {} lies in {}, layers before it in {}; import it",
                                     tiles3d::base::toUtf8(file),
                                     layer.info.table,
                                     layer.crs,
                                     planeCrs)};
        }
    }
    return index(*catalogue);
}

Status LayerStore::State::forEachRow(std::span<const FeatureRef> features,
                                     Parts parts,
                                     const VisitRow& visit) const {
    std::vector<std::unique_ptr<Reader>> readers(files.size());
    sqlite3_stmt* statement = nullptr;
    for (std::size_t i = 0; i < features.size(); ++i) {
        const FeatureRef& ref = features[i];
        const IndexedLayer& layer = layers[ref.layer];
        std::unique_ptr<Reader>& reader = readers[layer.file];
        if (!reader) {
            Result<ConnectionPool::Lent> lent = files[layer.file]->lend();
            if (!lent) {
                return lent.error();
            }
            reader = std::make_unique<Reader>(*std::move(lent));
        }
        Connection& connection = *reader->connection;
        if (i == 0 || features[i - 1].layer != ref.layer) {
            const Result<sqlite3_stmt*> kept =
                connection.kept(layer.selects[static_cast<std::size_t>(parts)]);
            if (!kept) {
                return about(ref, kept.error());
            }
            statement = *kept;
        }
        sqlite3_bind_int64(statement, 1, ref.id);
        const Result<bool> isRow = connection.step(statement);
        const Status visited = !isRow   ? Status(isRow.error())
                               : *isRow ? visit(ref, statement)
                                        : ok();
        sqlite3_reset(statement);
        if (!visited) {
            return about(ref, visited.error());
        }
    }
    return ok();
}

/// A row of selectOf(): the geometry, then the fields.
Status LayerStore::State::decode(sqlite3_stmt* row, Parts parts, StoredFeature& feature) const {
    const std::span<const std::byte> blob = bytesAt(row, 0);
    if (parts != Parts::Attributes && !blob.empty()) {
        Result<Geometry> geometry = geometryFrom(blob);
        if (!geometry) {
            return geometry.error();
        }
        feature.geometry = *std::move(geometry);
    }
    const std::vector<Field>& fields = infos[feature.ref.layer].fields;
    for (int column = 1; column < sqlite3_column_count(row); ++column) {
        const FieldType type = fields[static_cast<std::size_t>(column - 1)].type;
        feature.values.push_back(typedValueAt(row, column, type));
    }
    return ok();
}

LayerStore::LayerStore(std::unique_ptr<State> state) : state_(std::move(state)) {}
LayerStore::~LayerStore() = default;

Result<std::shared_ptr<const LayerStore>> LayerStore::open(const std::vector<fs::path>& files) {
    auto state = std::make_unique<State>();
    for (const fs::path& file : files) {
        if (const Status added = state->addFile(file); !added) {
            return added.error();
        }
    }
    return std::shared_ptr<const LayerStore>(new LayerStore(std::move(state)));
}

const std::string& LayerStore::planeCrs() const {
    return state_->planeCrs;
}

const std::vector<LayerInfo>& LayerStore::layers() const {
    return state_->infos;
}

std::size_t LayerStore::indexBytes() const {
    std::size_t bytes = 0;
    for (const IndexedLayer& layer : state_->layers) {
        bytes += sizeof layer + layer.boxes.bytes();
    }
    return bytes;
}

std::vector<FeatureRef> LayerStore::near(const PlaneBox& box,
                                         std::span<const std::uint32_t> layers) const {
    std::vector<std::uint32_t> asked(layers.begin(), layers.end());
    if (asked.empty()) {
        asked.resize(state_->layers.size());
        std::iota(asked.begin(), asked.end(), 0U);
    }
    std::ranges::sort(asked);
    std::vector<FeatureRef> found;
    for (const std::uint32_t layer : asked) {
        std::ranges::transform(
            boxesNear(box, layer), std::back_inserter(found), [layer](const BoxEntry& entry) {
                return FeatureRef{layer, entry.id};
            });
    }
    return found;
}

std::vector<BoxEntry> LayerStore::boxesNear(const PlaneBox& box, std::uint32_t layer) const {
    std::vector<BoxEntry> found;
    state_->layers[layer].boxes.findMeeting(box, found);
    std::ranges::sort(found, std::ranges::less(), &BoxEntry::id);
    return found;
}

Result<std::vector<StoredFeature>> LayerStore::read(std::span<const FeatureRef> features,
                                                    Parts parts) const {
    std::vector<StoredFeature> read;
    read.reserve(features.size());
    const Status done =
        state_->forEachRow(features, parts, [&](const FeatureRef& ref, sqlite3_stmt* row) {
            read.push_back({.ref = ref});
            return state_->decode(row, parts, read.back());
        });
    return done ? Result<std::vector<StoredFeature>>(std::move(read)) : done.error();
}

Result<std::vector<StoredFeature>> LayerStore::readIf(std::span<const FeatureRef> features,
                                                      Parts parts,
                                                      const IsWanted& isWanted) const {
    const Parts fetched = parts == Parts::Geometry ? Parts::Geometry : Parts::All;
    std::vector<StoredFeature> read;
    const Status done =
        state_->forEachRow(features, fetched, [&](const FeatureRef& ref, sqlite3_stmt* row) {
            const std::span<const std::byte> blob = bytesAt(row, 0);
            if (blob.empty() || !isWanted(ref, blob)) {
                return ok();
            }
            read.push_back({.ref = ref});
            return state_->decode(row, parts, read.back());
        });
    return done ? Result<std::vector<StoredFeature>>(std::move(read)) : done.error();
}

Result<std::vector<std::int64_t>> LayerStore::rows(std::uint32_t layer,
                                                   const RowQuery& query) const {
    const LayerInfo& info = state_->infos[layer];
    const IndexedLayer& indexed = state_->layers[layer];
    const Result<ConnectionPool::Lent> connection = state_->files[indexed.file]->lend();
    if (!connection) {
        return connection.error();
    }
    return selectIds(**connection, {info.table, indexed.idColumn, info.fields}, query);
}

} // namespace pipeline::planning
