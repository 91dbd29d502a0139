#include "pipeline/job/inspect.h"

#include "pipeline/engine/local_engine.h"
#include "pipeline/sample/topped_delivery.h"
#include "temporary_folder.h"

#include <gtest/gtest.h>

namespace pipeline::job {
namespace {

using sample::TopLayout;

Inspection inspected(const std::filesystem::path& delivery) {
    engine::LocalEngine engine({.jobs = 1});
    auto inspection = inspectSources(
        scan::projectForDelivery(delivery), {.scan = {.heightDatum = "egm96"}}, engine);
    EXPECT_TRUE(inspection) << inspection.error().message;
    return inspection ? *std::move(inspection) : Inspection{};
}

TEST(Inspect, saysThatADeliveryHasItsOwnTop) {
    for (const TopLayout layout : {TopLayout::Folder, TopLayout::Dji, TopLayout::BareRoot}) {
        const TemporaryFolder folder;
        ASSERT_TRUE(sample::writeToppedDelivery(folder / "delivery", {.layout = layout}));
        const Inspection inspection = inspected(folder / "delivery");
        EXPECT_EQ(inspection.blocks, 4U);
        EXPECT_EQ(inspection.files, 40U); // without the top's
        EXPECT_TRUE(inspection.counted.losses.empty());
        const auto tops = toJson(inspection)["tops"].items();
        ASSERT_EQ(tops.size(), 1U);
        EXPECT_EQ(tops[0]["delivery"].stringOr(""), "delivery");
        EXPECT_EQ(tops[0]["kind"].stringOr(""),
                  layout == TopLayout::Folder ? "folder" : "root file");
        EXPECT_EQ(tops[0]["files"].integerOr(0), layout == TopLayout::Folder ? 2 : 1);
        EXPECT_GT(tops[0]["bytes"].integerOr(0), 0);
        EXPECT_EQ(tops[0]["tops"].stringOr(""), "ignore");
        EXPECT_NE(toText(inspection).find("top      its own, a "), std::string::npos);
    }
}

TEST(Inspect, saysNothingOfTopsWhereThereIsNone) {
    const TemporaryFolder folder;
    ASSERT_TRUE(sample::writeToppedDelivery(folder / "delivery"));
    std::filesystem::remove_all(folder / "delivery/Data/Top");
    const Inspection inspection = inspected(folder / "delivery");
    EXPECT_TRUE(toJson(inspection)["tops"].items().empty());
    EXPECT_EQ(toText(inspection).find("its own"), std::string::npos);
}

} // namespace
} // namespace pipeline::job
