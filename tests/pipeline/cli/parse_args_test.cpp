#include "pipeline/cli/parse_args.h"

#include <gtest/gtest.h>

namespace pipeline::cli {
namespace {

constexpr std::size_t kCores = 3;

template <typename T>
T parsed(const std::vector<std::string>& args) {
    const auto command = parseArgs(args, kCores);
    EXPECT_TRUE(command) << command.error().message;
    const T* chosen = command ? std::get_if<T>(&*command) : nullptr;
    EXPECT_NE(chosen, nullptr);
    return chosen != nullptr ? *chosen : T{};
}

std::string refusal(const std::vector<std::string>& args) {
    const auto command = parseArgs(args, kCores);
    return command ? "accepted" : command.error().message;
}

TEST(ParseArgs, buildHasDefaults) {
    const auto build = parsed<BuildCommand>({"build", "/data/p1", "--out", "/data/city"});
    EXPECT_EQ(build.path, "/data/p1");
    EXPECT_EQ(build.out, "/data/city");
    EXPECT_EQ(build.jobs, kCores);
    EXPECT_FALSE(build.geometry || build.texture || build.isFresh);
    EXPECT_FALSE(build.scan.srs || build.scan.origin || build.scan.heightDatum);
}

TEST(ParseArgs, buildTakesEverything) {
    const auto build = parsed<BuildCommand>({"build",
                                             "city.json",
                                             "-o",
                                             "out",
                                             "--geometry",
                                             "meshopt",
                                             "--texture",
                                             "webp",
                                             "--srs",
                                             "ENU:24.4,118",
                                             "--origin",
                                             "-1.5,2,-3",
                                             "--height-datum",
                                             "-3.5",
                                             "--fresh",
                                             "-j",
                                             "2"});
    EXPECT_EQ(build.geometry, scan::Geometry::Meshopt);
    EXPECT_EQ(build.texture, scan::TextureCodec::Webp);
    EXPECT_EQ(build.scan.srs, "ENU:24.4,118");
    EXPECT_EQ(build.scan.origin, "-1.5,2,-3"); // a number below zero is no option
    EXPECT_EQ(build.scan.heightDatum, "-3.5");
    EXPECT_TRUE(build.isFresh);
    EXPECT_EQ(build.jobs, 2U);
}

TEST(ParseArgs, everyCodecHasItsWord) {
    for (const char* word : {"draco", "meshopt", "quantized", "plain"}) {
        const auto build = parsed<BuildCommand>({"build", "a", "--out", "b", "--geometry", word});
        EXPECT_EQ(scan::toWord(*build.geometry), word);
    }
    for (const char* word : {"keep", "jpeg", "webp"}) {
        const auto build = parsed<BuildCommand>({"build", "a", "--out", "b", "--texture", word});
        EXPECT_EQ(scan::toWord(*build.texture), word);
    }
}

TEST(ParseArgs, topsAreIgnoredOrUsed) {
    const auto withTops = [](const char* word) {
        return std::vector<std::string>{"build", "d", "--out", "c", "--tops", word};
    };
    EXPECT_FALSE(parsed<BuildCommand>({"build", "d", "--out", "c"}).tops);
    EXPECT_EQ(parsed<BuildCommand>(withTops("use")).tops, scan::Tops::Use);
    EXPECT_EQ(parsed<BuildCommand>(withTops("ignore")).tops, scan::Tops::Ignore);
    EXPECT_EQ(refusal(withTops("maybe")), "--tops maybe: it can be ignore or use");
}

TEST(ParseArgs, sampleInspectVerify) {
    const auto sample = parsed<SampleCommand>(
        {"sample", "d", "--tiles", "12x3", "--seed", "7", "--finest", "16", "--defects"});
    EXPECT_EQ(sample.tilesEast, 12);
    EXPECT_EQ(sample.tilesNorth, 3);
    EXPECT_EQ(sample.seed, 7U);
    EXPECT_EQ(sample.finestLevel, 16);
    EXPECT_TRUE(sample.withDefects);
    EXPECT_EQ(parsed<SampleCommand>({"sample", "d"}).tilesEast, 4);
    EXPECT_FALSE(parsed<SampleCommand>({"sample", "d"}).terrainKilometres);
    EXPECT_EQ(parsed<SampleCommand>({"sample", "d", "--terrain", "26.5"}).terrainKilometres, 26.5);
    EXPECT_FALSE(parsed<SampleCommand>({"sample", "d"}).isPlanningLoad);
    const auto load = parsed<SampleCommand>(
        {"sample", "d", "--planning-load", "--features", "20000", "--layers", "60"});
    EXPECT_TRUE(load.isPlanningLoad);
    EXPECT_EQ(load.planningFeatures, 20000U);
    EXPECT_EQ(load.planningLayers, 60U);
    const auto inspect = parsed<InspectCommand>({"inspect", "厦门 100%#", "--json", "--all"});
    EXPECT_EQ(inspect.path, "厦门 100%#");
    EXPECT_TRUE(inspect.asJson && inspect.readsAll);
    EXPECT_FALSE(parsed<VerifyCommand>({"verify", "out"}).asJson);
}

TEST(ParseArgs, wrongArgumentsSayWhichAndWhatIsExpected) {
    for (const char* tiles : {"4", "4x", "x4", "0x4", "4x1001", "4x4x4", "4 x 4", "-1x4", "axb"}) {
        const std::string message = refusal({"sample", "d", "--tiles", tiles});
        EXPECT_NE(message.find("--tiles"), std::string::npos) << tiles << ": " << message;
        EXPECT_NE(message.find("4x4"), std::string::npos) << tiles << ": " << message;
    }
    EXPECT_NE(refusal({"build", "a", "--out", "b", "--geometry", "zip"}).find("meshopt"),
              std::string::npos);
    EXPECT_NE(refusal({"build", "a", "--out", "b", "--texture", "gif"}).find("webp"),
              std::string::npos);
    for (const std::vector<std::string>& args :
         std::vector<std::vector<std::string>>{{},
                                               {"bild", "a"},
                                               {"build"},
                                               {"build", "a"},
                                               {"build", "--out", "b"},
                                               {"build", "a", "--out", "b", "--jobs", "0"},
                                               {"build", "a", "--out", "b", "--jobs", "65"},
                                               {"build", "a", "--out", "b", "--jobs", "many"},
                                               {"build", "a", "--out", "b", "--unknown"},
                                               {"verify", "a", "b"},
                                               {"sample", "d", "--seed", "-1"},
                                               {"sample", "d", "--terrain", "40"}}) {
        EXPECT_NE(refusal(args).find("--help"), std::string::npos)
            << testing::PrintToString(args) << ": " << refusal(args);
    }
}

TEST(ParseArgs, helpNamesEveryOptionOfBuild) {
    const std::string text = parsed<PrintCommand>({"build", "--help"}).text;
    for (const char* option : {"--srs",
                               "--origin",
                               "--height-datum",
                               "--geometry",
                               "--texture",
                               "--tops",
                               "--fresh",
                               "--jobs"}) {
        EXPECT_NE(text.find(option), std::string::npos) << option;
    }
}

TEST(ParseArgs, helpAndVersionArePrintedNotExited) {
    EXPECT_NE(parsed<PrintCommand>({"--help"}).text.find("Exit codes"), std::string::npos);
    EXPECT_NE(parsed<PrintCommand>({"build", "--help"}).text.find("--height-datum"),
              std::string::npos);
    EXPECT_NE(parsed<PrintCommand>({"--version"}).text.find("city3d"), std::string::npos);
}

TEST(ParseArgs, layersImportTakesEverything) {
    const auto layers = parsed<LayersCommand>({"layers",
                                               "import",
                                               "控规",
                                               "PG:dbname=x",
                                               "-o",
                                               "p.gpkg",
                                               "--plane-crs",
                                               "EPSG:4548",
                                               "--crs",
                                               "EPSG:4490",
                                               "--gcj02",
                                               "--category",
                                               "control/green",
                                               "--city-box",
                                               "1,2,3,4"});
    const auto* import = std::get_if<LayersImportCommand>(&layers);
    ASSERT_NE(import, nullptr);
    ASSERT_EQ(import->sources.size(), 2U);
    EXPECT_EQ(import->sources[1].path, "PG:dbname=x");
    EXPECT_EQ(import->sources[0].category, "control/green");
    EXPECT_TRUE(import->sources[0].isGcj02);
    EXPECT_EQ(import->options.planeCrs, "EPSG:4548");
    EXPECT_EQ(import->options.threads, kCores);
    EXPECT_EQ(import->options.cityBox, (planning::PlaneBox{{1, 2}, {3, 4}}));
}

TEST(ParseArgs, layersHasListAndCheckAndHelp) {
    const auto list = parsed<LayersCommand>({"layers", "list", "p.gpkg", "--json"});
    EXPECT_TRUE(std::get<LayersListCommand>(list).asJson);
    const auto check = parsed<LayersCommand>({"layers", "check", "p.gpkg", "--rules", "r.json"});
    EXPECT_EQ(std::get<LayersCheckCommand>(check).rules, "r.json");
    const auto help = parsed<PrintCommand>({"layers", "import", "--help"});
    EXPECT_NE(help.text.find("永久基本农田"), std::string::npos);
    EXPECT_NE(refusal({"layers", "import", "x", "-o", "p.gpkg", "--city-box", "3,2,1,4"})
                  .find("west,south"),
              std::string::npos);
}

} // namespace
} // namespace pipeline::cli
