#include "pipeline/planning/import_walk.h"

#include "pipeline/planning/geopackage_writer.h"
#include "tiles3d/base/file.h"

#include <fmt/format.h>

#include <algorithm>

namespace pipeline::planning {

using tiles3d::base::Error;
using tiles3d::base::Result;

namespace {

constexpr std::size_t kSamplePoints = 500;

GeometryKind kindOf(OGRwkbGeometryType type) {
    const OGRwkbGeometryType flat = wkbFlatten(type);
    if (OGR_GT_IsSubClassOf(flat, wkbPoint) || flat == wkbMultiPoint) {
        return GeometryKind::Point;
    }
    return OGR_GT_IsSubClassOf(flat, wkbCurve) || OGR_GT_IsSubClassOf(flat, wkbMultiCurve)
               ? GeometryKind::Line
               : GeometryKind::Polygon;
}

void addToSample(std::vector<glm::dvec2>& sample,
                 const std::vector<OGRFeatureUniquePtr>& features) {
    for (const OGRFeatureUniquePtr& feature : features) {
        const OGRGeometry* geometry = feature->GetGeometryRef();
        if (sample.size() >= kSamplePoints) {
            return;
        }
        if (geometry != nullptr && !geometry->IsEmpty()) {
            OGREnvelope box;
            geometry->getEnvelope(&box);
            sample.emplace_back((box.MinX + box.MaxX) / 2.0, (box.MinY + box.MaxY) / 2.0);
        }
    }
}

} // namespace

void WalkedLayer::setTransform(PlaneTransform transform) {
    crs = transform.understoodAs();
    transform_ = std::make_unique<PlaneTransform>(std::move(transform));
}

ConvertedFeatures WalkedLayer::convert(const std::vector<OGRFeatureUniquePtr>& features) {
    std::unique_ptr<FeatureConverter> converter;
    {
        const std::scoped_lock lock(mutex_);
        if (idle_.empty()) {
            converter = std::make_unique<FeatureConverter>(fields, encoding, transform_->clone());
        } else {
            converter = std::move(idle_.back());
            idle_.pop_back();
        }
    }
    ConvertedFeatures converted = converter->convert(features);
    const std::scoped_lock lock(mutex_);
    idle_.push_back(std::move(converter));
    return converted;
}

bool SourceWalk::next(ImportBatch& batch) {
    batch = {};
    for (;;) {
        if (reader_) {
            readFeatures(batch);
            return true;
        }
        if (opened_) {
            if (nextLayer(batch)) {
                return true;
            }
            continue;
        }
        if (source_ == sources_.size()) {
            return false;
        }
        if (nextSource(batch)) {
            return true;
        }
    }
}

/// True: there is something to say of it already, and no more to come.
bool SourceWalk::nextSource(ImportBatch& batch) {
    const PlannedSource& planned = sources_[source_];
    batch.source = source_;
    batch.isKept = planned.isKept;
    batch.lost = planned.lost;
    if (!planned.isKept && planned.lost.empty()) {
        Result<VectorSource> opened = openVectors(planned.source);
        if (opened) {
            opened_ = std::make_unique<VectorSource>(*std::move(opened));
            sourceNotes_ = opened_->notes;
            layers_ = wantedLayers(sourceNotes_);
            layerCount_ = layers_.size();
            std::ranges::reverse(layers_);
            if (!layers_.empty()) {
                return false;
            }
            opened_.reset();
            batch.lost = planned.source.layers.empty()
                             ? "there is no layer with geometry in it"
                             : "no layer in it is called " + planned.source.layers;
        } else {
            batch.lost = opened.error().message;
        }
    }
    ++source_;
    return true;
}

/// True: it cannot be read, as the batch says.
bool SourceWalk::nextLayer(ImportBatch& batch) {
    if (layers_.empty()) {
        opened_.reset();
        ++source_;
        return false;
    }
    OGRLayer& source = *layers_.back();
    layers_.pop_back();
    Result<std::shared_ptr<WalkedLayer>> layer = open(source);
    if (layer) {
        layer_ = *layer;
        reader_ = std::make_unique<FeatureReader>(source);
        isFirst_ = true;
        return false;
    }
    batch.source = source_;
    batch.layer = std::make_shared<WalkedLayer>(nameOf(source), "");
    batch.lost = layer.error().message;
    return true;
}

void SourceWalk::readFeatures(ImportBatch& batch) {
    batch.source = source_;
    batch.layer = layer_;
    batch.isFirst = isFirst_;
    isFirst_ = false;
    Result<std::vector<OGRFeatureUniquePtr>> features = reader_->next();
    if (features) {
        batch.features = *std::move(features);
        batch.isLast = batch.features.empty();
        addToSample(layer_->sample, batch.features);
    } else {
        batch.isLast = true;
        batch.lost = features.error().message;
    }
    if (batch.isLast) {
        reader_.reset();
        layer_.reset();
    }
}

Result<std::shared_ptr<WalkedLayer>> SourceWalk::open(OGRLayer& source) {
    const LayerSource& said = sources_[source_].source;
    const std::string name = nameOf(source);
    const std::string title = said.title.empty() ? name
                              : layerCount_ == 1 ? said.title
                                                 : said.title + " " + name;
    Result<PlaneTransform> transform = PlaneTransform::create(source.GetSpatialRef(),
                                                              {.given = said.crs,
                                                               .fallback = options_.fallbackCrs,
                                                               .target = options_.planeCrs,
                                                               .isGcj02 = said.isGcj02});
    if (!transform) {
        return transform.error();
    }
    auto layer = std::make_shared<WalkedLayer>(name, title);
    layer->encoding = opened_->encoding;
    layer->fields = takenFields(*source.GetLayerDefn(), layer->encoding);
    layer->columns = distinctFields(layer->fields.fields);
    layer->declaredKind = kindOf(source.GetGeomType());
    layer->notes = sourceNotes_;
    for (const std::string& field : layer->fields.leftOut) {
        layer->notes.push_back("field " + field + " holds bytes and is left out");
    }
    layer->setTransform(*std::move(transform));
    return layer;
}

/// Our own tables beside the layers are none.
bool SourceWalk::isWanted(OGRLayer& layer) const {
    const std::string name = nameOf(layer);
    return !name.starts_with("city3d_") && fits(sources_[source_].source.layers, name);
}

std::vector<OGRLayer*> SourceWalk::wantedLayers(std::vector<std::string>& notes) const {
    std::vector<OGRLayer*> layers;
    for (OGRLayer* layer : opened_->dataset->GetLayers()) {
        if (!isWanted(*layer)) {
            continue;
        }
        if (layer->GetGeomType() == wkbNone) {
            notes.push_back("table " + nameOf(*layer) + " has no geometry and is left out");
            continue;
        }
        layers.push_back(layer);
    }
    return layers;
}

} // namespace pipeline::planning
