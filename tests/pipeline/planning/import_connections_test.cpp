#include "pipeline/planning/import_layers.h"
#include "pipeline/planning/layer_store.h"
#include "tests/support/http_server.h"
#include "tests/support/postgres_server.h"
#include "tests/support/temporary_folder.h"

#include <gtest/gtest.h>

namespace pipeline::planning {
namespace {

class ImportConnections : public testing::Test {
protected:
    ImportReport importAll(const std::string& connection, ImportOptions options = {}) {
        options.planeCrs = "EPSG:4548";
        options.threads = 2;
        const auto report = importLayers({{.path = connection}}, out, options);
        EXPECT_TRUE(report) << report.error().message;
        return report ? *report : ImportReport{};
    }

    /// One layer, lost for `reason`, and in the file as an earlier import left it.
    void expectKept(const ImportReport& report, const std::string& reason) {
        EXPECT_TRUE(report.hasLosses());
        ASSERT_EQ(report.layers.size(), 1U) << toText(report);
        const ImportedLayer& layer = report.layers[0];
        EXPECT_NE(layer.lost.find(reason), std::string::npos) << layer.lost;
        EXPECT_NE(toText(report).find("is kept from the import of " + layer.keptFrom),
                  std::string::npos);
        const auto store = LayerStore::open({out});
        ASSERT_TRUE(store);
        ASSERT_EQ((*store)->layers().size(), 1U);
        EXPECT_EQ((*store)->layers()[0].features, layer.counts.kept);
    }

    GdalRuntime gdal;
    tests::TemporaryFolder folder;
    std::filesystem::path out = folder.path() / "planning.gpkg";
};

constexpr const char* kParcels = R"sql(
CREATE TABLE "地块 ""x""" (id BIGINT PRIMARY KEY, "名称" TEXT, built DATE, open BOOLEAN,
    geom geometry(Polygon, 4490));
INSERT INTO "地块 ""x""" SELECT 7 * n, '厦门 ' || n, '2024-03-01', n % 2 = 0,
    ST_Translate(ST_GeomFromText('POLYGON((118.1 24.48,118.1001 24.48,118.1001 24.4801,118.1 24.48))',
                                 4490), n * 1e-6, 0)
FROM generate_series(1, 20000) n;
)sql";

TEST_F(ImportConnections, postgisIsReadAndMayGoAway) {
    tests::PostgresServer server;
    if (!server.isRunning()) {
        GTEST_SKIP() << "no PostgreSQL with PostGIS in /usr/lib/postgresql that starts";
    }
    ASSERT_TRUE(server.execute(kParcels));
    const ImportReport report = importAll(server.connection());
    ASSERT_FALSE(report.hasLosses()) << toText(report);
    EXPECT_EQ(report.layers.at(0).counts.kept, 20'000U);
    EXPECT_EQ(report.layers.at(0).source.find("geheim"), std::string::npos);
    {
        const auto store = LayerStore::open({out});
        ASSERT_TRUE(store);
        const auto ids = (*store)->rows(0, {});
        EXPECT_EQ(ids->front(), 7); // the source's own
        const auto one = (*store)->read(std::vector<FeatureRef>{{0, 14}});
        EXPECT_EQ(toText(one->at(0).values.at(0)), "厦门 2");
    }
    const ImportReport lost = importAll(
        server.connection(), {.onProgress = [&](const ImportProgress&) { server.stop(); }});
    expectKept(lost, "breaks off");
    const std::string time = lost.layers.at(0).keptFrom;
    const ImportReport gone = importAll(server.connection());
    expectKept(gone, "no connection");
    EXPECT_EQ(gone.layers.at(0).keptFrom, time); // of the import that read it
    EXPECT_EQ(toText(gone).find("geheim"), std::string::npos);
}

constexpr const char* kCapabilities = R"(<?xml version="1.0"?>
<WFS_Capabilities version="1.0.0" xmlns="http://www.opengis.net/wfs">
<Service><Name>w</Name><Title>w</Title><OnlineResource>ADDRESS/wfs?</OnlineResource></Service>
<Capability><Request><GetFeature><ResultFormat><GML2/></ResultFormat><DCPType><HTTP>
<Get onlineResource="ADDRESS/wfs?"/></HTTP></DCPType></GetFeature></Request></Capability>
<FeatureTypeList><Operations><Query/></Operations><FeatureType><Name>parks</Name><Title>公园</Title>
<SRS>EPSG:4548</SRS><LatLongBoundingBox minx="118" miny="24" maxx="119" maxy="25"/></FeatureType>
</FeatureTypeList></WFS_Capabilities>)";

constexpr const char* kSchema = R"(<?xml version="1.0"?>
<schema targetNamespace="http://p" xmlns:p="http://p" xmlns="http://www.w3.org/2001/XMLSchema"
xmlns:gml="http://www.opengis.net/gml" elementFormDefault="qualified">
<element name="parks" type="p:parksType" substitutionGroup="gml:_Feature"/>
<complexType name="parksType"><complexContent><extension base="gml:AbstractFeatureType"><sequence>
<element name="name" type="string"/><element name="geom" type="gml:PointPropertyType"/>
</sequence></extension></complexContent></complexType></schema>)";

constexpr const char* kFeatures = R"(<?xml version="1.0"?>
<wfs:FeatureCollection xmlns:wfs="http://www.opengis.net/wfs" xmlns:p="http://p"
xmlns:gml="http://www.opengis.net/gml"><gml:featureMember><p:parks fid="parks.1"><p:name>白鹭洲</p:name>
<p:geom><gml:Point srsName="EPSG:4548"><gml:coordinates>611512,2708897</gml:coordinates></gml:Point>
</p:geom></p:parks></gml:featureMember></wfs:FeatureCollection>)";

TEST_F(ImportConnections, wfsIsRead) {
    std::string address;
    const tests::HttpServer server([&](const std::string& target) {
        const auto asks = [&](const char* what) { return target.find(what) != std::string::npos; };
        std::string body = asks("GetCapabilities")       ? kCapabilities
                           : asks("DescribeFeatureType") ? kSchema
                                                         : kFeatures;
        for (std::size_t at = 0; (at = body.find("ADDRESS", at)) != std::string::npos;) {
            body.replace(at, 7, address);
        }
        return tests::HttpAnswer{.body = body, .headers = "Content-Type: text/xml\r\n"};
    });
    address = server.address();
    const ImportReport report = importAll("WFS:" + address + "/wfs?VERSION=1.0.0");
    ASSERT_FALSE(report.hasLosses()) << toText(report);
    const auto store = LayerStore::open({out});
    ASSERT_TRUE(store);
    EXPECT_EQ((*store)->layers().at(0).features, 1U);
    EXPECT_NEAR((*store)->layers().at(0).extent.low.x, 611512.0, 0.01);
}

TEST_F(ImportConnections, aServerThatIsNotThereIsALoss) {
    EXPECT_TRUE(importAll("WFS:http://127.0.0.1:1/wfs").hasLosses());
    EXPECT_TRUE(importAll("PG:host=127.0.0.1 port=1 dbname=x").hasLosses());
}

} // namespace
} // namespace pipeline::planning
