#include "pipeline/planning/import_writer.h"

#include "pipeline/planning/import_gate.h"
#include "tiles3d/base/file.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>

namespace pipeline::planning {

using tiles3d::base::Error;
using tiles3d::base::Json;
using tiles3d::base::ok;
using tiles3d::base::Result;
using tiles3d::base::Status;

namespace {

namespace fs = std::filesystem;

constexpr std::array kKinds{GeometryKind::Polygon, GeometryKind::Line, GeometryKind::Point};

std::size_t placeOf(GeometryKind kind) {
    return static_cast<std::size_t>(kind);
}

constexpr const char* kSchema = R"sql(
CREATE TABLE city3d_layers (
    table_name TEXT PRIMARY KEY, title TEXT, category TEXT, source TEXT, source_layer TEXT,
    source_crs TEXT, vintage TEXT, source_hash TEXT, note TEXT);
CREATE TABLE city3d_import_ledger (table_name TEXT, fid INTEGER, what TEXT, detail TEXT);
CREATE TABLE city3d_import (source TEXT, fingerprint TEXT, report TEXT);
INSERT INTO gpkg_extensions VALUES
    ('city3d_layers', NULL, 'city3d_import', 'what layers are and where they are from',
     'write-only'),
    ('city3d_import_ledger', NULL, 'city3d_import', 'what was done to features', 'write-only'),
    ('city3d_import', NULL, 'city3d_import', 'what was imported', 'write-only');
)sql";

/// What the ledger calls a table that is still that of an earlier import.
constexpr const char* kKept = "kept";

/// The WKT of the CRS that the layers are in.
std::string planeOf(const Connection& connection) {
    const auto select = connection.prepare(
        "SELECT definition FROM gpkg_spatial_ref_sys WHERE srs_id NOT IN (-1, 0, 4326)");
    const auto row = select ? connection.step(select->get()) : Result<bool>(false);
    return row && *row ? textAt(select->get(), 0) : "";
}

/// Binds texts in order and runs.
Status insertTexts(const Database& database,
                   const std::string& table,
                   const std::vector<std::string>& texts) {
    std::string sql = "INSERT INTO " + table + " VALUES (?";
    for (std::size_t i = 1; i < texts.size(); ++i) {
        sql += ", ?";
    }
    Result<Statement> insert = database.prepare(sql + ")");
    if (!insert) {
        return insert.error();
    }
    for (std::size_t i = 0; i < texts.size(); ++i) {
        bindTo(insert->get(), static_cast<int>(i) + 1, texts[i]);
    }
    return database.run(insert->get());
}

} // namespace

EarlierImport readEarlierImport(const fs::path& file) {
    EarlierImport earlier;
    std::error_code error;
    const fs::file_time_type written = fs::last_write_time(file, error);
    if (error) {
        return earlier;
    }
    earlier.time = fmt::format("{:%Y-%m-%d %H:%M} UTC",
                               fmt::gmtime(std::chrono::system_clock::to_time_t(
                                   std::chrono::time_point_cast<std::chrono::seconds>(
                                       std::chrono::file_clock::to_sys(written)))));
    const auto connection = Connection::open(file);
    if (!connection) {
        return earlier;
    }
    const auto select =
        (*connection)
            ->prepare("SELECT source, fingerprint, report FROM city3d_import ORDER BY rowid");
    if (!select) {
        return earlier;
    }
    earlier.plane = planeOf(**connection);
    for (auto row = (*connection)->step(select->get()); row && *row;
         row = (*connection)->step(select->get())) {
        const std::string source = textAt(select->get(), 0);
        const std::string fingerprint = textAt(select->get(), 1);
        const auto report = tiles3d::base::parseJson(textAt(select->get(), 2));
        if (!report) {
            continue;
        }
        if (source.empty()) {
            earlier.fingerprint = fingerprint;
            for (const Json& warning : report->items()) {
                earlier.warnings.push_back(warning.stringOr(""));
            }
            continue;
        }
        EarlierSource& told = earlier.sources.emplace_back();
        told.fingerprint = fingerprint;
        for (const Json& layer : report->items()) {
            told.layers.push_back(importedLayerFrom(layer));
            told.layers.back().isUnchanged = true;
        }
    }
    return earlier;
}

const EarlierSource* EarlierImport::find(const std::string& sourceFingerprint) const {
    const auto found = std::ranges::find(sources, sourceFingerprint, &EarlierSource::fingerprint);
    return sourceFingerprint.empty() || found == sources.end() ? nullptr : &*found;
}

Result<ImportWriter> ImportWriter::create(const fs::path& part,
                                          const fs::path& earlierFile,
                                          const EarlierImport& earlier,
                                          const std::vector<PlannedSource>& sources,
                                          const ImportOptions& options) {
    Result<GeoPackageWriter> file = GeoPackageWriter::create(
        part, options.planeCrs, earlier.sources.empty() ? fs::path() : earlierFile);
    if (!file) {
        return file.error();
    }
    if (const Status made = file->database().execute(kSchema); !made) {
        return made.error();
    }
    for (const PlannedSource& planned : sources) {
        if (planned.isKept) {
            for (const ImportedLayer& layer : earlier.find(planned.fingerprint)->layers) {
                std::ranges::for_each(layer.tables,
                                      [&](const std::string& table) { file->reserve(table); });
            }
        }
    }
    return ImportWriter(*std::move(file), earlier, sources, options);
}

std::string ImportWriter::shownSource(std::size_t source) const {
    return tiles3d::base::validUtf8(withoutPassword((*sources_)[source].source.path));
}

Status ImportWriter::write(ImportBatch& batch) {
    source_ = batch.source;
    if (batch.isKept) {
        return takeOver(earlier_->find((*sources_)[batch.source].fingerprint)->layers);
    }
    if (!batch.isFirst && !open_) { // a layer, or a source, that could not even be begun
        return lose({.source = shownSource(batch.source),
                     .layer = batch.layer ? batch.layer->name : "",
                     .lost = batch.lost});
    }
    if (batch.isFirst) {
        open_.emplace();
        if (Status marked = file_.mark(); !marked) {
            return marked;
        }
    }
    if (Status added = addFeatures(batch); !added) {
        return added;
    }
    return batch.isLast ? endLayer(batch) : ok();
}

Status ImportWriter::takeOver(const std::vector<ImportedLayer>& layers) {
    for (const ImportedLayer& layer : layers) {
        Status taken = copyTables(layer);
        if (taken && !layer.lost.empty()) {
            taken = recordLoss(layer);
        }
        if (!taken) {
            return taken;
        }
        layers_.push_back(layer);
        layerSources_.push_back(source_);
    }
    return ok();
}

Status ImportWriter::copyTables(const ImportedLayer& layer) {
    for (const std::string& table : layer.tables) {
        if (Status copied = file_.copy(table); !copied) {
            return copied;
        }
        const std::string where = fmt::format(" WHERE table_name = {}", quotedText(table));
        const Status copied = file_.database().execute(
            fmt::format("INSERT INTO main.city3d_layers SELECT * FROM {0}.city3d_layers{1};"
                        "INSERT INTO main.city3d_import_ledger "
                        "SELECT * FROM {0}.city3d_import_ledger{1} AND what != '{2}'",
                        kEarlierSchema,
                        where,
                        kKept));
        if (!copied) {
            return copied;
        }
    }
    featuresWritten_ += layer.counts.kept;
    return ok();
}

Status ImportWriter::addFeatures(ImportBatch& batch) {
    for (std::size_t i = 0; i < batch.converted.features.size(); ++i) {
        if (Status added = addFeature(batch, i); !added) {
            return added;
        }
    }
    for (Remark& remark : batch.converted.remarks) {
        open_->remarks.emplace_back(0, std::move(remark));
    }
    open_->counts.add(batch.converted.counts);
    featuresWritten_ += batch.converted.counts.kept;
    return ok();
}

Status ImportWriter::addFeature(const ImportBatch& batch, std::size_t i) {
    const ConvertedFeature& one = batch.converted.features[i];
    PlaneBox box;
    for (const GeometryKind kind : kKinds) {
        const GeometryBlob& blob = batch.blobs[i][placeOf(kind)];
        if (blob.bytes.empty()) {
            continue;
        }
        const Result<FeatureTable*> table = tableFor(*batch.layer, kind);
        if (!table) {
            return table.error();
        }
        const Result<std::int64_t> id = file_.add(**table, one.id, blob, one.feature.values);
        if (!id) {
            return id.error();
        }
        if (*id != one.id) {
            ++open_->counts.renumbered;
            open_->remarks.emplace_back(
                placeOf(kind),
                Remark{.id = *id, .why = fmt::format("its id {} was taken", one.id)});
            open_->remarks.back().second.isRenumbered = true;
        }
        box.add(blob.box.low);
        box.add(blob.box.high);
    }
    open_->outside += options_->cityBox && !options_->cityBox->overlaps(box) ? 1U : 0U;
    return ok();
}

/// The kind that comes first has the layer's own name.
Result<FeatureTable*> ImportWriter::tableFor(const WalkedLayer& layer, GeometryKind kind) {
    std::optional<FeatureTable>& table = open_->tables[placeOf(kind)];
    if (!table) {
        constexpr std::array<const char*, 3> kSuffixes{"_polygon", "_line", "_point"};
        const bool isFirst = std::ranges::none_of(
            open_->tables, [](const auto& other) { return other.has_value(); });
        Result<FeatureTable> begun = file_.begin(
            layer.name + (isFirst ? "" : kSuffixes[placeOf(kind)]), kind, layer.columns);
        if (!begun) {
            return begun.error();
        }
        table = *std::move(begun);
    }
    return &*table;
}

std::string ImportWriter::flawOf(const WalkedLayer& layer) const {
    const FeatureCounts& counts = open_->counts;
    const bool isOutside = options_->cityBox && open_->outside == counts.kept && counts.kept > 0;
    const bool isUnplaced = counts.kept == 0 && counts.read > 0;
    if (!isOutside && !isUnplaced) {
        return "";
    }
    const std::string what =
        isOutside
            ? fmt::format("none of its {} features meets the city", counts.kept)
            : fmt::format("none of its {} features could be used ({} without geometry, {} with "
                          "coordinates that are no numbers, {} outside of what the plane's CRS "
                          "covers)",
                          counts.read,
                          counts.empty,
                          counts.notFinite,
                          counts.unplaced);
    return what + "; read as " + layer.crs +
           (options_->cityBox && !layer.sample.empty()
                ? "; " + waysIntoCity(layer.sample, options_->planeCrs, *options_->cityBox)
                : "");
}

Status ImportWriter::endLayer(ImportBatch& batch) {
    const WalkedLayer& layer = *batch.layer;
    ImportedLayer imported{.source = shownSource(batch.source),
                           .layer = layer.name,
                           .lost = batch.lost.empty() ? flawOf(layer) : batch.lost,
                           .crs = layer.crs,
                           .counts = open_->counts,
                           .notes = layer.notes};
    if (!imported.lost.empty()) {
        featuresWritten_ -= imported.counts.kept;
        imported.counts = {};
        open_.reset();
        const Status forgotten = file_.forget();
        return forgotten ? lose(std::move(imported)) : forgotten;
    }
    const auto note = [&](std::uint64_t count, const char* what) {
        if (count > 0) {
            imported.notes.push_back(fmt::format("{} features {}", count, what));
        }
    };
    note(open_->outside, "lie outside of the city");
    note(imported.counts.withHeights, "have heights or measures, which are left out");
    note(imported.counts.withCurves, "have curves, which are stroked");
    if (const Status kept = keepLayer(imported, layer); !kept) {
        return kept;
    }
    layers_.push_back(std::move(imported));
    layerSources_.push_back(batch.source);
    open_.reset();
    return file_.keep();
}

Status ImportWriter::keepLayer(ImportedLayer& imported, const WalkedLayer& layer) {
    if (imported.counts.read == 0) { // an empty layer is one as well
        if (const auto table = tableFor(layer, layer.declaredKind); !table) {
            return table.error();
        }
        imported.notes.emplace_back("it has no features");
    }
    std::array<std::string, 3> names;
    std::string first;
    for (const GeometryKind kind : kKinds) {
        std::optional<FeatureTable>& table = open_->tables[placeOf(kind)];
        if (table) {
            names[placeOf(kind)] = table->name;
            first = first.empty() || table->name.size() < first.size() ? table->name : first;
            imported.tables.push_back(table->name);
            if (Status described = describe(*table, imported, layer); !described) {
                return described;
            }
            if (Status finished = file_.finish(*std::move(table)); !finished) {
                return finished;
            }
        }
    }
    for (const auto& [place, remark] : open_->remarks) {
        const Status recorded = record(remark.isRenumbered ? names[place] : first,
                                       remark.id,
                                       remark.isDropped      ? "dropped"
                                       : remark.isRenumbered ? "renumbered"
                                                             : "repaired",
                                       remark.why);
        if (!recorded) {
            return recorded;
        }
    }
    return ok();
}

Status ImportWriter::lose(ImportedLayer imported) {
    bool isKept = false;
    for (const EarlierSource& source : earlier_->sources) {
        for (const ImportedLayer& layer : source.layers) {
            if (isToBeKept(layer, imported)) {
                isKept = true;
                if (Status kept = keepEarlier(layer, imported); !kept) {
                    return kept;
                }
            }
        }
    }
    if (isKept) {
        return ok();
    }
    Status recorded = recordLoss(imported);
    layers_.push_back(std::move(imported));
    layerSources_.push_back(source_);
    return recorded;
}

/// A folder that is lost as a whole loses the files that were in it.
bool ImportWriter::isToBeKept(const ImportedLayer& earlier, const ImportedLayer& lost) const {
    const bool isSameSource =
        earlier.source == lost.source || earlier.source.starts_with(lost.source + "/");
    const bool isSameLayer = lost.layer.empty()
                                 ? fits((*sources_)[source_].source.layers, earlier.layer)
                                 : earlier.layer == lost.layer;
    return isSameSource && isSameLayer && !earlier.tables.empty() &&
           earlier_->plane == file_.plane() &&
           std::ranges::none_of(earlier.tables,
                                [&](const auto& table) { return file_.hasName(table); });
}

Status ImportWriter::keepEarlier(ImportedLayer layer, const ImportedLayer& lost) {
    layer.lost = lost.lost;
    layer.keptFrom = layer.keptFrom.empty() ? earlier_->time : layer.keptFrom;
    layer.isUnchanged = false;
    if (Status copied = copyTables(layer); !copied) {
        return copied;
    }
    const Status recorded = recordLoss(layer);
    layers_.push_back(std::move(layer));
    layerSources_.push_back(source_);
    return recorded;
}

Status ImportWriter::recordLoss(const ImportedLayer& layer) {
    const std::string loss = lossOf(layer);
    if (layer.tables.empty()) {
        return record(layer.layer.empty() ? layer.source : layer.layer, std::nullopt, "lost", loss);
    }
    for (const std::string& table : layer.tables) {
        Status recorded = record(table, std::nullopt, kKept, loss);
        if (recorded) {
            recorded = file_.database().execute(
                fmt::format("UPDATE city3d_layers SET note = {} WHERE table_name = {}",
                            quotedText(loss),
                            quotedText(table)));
        }
        if (!recorded) {
            return recorded;
        }
    }
    return ok();
}

Status ImportWriter::describe(const FeatureTable& table,
                              const ImportedLayer& imported,
                              const WalkedLayer& layer) {
    const PlannedSource& planned = (*sources_)[source_];
    const bool isFirst = imported.tables.size() == 1;
    constexpr std::array<const char*, 3> kKindTitles{" (areas)", " (lines)", " (points)"};
    return insertTexts(file_.database(),
                       "city3d_layers",
                       {table.name,
                        layer.title + (isFirst ? "" : kKindTitles[placeOf(table.kind)]),
                        planned.source.category,
                        imported.source,
                        layer.name,
                        layer.crs,
                        planned.source.vintage,
                        planned.fingerprint,
                        fmt::format("{}", fmt::join(imported.notes, "; "))});
}

Status ImportWriter::record(const std::string& table,
                            std::optional<std::int64_t> id,
                            const char* what,
                            const std::string& detail) {
    Result<Statement> insert =
        file_.database().prepare("INSERT INTO city3d_import_ledger VALUES (?, ?, ?, ?)");
    if (!insert) {
        return insert.error();
    }
    bindTo(insert->get(), 1, table);
    if (id) {
        bindTo(insert->get(), 2, *id);
    }
    bindTo(insert->get(), 3, what);
    bindTo(insert->get(), 4, detail);
    return file_.database().run(insert->get());
}

Status ImportWriter::close(const std::vector<std::string>& warnings,
                           const std::string& fingerprint) {
    for (std::size_t source = 0; source < sources_->size(); ++source) {
        Json layers = Json::array();
        for (std::size_t i = 0; i < layers_.size(); ++i) {
            if (layerSources_[i] == source) {
                layers.push(toJson(layers_[i]));
            }
        }
        const Status written =
            insertTexts(file_.database(),
                        "city3d_import",
                        {shownSource(source), (*sources_)[source].fingerprint, layers.dump()});
        if (!written) {
            return written;
        }
    }
    Json texts = Json::array();
    for (const std::string& warning : warnings) {
        texts.push(warning);
    }
    const Status written =
        insertTexts(file_.database(), "city3d_import", {"", fingerprint, texts.dump()});
    return written ? file_.close() : written;
}

} // namespace pipeline::planning
