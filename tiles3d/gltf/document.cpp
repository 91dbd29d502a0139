#include "tiles3d/gltf/document.h"

#include "tiles3d/base/json.h"
#include "tiles3d/gltf/little_endian.h"
#include "tiles3d/gltf/materials.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <exception>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace tiles3d::gltf {

using base::Bytes;
using base::ByteView;
using base::Error;
using base::Json;
using base::ok;
using base::Result;
using base::Status;

namespace {

/// A glTF's JSON, and the binary chunk if it is a GLB that has one.
struct Container {
    ByteView json;
    std::optional<ByteView> binary;
};

Result<Container> openContainer(ByteView bytes) {
    constexpr std::size_t kJsonStart = 20;
    constexpr std::size_t kChunkHeader = 8;
    constexpr std::uint64_t kJsonChunk = 0x4E4F534A;
    constexpr std::uint64_t kBinaryChunk = 0x004E4942;
    if (isJson(bytes)) {
        return Container{.json = bytes};
    }
    if (number32(bytes, 4) == 1) {
        return Error{"glTF 1.0; 2.0 is read here. Convert it by a tool such as gltf-pipeline"};
    }
    if (!base::asText(bytes).starts_with("glTF") || number32(bytes, 16) != kJsonChunk ||
        number32(bytes, 12) > bytes.size() - kJsonStart) {
        return Error{"no GLB, or one that is shorter than its header says"};
    }
    const std::size_t jsonBytes = number32(bytes, 12);
    Container container{.json = bytes.subspan(kJsonStart, jsonBytes)};
    const ByteView rest = bytes.subspan(kJsonStart + jsonBytes);
    if (rest.size() >= kChunkHeader && number32(rest, 4) == kBinaryChunk) {
        const std::uint64_t length = number32(rest, 0);
        if (length > rest.size() - kChunkHeader) {
            return Error{"a GLB that is shorter than its header says"};
        }
        container.binary = rest.subspan(kChunkHeader, length);
    }
    return container;
}

/// What tinygltf asks for by number, so that it sees no name and opens no file.
class Resources {
public:
    Resources(const ReadResource& read, std::optional<ByteView> binary)
        : read_(read), binary_(binary) {}

    /// The name to give to tinygltf for a buffer's or image's file.
    std::string numberOf(Json described) {
        wanted_.push_back(std::move(described));
        return std::to_string(wanted_.size() - 1);
    }

    bool read(const std::string& name, std::vector<unsigned char>& out) {
        const std::string_view digits = std::string_view(name).substr(name.rfind('/') + 1);
        std::size_t number = 0;
        std::from_chars(digits.data(), digits.data() + digits.size(), number);
        if (number >= wanted_.size()) {
            return false;
        }
        const Status done = readInto(out, wanted_[number]);
        problem_ = done || problem_ ? problem_ : std::optional(done.error());
        return static_cast<bool>(done);
    }

    const std::optional<Error>& problem() const { return problem_; }

    tinygltf::FsCallbacks callbacks() {
        tinygltf::FsCallbacks callbacks{};
        callbacks.FileExists = [](const std::string&, void*) { return true; };
        callbacks.ExpandFilePath = [](const std::string& path, void*) { return path; };
        callbacks.ReadWholeFile =
            [](std::vector<unsigned char>* out, std::string*, const std::string& path, void* user) {
                return static_cast<Resources*>(user)->read(path, *out);
            };
        callbacks.WriteWholeFile =
            [](std::string*, const std::string&, const std::vector<unsigned char>&, void*) {
                return false;
            };
        callbacks.user_data = this;
        return callbacks;
    }

private:
    /// Of a buffer as many bytes as it states: chunks and files may be padded.
    Status readInto(std::vector<unsigned char>& out, const Json& described) const {
        const std::string uri = described["uri"].stringOr("");
        if (uri.empty()) {
            return cutInto(out, binary_.value_or(ByteView()), described);
        }
        if (!read_) {
            return Error{"it names another file, " + uri};
        }
        const auto bytes = read_(uri);
        if (!bytes) {
            return bytes.error();
        }
        const Status cut = cutInto(out, *bytes, described);
        return cut ? cut : Status(base::within(uri, cut.error()));
    }

    static Status cutInto(std::vector<unsigned char>& out, ByteView bytes, const Json& described) {
        const std::int64_t stated =
            described["byteLength"].integerOr(static_cast<std::int64_t>(bytes.size()));
        if (stated < 0 || static_cast<std::uint64_t>(stated) > bytes.size()) {
            return Error{
                fmt::format("a buffer of {} bytes, of which {} are there", stated, bytes.size())};
        }
        const auto* start = reinterpret_cast<const unsigned char*>(bytes.data());
        out.assign(start, start + stated);
        return ok();
    }

    const ReadResource& read_;
    std::optional<ByteView> binary_;
    std::vector<Json> wanted_;
    std::optional<Error> problem_;
};

bool isDataUri(const Json& object) {
    return object["uri"].stringOr("").starts_with("data:");
}

/// Buffers get the numbers of their files. With EXT_meshopt_compression some may be fallbacks, a
/// length without bytes: one will do for tinygltf.
void numberBuffers(Json& json, Resources& resources, bool hasBinary) {
    const auto& used = json["extensionsUsed"].items();
    const bool hasFallbacks = std::ranges::any_of(
        used, [](const Json& name) { return name.stringOr("") == "EXT_meshopt_compression"; });
    Json buffers = Json::array();
    for (Json buffer : json["buffers"].items()) {
        const bool isChunk = buffers.items().empty() && hasBinary;
        if (hasFallbacks && buffer["uri"].stringOr("").empty() && !isChunk) {
            buffer.set("byteLength", 1);
            buffer.set("uri", "data:application/octet-stream;base64,AA==");
        } else if (!isDataUri(buffer)) {
            buffer.set("uri", resources.numberOf(buffer));
        }
        buffers.push(std::move(buffer));
    }
    json.set("buffers", std::move(buffers));
}

void numberImages(Json& json, Resources& resources) {
    Json images = Json::array();
    for (Json image : json["images"].items()) {
        if (!image["uri"].stringOr("").empty() && !isDataUri(image)) {
            image.set("uri", resources.numberOf(Json::object({{"uri", image["uri"]}})));
        }
        images.push(std::move(image));
    }
    json.set("images", std::move(images));
}

/// tinygltf refuses accessors without a buffer view, which Draco's have. They get the first view
/// here and are remembered: nobody may read them.
void fillAccessors(Json& json, std::set<int>& empty) {
    Json accessors = Json::array();
    for (Json accessor : json["accessors"].items()) {
        if (!accessor.has("bufferView") && !json["bufferViews"].items().empty()) {
            empty.insert(static_cast<int>(accessors.items().size()));
            accessor.set("bufferView", 0);
        }
        accessors.push(std::move(accessor));
    }
    json.set("accessors", std::move(accessors));
}

/// Images stay encoded. Those in buffer views are read later, when their bounds are checked.
bool keepImage(tinygltf::Image* image,
               const int index,
               std::string* /*error*/,
               std::string* /*warning*/,
               int /*width*/,
               int /*height*/,
               const unsigned char* bytes,
               int size,
               void* user) {
    if (image->bufferView < 0 && size > 0) {
        const auto* start = reinterpret_cast<const std::byte*>(bytes);
        static_cast<std::map<int, Bytes>*>(user)->insert({index, Bytes(start, start + size)});
    }
    return true;
}

const std::set<std::string>& knownExtensions() {
    static const std::set<std::string> kKnown{"KHR_draco_mesh_compression",
                                              "EXT_meshopt_compression",
                                              "EXT_mesh_gpu_instancing",
                                              "KHR_mesh_quantization",
                                              "KHR_texture_transform",
                                              "KHR_materials_unlit",
                                              "EXT_texture_webp",
                                              "CESIUM_RTC",
                                              "CESIUM_primitive_outline",
                                              "EXT_mesh_features",
                                              "EXT_instance_features",
                                              "EXT_structural_metadata",
                                              "KHR_materials_specular",
                                              "KHR_materials_ior"};
    return kKnown;
}

Status checkExtensions(const tinygltf::Model& model) {
    for (const std::string& name : model.extensionsRequired) {
        if (name == "KHR_texture_basisu") {
            return Error{kNoKtx2};
        }
        if (!knownExtensions().contains(name)) {
            return Error{"the extension " + name + " is required and not known here"};
        }
    }
    return ok();
}

} // namespace

Result<Document> parseDocument(ByteView bytes, const ReadResource& readResource) {
    const auto container = openContainer(bytes);
    if (!container) {
        return container.error();
    }
    std::string_view text = base::asText(container->json.first(textBytes(container->json)));
    text.remove_prefix(std::min(text.find('{'), text.size())); // a byte order mark
    Result<Json> json = base::parseJson(text);
    if (!json) {
        return json.error();
    }
    Document document;
    Resources resources(readResource, container->binary);
    numberBuffers(*json, resources, container->binary.has_value());
    numberImages(*json, resources);
    fillAccessors(*json, document.emptyAccessors);

    tinygltf::TinyGLTF loader;
    loader.SetImageLoader(keepImage, &document.imageFiles);
    loader.SetFsCallbacks(resources.callbacks());
    const std::string adapted = json->dump();
    std::string error;
    std::string warning;
    bool isRead = false;
    try {
        isRead = loader.LoadASCIIFromString(&document.gltf,
                                            &error,
                                            &warning,
                                            adapted.data(),
                                            static_cast<unsigned>(adapted.size()),
                                            "");
    } catch (const std::exception& exception) {
        error = exception.what();
    }
    if (resources.problem()) {
        return *resources.problem();
    }
    if (!isRead) {
        constexpr std::size_t kMostText = 300;
        return Error{"not a readable glTF: " + error.substr(0, kMostText)};
    }
    const Status known = checkExtensions(document.gltf);
    return known ? Result<Document>(std::move(document)) : Result<Document>(known.error());
}

} // namespace tiles3d::gltf
