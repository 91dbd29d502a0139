#include "pipeline/sources/osgb_reader.h"

#include "pipeline/sources/osgb_geometry.h"
#include "pipeline/sources/osgb_kept_image.h"
#include "pipeline/sources/osgb_runtime_access.h"
#include "tiles3d/base/file.h"

#include <osg/Geode>
#include <osg/Geometry>
#include <osg/LOD>
#include <osg/MatrixTransform>
#include <osg/PagedLOD>
#include <osg/Texture>
#include <osgDB/Options>

#include <algorithm>
#include <array>
#include <cmath>
#include <istream>
#include <map>
#include <streambuf>

namespace pipeline::sources {

namespace {

using tiles3d::base::Error;
using tiles3d::base::Result;

/// Reads a file from memory: OSG's many small reads then cost no system call.
class MemoryBuffer : public std::streambuf {
public:
    explicit MemoryBuffer(tiles3d::base::Bytes& bytes) {
        char* begin = reinterpret_cast<char*>(bytes.data());
        setg(begin, begin, begin + bytes.size());
    }

protected:
    std::streamsize xsgetn(char* to, std::streamsize count) override {
        const std::streamsize taken = std::min<std::streamsize>(count, egptr() - gptr());
        std::copy_n(gptr(), taken, to);
        setg(eback(), gptr() + taken, egptr());
        return taken;
    }
    pos_type seekoff(off_type offset,
                     std::ios_base::seekdir from,
                     std::ios_base::openmode /*which*/) override {
        const off_type base = from == std::ios_base::beg   ? 0
                              : from == std::ios_base::cur ? gptr() - eback()
                                                           : egptr() - eback();
        const off_type target = base + offset;
        if (target < 0 || target > egptr() - eback()) {
            return pos_type(off_type(-1));
        }
        setg(eback(), eback() + target, egptr());
        return pos_type(target);
    }
    pos_type seekpos(pos_type position, std::ios_base::openmode which) override {
        return seekoff(off_type(position), std::ios_base::beg, which);
    }
};

/// By how much a transform lengthens what it lengthens most.
double scaleOf(const glm::dmat4& matrix) {
    return std::max({glm::length(glm::dvec3(matrix[0])),
                     glm::length(glm::dvec3(matrix[1])),
                     glm::length(glm::dvec3(matrix[2]))});
}

/// One representation inside an LOD: drawn from `fineness` upwards.
struct Representation {
    double fineness = 0.0; ///< Ascending = finer: pixels, or minus the distance.
    double switchValue = 0.0;
    osg::Node* inlineNode = nullptr;
    std::string file;
};

/// Walks one file's nodes into OsgbNodes. One instance per file.
class Walker {
public:
    Walker(OsgbFile& file, std::size_t maxDepth) : file_(file), maxDepth_(maxDepth) {}

    bool isTooDeep() const { return isTooDeep_; }

    void walk(osg::Node& root) {
        OsgbNode loose;
        visit(root, {}, loose, file_.nodes, 0);
        if (!loose.geometries.empty()) {
            file_.nodes.push_back(std::move(loose));
        }
    }

private:
    using Matrix = std::optional<glm::dmat4>;

    /// Geometry directly below goes to `owner`, every LOD becomes a node of `siblings`.
    void visit(osg::Node& node,
               const Matrix& matrix,
               OsgbNode& owner,
               std::vector<OsgbNode>& siblings,
               std::size_t depth) {
        if (depth > maxDepth_) {
            isTooDeep_ = true;
            return;
        }
        if (auto* geometry = node.asGeometry()) {
            addGeometry(*geometry, matrix, owner);
        } else if (auto* lod = dynamic_cast<osg::LOD*>(&node)) {
            siblings.push_back(readLod(*lod, matrix, depth));
        } else if (osg::Group* group = node.asGroup()) {
            const Matrix below = combined(matrix, *group);
            for (unsigned i = 0; i < group->getNumChildren(); ++i) {
                visit(*group->getChild(i), below, owner, siblings, depth + 1);
            }
        } else if (std::string(node.className()) != "Node") {
            note(std::string("unsupported node ") + node.className());
        }
    }

    static Matrix combined(const Matrix& above, osg::Group& group) {
        osg::Transform* transform = group.asTransform();
        if (transform == nullptr) {
            return above;
        }
        osg::Matrix local;
        transform->computeLocalToWorldMatrix(local, nullptr);
        glm::dmat4 own(1.0);
        // OSG multiplies row vectors, so its memory order is glm's column-major order.
        std::copy_n(local.ptr(), 16, &own[0][0]);
        return above ? *above * own : own;
    }

    OsgbNode readLod(osg::LOD& lod, const Matrix& matrix, std::size_t depth) {
        const bool isDistance = lod.getRangeMode() == osg::LOD::DISTANCE_FROM_EYE_POINT;
        const std::vector<Representation> steps = representations(lod, isDistance);
        OsgbNode coarsest;
        OsgbNode* current = &coarsest;
        for (std::size_t i = 0; i < steps.size(); ++i) {
            const Representation& step = steps[i];
            if (i > 0 && step.inlineNode != nullptr) {
                current->switchRange = range(lod, step.switchValue, isDistance, matrix);
                current->children.emplace_back();
                current = &current->children.back();
            }
            if (step.inlineNode != nullptr) {
                addInline(*step.inlineNode, matrix, *current, depth);
            } else if (!step.file.empty()) {
                addFile(lod, step, isDistance, matrix, *current);
            }
        }
        return coarsest;
    }

    void addInline(osg::Node& node, const Matrix& matrix, OsgbNode& owner, std::size_t depth) {
        std::vector<OsgbNode> nested;
        visit(node, matrix, owner, nested, depth + 1);
        std::move(nested.begin(), nested.end(), std::back_inserter(owner.children));
    }

    void addFile(osg::LOD& lod,
                 const Representation& step,
                 bool isDistance,
                 const Matrix& matrix,
                 OsgbNode& owner) {
        if (owner.childFiles.empty()) {
            owner.switchRange = range(lod, step.switchValue, isDistance, matrix);
        } else if (owner.switchRange && owner.switchRange->value != step.switchValue) {
            note("a PagedLOD names files for several levels; all are taken for the first of them");
        }
        owner.childFiles.push_back(step.file);
        owner.childMatrix = matrix;
    }

    static std::vector<Representation> representations(osg::LOD& lod, bool isDistance) {
        auto* paged = dynamic_cast<osg::PagedLOD*>(&lod);
        const unsigned files = paged != nullptr ? paged->getNumFileNames() : 0;
        const unsigned count = std::max(files, lod.getNumChildren());
        std::vector<Representation> steps;
        for (unsigned i = 0; i < count; ++i) {
            Representation step;
            const bool hasRange = i < lod.getNumRanges();
            const double near = hasRange ? lod.getMinRange(i) : 0.0;
            const double far = hasRange ? lod.getMaxRange(i) : 0.0;
            step.switchValue = isDistance ? far : near;
            step.fineness = isDistance ? -far : near;
            step.file = i < files ? paged->getFileName(i) : "";
            step.inlineNode =
                step.file.empty() && i < lod.getNumChildren() ? lod.getChild(i) : nullptr;
            steps.push_back(std::move(step));
        }
        std::ranges::stable_sort(steps, {}, [](const Representation& step) {
            return std::isnan(step.fineness) ? 0.0 : step.fineness;
        });
        return steps;
    }

    static SwitchRange range(osg::LOD& lod, double value, bool isDistance, const Matrix& matrix) {
        return {.mode = isDistance ? SwitchRange::Mode::DistanceFromEyePoint
                                   : SwitchRange::Mode::PixelSizeOnScreen,
                .value = value,
                .radiusMetres =
                    static_cast<double>(lod.getRadius()) * (matrix ? scaleOf(*matrix) : 1.0)};
    }

    void addGeometry(osg::Geometry& geometry, const Matrix& matrix, OsgbNode& owner) {
        GeometryReading reading = readGeometry(geometry);
        if (!reading.problem.empty()) {
            note(reading.problem);
        }
        file_.lostGeometries += reading.isLost || reading.isDamaged ? 1 : 0;
        if (reading.isLost) {
            return;
        }
        if (reading.geometry.indices.empty()) {
            return;
        }
        reading.geometry.matrix = matrix;
        reading.geometry.image = imageOf(geometry);
        if (reading.geometry.image && reading.geometry.uvs.empty()) {
            const bool hasCoordinates = geometry.getTexCoordArray(0) != nullptr;
            file_.lostImages += hasCoordinates ? 1 : 0;
            note(hasCoordinates ? "texture coordinates that do not fit the vertices"
                                : "a texture without texture coordinates");
        }
        owner.geometries.push_back(std::move(reading.geometry));
    }

    /// The texture of unit 0 on the geometry or on the nodes above it.
    static osg::Image* textureImage(const osg::Node* node) {
        for (int guard = 0; node != nullptr && guard < 64; ++guard) {
            const osg::StateSet* state = node->getStateSet();
            const osg::StateAttribute* attribute =
                state != nullptr ? state->getTextureAttribute(0, osg::StateAttribute::TEXTURE)
                                 : nullptr;
            if (attribute != nullptr) {
                const osg::Texture* texture = attribute->asTexture();
                return texture != nullptr ? const_cast<osg::Image*>(texture->getImage(0)) // NOLINT
                                          : nullptr;
            }
            node = node->getNumParents() > 0 ? node->getParent(0) : nullptr;
        }
        return nullptr;
    }

    std::optional<std::size_t> imageOf(osg::Geometry& geometry) {
        osg::Image* image = textureImage(&geometry);
        if (image == nullptr) {
            const osg::StateSet* state = geometry.getStateSet();
            const bool hasTexture =
                state != nullptr &&
                state->getTextureAttribute(0, osg::StateAttribute::TEXTURE) != nullptr;
            file_.lostImages += hasTexture ? 1 : 0;
            note(hasTexture ? "a texture without an image" : "untextured geometry");
            return std::nullopt;
        }
        const auto known = imageIndex_.find(image);
        if (known != imageIndex_.end()) {
            return known->second;
        }
        const std::optional<std::size_t> index = keepImage(*image);
        imageIndex_[image] = index;
        return index;
    }

    std::optional<std::size_t> keepImage(osg::Image& image) {
        Result<tiles3d::image::EncodedImage> kept = encodedImage(image);
        if (!kept) {
            ++file_.lostImages;
            note(kept.error().message);
            return std::nullopt;
        }
        file_.images.push_back(*std::move(kept));
        return file_.images.size() - 1;
    }

    void note(const std::string& what) {
        if (std::ranges::find(file_.irregularities, what) == file_.irregularities.end()) {
            file_.irregularities.push_back(what);
        }
    }

    OsgbFile& file_;
    std::size_t maxDepth_;
    bool isTooDeep_ = false;
    std::map<osg::Image*, std::optional<std::size_t>> imageIndex_;
};

/// Whether the body follows the header as it is. A compressor reads to the end of the file and
/// beyond, which is no sign of damage then.
/// Source: OpenSceneGraph 3.6.5, src/osgDB/InputStream.cpp, start() and decompress().
bool isUncompressed(tiles3d::base::ByteView bytes) {
    constexpr std::size_t kCompressorAt = 20; // behind two magic numbers, type, version, attributes
    constexpr std::array<std::byte, 5> kNone{std::byte{1}, {}, {}, {}, std::byte{'0'}};
    return bytes.size() >= kCompressorAt + kNone.size() &&
           std::ranges::equal(bytes.subspan(kCompressorAt, kNone.size()), kNone);
}

Result<osg::ref_ptr<osg::Node>>
parse(const OsgbRuntime& runtime, const std::filesystem::path& file, tiles3d::base::Bytes& bytes) {
    osg::ref_ptr<osgDB::Options> options = new osgDB::Options;
    options->getDatabasePathList().push_back(file.parent_path().string());
    options->setObjectCacheHint(osgDB::Options::CACHE_NONE);
    const bool isPlain = isUncompressed(bytes);
    MemoryBuffer buffer(bytes);
    std::istream in(&buffer);
    if (isPlain) { // OSG reads on behind the end: 2^32 times for a count with one bit flipped
        in.exceptions(std::ios::failbit | std::ios::badbit);
    }
    auto read = OsgbRuntimeAccess::reader(runtime)->readNode(in, options);
    if (!read.validNode()) {
        return Error{read.message().empty() ? "not a readable OSGB file (truncated, damaged or of "
                                              "a newer version)"
                                            : "not a readable OSGB file: " + read.message()};
    }
    return osg::ref_ptr<osg::Node>(read.getNode());
}

void transformNode(OsgbNode& node, const glm::dmat4& matrix) {
    const auto below = [&](const std::optional<glm::dmat4>& own) {
        return own ? matrix * *own : matrix;
    };
    for (OsgbGeometry& geometry : node.geometries) {
        geometry.matrix = below(geometry.matrix);
    }
    if (node.switchRange) {
        node.switchRange->radiusMetres *= scaleOf(matrix);
    }
    node.childMatrix = below(node.childMatrix);
    for (OsgbNode& child : node.children) {
        transformNode(child, matrix);
    }
}

} // namespace

void transformInPlace(OsgbFile& file, const glm::dmat4& matrix) {
    for (OsgbNode& node : file.nodes) {
        transformNode(node, matrix);
    }
}

Result<OsgbFile> readOsgb(const OsgbRuntime& runtime,
                          const std::filesystem::path& file,
                          const OsgbReadOptions& options) {
    if (!runtime.isReady()) {
        return Error{"OpenSceneGraph's reader for .osgb (plugin osgdb_osg) is not installed"};
    }
    Result<tiles3d::base::Bytes> bytes = tiles3d::base::readFile(file, options.maxBytes);
    if (!bytes) {
        return bytes.error();
    }
    try {
        const Result<osg::ref_ptr<osg::Node>> root = parse(runtime, file, *bytes);
        if (!root) {
            return root.error();
        }
        OsgbFile result;
        result.bytes = bytes->size();
        Walker walker(result, options.maxDepth);
        walker.walk(**root);
        if (walker.isTooDeep()) {
            return Error{"nodes nested deeper than " + std::to_string(options.maxDepth)};
        }
        return result;
    } catch (const std::exception& error) {
        return Error{std::string("damaged OSGB file: ") + error.what()};
    }
}

} // namespace pipeline::sources
