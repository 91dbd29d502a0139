#include "pipeline/job/model_stage.h"

#include "pipeline/engine/local_engine.h"
#include "pipeline/job/must.h"
#include "pipeline/job/report.h"
#include "pipeline/sample/design_model.h"
#include "tests/pipeline/job/building.h"
#include "tests/pipeline/job/temporary_folder.h"
#include "tiles3d/base/file.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace pipeline::job {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kObj = "mtllib a.mtl\nv 0 0 0\nv 1 0 0\nv 0 1 0\n"
                                  "vt 0 0\nvt 1 0\nvt 0 1\nusemtl wall\nf 1/1 2/2 3/3\n";

class Silence : public IJobListener {
public:
    void onMessage(const std::string& /*text*/) override {}
    void onWarning(const std::string& text) override { warnings.push_back(text); }
    void onProgress(const Progress& /*progress*/) override {}

    std::vector<std::string> warnings;
};

class ModelStage : public testing::Test {
protected:
    ModelStage() {
        project.folder = folder.path();
        project.heightDatum = "ellipsoidal";
        write("in/a.obj", kObj);
        write("in/a.mtl", "newmtl wall\nKd 1 0 0\n");
        add("a.obj", "塔楼");
    }

    void write(const std::string& name, std::string_view text) const {
        EXPECT_TRUE(tiles3d::base::makeFolder((folder / name).parent_path()));
        EXPECT_TRUE(tiles3d::base::writeFile(folder / name, text));
    }

    void add(const std::string& file, const std::string& id) {
        project.models.push_back(
            {.path = folder / "in" / file, .id = id, .name = id, .position = {118.1, 24.5, 12.0}});
    }

    /// One build: opens and closes the ledger as a process would.
    Models build() {
        EXPECT_TRUE(tiles3d::base::makeFolder(out() / ".city3d"));
        Ledger ledger = must(Ledger::open(out() / ".city3d" / "ledger.sqlite"), "ledger");
        scan::SourceCatalogue catalogue;
        catalogue.models = must(scan::placeModels(project), "scan");
        engine::LocalEngine engine({.jobs = 2});
        Models models = buildModels(project, catalogue, {.out = out()}, ledger, engine, listener);
        report = must(reportFromLedger(ledger), "ledger");
        must(ledger.compact(), "ledger");
        return models;
    }

    fs::path out() const { return folder / "out"; }

    TemporaryFolder folder;
    scan::CityProject project;
    Silence listener;
    BuildReport report;
};

TEST_F(ModelStage, aSecondBuildKeepsWhatIsUpToDate) {
    const Models first = build();
    ASSERT_EQ(first.tilesets.size(), 1U);
    EXPECT_EQ(first.doneNow, 1U);
    EXPECT_EQ(first.tilesets[0].file, fs::path("models/塔楼/tileset.json"));
    EXPECT_GT(first.tilesets[0].geometricErrorMetres, 1.0);
    const auto files = contentsOf(out());
    EXPECT_EQ(build().doneNow, 0U);
    EXPECT_EQ(contentsOf(out()), files);
    fs::remove_all(out());
    EXPECT_EQ(build().doneNow, 1U);
    EXPECT_EQ(contentsOf(out()), files) << "same inputs, same bytes";
}

TEST_F(ModelStage, whatAModelNamesIsItsInput) {
    build();
    write("in/a.mtl", "newmtl wall\nKd 1 0 0\nmap_Kd wall.png\n");
    EXPECT_EQ(build().doneNow, 1U);
    EXPECT_EQ(report.losses["image"], 1U) << "wall.png is missing";
    EXPECT_EQ(build().doneNow, 0U) << "and still is";
    EXPECT_EQ(report.losses["image"], 1U);
    write("in/wall.png", "no image");
    EXPECT_EQ(build().doneNow, 1U);
    project.models[0].headingDegrees = 1.0;
    EXPECT_EQ(build().doneNow, 1U);
    project.output.geometry = scan::Geometry::Plain;
    EXPECT_EQ(build().doneNow, 1U);
    fs::remove_all(out() / "models");
    EXPECT_EQ(build().doneNow, 1U);
}

TEST_F(ModelStage, aModelThatCannotBeReadIsALoss) {
    write("in/broken.fbx", "no FBX");
    add("broken.fbx", "broken");
    const Models models = build();
    EXPECT_EQ(models.tilesets.size(), 1U);
    EXPECT_EQ(report.models.models, 2U);
    EXPECT_EQ(report.models.modelsWithoutTiles, 1U);
    EXPECT_TRUE(report.hasLosses());
    ASSERT_EQ(report.lossList.size(), 1U);
    EXPECT_EQ(report.lossList[0].unit, "/model/broken");
    EXPECT_EQ(report.lossList[0].loss.file, "broken.fbx");
    EXPECT_FALSE(listener.warnings.empty());
    EXPECT_EQ(build().doneNow, 1U) << "it is tried again";
}

TEST_F(ModelStage, whatIsGoneIsRemoved) {
    write("in/b.obj", kObj);
    add("b.obj", "b");
    EXPECT_EQ(build().tilesets.size(), 2U);
    project.models.pop_back();
    EXPECT_EQ(build().tilesets.size(), 1U);
    EXPECT_FALSE(fs::exists(out() / "models" / "b"));
    EXPECT_EQ(report.models.models, 1U);
    project.models.clear();
    EXPECT_TRUE(build().tilesets.empty());
}

TEST_F(ModelStage, theSamplesTower) {
    ASSERT_TRUE(sample::writeDesignModel(folder / "in"));
    project.models.clear();
    add("proposed_tower.obj", "proposed_tower");
    EXPECT_EQ(build().tilesets.size(), 1U);
    EXPECT_FALSE(report.hasLosses());
    EXPECT_EQ(report.models.triangles, 50U * 5U * 2U) << "50 prisms of five quads";
    EXPECT_EQ(report.triangles, report.models.triangles) << "part of the totals";
    EXPECT_EQ(report.contents, 1U);
    EXPECT_EQ(report.contentBytes, fs::file_size(out() / "models/proposed_tower/model.glb"));
}

} // namespace
} // namespace pipeline::job
