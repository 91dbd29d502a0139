#pragma once

#include "pipeline/planning/import_report.h"
#include "pipeline/planning/plane_transform.h"
#include "pipeline/planning/table_encoding.h"
#include "pipeline/planning/vector_layer.h"

#include <ogrsf_frmts.h>

#include <cstdint>
#include <string>
#include <vector>

namespace pipeline::planning {

/// The fields of an OGR layer that we can take, and where they stand there.
struct TakenFields {
    std::vector<Field> fields; ///< As named there, in UTF-8, with their aliases.
    std::vector<int> places;
    std::vector<std::string> leftOut; ///< Names of binary fields.
};

TakenFields takenFields(const OGRFeatureDefn& definition, const TableEncoding& encoding);

/// What was done to one feature that is not as it was.
struct Remark {
    std::int64_t id = 0; ///< In the source.
    bool isDropped = false;
    bool isRenumbered = false;
    std::string why; ///< "Self-intersection at 610040.00 2705000.00".
};

struct ConvertedFeature {
    std::int64_t id = 0; ///< In the source; negative: it has none.
    Feature feature;
};

struct ConvertedFeatures {
    std::vector<ConvertedFeature> features; ///< In the order in which they came.
    std::vector<Remark> remarks;
    FeatureCounts counts;
};

/// Makes our features of OGR's: in the plane, valid, UTF-8. For one thread at a time.
class FeatureConverter {
public:
    FeatureConverter(const TakenFields& fields,
                     const TableEncoding& encoding,
                     PlaneTransform transform)
        : fields_(fields), encoding_(encoding), transform_(std::move(transform)) {}

    ConvertedFeatures convert(const std::vector<OGRFeatureUniquePtr>& features);

private:
    std::vector<Value> valuesOf(const OGRFeature& feature, const Utf8Decoder& decoder) const;

    const TakenFields& fields_;
    const TableEncoding& encoding_;
    PlaneTransform transform_;
};

} // namespace pipeline::planning
