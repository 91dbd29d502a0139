#pragma once

#include "viewer/stream/source.h"
#include "viewer/stream/source_http.h"

#include <memory>
#include <utility>

namespace viewer::stream {

/// Each URI from where it points: `data:` is its own content, http and https are on the web, all
/// else is the tileset's own source. Files packed by gzip, as some web servers have them on disk,
/// are unpacked. A tileset on the web has no other source and reads no file of this machine.
class AnySource final : public ISource {
public:
    /// A tileset of files, of which some may be on the web.
    explicit AnySource(std::unique_ptr<const ISource> files) : files_(std::move(files)), web_("") {}
    /// A tileset on the web.
    explicit AnySource(const std::string& rootUrl) : web_(rootUrl) {}

    tiles3d::base::Result<tiles3d::base::Bytes> read(const std::string& uri) const override;
    void interrupt() const override { web_.interrupt(); }

private:
    std::unique_ptr<const ISource> files_; ///< Null for a tileset on the web.
    HttpSource web_;
};

} // namespace viewer::stream
