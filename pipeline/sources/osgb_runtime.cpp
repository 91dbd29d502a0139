#include "pipeline/sources/osgb_runtime.h"

#include "pipeline/sources/osgb_kept_image.h"
#include "pipeline/sources/osgb_runtime_access.h"
#include "tiles3d/base/file.h"

#include <osg/Notify>
#include <osgDB/Callbacks>
#include <osgDB/Registry>

#include <filesystem>
#include <istream>

namespace pipeline::sources {

namespace {

using Read = osgDB::ReaderWriter::ReadResult;

constexpr std::streamoff kMaxImageBytes = std::streamoff{256} << 20U;

Read keepBytes(tiles3d::base::Bytes bytes) {
    osg::ref_ptr<osg::Image> image = new osg::Image;
    image->allocateImage(1, 1, 1, GL_RGB, GL_UNSIGNED_BYTE);
    image->setUserData(new KeptBytes(std::move(bytes)));
    return image.get();
}

/// Stands in for every image plugin: whatever the extension says, the bytes are kept as they are.
class ImageKeeper : public osgDB::ReaderWriter {
public:
    const char* className() const override { return "city3d image keeper"; }
    bool acceptsExtension(const std::string& /*extension*/) const override { return true; }

    Read readImage(std::istream& in, const osgDB::Options* /*options*/) const override {
        in.seekg(0, std::ios::end);
        const std::streamoff size = in.tellg();
        if (size <= 0 || size > kMaxImageBytes) {
            return Read::ERROR_IN_READING_FILE;
        }
        tiles3d::base::Bytes bytes(static_cast<std::size_t>(size));
        in.seekg(0);
        in.read(reinterpret_cast<char*>(bytes.data()), size);
        return in ? keepBytes(std::move(bytes)) : Read(Read::ERROR_IN_READING_FILE);
    }
};

/// Names found in data reach nothing but images beside the file that names them.
class ClosedDoors : public osgDB::ReadFileCallback {
public:
    Read openArchive(const std::string& /*name*/,
                     osgDB::ReaderWriter::ArchiveStatus /*status*/,
                     unsigned int /*hint*/,
                     const osgDB::Options* /*options*/) override {
        return Read::FILE_NOT_HANDLED;
    }
    Read readObject(const std::string& /*name*/, const osgDB::Options* /*options*/) override {
        return Read::FILE_NOT_HANDLED;
    }
    Read readHeightField(const std::string& /*name*/, const osgDB::Options* /*options*/) override {
        return Read::FILE_NOT_HANDLED;
    }
    Read readNode(const std::string& /*name*/, const osgDB::Options* /*options*/) override {
        return Read::FILE_NOT_HANDLED;
    }
    Read readShader(const std::string& /*name*/, const osgDB::Options* /*options*/) override {
        return Read::FILE_NOT_HANDLED;
    }
    Read readScript(const std::string& /*name*/, const osgDB::Options* /*options*/) override {
        return Read::FILE_NOT_HANDLED;
    }
    Read readImage(const std::string& name, const osgDB::Options* options) override {
        if (options == nullptr || options->getDatabasePathList().empty()) {
            return Read::FILE_NOT_FOUND;
        }
        const std::filesystem::path folder = options->getDatabasePathList().front();
        const std::size_t slash = name.find_last_of("/\\");
        const std::string simple = slash == std::string::npos ? name : name.substr(slash + 1);
        auto bytes = tiles3d::base::readFile(folder / simple, std::uint64_t{kMaxImageBytes});
        return bytes ? keepBytes(*std::move(bytes)) : Read(Read::FILE_NOT_FOUND);
    }
};

/// dlopen() of this path fails at once; an empty answer would make OSG ask the system's loader.
class NoLibraries : public osgDB::FindFileCallback {
public:
    std::string findLibraryFile(const std::string& /*name*/,
                                const osgDB::Options* /*options*/,
                                osgDB::CaseSensitivity /*sensitivity*/) override {
        return "/dev/null/no-library-is-loaded-by-a-name-found-in-data";
    }
    std::string findDataFile(const std::string& /*name*/,
                             const osgDB::Options* /*options*/,
                             osgDB::CaseSensitivity /*sensitivity*/) override {
        return {};
    }
};

/// OSG reports through stderr; our own messages say what matters, with the file's name.
class Silence : public osg::NotifyHandler {
public:
    void notify(osg::NotifySeverity /*severity*/, const char* /*message*/) override {}
};

} // namespace

struct OsgbRuntime::State {
    osg::ref_ptr<osgDB::ReaderWriter> reader;
    osg::ref_ptr<ImageKeeper> keeper = new ImageKeeper;
};

OsgbRuntime::OsgbRuntime() : state_(std::make_unique<State>()) {
    osg::setNotifyLevel(osg::ALWAYS);
    osg::setNotifyHandler(new Silence);
    osgDB::Registry* registry = osgDB::Registry::instance();
    registry->loadLibrary(registry->createLibraryNameForExtension("osg"));
    registry->loadLibrary(registry->createLibraryNameForExtension("serializers_osg"));
    state_->reader = registry->getReaderWriterForExtension("osgb");
    registry->setFindFileCallback(new NoLibraries);
    registry->setReadFileCallback(new ClosedDoors);
    registry->addReaderWriter(state_->keeper);
}

OsgbRuntime::~OsgbRuntime() {
    osgDB::Registry* registry = osgDB::Registry::instance();
    registry->removeReaderWriter(state_->keeper);
    registry->setReadFileCallback(nullptr);
    registry->setFindFileCallback(nullptr);
}

bool OsgbRuntime::isReady() const {
    return state_->reader.valid();
}

osgDB::ReaderWriter* OsgbRuntimeAccess::reader(const OsgbRuntime& runtime) {
    return runtime.state_->reader.get();
}

} // namespace pipeline::sources
