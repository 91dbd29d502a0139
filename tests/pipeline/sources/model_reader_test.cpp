#include "pipeline/sources/model_reader.h"

#include "tests/pipeline/job/temporary_folder.h"
#include "tiles3d/base/file.h"
#include "tiles3d/gltf/glb.h"
#include "tiles3d/image/image.h"

#include <fmt/format.h>
#include <glm/common.hpp>
#include <glm/geometric.hpp>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace pipeline::sources {
namespace {

namespace fs = std::filesystem;
namespace gltf = tiles3d::gltf;
namespace image = tiles3d::image;
using tiles3d::base::Bytes;
using tiles3d::base::Result;

image::EncodedImage smallPng() {
    image::Raster raster{
        .width = 2, .height = 2, .channels = 3, .pixels = Bytes(12, std::byte{90})};
    return *image::encode(raster, {.format = image::ImageFormat::Png});
}

/// A unit quad that faces +z, in the file's axes, with the corner at `x` `y` `z`.
std::string quadObj(double x, double y, double z, const std::string& library = "") {
    return fmt::format("{4}v {0:.4f} {2:.4f} {3:.4f}\nv {1:.4f} {2:.4f} {3:.4f}\n"
                       "v {1:.4f} {5:.4f} {3:.4f}\nv {0:.4f} {5:.4f} {3:.4f}\n"
                       "vt 0 0\nvt 3 0\nvt 3 1\nvt 0 1\n{6}f 1/1 2/2 3/3 4/4\n",
                       x,
                       x + 1.0,
                       y,
                       z,
                       library.empty() ? "" : "mtllib " + library + "\n",
                       y + 1.0,
                       library.empty() ? "" : "usemtl wall\n");
}

std::vector<glm::dvec3> positionsOf(const DesignModel& design) {
    std::vector<glm::dvec3> all;
    for (const gltf::Primitive& primitive : design.model.primitives) {
        for (const glm::vec3& position : primitive.mesh.positions) {
            all.push_back((design.model.origin + glm::dvec3(position)) * design.metresPerUnit);
        }
    }
    return all;
}

bool holds(const DesignModel& design, const glm::dvec3& metres, double tolerance = 1e-6) {
    const std::vector<glm::dvec3> all = positionsOf(design);
    return std::ranges::any_of(
        all, [&](const glm::dvec3& p) { return glm::distance(p, metres) < tolerance; });
}

class ModelReader : public testing::Test {
protected:
    fs::path write(const fs::path& name, std::string_view text) const {
        fs::path file = folder.path() / name;
        EXPECT_TRUE(tiles3d::base::makeFolder(file.parent_path()));
        EXPECT_TRUE(tiles3d::base::writeFile(file, text));
        return file;
    }
    void writePng(const fs::path& name) const {
        EXPECT_TRUE(tiles3d::base::makeFolder((folder.path() / name).parent_path()));
        EXPECT_TRUE(tiles3d::base::writeFile(folder.path() / name, smallPng().bytes));
    }
    /// A quad whose texture has this name.
    Result<DesignModel> readTextured(const std::string& texture) const {
        write("m/wall.mtl", "newmtl wall\nKd 0.5 0.25 1\nmap_Kd " + texture + "\n");
        return readDesignModel(write("m/quad.obj", quadObj(0, 0, 0, "wall.mtl")));
    }
    job::TemporaryFolder folder;
};

TEST_F(ModelReader, objWithItsTexture) {
    writePng("m/wall.png");
    const auto design = readTextured("wall.png");
    ASSERT_TRUE(design) << design.error().message;
    const gltf::Model& model = design->model;
    ASSERT_EQ(model.primitives.size(), 1U);
    EXPECT_EQ(model.primitives[0].mesh.indices.size(), 6U);
    EXPECT_EQ(model.primitives[0].mesh.positions.size(), 4U) << "corners are shared";
    ASSERT_EQ(model.images.size(), 1U);
    EXPECT_EQ(model.images[0].bytes, smallPng().bytes) << "passed through";
    const gltf::Material& material = model.materials[model.primitives[0].material];
    EXPECT_FALSE(material.unlit);
    EXPECT_EQ(material.wrap, gltf::Wrap::Repeat);
    EXPECT_EQ(material.baseColour, glm::vec4(1.0F)) << "the texture stands in for Kd";
    EXPECT_TRUE(design->losses.empty());
    EXPECT_EQ(design->files, (std::vector<std::string>{"quad.obj", "wall.mtl", "wall.png"}));
    const auto& uvs = model.primitives[0].mesh.uvs;
    EXPECT_TRUE(std::ranges::find(uvs, glm::vec2(3.0F, 0.0F)) != uvs.end());
    EXPECT_TRUE(gltf::writeGlb(model));
}

TEST_F(ModelReader, objAxes) {
    const fs::path file = write("a.obj", quadObj(1, 2, 3));
    const auto yUp = readDesignModel(file);
    ASSERT_TRUE(yUp) << yUp.error().message;
    EXPECT_TRUE(holds(*yUp, {1, -3, 2}));
    EXPECT_LT(glm::distance(yUp->model.primitives[0].mesh.normals[0], glm::vec3(0, -1, 0)), 1e-6F);
    const auto zUp = readDesignModel(file, {.up = UpAxis::Z, .metresPerUnit = 0.01});
    ASSERT_TRUE(zUp);
    EXPECT_TRUE(holds(*zUp, {0.01, 0.02, 0.03}));
}

TEST_F(ModelReader, chineseNames) {
    writePng("模型/贴图 一#.png");
    write("模型/材质.mtl", "newmtl wall\nKd 1 1 1\nmap_Kd 贴图 一#.png\n");
    const auto design = readDesignModel(write("模型/塔楼.OBJ", quadObj(0, 0, 0, "材质.mtl")));
    ASSERT_TRUE(design) << design.error().message;
    EXPECT_EQ(design->model.images.size(), 1U);
}

TEST_F(ModelReader, aMissingTextureIsALossAndTheColourStays) {
    const auto design = readTextured("gone.png");
    ASSERT_TRUE(design) << design.error().message;
    ASSERT_EQ(design->losses.size(), 1U);
    EXPECT_EQ(design->losses[0].file, "gone.png");
    const auto& material = design->model.materials[design->model.primitives[0].material];
    EXPECT_FALSE(material.image);
    // 0.5 of sRGB is 0.2140 of light (IEC 61966-2-1).
    EXPECT_NEAR(material.baseColour.r, 0.2140F, 1e-4F);
    EXPECT_TRUE(std::ranges::find(design->files, "gone.png") != design->files.end())
        << "when it appears, the model is built again";
}

TEST_F(ModelReader, aMissingMaterialLibraryIsALoss) {
    const auto design = readDesignModel(write("a.obj", quadObj(0, 0, 0, "gone.mtl")));
    ASSERT_TRUE(design) << design.error().message;
    EXPECT_FALSE(design->losses.empty());
}

TEST_F(ModelReader, otherImageFormatsAreALoss) {
    write("m/wall.bmp", std::string("BM") + std::string(60, '\0'));
    const auto design = readTextured("wall.bmp");
    ASSERT_TRUE(design) << design.error().message;
    EXPECT_EQ(design->losses.size(), 1U);
}

TEST_F(ModelReader, texturesOutsideOfTheFolderAreNotOpened) {
    writePng("secret.png");
    writePng("m/beside.png");
    fs::create_symlink(folder / "secret.png", folder / "m/link.png");
    for (const std::string& name : {std::string("../secret.png"),
                                    (folder / "secret.png").string(),
                                    std::string("x/../../secret.png"),
                                    std::string("..\\secret.png"),
                                    std::string("link.png")}) {
        const auto design = readTextured(name);
        ASSERT_TRUE(design) << design.error().message;
        EXPECT_TRUE(design->model.images.empty()) << name;
        EXPECT_EQ(design->losses.size(), 1U) << name;
    }
    for (const char* name : {"C:\\Users\\author\\beside.png", "/home/author/beside.png"}) {
        const auto design = readTextured(name);
        ASSERT_TRUE(design);
        EXPECT_EQ(design->model.images.size(), 1U) << name;
    }
}

TEST_F(ModelReader, objInTheCitysCoordinatesKeepsItsPrecision) {
    const auto design = readDesignModel(write("a.obj", quadObj(610123.1234, 2705456.5678, 12.3456)),
                                        {.up = UpAxis::Z});
    ASSERT_TRUE(design) << design.error().message;
    EXPECT_TRUE(holds(*design, {610124.1234, 2705457.5678, 12.3456}, 1e-6));
    EXPECT_TRUE(design->irregularities.empty());
}

TEST_F(ModelReader, hostileFilesFail) {
    for (const char* extension : {"obj", "fbx", "dae", "gltf", "glb"}) {
        for (const std::string& bytes :
             {std::string(),
              std::string("v 1 2\nf 1 2 99999999\n"),
              std::string(4096, '\xFF'),
              std::string("Kaydara FBX Binary  \0\x1a\0\xff\xff\xff\xff", 27),
              std::string("glTF\2\0\0\0\xff\xff\xff\x7f", 12),
              std::string("<COLLADA>"),
              std::string("solid x\nfacet normal 0 0 1\n"),
              std::string(R"({"asset":{}})")}) {
            const auto design = readDesignModel(write(fmt::format("a.{}", extension), bytes));
            EXPECT_FALSE(design) << extension << ": " << bytes.substr(0, 20);
        }
    }
    EXPECT_FALSE(readDesignModel(write("a.stl", "solid x")));
    EXPECT_FALSE(readDesignModel(folder / "gone.obj"));
    EXPECT_FALSE(readDesignModel(write("a.obj", "v nan 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 3\n")));
    EXPECT_FALSE(readDesignModel(write("a.obj", "v 0 0 0\nv 1 0 0\nl 1 2\n"))) << "only lines";
    const fs::path quad = write("b.obj", quadObj(0, 0, 0));
    EXPECT_FALSE(readDesignModel(quad, {.maxBytes = 20}));
    EXPECT_FALSE(readDesignModel(quad, {.maxVertices = 3}));
    EXPECT_TRUE(readDesignModel(quad));
}

// A quad in the x-y plane; 36 bytes of positions would do for a triangle: base64 of
// (0,0,0) (1,0,0) (0,1,0), float32.
constexpr const char* kTriangle = "AAAAAAAAAAAAAAAAAACAPwAAAAAAAAAAAAAAAAAAgD8AAAAA";

TEST_F(ModelReader, gltfNodesAndMirrors) {
    const auto design = readDesignModel(write("a.gltf",
                                              fmt::format(R"({{"asset": {{"version": "2.0"}},
        "scene": 0, "scenes": [{{"nodes": [0]}}],
        "nodes": [{{"translation": [10, 20, 30], "children": [1, 2]}},
                  {{"mesh": 0, "scale": [2, 2, 2]}}, {{"mesh": 0, "scale": [-1, 1, 1]}}],
        "meshes": [{{"primitives": [{{"attributes": {{"POSITION": 0}}, "material": 0}}]}}],
        "materials": [{{"name": "glass", "alphaMode": "BLEND",
                        "pbrMetallicRoughness": {{"baseColorFactor": [0.5, 0.25, 1, 0.5]}}}}],
        "accessors": [{{"bufferView": 0, "componentType": 5126, "count": 3, "type": "VEC3",
                        "min": [0, 0, 0], "max": [1, 1, 0]}}],
        "bufferViews": [{{"buffer": 0, "byteLength": 36}}],
        "buffers": [{{"byteLength": 36,
                      "uri": "data:application/octet-stream;base64,{}"}}]}})",
                                                          kTriangle)));
    ASSERT_TRUE(design) << design.error().message;
    EXPECT_TRUE(holds(*design, {10, -30, 20}));
    EXPECT_TRUE(holds(*design, {12, -30, 20}));
    EXPECT_TRUE(holds(*design, {9, -30, 20}));
    ASSERT_EQ(design->model.primitives.size(), 1U) << "one a material";
    const auto& mesh = design->model.primitives[0].mesh;
    for (std::size_t i = 0; i < mesh.indices.size(); i += 3) {
        const glm::vec3& a = mesh.positions[mesh.indices[i]];
        const glm::vec3 normal = glm::cross(mesh.positions[mesh.indices[i + 1]] - a,
                                            mesh.positions[mesh.indices[i + 2]] - a);
        EXPECT_LT(normal.y, 0.0F) << "a mirrored one faces the same way";
    }
    const gltf::Material& material = design->model.materials[0];
    EXPECT_EQ(material.baseColour, glm::vec4(0.5F, 0.25F, 1.0F, 0.5F)) << "linear already";
    EXPECT_EQ(material.alpha, gltf::Alpha::Blend);
    EXPECT_FALSE(material.doubleSided);
}

TEST_F(ModelReader, glbWithATextureInside) {
    gltf::Model model;
    model.images.push_back(smallPng());
    model.materials.push_back({.image = 0, .unlit = false});
    model.primitives.push_back({.mesh = {.positions = {{0, 0, 5}, {1, 0, 5}, {0, 1, 6}},
                                         .uvs = {{0, 0}, {1, 0}, {0, 0.75}},
                                         .indices = {0, 1, 2}}});
    const auto glb = gltf::writeGlb(model, {.codec = gltf::GeometryCodec::Plain});
    const fs::path file = folder / "a.glb";
    ASSERT_TRUE(tiles3d::base::writeFile(file, *glb));
    const auto design = readDesignModel(file);
    ASSERT_TRUE(design) << design.error().message;
    EXPECT_TRUE(holds(*design, {0, 1, 6}));
    ASSERT_EQ(design->model.images.size(), 1U);
    EXPECT_EQ(design->model.images[0].bytes, smallPng().bytes);
    const auto& uvs = design->model.primitives[0].mesh.uvs;
    EXPECT_TRUE(std::ranges::find(uvs, glm::vec2(0.0F, 0.75F)) != uvs.end());
}

std::string triangleDae(const char* unit, const char* up) {
    return fmt::format(R"(<?xml version="1.0" encoding="utf-8"?>
<COLLADA xmlns="http://www.collada.org/2005/11/COLLADASchema" version="1.4.1">
<asset><unit name="unit" meter="{}"/><up_axis>{}</up_axis></asset>
<library_geometries><geometry id="g"><mesh>
<source id="p"><float_array id="pa" count="9">100 200 300 200 200 300 100 300 300</float_array>
<technique_common><accessor source="#pa" count="3" stride="3"><param name="X" type="float"/>
<param name="Y" type="float"/><param name="Z" type="float"/></accessor></technique_common></source>
<vertices id="v"><input semantic="POSITION" source="#p"/></vertices>
<triangles count="1"><input semantic="VERTEX" source="#v" offset="0"/><p>0 1 2</p></triangles>
</mesh></geometry></library_geometries>
<library_visual_scenes><visual_scene id="s"><node id="n"><instance_geometry url="#g"/></node>
</visual_scene></library_visual_scenes><scene><instance_visual_scene url="#s"/></scene></COLLADA>)",
                       unit,
                       up);
}

TEST_F(ModelReader, daeSaysItsUnitAndAxis) {
    const auto centimetres = readDesignModel(write("a.dae", triangleDae("0.01", "Z_UP")),
                                             {.up = UpAxis::Y, .metresPerUnit = 7.0});
    ASSERT_TRUE(centimetres) << centimetres.error().message;
    EXPECT_TRUE(holds(*centimetres, {2, 2, 3}, 1e-5));
    const auto metres = readDesignModel(write("a.dae", triangleDae("1", "Y_UP")));
    ASSERT_TRUE(metres) << metres.error().message;
    EXPECT_TRUE(holds(*metres, {200, -300, 200}, 1e-4));
}

std::string triangleFbx(int up, double centimetres) {
    return fmt::format(R"(; FBX 7.4.0 project file
FBXHeaderExtension:  {{
	FBXHeaderVersion: 1003
	FBXVersion: 7400
}}
GlobalSettings:  {{
	Version: 1000
	Properties70:  {{
		P: "UpAxis", "int", "Integer", "",{}
		P: "UnitScaleFactor", "double", "Number", "",{}
	}}
}}
Objects:  {{
	Geometry: 1000, "Geometry::tri", "Mesh" {{
		Vertices: *9 {{
			a: 100,200,300,200,200,300,100,300,300
		}}
		PolygonVertexIndex: *3 {{
			a: 0,1,-3
		}}
	}}
	Model: 2000, "Model::tri", "Mesh" {{
		Version: 232
		Properties70:  {{
			P: "Lcl Translation", "Lcl Translation", "", "A",1000,0,0
		}}
	}}
}}
Connections:  {{
	C: "OO",2000,0
	C: "OO",1000,2000
}}
)",
                       up,
                       centimetres);
}

TEST_F(ModelReader, fbxSaysItsUnitAndAxis) {
    const auto zUp = readDesignModel(write("a.fbx", triangleFbx(2, 1.0)));
    ASSERT_TRUE(zUp) << zUp.error().message;
    EXPECT_DOUBLE_EQ(zUp->metresPerUnit, 0.01);
    EXPECT_TRUE(holds(*zUp, {12, 2, 3}, 1e-5));
    const auto inches = readDesignModel(write("a.fbx", triangleFbx(1, 2.54)));
    ASSERT_TRUE(inches) << inches.error().message;
    EXPECT_TRUE(holds(*inches, {1200 * 0.0254, -300 * 0.0254, 200 * 0.0254}, 1e-4));
    const auto stated = readDesignModel(folder / "a.fbx", {.up = UpAxis::Z, .metresPerUnit = 1.0});
    ASSERT_TRUE(stated);
    EXPECT_TRUE(holds(*stated, {1200, 200, 300}, 1e-3));
}

} // namespace
} // namespace pipeline::sources
