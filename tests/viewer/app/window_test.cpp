// The program as a person uses it: a window on a screen of its own, mouse and keys.

#include "tests/viewer/app/driven_window.h"
#include "tiles3d/base/file.h"
#include "tiles3d/geo/ellipsoid.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <sstream>

namespace tests {
namespace {

namespace base = tiles3d::base;
using tiles3d::image::Raster;

constexpr const char* kTitle = "harbour - city3d";
constexpr ScreenPart kMenuBar{.bottom = 22};
constexpr ScreenPart kStatusBar{.top = 770, .bottom = 800};
constexpr ScreenPart kCity{.left = 290, .top = 60, .right = 920, .bottom = 760};
/// In the lower half of the contents' tree, where there are no rows.
constexpr ScreenPoint kTree{100, 330};

std::string textOf(const std::filesystem::path& file) {
    constexpr std::uint64_t kMostBytes = 1U << 20U;
    const auto text = base::readTextFile(file, kMostBytes);
    return text ? *text : "";
}

std::vector<std::filesystem::path> filesIn(const std::filesystem::path& folder,
                                           const std::string& ending) {
    std::vector<std::filesystem::path> files;
    std::error_code error;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder, error)) {
        if (entry.path().extension() == ending) {
            files.push_back(entry.path());
        }
    }
    return files;
}

/// GeoJSON of the synthetic city's south-western quarter.
std::string southWestZone() {
    base::Json ring = base::Json::array();
    for (const glm::dvec2& corner :
         {glm::dvec2(-99, -99), {-1, -99}, {-1, -1}, {-99, -1}, {-99, -99}}) {
        const auto place =
            tiles3d::geo::toCartographic(SyntheticCity::frame().toEcef({glm::dvec3(corner, 0.0)}));
        ring.push(
            base::Json(base::Json::Array{place.longitude.degrees(), place.latitude.degrees()}));
    }
    const base::Json geometry = base::Json::object(
        {{"type", "Polygon"}, {"coordinates", base::Json(base::Json::Array{ring})}});
    const base::Json feature = base::Json::object(
        {{"type", "Feature"}, {"properties", base::Json::object()}, {"geometry", geometry}});
    return base::Json::object(
               {{"type", "FeatureCollection"}, {"features", base::Json::Array{feature}}})
        .dump();
}

/// The first row of a CSV table, by column.
std::optional<double> numberIn(const std::string& csv, const std::string& column) {
    std::istringstream lines(csv);
    std::string header;
    std::string row;
    std::getline(lines, header);
    std::getline(lines, row);
    std::istringstream names(header);
    std::istringstream values(row);
    std::string name;
    std::string value;
    while (std::getline(names, name, ',') && std::getline(values, value, ',')) {
        if (name == column) {
            return std::stod(value);
        }
    }
    return std::nullopt;
}

class WindowTest : public DrivenWindow {
protected:
    /// The window shows all of the city.
    void open() {
        start({city().string(), "--size", "1280x800", "--lang", "en"}, kTitle);
        ASSERT_TRUE(waitUntil([&] { return isWholeCityShown(); }));
        restingPicture();
    }

    /// The main window and no dialog has the keys.
    void focusWindow() const {
        ASSERT_TRUE(waitUntil([&] { return screen().focus(kTitle); }));
    }

    /// Keys go to that row of the contents' tree, counted from 0.
    void focusRow(int row) const {
        screen().click(kTree);
        screen().key("Home");
        for (int i = 0; i < row; ++i) {
            screen().key("Down");
        }
    }

    /// Into the file dialog of that title, which then goes.
    void typeFile(const std::string& title, const std::filesystem::path& file) {
        ASSERT_TRUE(waitUntil([&] { return screen().focus(title); })) << title;
        screen().key("Control_L+a");
        screen().type(file.string());
        screen().key("Return");
        ASSERT_TRUE(waitUntil([&] { return !screen().hasWindow(title); })) << title;
    }

    std::size_t bookmarkCount() const {
        const auto files = filesIn(settings(), ".json");
        for (const auto& file : files) {
            if (file.filename() == "bookmarks.json") {
                const auto json = base::parseJson(textOf(file));
                return json ? (*json)["bookmarks"].items().size() : 0;
            }
        }
        return 0;
    }
};

TEST_F(WindowTest, dragMovesTheGroundAlongAndTheWheelComesNearer) {
    open();
    const ColourPatch before = find(SyntheticCity::kSouthWest);
    const ScreenPoint goal{before.middle.x + 120, before.middle.y - 60};
    screen().drag(before.middle, goal);
    restingPicture();
    keep("dragged");
    const ColourPatch dragged = find(SyntheticCity::kSouthWest);
    EXPECT_NEAR(dragged.middle.x, goal.x, 25);
    EXPECT_NEAR(dragged.middle.y, goal.y, 25);

    screen().moveTo(dragged.middle);
    for (int step = 0; step < 3; ++step) {
        screen().click(dragged.middle, 4);
    }
    restingPicture();
    keep("zoomed");
    EXPECT_GT(find(SyntheticCity::kSouthWest).pixels, dragged.pixels * 5 / 4);

    screen().key("f");
    EXPECT_TRUE(waitUntil([&] { return isWholeCityShown(); }));
    EXPECT_EQ(quit(), 0);
}

TEST_F(WindowTest, tickHidesTheCityAndTheClickTellsWhatIsThere) {
    open();
    focusRow(1);
    screen().key("space");
    EXPECT_TRUE(waitUntil([&] { return isNothingShown(); }));
    keep("hidden");
    screen().key("space");
    EXPECT_TRUE(waitUntil([&] { return isWholeCityShown(); }));

    const Raster before = restingPicture();
    screen().click(find(SyntheticCity::kNorthEast).middle);
    restingPicture();
    keep("identified");
    constexpr std::size_t kTextPixels = 1000;
    EXPECT_GT(differentPixels(before, screen().picture(), {.left = 985, .bottom = 400}),
              kTextPixels);
}

TEST_F(WindowTest, restsWhenNothingHappens) {
    open();
    screen().moveTo(find(SyntheticCity::kSouthWest).middle);
    constexpr int kNothingPercent = 2;
    EXPECT_TRUE(waitUntil([&] { return busyPercent() <= kNothingPercent; }));
}

TEST_F(WindowTest, layerLiesOnTheCityAndItsTickHidesIt) {
    const std::filesystem::path layer = folder().write("zones.geojson", southWestZone());
    start({city().string(), "--layers", layer.string(), "--size", "1280x800", "--lang", "en"},
          kTitle);
    ASSERT_TRUE(waitUntil(
        [&] { return isShown(SyntheticCity::kSouthEast) && !isShown(SyntheticCity::kSouthWest); }));
    keep("layer");
    focusRow(4); // 3D tiles, harbour, Planning layers, zones.geojson, zones
    screen().key("space");
    EXPECT_TRUE(waitUntil([&] { return isShown(SyntheticCity::kSouthWest); }));
    keep("layer_hidden");
    screen().key("space");
    EXPECT_TRUE(waitUntil([&] { return !isShown(SyntheticCity::kSouthWest); }));
}

/// A window with a layer on the south-western quarter of the city.
class PlanningTest : public WindowTest {
protected:
    void openLayer() {
        const std::filesystem::path layer = folder().write("zones.geojson", southWestZone());
        start({city().string(), "--layers", layer.string(), "--size", "1280x800", "--lang", "en"},
              kTitle);
        ASSERT_TRUE(waitUntil([&] {
            return isShown(SyntheticCity::kSouthEast) && !isShown(SyntheticCity::kSouthWest);
        }));
        restingPicture();
    }

    /// The middle of the quarter that the layer covers.
    ScreenPoint zone() const {
        const ScreenPoint south = find(SyntheticCity::kSouthEast).middle;
        const ScreenPoint west = find(SyntheticCity::kNorthWest).middle;
        return {west.x, south.y};
    }

    /// By the layer's menu: look at it, table, filter, style.
    void chooseInMenu(int entry) {
        constexpr ScreenPart kMenu{.left = 110, .top = 195, .right = 230, .bottom = 330};
        const Raster before = restingPicture();
        screen().click(kLayerRow, 3);
        ASSERT_TRUE(
            waitUntil([&] { return differentPixels(before, screen().picture(), kMenu) > 300; }));
        for (int i = 0; i <= entry; ++i) {
            screen().key("Down");
        }
        screen().key("Return");
        ASSERT_TRUE(
            waitUntil([&] { return differentPixels(before, screen().picture(), kMenu) < 300; }));
    }

    /// Until that part of the screen differs from `before`, and rests.
    void waitForChange(const Raster& before, const ScreenPart& part) {
        ASSERT_TRUE(
            waitUntil([&] { return differentPixels(before, screen().picture(), part) > 100; }));
        restingPicture();
    }

    static constexpr ScreenPoint kLayerRow{105, 188};
    // Of the site panel.
    static constexpr ScreenPoint kSelectedButton{1054, 400};
    static constexpr ScreenPoint kFileButton{1116, 400};
    static constexpr ScreenPoint kRulesButton{1174, 400};
    static constexpr ScreenPoint kReportButton{1240, 400};
};

TEST_F(PlanningTest, searchFindsALayerAndTheSpaceBarTicksIt) {
    openLayer();
    screen().key("Control_L+f");
    screen().type("zon");
    screen().key("Return");
    screen().key("space");
    EXPECT_TRUE(waitUntil([&] { return isShown(SyntheticCity::kSouthWest); }));
    keep("searched");
    screen().key("space");
    EXPECT_TRUE(waitUntil([&] { return !isShown(SyntheticCity::kSouthWest); }));
    EXPECT_EQ(quit(), 0);
    const base::Json layers = settingsJson("last_view.json")["layers"];
    ASSERT_EQ(layers.items().size(), 1U);
    EXPECT_EQ(layers.items()[0]["opacities"]["zones"].numberOr(0.0), 1.0);
}

TEST_F(PlanningTest, clickMarksTheRowAndAConditionHoldsOnTheCity) {
    openLayer();
    constexpr Colour kMarked{48, 140, 198};
    constexpr ScreenPart kTable{.left = 0, .top = 600, .right = 1280, .bottom = 770};
    Raster before = restingPicture();
    chooseInMenu(1);
    waitForChange(before, kTable);
    keep("table");
    EXPECT_LT(findColour(screen().picture(), kMarked, kTable).pixels, 100U);
    screen().click(zone());
    EXPECT_TRUE(
        waitUntil([&] { return findColour(screen().picture(), kMarked, kTable).pixels > 1000; }));
    keep("row_marked");

    before = restingPicture();
    chooseInMenu(2);
    waitForChange(before, {.left = 70, .top = 610, .right = 1120, .bottom = 632});
    screen().type("nosuchfield=1");
    screen().key("Return");
    constexpr Colour kFault{198, 40, 40};
    EXPECT_TRUE(
        waitUntil([&] { return findColour(screen().picture(), kFault, kTable).pixels > 50; }));
    keep("condition_fault");
    const auto barePixels = [&] {
        return findColour(screen().picture(), SyntheticCity::kSouthWest, kCity).pixels;
    };
    EXPECT_LT(barePixels(), 300U);
    screen().key("Control_L+a");
    screen().type("1=0");
    screen().key("Return");
    EXPECT_TRUE(waitUntil([&] { return barePixels() > 3000; }));
    keep("condition");
    EXPECT_EQ(quit(), 0);
    const base::Json layers = settingsJson("last_view.json")["layers"];
    EXPECT_EQ(layers.items()[0]["conditions"]["zones"].stringOr(""), "1=0");
}

TEST_F(PlanningTest, siteThatIsDrawnIsChecked) {
    openLayer();
    screen().key("Control_L+5");
    const ScreenPoint middle = zone();
    screen().click({middle.x - 30, middle.y - 20});
    screen().click({middle.x + 30, middle.y - 20});
    screen().click({middle.x + 30, middle.y + 20});
    screen().key("Return");
    constexpr Colour kPass{46, 125, 50};
    constexpr ScreenPart kPanel{.left = 985, .top = 300, .bottom = 770};
    EXPECT_TRUE(
        waitUntil([&] { return findColour(screen().picture(), kPass, kPanel).pixels > 50; }));
    restingPicture();
    keep("site");
    constexpr Colour kSite{0, 255, 255};
    EXPECT_GT(findColour(screen().picture(), kSite, kCity).pixels, 100U);
}

TEST_F(PlanningTest, siteOfAFileIsCheckedByItsRulesAndReported) {
    openLayer();
    const std::filesystem::path site = folder().write("site.geojson", southWestZone());
    const std::filesystem::path rules =
        folder().write("rules.json", R"({"rules": [{"layer": "zones", "rule": "forbid"}]})");
    constexpr ScreenPart kPanel{.left = 985, .top = 300, .bottom = 770};
    const auto verdictPixels = [&](const Colour& colour) {
        return findColour(screen().picture(), colour, kPanel).pixels;
    };
    screen().click(kFileButton);
    typeFile("Outline of the site", site);
    EXPECT_TRUE(waitUntil([&] { return verdictPixels({46, 125, 50}) > 50; }));
    screen().click(kRulesButton);
    typeFile("Rules of the check", rules);
    EXPECT_TRUE(waitUntil([&] { return verdictPixels({198, 40, 40}) > 50; }));
    restingPicture();
    keep("site_conflict");
    std::filesystem::create_directories(folder().path() / "report");
    screen().click(kReportButton);
    typeFile("Folder for the report", folder().path() / "report");
    const auto isWritten = [&] {
        return std::ranges::all_of(std::array{".html", ".json", ".gpkg"}, [&](const char* ending) {
            return !filesIn(folder().path() / "report", ending).empty();
        });
    };
    ASSERT_TRUE(waitUntil(isWritten));
    const std::string html = textOf(folder().path() / "report/report.html");
    EXPECT_NE(html.find("</html>"), std::string::npos);
    EXPECT_TRUE(base::parseJson(textOf(folder().path() / "report/report.json")));
    EXPECT_TRUE(filesIn(folder().path() / "report", ".part").empty());
}

TEST_F(PlanningTest, selectedFeatureIsASite) {
    openLayer();
    screen().click(zone());
    restingPicture();
    screen().click(kSelectedButton);
    constexpr ScreenPart kPanel{.left = 985, .top = 300, .bottom = 770};
    EXPECT_TRUE(waitUntil([&] {
        return findColour(screen().picture(), {46, 125, 50}, kPanel).pixels > 50;
    }));
}

TEST_F(PlanningTest, favouriteStandsOnTopAfterTheNextStart) {
    openLayer();
    chooseInMenu(5);
    restingPicture();
    keep("favourite");
    ASSERT_EQ(quit(), 0);
    EXPECT_NE(textOf(settings() / "settings.ini").find("favouriteLayers=zones"), std::string::npos);
    start({}, kTitle);
    ASSERT_TRUE(waitUntil([&] { return !isShown(SyntheticCity::kSouthWest); }));
    restingPicture();
    focusRow(1); // Favourites, zones
    screen().key("space");
    EXPECT_TRUE(waitUntil([&] { return isShown(SyntheticCity::kSouthWest); }));
}

TEST_F(PlanningTest, editOfAStyleShowsAtOnce) {
    openLayer();
    chooseInMenu(3);
    ASSERT_TRUE(waitUntil([&] { return screen().focus("Style of zones"); }));
    restingPicture();
    keep("style");
    screen().key("Up"); // of the kinds of fill: none
    screen().key("Up");
    EXPECT_TRUE(waitUntil([&] { return isShown(SyntheticCity::kSouthWest); }));
    keep("style_edited");
    screen().key("Escape");
    EXPECT_TRUE(waitUntil([&] { return !isShown(SyntheticCity::kSouthWest); }));
}

TEST_F(WindowTest, measuresADistanceIntoATable) {
    open();
    screen().key("Control_L+1");
    screen().click(find(SyntheticCity::kSouthWest).middle);
    screen().click(find(SyntheticCity::kSouthEast).middle);
    screen().click(find(SyntheticCity::kNorthEast).middle);
    screen().key("BackSpace"); // not that one
    screen().key("Return");
    restingPicture();
    keep("measured");
    screen().key("Control_L+e");
    const std::filesystem::path file = home() / "table.csv";
    typeFile("Save the measurements", file);
    ASSERT_TRUE(waitUntil([&] { return std::filesystem::exists(file); }));
    const auto metres = numberIn(textOf(file), "straight (m)");
    ASSERT_TRUE(metres.has_value()) << textOf(file);
    EXPECT_NEAR(*metres, 100.0, 10.0); // between the middles of two quarters
}

TEST_F(WindowTest, fliesThroughBookmarksAndTakesAScreenshot) {
    open();
    screen().key("Control_L+b");
    ASSERT_TRUE(waitUntil([&] { return bookmarkCount() == 1; }));
    const ScreenPoint corner = find(SyntheticCity::kSouthEast).middle;
    for (int step = 0; step < 6; ++step) {
        screen().click(corner, 4);
    }
    restingPicture();
    const ColourPatch near = find(SyntheticCity::kSouthEast);
    screen().key("Control_L+b");
    ASSERT_TRUE(waitUntil([&] { return bookmarkCount() == 2; }));
    EXPECT_EQ(filesIn(settings(), ".png").size(), 2U);

    screen().key("f");
    ASSERT_TRUE(waitUntil([&] { return isWholeCityShown(); }));
    restingPicture();
    screen().key("Control_L+Return");
    EXPECT_TRUE(waitUntil([&] {
        const ColourPatch now = find(SyntheticCity::kSouthEast);
        return now.pixels > near.pixels * 95 / 100 && now.pixels < near.pixels * 105 / 100;
    }));
    restingPicture();
    keep("flown");

    screen().key("p");
    EXPECT_TRUE(waitUntil([&] { return !filesIn(home() / "Pictures", ".png").empty(); }));
    EXPECT_EQ(quit(), 0);
}

TEST_F(WindowTest, makesAPictureByAProcessOfItsOwn) {
    open();
    const Raster window = screen().picture();
    screen().key("Control_L+p");
    ASSERT_TRUE(waitUntil([&] { return screen().focus("Picture in any size"); }));
    screen().key("Return"); // in the window's size
    const std::filesystem::path file = home() / "picture.png";
    typeFile("Save the picture", file);
    ASSERT_TRUE(waitUntil([&] { return std::filesystem::exists(file); }));
    const auto bytes = base::readFile(file);
    ASSERT_TRUE(bytes);
    const auto picture = tiles3d::image::decode(*bytes);
    ASSERT_TRUE(picture);
    for (const Colour& colour : {SyntheticCity::kSouthWest, SyntheticCity::kNorthEast}) {
        const auto shown = static_cast<double>(findColour(window, colour).pixels);
        EXPECT_NEAR(static_cast<double>(findColour(*picture, colour).pixels), shown, 0.02 * shown);
    }
}

TEST_F(WindowTest, walksAtEyeHeight) {
    open();
    const std::size_t before = find(SyntheticCity::kSouthWest).pixels;
    screen().key("g");
    EXPECT_TRUE(waitUntil([&] { return find(SyntheticCity::kSouthWest).pixels > 2 * before; }));
    restingPicture();
    keep("walking");
    ASSERT_EQ(quit(), 0);
    constexpr double kGroundMetres = 35.0;
    constexpr double kEyeMetres = 1.7;
    EXPECT_NEAR(settingsJson("last_view.json")["camera"]["h"].numberOr(0.0),
                kGroundMetres + kEyeMetres,
                0.2);
}

TEST_F(WindowTest, secondStartRestoresLanguageOpacityAndCamera) {
    open();
    screen().drag(find(SyntheticCity::kSouthWest).middle, {640, 400});
    focusRow(1);
    screen().key("Tab");
    for (int step = 0; step < 3; ++step) {
        screen().key("Page_Down"); // the slider of opacity
    }
    const Raster english = restingPicture();
    screen().key("Alt_L+v");
    screen().key("l");
    screen().key("Return");
    EXPECT_TRUE(
        waitUntil([&] { return differentPixels(english, screen().picture(), kMenuBar) > 100; }));
    restingPicture();
    keep("chinese");
    const Raster chinese = screen().pictureOf(kTitle);
    ASSERT_EQ(quit(), 0);
    const base::Json view = settingsJson("last_view.json");
    ASSERT_EQ(view["tilesets"].items().size(), 1U);
    EXPECT_NEAR(view["tilesets"].items()[0]["opacity"].numberOr(1.0), 0.7, 0.01);
    EXPECT_TRUE(view["camera"]["lon"].isNumber());

    start({}, kTitle);
    EXPECT_TRUE(waitUntil(
        [&] { return differentPixels(chinese, screen().pictureOf(kTitle), kCity) < 1000; }));
    keep("restored");
    EXPECT_EQ(differentPixels(chinese, screen().pictureOf(kTitle), kMenuBar), 0U);
    EXPECT_EQ(quit(), 0);
    const base::Json again = settingsJson("last_view.json");
    for (const char* member : {"lon", "lat", "h", "heading", "pitch"}) {
        EXPECT_NEAR(
            again["camera"][member].numberOr(1.0), view["camera"][member].numberOr(0.0), 1e-6)
            << member;
    }
}

TEST_F(WindowTest, brokenTilesAreARedCountAndTheWindowStays) {
    folder().write(std::string("harbour/") + SyntheticCity::kSouthWestFile, "glTF, but not really");
    start({city().string(), "--size", "1280x800", "--lang", "en"}, kTitle);
    constexpr Colour kAlarm{198, 40, 40};
    ASSERT_TRUE(
        waitUntil([&] { return findColour(screen().picture(), kAlarm, kStatusBar).pixels > 500; }));
    EXPECT_TRUE(waitUntil([&] { return isShown(SyntheticCity::kSouthEast); }));
    screen().click(findColour(screen().picture(), kAlarm, kStatusBar).middle);
    constexpr Colour kRed{255, 0, 0};
    EXPECT_TRUE(waitUntil([&] {
        return findColour(screen().picture(), kRed, {.top = 500, .bottom = 770}).pixels > 100;
    }));
    keep("broken");
    EXPECT_TRUE(isRunning());
    EXPECT_EQ(quit(), 0);
}

TEST_F(WindowTest, opensWhatIsTypedAndWhatWasOpenBefore) {
    start({"--size", "1280x800", "--lang", "en"}, "city3d");
    screen().key("Control_L+o");
    typeFile("Open", folder().write("noise.json", "this is no JSON"));
    ASSERT_TRUE(waitUntil([&] { return screen().focus("city3d"); }));
    screen().key("Control_L+o");
    typeFile("Open", city() / "tileset.json");
    EXPECT_TRUE(waitUntil([&] { return isWholeCityShown(); }));
    focusWindow();
    keep("opened");

    screen().key("Control_L+w");
    EXPECT_TRUE(waitUntil([&] { return isNothingShown() && screen().focus("city3d"); }));
    screen().key("Alt_L+f");
    screen().key("r");
    screen().key("Return");
    EXPECT_TRUE(waitUntil([&] { return isWholeCityShown(); }));
    EXPECT_EQ(quit(), 0);
}

} // namespace
} // namespace tests
