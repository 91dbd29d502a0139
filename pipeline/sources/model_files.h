#pragma once

#include "tiles3d/base/bytes.h"
#include "tiles3d/base/result.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace pipeline::sources {

/// The files of a design model's folder, the only ones that its reader may open: what a model names
/// elsewhere ("../", absolute paths, links that lead out) is looked for beside the model by its
/// file name, because paths of the author's own machine are common in FBX and OBJ files.
class ModelFiles {
public:
    /// `maxBytes`: of all files together.
    ModelFiles(std::filesystem::path folder, std::uint64_t maxBytes)
        : folder_(std::move(folder)), maxBytes_(maxBytes) {}

    /// Where a name of the model leads; nothing if no such file lies in the folder. Both separators
    /// are understood, and percent-encoded names where the plain one is not there.
    std::optional<std::filesystem::path> find(std::string_view name);

    /// The bytes of a file of the folder. Fails if there is none, and above the limit.
    tiles3d::base::Result<tiles3d::base::Bytes> read(std::string_view name);

    /// What was looked for so far, found or not, relative to the folder, native text: what a result
    /// depends on.
    const std::set<std::string>& asked() const { return asked_; }

    /// Of all files together, each once.
    std::uint64_t bytesRead() const { return bytesRead_; }

private:
    std::optional<std::filesystem::path> inside(const std::filesystem::path& name);

    std::filesystem::path folder_;
    std::uint64_t maxBytes_;
    std::uint64_t bytesRead_ = 0;
    std::set<std::string> read_;
    std::set<std::string> asked_;
};

/// An OBJ file with its vertices moved so that they fit 32-bit numbers.
struct NearObj {
    tiles3d::base::Bytes bytes;
    double x = 0.0; ///< What was subtracted from every vertex; whole numbers.
    double y = 0.0;
    double z = 0.0;
};

/// Subtracts the first vertex, rounded, from all vertices of an OBJ file whose first vertex lies
/// farther than 1,000 units from the origin, as drawings in a city's own coordinates do: a 32-bit
/// number holds 2,705,000 m only to a quarter of a metre. Nearer files stay as they are.
NearObj bringNear(tiles3d::base::Bytes obj);

} // namespace pipeline::sources
