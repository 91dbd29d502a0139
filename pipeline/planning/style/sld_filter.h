#pragma once

#include "pipeline/planning/style/class_condition.h"
#include "pipeline/planning/style/xml_tree.h"

namespace pipeline::planning::style {

/// The condition of an ogc:Filter on one field. Fails on all else, naming what is not understood.
tiles3d::base::Result<ClassCondition> sldCondition(const XmlElement& filter);

} // namespace pipeline::planning::style
