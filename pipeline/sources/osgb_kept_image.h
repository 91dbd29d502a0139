#pragma once

#include "tiles3d/base/bytes.h"

#include <osg/Image>

namespace pipeline::sources {

/// The file bytes of an inline image, carried through OSG's reader as user data of a 1 x 1 image.
class KeptBytes : public osg::Object {
public:
    KeptBytes() = default;
    explicit KeptBytes(tiles3d::base::Bytes bytes) : bytes_(std::move(bytes)) {}
    KeptBytes(const KeptBytes& other, const osg::CopyOp& copy) : Object(other, copy) {}
    META_Object(city3d, KeptBytes)

        tiles3d::base::Bytes take() {
        return std::move(bytes_);
    }

private:
    tiles3d::base::Bytes bytes_;
};

} // namespace pipeline::sources
