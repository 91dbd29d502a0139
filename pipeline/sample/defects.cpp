#include "pipeline/sample/defects.h"

#include "pipeline/sample/delivery.h"
#include "tiles3d/base/file.h"
#include "tiles3d/base/json.h"

#include <fmt/format.h>

#include <utility>

namespace pipeline::sample {

namespace {

namespace fs = std::filesystem;
using tiles3d::base::Json;
using tiles3d::base::Status;

constexpr const char* kOriginText = "610400,2705000,0";

/// EPSG:4548 in words, with a wrong code at its end: the parameters are the truth.
constexpr const char* kLyingWkt = "PROJCS[\"CGCS2000 / 3-degree Gauss-Kruger CM 117E\",\n"
                                  "    GEOGCS[\"China Geodetic Coordinate System 2000\",\n"
                                  "        DATUM[\"China_2000\",\n"
                                  "            SPHEROID[\"CGCS2000\",6378137,298.257222101,\n"
                                  "                AUTHORITY[\"EPSG\",\"1024\"]],\n"
                                  "            AUTHORITY[\"EPSG\",\"1043\"]],\n"
                                  "        PRIMEM[\"Greenwich\",0,\n"
                                  "            AUTHORITY[\"EPSG\",\"8901\"]],\n"
                                  "        UNIT[\"degree\",0.0174532925199433,\n"
                                  "            AUTHORITY[\"EPSG\",\"9122\"]],\n"
                                  "        AUTHORITY[\"EPSG\",\"4490\"]],\n"
                                  "    PROJECTION[\"Transverse_Mercator\"],\n"
                                  "    PARAMETER[\"latitude_of_origin\",0],\n"
                                  "    PARAMETER[\"central_meridian\",117],\n"
                                  "    PARAMETER[\"scale_factor\",1],\n"
                                  "    PARAMETER[\"false_easting\",500000],\n"
                                  "    PARAMETER[\"false_northing\",0],\n"
                                  "    UNIT[\"metre\",1,\n"
                                  "        AUTHORITY[\"EPSG\",\"9001\"]],\n"
                                  "    AUTHORITY[\"EPSG\",\"4547\"]]";

DeliveryDefect withSrs(std::string name,
                       std::string description,
                       Outcome outcome,
                       const std::string& srs,
                       const std::string& origin = kOriginText) {
    return {std::move(name), std::move(description), outcome, metadataXml(srs, origin)};
}

void addReferenceSystems(std::vector<DeliveryDefect>& all) {
    all.push_back(withSrs("lying_authority",
                          "WKT whose AUTHORITY code contradicts its parameters.",
                          Outcome::Converted,
                          kLyingWkt));
    all.push_back(withSrs("compound_egm96",
                          "Compound EPSG:4548+5773: the SRS states the heights.",
                          Outcome::Converted,
                          "EPSG:4548+5773"));
    all.push_back(withSrs("compound_1985",
                          "Compound EPSG:4548+5737: heights that need a geoid of the user.",
                          Outcome::Refused,
                          "EPSG:4548+5737"));
    all.push_back(withSrs("enu",
                          "ENU frame, latitude first, with an offset as origin.",
                          Outcome::Converted,
                          "ENU:24.45000,118.09000",
                          "12.5,-7.25,0"));
    all.push_back(withSrs(
        "local_words", "\"Local Coordinates\" as SRS.", Outcome::Refused, "Local Coordinates"));
    all.push_back(withSrs("local_cs",
                          "LOCAL_CS as SRS.",
                          Outcome::Refused,
                          "LOCAL_CS[\"Non georeferenced\",UNIT[\"metre\",1]]"));
    all.push_back(
        withSrs("unknown_epsg", "A code that does not exist.", Outcome::Refused, "EPSG:999999"));
    all.push_back(withSrs("empty_srs", "An empty SRS element.", Outcome::Refused, ""));
    all.push_back(withSrs("origin_spaces",
                          "Spaces and line breaks in SRSOrigin.",
                          Outcome::Converted,
                          "EPSG:4548",
                          "\n   610400.000 , 2705000.000 ,\t0.000  \n"));
    all.push_back(withSrs("origin_not_a_number",
                          "SRSOrigin holds a word.",
                          Outcome::Refused,
                          "EPSG:4548",
                          "610400,north,0"));
}

void addXmlForms(std::vector<DeliveryDefect>& all) {
    all.push_back({"no_metadata", "metadata.xml is missing.", Outcome::Refused, ""});
    all.push_back({"malformed_metadata",
                   "metadata.xml ends in the middle of a tag.",
                   Outcome::Refused,
                   metadataXml().substr(0, 150)});
    all.push_back({"byte_order_mark",
                   "metadata.xml begins with a UTF-8 byte order mark.",
                   Outcome::Converted,
                   "\xEF\xBB\xBF" + metadataXml()});
    std::string extended = metadataXml();
    extended.replace(extended.find("<Texture>"),
                     9,
                     "<!-- <SRS>EPSG:4326</SRS> --><Extra a=\"&lt;1\">&amp;</Extra><Texture>");
    all.push_back({"extra_elements",
                   "Comments, entities and elements nobody knows.",
                   Outcome::Converted,
                   extended});
    all.push_back({"no_origin",
                   "SRSOrigin is missing.",
                   Outcome::Refused,
                   "<?xml version=\"1.0\"?><ModelMetadata "
                   "version=\"1\"><SRS>EPSG:4548</SRS></ModelMetadata>"});
}

void addLayouts(std::vector<DeliveryDefect>& all) {
    all.push_back({"dji",
                   "DJI Terra: terra_osgbs with Block folders and no Data.",
                   Outcome::Converted,
                   metadataXml(),
                   "Block",
                   "terra_osgbs"});
    all.push_back({"other_block_name",
                   "Tile_p000_m001 instead of Tile_+000_-001.",
                   Outcome::Converted,
                   metadataXml(),
                   "Data/Tile_p000_m001"});
    all.push_back({"chinese_name",
                   "Chinese characters in the folders.",
                   Outcome::Converted,
                   metadataXml(),
                   "Data/瓦片_+000_+000",
                   "厦门市 倾斜摄影"});
    all.push_back({"space_name",
                   "Spaces in the folders.",
                   Outcome::Converted,
                   metadataXml(),
                   "Data/Tile 000 000"});
    all.push_back(
        {"hash_name", "'#' in the folders.", Outcome::Converted, metadataXml(), "Data/Tile#1"});
    all.push_back({"percent_name",
                   "'%20' in the folders.",
                   Outcome::Converted,
                   metadataXml(),
                   "Data/Tile%20a",
                   "100%"});
    all.push_back({"empty_data", "Data without blocks.", Outcome::Refused, metadataXml(), ""});
}

void addTops(std::vector<DeliveryDefect>& all) {
    const auto add = [&all](const char* name, const char* description, TopLayout layout) {
        DeliveryDefect defect{name, description, Outcome::Converted, metadataXml()};
        defect.top = layout;
        all.push_back(std::move(defect));
    };
    add("top_folder", "Levels above the blocks, rebuilt into Data/Top.", TopLayout::Folder);
    add("dji_top", "DJI Terra: Block.osgb above the Block folders.", TopLayout::Dji);
    add("bare_root", "root.osgb beside Data, without geometry.", TopLayout::BareRoot);
}

Json entry(const std::string& path,
           const std::string& defect,
           const std::string& description,
           Outcome outcome) {
    return Json::object({{"path", path},
                         {"defect", defect},
                         {"description", description},
                         {"outcome", toWord(outcome)}});
}

/// Far from each other in the city, so that no two blocks lie on top of each other.
std::int64_t columnOf(std::size_t index) {
    return static_cast<std::int64_t>(index % 8);
}
std::int64_t rowOf(std::size_t index) {
    return static_cast<std::int64_t>(index / 8) + 1;
}

Status writeBlockDefects(const fs::path& folder, std::uint64_t seed, Json& manifest) {
    if (auto made = tiles3d::base::makeFolder(folder / "Data"); !made) {
        return made;
    }
    if (auto written = tiles3d::base::writeFile(folder / "metadata.xml", metadataXml()); !written) {
        return written;
    }
    const std::vector<BlockDefect> defects = blockDefects();
    for (std::size_t i = 0; i < defects.size(); ++i) {
        const std::string block = "Tile_" + defects[i].name;
        const auto files = makeDefectBlock(defects[i], columnOf(i), rowOf(i), seed);
        if (!files) {
            return tiles3d::base::within(block, files.error());
        }
        if (auto written = writeFiles(folder / "Data" / block, *files); !written) {
            return written;
        }
        Json losses = Json::array();
        for (const std::string& loss : defects[i].losses) {
            losses.push(loss);
        }
        Json item = entry(
            "blocks/Data/" + block, defects[i].name, defects[i].description, defects[i].outcome);
        manifest.push(item.set("losses", losses));
    }
    return tiles3d::base::ok();
}

} // namespace

std::string toWord(Outcome outcome) {
    switch (outcome) {
    case Outcome::Converted:
        return "converted";
    case Outcome::Substituted:
        return "substituted";
    case Outcome::Quarantined:
        return "quarantined";
    case Outcome::Refused:
        return "refused";
    }
    return "";
}

std::vector<DeliveryDefect> deliveryDefects() {
    std::vector<DeliveryDefect> all;
    addReferenceSystems(all);
    addXmlForms(all);
    addLayouts(all);
    addTops(all);
    return all;
}

Status
writeDefectDelivery(const fs::path& folder, const DeliveryDefect& defect, std::uint64_t seed) {
    if (defect.top) {
        return writeToppedDelivery(folder, {.layout = *defect.top, .seed = seed});
    }
    const fs::path home = folder / defect.inside;
    const bool hasBlock = !defect.blockFolder.empty();
    if (auto made = tiles3d::base::makeFolder(hasBlock ? home : home / "Data"); !made) {
        return made;
    }
    if (!defect.metadata.empty()) {
        if (auto written = tiles3d::base::writeFile(home / "metadata.xml", defect.metadata);
            !written) {
            return written;
        }
    }
    if (!hasBlock) {
        return tiles3d::base::ok();
    }
    const fs::path block = home / defect.blockFolder;
    const auto files = makeFixtureBlock(block.filename().string(), 1, 1, seed);
    return files ? writeFiles(block, serialise(*files)) : Status(files.error());
}

Status writeDefects(const fs::path& folder, std::uint64_t seed) {
    Json manifest = Json::array();
    if (auto written = writeBlockDefects(folder / "blocks", seed, manifest); !written) {
        return written;
    }
    for (const DeliveryDefect& defect : deliveryDefects()) {
        const std::string path = "deliveries/" + defect.name;
        if (auto written = writeDefectDelivery(folder / path, defect, seed); !written) {
            return tiles3d::base::within(defect.name, written.error());
        }
        manifest.push(entry(path, defect.name, defect.description, defect.outcome));
    }
    return tiles3d::base::writeFile(folder / "defects.json", manifest.dump(true) + "\n");
}

} // namespace pipeline::sample
