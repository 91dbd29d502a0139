#pragma once

#include "pipeline/planning/geopackage_writer.h"
#include "pipeline/planning/import_walk.h"

#include <optional>

namespace pipeline::planning {

struct EarlierSource {
    std::string fingerprint; ///< "" for a connection.
    std::vector<ImportedLayer> layers;
};

/// What an earlier import left.
struct EarlierImport {
    std::vector<EarlierSource> sources; ///< In its order.
    std::vector<std::string> warnings;
    std::string fingerprint; ///< Of the whole; "" if there is none.
    std::string plane;       ///< WKT of its CRS.
    std::string time;        ///< When it was made, "2024-03-01 08:30 UTC".

    /// Null: none had this fingerprint.
    const EarlierSource* find(const std::string& sourceFingerprint) const;
};

/// Nothing for a file that is missing or was not made by importLayers().
EarlierImport readEarlierImport(const std::filesystem::path& file);

/// Writes batches into the new file, layer by layer.
class ImportWriter {
public:
    /// `earlier`: what the file at `earlierFile` holds, which kept sources are taken from.
    /// REQUIRES: all but `part` outlive it.
    static tiles3d::base::Result<ImportWriter> create(const std::filesystem::path& part,
                                                      const std::filesystem::path& earlierFile,
                                                      const EarlierImport& earlier,
                                                      const std::vector<PlannedSource>& sources,
                                                      const ImportOptions& options);

    /// Takes the next batch. Fails where the file cannot be written.
    tiles3d::base::Status write(ImportBatch& batch);

    const GeoPackageWriter& file() const { return file_; }
    std::vector<ImportedLayer>& layers() { return layers_; }
    std::uint64_t featuresWritten() const { return featuresWritten_; }

    /// Ends the file: what was imported, per source; `warnings` and `fingerprint` of the whole.
    tiles3d::base::Status close(const std::vector<std::string>& warnings,
                                const std::string& fingerprint);

private:
    struct OpenLayer {
        std::array<std::optional<FeatureTable>, 3> tables;   ///< By GeometryKind.
        std::vector<std::pair<std::size_t, Remark>> remarks; ///< With the table's place.
        FeatureCounts counts;
        std::uint64_t outside = 0; ///< Features that do not meet the city.
    };

    ImportWriter(GeoPackageWriter file,
                 const EarlierImport& earlier,
                 const std::vector<PlannedSource>& sources,
                 const ImportOptions& options)
        : file_(std::move(file)), earlier_(&earlier), sources_(&sources), options_(&options) {}

    tiles3d::base::Status takeOver(const std::vector<ImportedLayer>& layers);
    tiles3d::base::Status copyTables(const ImportedLayer& layer);
    bool isToBeKept(const ImportedLayer& earlier, const ImportedLayer& lost) const;
    tiles3d::base::Status keepEarlier(ImportedLayer layer, const ImportedLayer& lost);
    tiles3d::base::Status recordLoss(const ImportedLayer& layer);
    tiles3d::base::Status addFeatures(ImportBatch& batch);
    tiles3d::base::Status addFeature(const ImportBatch& batch, std::size_t i);
    tiles3d::base::Result<FeatureTable*> tableFor(const WalkedLayer& layer, GeometryKind kind);
    tiles3d::base::Status endLayer(ImportBatch& batch);
    tiles3d::base::Status keepLayer(ImportedLayer& imported, const WalkedLayer& layer);
    tiles3d::base::Status lose(ImportedLayer imported);
    tiles3d::base::Status
    describe(const FeatureTable& table, const ImportedLayer& imported, const WalkedLayer& layer);
    tiles3d::base::Status record(const std::string& table,
                                 std::optional<std::int64_t> id,
                                 const char* what,
                                 const std::string& detail);
    std::string flawOf(const WalkedLayer& layer) const;
    std::string shownSource(std::size_t source) const;

    GeoPackageWriter file_;
    const EarlierImport* earlier_;
    const std::vector<PlannedSource>* sources_;
    const ImportOptions* options_;
    std::optional<OpenLayer> open_;
    std::size_t source_ = 0; ///< Of the open layer.
    std::vector<ImportedLayer> layers_;
    std::vector<std::size_t> layerSources_; ///< Per layer of layers_.
    std::uint64_t featuresWritten_ = 0;
};

} // namespace pipeline::planning
