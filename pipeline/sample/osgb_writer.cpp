#include "pipeline/sample/osgb_writer.h"

#include <bit>
#include <cstddef>
#include <cstring>
#include <initializer_list>
#include <span>
#include <string_view>

namespace pipeline::sample {

namespace {

static_assert(std::endian::native == std::endian::little, "OSGB files are little-endian");

/// osg::Object::DataVariance.
enum class Variance : std::uint32_t { Static = 1, Unspecified = 2 };

class Writer {
public:
    void header();
    void node(const OsgNode& node);
    tiles3d::base::Bytes take() { return std::move(bytes_); }

private:
    template <typename T>
    void put(T value) {
        const std::size_t end = bytes_.size();
        bytes_.resize(end + sizeof value);
        std::memcpy(&bytes_[end], &value, sizeof value);
    }
    void uint(std::uint32_t value) { put(value); }
    void flags(std::initializer_list<bool> values) {
        for (const bool value : values) {
            put(static_cast<std::uint8_t>(value ? 1 : 0));
        }
    }
    void zeros(std::size_t count) { bytes_.insert(bytes_.end(), count, std::byte{0}); }
    void text(std::string_view value);
    void beginObject(std::string_view className, Variance variance);
    void nodeFields();
    void children(const std::vector<OsgNode>& nodes);
    void geode(const OsgNode& node);
    void pagedLod(const OsgNode& node);
    void matrixTransform(const OsgNode& node);
    void geometry(const OsgGeometry& geometry);
    void stateSet(const OsgTexture& texture);
    void material();
    void texture(const OsgTexture& texture);
    void image(const OsgTexture& texture);
    void primitives(const OsgPrimitives& set);
    template <typename Vector>
    void array(std::uint32_t type, const std::vector<Vector>& values);

    tiles3d::base::Bytes bytes_;
    std::uint32_t nextObject_ = 1;
    std::uint32_t nextArray_ = 1;
};

void Writer::text(std::string_view value) {
    uint(static_cast<std::uint32_t>(value.size()));
    const auto raw = tiles3d::base::asBytes(value);
    bytes_.insert(bytes_.end(), raw.begin(), raw.end());
}

void Writer::header() {
    constexpr std::uint32_t kFileVersion = 80;
    constexpr std::uint32_t kScene = 1;
    for (const std::uint32_t value : {0x6C910EA1U, 0x1AFB4545U, kScene, kFileVersion, 0U}) {
        uint(value);
    }
    text("0"); // no compressor
}

void Writer::beginObject(std::string_view className, Variance variance) {
    text(className);
    uint(nextObject_++);
    text(""); // name
    uint(static_cast<std::uint32_t>(variance));
    flags({false}); // no user data
}

void Writer::nodeFields() {
    flags(
        {false, false, false, false, false}); // bound, its callback, update, event, cull callbacks
    flags({true});                            // culling active
    uint(0xFFFFFFFFU);                        // node mask
    flags({false});                           // state set
}

void Writer::children(const std::vector<OsgNode>& nodes) {
    flags({!nodes.empty()});
    if (!nodes.empty()) {
        uint(static_cast<std::uint32_t>(nodes.size()));
    }
    for (const OsgNode& child : nodes) {
        node(child);
    }
}

void Writer::node(const OsgNode& node) {
    switch (node.kind) {
    case OsgNode::Kind::Node:
        beginObject("osg::Node", Variance::Unspecified);
        return nodeFields();
    case OsgNode::Kind::Group:
        beginObject("osg::Group", Variance::Unspecified);
        nodeFields();
        return children(node.children);
    case OsgNode::Kind::Geode:
        return geode(node);
    case OsgNode::Kind::PagedLod:
        return pagedLod(node);
    case OsgNode::Kind::MatrixTransform:
        return matrixTransform(node);
    }
}

void Writer::geode(const OsgNode& node) {
    beginObject("osg::Geode", Variance::Unspecified);
    nodeFields();
    flags({!node.geometries.empty()});
    if (!node.geometries.empty()) {
        uint(static_cast<std::uint32_t>(node.geometries.size()));
    }
    for (const OsgGeometry& part : node.geometries) {
        geometry(part);
    }
}

void Writer::pagedLod(const OsgNode& node) {
    beginObject("osg::PagedLOD", Variance::Unspecified);
    nodeFields();
    const auto count = static_cast<std::uint32_t>(node.ranges.size());
    uint(1); // USER_DEFINED_CENTER
    flags({true});
    put(node.centre.x);
    put(node.centre.y);
    put(node.centre.z);
    put(node.radius);
    uint(node.byDistance ? 0 : 1); // DISTANCE_FROM_EYE_POINT, PIXEL_SIZE_ON_SCREEN
    flags({true});
    uint(count);
    for (const OsgRange& range : node.ranges) {
        put(static_cast<float>(range.from));
        put(static_cast<float>(range.to));
    }
    flags({true, false}); // a database path follows: none
    uint(0);              // children that cannot be expired
    flags({false});       // paging is not disabled
    flags({true});
    uint(count);
    for (const OsgRange& range : node.ranges) {
        text(range.file);
    }
    uint(count);
    for (std::uint32_t i = 0; i < count; ++i) {
        put(0.0F); // priority offset and scale
        put(1.0F);
    }
    children(node.children);
}

void Writer::matrixTransform(const OsgNode& node) {
    beginObject("osg::MatrixTransform", Variance::Unspecified);
    nodeFields();
    children(node.children);
    uint(0);                                     // RELATIVE_RF
    for (int column = 0; column < 4; ++column) { // OSG's rows are our columns
        for (int row = 0; row < 4; ++row) {
            put(node.matrix[column][row]);
        }
    }
}

void Writer::geometry(const OsgGeometry& geometry) {
    constexpr std::uint32_t kVec2Array = 15;
    constexpr std::uint32_t kVec3Array = 16;
    beginObject("osg::Geometry", Variance::Unspecified);
    flags({geometry.texture.has_value()});
    if (geometry.texture) {
        stateSet(*geometry.texture);
    }
    flags({false, false, false, true, true, false}); // bound, callback, shape; lists; no VBO
    flags({false, false, false, false});             // update, event, cull, draw callbacks
    uint(static_cast<std::uint32_t>(geometry.primitives.size()));
    for (const OsgPrimitives& set : geometry.primitives) {
        primitives(set);
    }
    flags({true});
    array(kVec3Array, geometry.positions);
    flags({false, false, false, false}); // normals, colours, secondary colours, fog
    flags({!geometry.uvs.empty()});
    if (!geometry.uvs.empty()) {
        uint(1);
        array(kVec2Array, geometry.uvs);
    }
    flags({false, true}); // vertex attributes, fast path hint
}

template <typename Vector>
void Writer::array(std::uint32_t type, const std::vector<Vector>& values) {
    constexpr std::uint32_t kBindPerVertex = 4;
    flags({true});
    uint(nextArray_++);
    uint(type);
    uint(static_cast<std::uint32_t>(values.size()));
    const auto raw = std::as_bytes(std::span(values));
    bytes_.insert(bytes_.end(), raw.begin(), raw.end());
    flags({false}); // no indices
    uint(kBindPerVertex);
    uint(0); // not normalised
}

void Writer::stateSet(const OsgTexture& image) {
    constexpr std::uint32_t kTexture2dMode = 0x0DE1;
    beginObject("osg::StateSet", Variance::Unspecified);
    flags({false}); // modes
    flags({true});
    uint(1);
    material();
    uint(0); // value
    flags({true});
    for (const std::uint32_t value : {1U, 1U, kTexture2dMode, 1U}) {
        uint(value);
    }
    flags({true});
    uint(1);
    uint(1);
    texture(image);
    uint(0);                     // value
    flags({false});              // uniforms
    zeros(16);                   // rendering hint, bin mode, bin number, bin name
    flags({true, false, false}); // nest bins; update and event callbacks
}

void Writer::material() {
    constexpr std::uint32_t kColorModeOff = 0x1603;
    beginObject("osg::Material", Variance::Unspecified);
    flags({false, false}); // callbacks
    uint(kColorModeOff);
    for (const float grey : {1.0F, 1.0F, 0.0F, 0.0F}) { // ambient, diffuse, specular, emission
        flags({true, true});
        for (int side = 0; side < 2; ++side) {
            for (const float channel : {grey, grey, grey, 1.0F}) {
                put(channel);
            }
        }
    }
    flags({true, true});
    put(0.0F); // shininess, front and back
    put(0.0F);
}

void Writer::texture(const OsgTexture& image) {
    constexpr std::uint32_t kClamp = 0x2900;
    constexpr std::uint32_t kLinearMipmapLinear = 0x2703;
    constexpr std::uint32_t kLinear = 0x2601;
    constexpr std::uint32_t kLessOrEqual = 0x0203;
    constexpr std::uint32_t kLuminance = 0x1909;
    beginObject("osg::Texture2D", Variance::Static);
    flags({false, false}); // callbacks
    for (const std::uint32_t mode : {kClamp, kClamp, kClamp, kLinearMipmapLinear, kLinear}) {
        flags({true});
        uint(mode);
    }
    put(1.0F);                           // anisotropy
    flags({true, true, false, true});    // mipmaps, free after use, client storage, resize to 2^n
    zeros(40);                           // border colour and width, format mode
    flags({false, false, false, false}); // internal format, source format, type, shadow comparison
    uint(kLessOrEqual);
    uint(kLuminance);
    put(0.0F); // shadow ambient
    flags({true});
    this->image(image);
    uint(0); // width and height: the image's
    uint(0);
}

void Writer::image(const OsgTexture& image) {
    constexpr std::uint32_t kInlineFile = 1;
    constexpr std::uint32_t kExternal = 2;
    uint(nextObject_++);
    text(image.fileName);
    uint(0); // write hint
    uint(image.bytes.empty() ? kExternal : kInlineFile);
    if (!image.bytes.empty()) {
        text(tiles3d::base::asText(image.bytes));
    }
    text(""); // name
    uint(static_cast<std::uint32_t>(Variance::Static));
    flags({false}); // no user data
}

void Writer::primitives(const OsgPrimitives& set) {
    constexpr std::uint32_t kDrawArrays = 50; // the other kinds follow in the enumeration's order
    uint(kDrawArrays + static_cast<std::uint32_t>(set.kind));
    uint(static_cast<std::uint32_t>(set.mode));
    if (set.kind == OsgPrimitives::Kind::DrawArrays) {
        uint(set.first);
        uint(set.numbers.empty() ? 0 : set.numbers.front());
        return;
    }
    if (set.kind == OsgPrimitives::Kind::DrawArrayLengths) {
        uint(set.first);
    }
    uint(static_cast<std::uint32_t>(set.numbers.size()));
    for (const std::uint32_t number : set.numbers) {
        switch (set.kind) {
        case OsgPrimitives::Kind::UByteIndices:
            put(static_cast<std::uint8_t>(number));
            break;
        case OsgPrimitives::Kind::UShortIndices:
            put(static_cast<std::uint16_t>(number));
            break;
        default:
            uint(number);
            break;
        }
    }
}

} // namespace

tiles3d::base::Bytes writeOsgb(const OsgNode& root) {
    Writer writer;
    writer.header();
    writer.node(root);
    return writer.take();
}

} // namespace pipeline::sample
