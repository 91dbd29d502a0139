#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace pipeline::sample {

/// What the features of a layer look like.
enum class LoadShape {
    Parcels,    ///< Cells that tile the land; 4 to some 1,000 vertices.
    Districts,  ///< A dozen cells that tile the land, outlines of 10,000 vertices.
    Zones,      ///< Rounded areas here and there, some with a hole; 10 to 3,000 vertices.
    Footprints, ///< Buildings with the heights of their base and top; 4 to 8 corners.
    Lines,      ///< 2 to 150 vertices.
    Points
};

/// A layer to write.
struct LoadLayer {
    std::string name; ///< "控规地块_2024"
    int year = 0;
    std::size_t subject = 0; ///< Place in LoadPlan::subjects.
    LoadShape shape = LoadShape::Zones;
    std::size_t features = 0;
    int pointsPerEdge = 0; ///< Of districts.
};

/// A subcategory.
struct LoadSubject {
    std::string category; ///< "planning"
    std::string name;     ///< "控规地块"
    LoadShape shape = LoadShape::Zones;
    bool isBulky = false; ///< One of those with most of the features.
};

struct LoadPlan {
    std::vector<LoadSubject> subjects;
    std::vector<LoadLayer> layers;
};

/// The layers of a bureau: 108 subjects in 5 categories, each in several vintages. Layers are very
/// uneven: the one of rank k holds about k^-1.2 of what the first does; in all there are
/// `features`. REQUIRES: features >= 13 * layers.
LoadPlan planLoad(std::size_t features, std::size_t layers);

} // namespace pipeline::sample
