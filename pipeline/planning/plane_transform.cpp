#include "pipeline/planning/plane_transform.h"

#include "pipeline/planning/gcj02.h"
#include "tiles3d/crs/srs_text.h"

#include <limits>

namespace pipeline::planning {

using tiles3d::base::Error;
using tiles3d::base::Result;

namespace {

bool isPipeline(const std::string& text) {
    return text.find("proj=pipeline") != std::string::npos;
}

/// WGS 84 and CGCS2000 are one datum within what a map can tell; PROJ knows no operation between
/// them but the null shift that it calls a ballpark.
bool isWgs84Like(const OGRSpatialReference& reference) {
    const char* datum = reference.GetAttrValue("DATUM");
    const std::string name = datum != nullptr ? datum : "";
    return name.find("WGS_1984") != std::string::npos || name.find("WGS 84") != std::string::npos ||
           name.find("World Geodetic System 1984") != std::string::npos ||
           name.find("China_2000") != std::string::npos ||
           name.find("China 2000") != std::string::npos ||
           name.find("CGCS2000") != std::string::npos ||
           name.find("CGCS_2000") != std::string::npos;
}

std::string describe(const OGRSpatialReference& reference) {
    const char* name = reference.GetName();
    const char* code = reference.GetAuthorityCode(nullptr);
    const char* authority = reference.GetAuthorityName(nullptr);
    const std::string known = name != nullptr && name[0] != '\0' ? name : "unnamed";
    return code != nullptr && authority != nullptr
               ? std::string(authority) + ":" + code + " " + known
               : known + " (no code)";
}

Result<Reference> sourceReference(const OGRSpatialReference* own, const CrsQuestion& question) {
    if (!question.given.empty()) {
        return referenceFrom(question.given);
    }
    if (own != nullptr) {
        Reference reference(own->Clone());
        reference->SetAxisMappingStrategy(OAMS_TRADITIONAL_GIS_ORDER);
        return reference;
    }
    if (!question.fallback.empty()) {
        return referenceFrom(question.fallback);
    }
    return Error{"it does not say its CRS; add a .prj file, or state it: \"crs\" in city.json, "
                 "--crs, --layers-crs in the viewer"};
}

Transformation between(OGRSpatialReference& source, OGRSpatialReference& target) {
    OGRCoordinateTransformationOptions exact;
    exact.SetBallparkAllowed(isWgs84Like(source) && isWgs84Like(target));
    return Transformation(OGRCreateCoordinateTransformation(&source, &target, exact));
}

} // namespace

Result<PlaneTransform> PlaneTransform::create(const OGRSpatialReference* own,
                                              const CrsQuestion& question) {
    PlaneTransform transform;
    if (isPipeline(question.given)) {
        OGRCoordinateTransformationOptions options;
        options.SetCoordinateOperation(question.given.c_str(), false);
        transform.toPlane_.reset(OGRCreateCoordinateTransformation(nullptr, nullptr, options));
        transform.understoodAs_ = "a PROJ pipeline that was given";
        return transform.toPlane_ && !question.isGcj02
                   ? Result<PlaneTransform>(std::move(transform))
                   : Error{"the PROJ pipeline is not understood" +
                           std::string(question.isGcj02 ? ", or asked for beside GCJ-02" : "")};
    }
    Result<Reference> source = sourceReference(own, question);
    Result<Reference> target = referenceFrom(question.target);
    if (!source || !target) {
        return !source ? source.error() : target.error();
    }
    transform.understoodAs_ = describe(**source);
    const Error impossible{"its CRS, " + transform.understoodAs_ + ", cannot be transformed to " +
                           tiles3d::crs::shortened(question.target)};
    if (question.isGcj02) {
        transform.understoodAs_ += ", GCJ-02 taken off";
        Result<Reference> degrees = referenceFrom("EPSG:4326");
        if (!degrees) {
            return degrees.error();
        }
        transform.toDegrees_ = between(**source, **degrees);
        transform.toPlane_ = between(**degrees, **target);
        return transform.toDegrees_ && transform.toPlane_
                   ? Result<PlaneTransform>(std::move(transform))
                   : impossible;
    }
    if ((*source)->IsSame(target->get())) {
        return transform;
    }
    transform.toPlane_ = between(**source, **target);
    return transform.toPlane_ ? Result<PlaneTransform>(std::move(transform)) : impossible;
}

PlaneTransform PlaneTransform::clone() const {
    PlaneTransform copy;
    copy.toPlane_.reset(toPlane_ ? toPlane_->Clone() : nullptr);
    copy.toDegrees_.reset(toDegrees_ ? toDegrees_->Clone() : nullptr);
    copy.understoodAs_ = understoodAs_;
    return copy;
}

void PlaneTransform::apply(std::span<glm::dvec2> points) {
    if (toDegrees_) {
        apply(*toDegrees_, points);
        for (glm::dvec2& point : points) {
            point = fromGcj02(point);
        }
    }
    if (toPlane_) {
        apply(*toPlane_, points);
    }
}

void PlaneTransform::apply(OGRCoordinateTransformation& transformation,
                           std::span<glm::dvec2> points) {
    x_.resize(points.size());
    y_.resize(points.size());
    isPlaced_.assign(points.size(), 0);
    for (std::size_t i = 0; i < points.size(); ++i) {
        x_[i] = points[i].x;
        y_[i] = points[i].y;
    }
    transformation.Transform(
        static_cast<int>(points.size()), x_.data(), y_.data(), nullptr, isPlaced_.data());
    constexpr double kNowhere = std::numeric_limits<double>::quiet_NaN();
    for (std::size_t i = 0; i < points.size(); ++i) {
        points[i] = isPlaced_[i] != 0 ? glm::dvec2(x_[i], y_[i]) : glm::dvec2(kNowhere);
    }
}

} // namespace pipeline::planning
