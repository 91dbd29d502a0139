#include "pipeline/oblique/block_files.h"

#include "pipeline/oblique/block_links.h"
#include "pipeline/oblique/geometric_error.h"
#include "tiles3d/base/file.h"
#include "tiles3d/base/task_crew.h"

#include <algorithm>
#include <cmath>
#include <mutex>
#include <set>

namespace pipeline::oblique {

using tiles3d::base::Error;
using tiles3d::base::ok;
using tiles3d::base::Result;
using tiles3d::base::Status;
using tiles3d::base::TaskCrew;

namespace {

namespace fs = std::filesystem;
using Parsed = std::shared_ptr<const sources::OsgbFile>;

/// A file as its parent names it.
struct Named {
    std::string file; ///< Relative to the block's folder.
    std::optional<glm::dmat4> matrix;
};

/// One block's conversion: the only place where its threads meet.
class Conversion {
public:
    Conversion(const BlockTask& task,
               const fs::path& outputFolder,
               const sources::OsgbRuntime& runtime,
               const engine::UnitContext& context)
        : task_(task), outputFolder_(outputFolder), runtime_(runtime), context_(context),
          linkedFolders_(linkedFolders(task)) {}

    Result<ConvertedFiles> run(const tiles3d::crs::Transform& transform) {
        const std::string root = fs::path(task_.root).lexically_relative(task_.folder).string();
        if (Status framed = findFrame(root, transform); !framed) {
            return framed.error();
        }
        if (!result_.frame) {
            result_.roots = {root};
            return std::move(result_);
        }
        const std::vector<std::string> starts = isRootUseful_ ? std::vector{root} : ownFiles(task_);
        convertAll(starts);
        if (!outputFailure_.empty()) {
            return Error{outputFailure_};
        }
        result_.roots = isRootUseful_ ? starts : unnamedFiles();
        return std::move(result_);
    }

private:
    // --- reading -----------------------------------------------------------------------------

    Parsed read(const Named& named, ConvertedFile& entry) {
        const std::string& file = named.file;
        if (isInAny(linkedFolders_, file)) {
            entry.failure = "it lies in another block's folder and is not that block's root";
            return nullptr;
        }
        const auto quarantined =
            std::ranges::find(context_.quarantined, file, &engine::Quarantined::file);
        if (quarantined != context_.quarantined.end()) {
            entry.failure = quarantined->reason;
            return nullptr;
        }
        const fs::path path = fs::path(task_.folder) / file;
        std::error_code unreachable;
        if (!fs::exists(path, unreachable)) {
            entry.failure = unreachable ? "it cannot be reached: " + unreachable.message()
                                        : "the file is not in the delivery";
            entry.failureKind = unreachable ? LossKind::Unreadable : LossKind::Missing;
            return nullptr;
        }
        const engine::WatchedFile watched(context_.watch, file);
        Result<sources::OsgbFile> read = sources::readOsgb(runtime_, path);
        if (!read) {
            entry.failure = read.error().message;
            return nullptr;
        }
        entry.bytes = read->bytes;
        entry.irregularities = read->irregularities;
        entry.lostGeometries = read->lostGeometries;
        entry.lostImages = read->lostImages;
        if (named.matrix) {
            sources::transformInPlace(*read, *named.matrix);
        }
        return std::make_shared<const sources::OsgbFile>(*std::move(read));
    }

    /// Reads from the root downwards until something has geometry to set the frame by. What was
    /// read is kept for its conversion: no file is read twice.
    Status findFrame(const std::string& root, const tiles3d::crs::Transform& transform) {
        std::vector<Named> next{{.file = root}};
        for (std::size_t i = 0; i < next.size() && !result_.frame; ++i) {
            const std::string file = next[i].file;
            if (!claimed_.insert(file).second) {
                continue;
            }
            const Parsed parsed = read(next[i], result_.files[file]);
            if (parsed) {
                if (Status framed = frameBy(*parsed, transform); !framed) {
                    return framed;
                }
                for (const sources::OsgbNode& node : parsed->nodes) {
                    appendChildren(node, file, next);
                }
            }
            if (i == 0) {
                isRootUseful_ = parsed && !parsed->nodes.empty();
            }
            if (i == 0 && !isRootUseful_) {
                for (const std::string& other : ownFiles(task_)) {
                    next.push_back({.file = other});
                }
            }
            early_[file] = parsed;
        }
        claimed_.clear();
        return ok();
    }

    static void appendChildren(const sources::OsgbNode& node,
                               const std::string& file,
                               std::vector<Named>& out) {
        for (const std::string& name : node.childFiles) {
            if (const auto child = childPath(file, name)) {
                out.push_back({*child, node.childMatrix});
            }
        }
        for (const sources::OsgbNode& child : node.children) {
            appendChildren(child, file, out);
        }
    }

    static void includeBox(const sources::OsgbNode& node,
                           const glm::dvec3& origin,
                           std::optional<tiles3d::crs::SourceBox>& box) {
        if (const auto own = sourceBoxOf(node, origin)) {
            box = box ? tiles3d::crs::SourceBox{glm::min(box->minimum, own->minimum),
                                                glm::max(box->maximum, own->maximum)}
                      : *own;
        }
        for (const sources::OsgbNode& child : node.children) {
            includeBox(child, origin, box);
        }
    }

    Status frameBy(const sources::OsgbFile& file, const tiles3d::crs::Transform& transform) {
        std::optional<tiles3d::crs::SourceBox> box;
        for (const sources::OsgbNode& node : file.nodes) {
            includeBox(node, task_.origin, box);
        }
        if (!box || isScattered(*box)) {
            return ok();
        }
        auto frame = BlockFrame::create(transform, *box);
        if (!frame) {
            return Error{frame.error().message +
                         ". Give --srs, or --origin E,N,H if its coordinates lack their origin"};
        }
        result_.frame = *std::move(frame);
        result_.sourceCentre = (box->minimum + box->maximum) / 2.0;
        return ok();
    }

    // --- converting --------------------------------------------------------------------------

    void convertAll(const std::vector<std::string>& starts) {
        TaskCrew crew(context_.threads, context_.gate);
        for (auto file = starts.rbegin(); file != starts.rend(); ++file) {
            pushFile(crew, {.file = *file});
        }
        crew.run();
    }

    void pushFile(TaskCrew& crew, const Named& named) {
        {
            const std::scoped_lock lock(mutex_);
            if (!claimed_.insert(named.file).second || !outputFailure_.empty()) {
                return;
            }
        }
        crew.push([this, named](TaskCrew& inner) { convertFile(inner, named); });
    }

    void convertFile(TaskCrew& crew, const Named& named) {
        const std::string& file = named.file;
        ConvertedFile* entry = nullptr;
        Parsed parsed;
        bool isEarly = false;
        {
            const std::scoped_lock lock(mutex_);
            entry = &result_.files[file]; // stays where it is: std::map
            const auto found = early_.find(file);
            isEarly = found != early_.end();
            parsed = isEarly ? std::move(found->second) : nullptr;
        }
        if (!isEarly) {
            parsed = read(named, *entry);
        }
        if (!parsed) {
            return;
        }
        entry->nodes.resize(parsed->nodes.size());
        std::size_t number = 0;
        for (std::size_t i = 0; i < parsed->nodes.size(); ++i) {
            prepare(parsed->nodes[i], file, number, entry->nodes[i]);
        }
        for (std::size_t i = 0; i < parsed->nodes.size(); ++i) {
            pushChildren(crew, entry->nodes[i]);
        }
        for (std::size_t i = 0; i < parsed->nodes.size(); ++i) {
            pushNode(crew, parsed, parsed->nodes[i], file, entry->nodes[i]);
        }
    }

    /// Names and numbers of a node and those inside it, in the order of the file.
    void prepare(const sources::OsgbNode& node,
                 const std::string& file,
                 std::size_t& number,
                 ConvertedNode& out) {
        const fs::path stem = fs::path(file).replace_extension();
        out.contentFile = stem.string() + "." + std::to_string(number++) + ".glb";
        if (node.switchRange) {
            out.metresPerPixel = handoverMetresPerPixel(*node.switchRange);
        }
        for (const std::string& name : node.childFiles) {
            if (const auto child = childPath(file, name)) {
                out.childFiles.push_back(*child);
            } else {
                out.refusedChildren.push_back(name);
            }
        }
        out.childMatrix = node.childMatrix;
        out.children.resize(node.children.size());
        for (std::size_t i = 0; i < node.children.size(); ++i) {
            prepare(node.children[i], file, number, out.children[i]);
        }
    }

    void pushChildren(TaskCrew& crew, const ConvertedNode& node) {
        for (const std::string& child : node.childFiles) {
            pushFile(crew, {child, node.childMatrix});
        }
        for (const ConvertedNode& child : node.children) {
            pushChildren(crew, child);
        }
    }

    /// Nodes are pushed after the files they name, so they run first and free their memory.
    void pushNode(TaskCrew& crew,
                  const Parsed& parsed,
                  const sources::OsgbNode& node,
                  const std::string& file,
                  ConvertedNode& out) {
        crew.push([this, parsed, &node, file, &out](TaskCrew& /*crew*/) {
            convertOne(*parsed, node, file, out);
        });
        for (std::size_t i = 0; i < node.children.size(); ++i) {
            pushNode(crew, parsed, node.children[i], file, out.children[i]);
        }
    }

    void convertOne(const sources::OsgbFile& parsed,
                    const sources::OsgbNode& node,
                    const std::string& file,
                    ConvertedNode& out) {
        const engine::WatchedFile watched(context_.watch, file);
        const bool isSurvey = task_.purpose == Purpose::Survey;
        Result<TileContent> content =
            isSurvey ? surveyNode(node, parsed, task_.origin, *result_.frame)
                     : convertNode(
                           node,
                           parsed,
                           *result_.frame,
                           {.origin = task_.origin, .codecs = task_.codecs, .newer = task_.newer});
        if (!content) {
            out.failure = content.error().message;
            out.contentFile.clear();
            return;
        }
        out.contentBytes = content->glb.size();
        if (content->triangles == 0) {
            out.contentFile.clear();
        } else if (!isSurvey) {
            write(out.contentFile, content->glb);
        }
        out.content = *std::move(content);
        out.content.glb = {};
    }

    void write(const std::string& contentFile, const tiles3d::base::Bytes& glb) {
        const fs::path path = outputFolder_ / contentFile;
        Status written = path.parent_path() == outputFolder_
                             ? ok()
                             : tiles3d::base::makeFolder(path.parent_path());
        if (written) {
            written = tiles3d::base::writeFileInPlace(path, glb);
        }
        if (!written) {
            const std::scoped_lock lock(mutex_);
            outputFailure_ = written.error().message;
        }
    }

    /// Where a tree without its root starts: files that were read and that no other file names.
    std::vector<std::string> unnamedFiles() const {
        std::set<std::string> named;
        std::vector<const ConvertedNode*> nodes;
        for (const auto& [name, file] : result_.files) {
            for (const ConvertedNode& node : file.nodes) {
                nodes.push_back(&node);
            }
        }
        while (!nodes.empty()) {
            const ConvertedNode* node = nodes.back();
            nodes.pop_back();
            named.insert(node->childFiles.begin(), node->childFiles.end());
            for (const ConvertedNode& child : node->children) {
                nodes.push_back(&child);
            }
        }
        std::vector<std::string> roots;
        for (const auto& [name, file] : result_.files) {
            if (!named.contains(name) && file.failure.empty()) {
                roots.push_back(name);
            }
        }
        return roots;
    }

    const BlockTask& task_;
    const fs::path& outputFolder_;
    const sources::OsgbRuntime& runtime_;
    const engine::UnitContext& context_;
    const std::set<std::string> linkedFolders_;
    std::mutex mutex_;          ///< claimed_, early_, the map of result_.files, outputFailure_.
    bool isRootUseful_ = false; ///< The root file has nodes: the tree starts there.
    std::set<std::string> claimed_;
    std::map<std::string, Parsed> early_; ///< Read while looking for the frame.
    ConvertedFiles result_;
    std::string outputFailure_;
};

} // namespace

std::optional<std::string> childPath(const std::string& parent, const std::string& name) {
    std::string unix = name;
    std::ranges::replace(unix, '\\', '/');
    if (unix.empty() || unix.find('\0') != std::string::npos || fs::path(unix).is_absolute()) {
        return std::nullopt;
    }
    const fs::path path = (fs::path(parent).parent_path() / unix).lexically_normal();
    if (path.empty() || *path.begin() == ".." || path.filename().empty()) {
        return std::nullopt;
    }
    return path.string();
}

Result<ConvertedFiles> convertFiles(const BlockTask& task,
                                    const fs::path& outputFolder,
                                    const sources::OsgbRuntime& runtime,
                                    const tiles3d::crs::Transform& transform,
                                    const engine::UnitContext& context) {
    return Conversion(task, outputFolder, runtime, context).run(transform);
}

} // namespace pipeline::oblique
