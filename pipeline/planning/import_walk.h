#pragma once

#include "pipeline/planning/feature_converter.h"
#include "pipeline/planning/geopackage_blob.h"
#include "pipeline/planning/import_layers.h"
#include "pipeline/planning/vector_source.h"

#include <array>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace pipeline::planning {

/// What is to be done with one source.
struct PlannedSource {
    LayerSource source;
    std::string fingerprint; ///< Of bytes and options; "" for a connection.
    bool isKept = false;     ///< Its layers are taken over from the earlier file.
    std::string lost;        ///< Why it cannot be opened; "" = it is tried.
};

/// One layer of an opened source, as all its batches need it.
class WalkedLayer {
public:
    WalkedLayer(std::string layerName, std::string layerTitle)
        : name(std::move(layerName)), title(std::move(layerTitle)) {}

    std::string name;
    std::string title;
    TakenFields fields;
    std::vector<Field> columns; ///< `fields` under names that a table can have.
    TableEncoding encoding;
    std::string crs; ///< As understood.
    GeometryKind declaredKind = GeometryKind::Polygon;
    std::vector<std::string> notes;
    std::vector<glm::dvec2> sample; ///< A point of each of the first features, as it stands there.

    void setTransform(PlaneTransform transform);
    /// By any thread.
    ConvertedFeatures convert(const std::vector<OGRFeatureUniquePtr>& features);

private:
    std::mutex mutex_;
    std::vector<std::unique_ptr<FeatureConverter>> idle_;
    std::unique_ptr<PlaneTransform> transform_;
};

/// A piece of a layer on its way from a source into the file.
struct ImportBatch {
    std::size_t source = 0;             ///< Place in the list of planned sources.
    std::shared_ptr<WalkedLayer> layer; ///< Null: what is said is said of the source as a whole.
    bool isKept = false;
    bool isFirst = false; ///< Of its layer; isLast likewise.
    bool isLast = false;
    std::string lost; ///< Why the layer, or the source, is lost; whatever came before.
    std::vector<OGRFeatureUniquePtr> features;
    ConvertedFeatures converted;
    std::vector<std::array<GeometryBlob, 3>> blobs; ///< Per converted feature, by GeometryKind.
};

/// Goes through all layers of all sources in order, one source open at a time.
class SourceWalk {
public:
    SourceWalk(const std::vector<PlannedSource>& sources, const ImportOptions& options)
        : sources_(sources), options_(options) {}

    /// Fills `batch`; false at the end.
    bool next(ImportBatch& batch);

private:
    bool nextSource(ImportBatch& batch);
    bool nextLayer(ImportBatch& batch);
    void readFeatures(ImportBatch& batch);
    tiles3d::base::Result<std::shared_ptr<WalkedLayer>> open(OGRLayer& layer);
    bool isWanted(OGRLayer& layer) const;
    std::vector<OGRLayer*> wantedLayers(std::vector<std::string>& notes) const;

    const std::vector<PlannedSource>& sources_;
    const ImportOptions& options_;
    std::size_t source_ = 0; ///< The next, or the open one where `opened_` is.
    std::unique_ptr<VectorSource> opened_;
    std::vector<OGRLayer*> layers_; ///< Of the open source, last first, those still to read.
    std::size_t layerCount_ = 0;
    std::vector<std::string> sourceNotes_;
    std::unique_ptr<FeatureReader> reader_;
    std::shared_ptr<WalkedLayer> layer_;
    bool isFirst_ = false;
};

} // namespace pipeline::planning
