#pragma once

#include "tiles3d/archive/archive.h"
#include "viewer/stream/source.h"

#include <utility>

namespace viewer::stream {

/// Files of a .3tz archive; URIs are relative to its top, beyond which nothing can be named.
class ArchiveSource final : public ISource {
public:
    explicit ArchiveSource(tiles3d::archive::Archive archive) : archive_(std::move(archive)) {}

    tiles3d::base::Result<tiles3d::base::Bytes> read(const std::string& uri) const override;

private:
    tiles3d::archive::Archive archive_;
};

} // namespace viewer::stream
