#include "pipeline/oblique/convert_top.h"

#include "tiles3d/base/file.h"

namespace pipeline::oblique {

using tiles3d::base::Result;

Result<BlockResult> convertTop(const BlockTask& task,
                               const sources::OsgbRuntime& runtime,
                               const tiles3d::crs::Transform& transform,
                               const engine::UnitContext& context) {
    Result<BlockResult> result = convertBlock(task, runtime, transform, context);
    if (!result || std::filesystem::exists(task.root)) {
        return result;
    }
    // A top may start with several files: a root that nobody names is not missing.
    BlockResult found = *std::move(result);
    const std::string root =
        tiles3d::base::toUtf8(std::filesystem::path(task.root).lexically_relative(task.folder));
    std::erase_if(found.losses, [&root](const Loss& loss) {
        return loss.kind == LossKind::Missing && loss.file == root;
    });
    return found;
}

} // namespace pipeline::oblique
