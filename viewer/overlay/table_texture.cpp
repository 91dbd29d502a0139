#include "viewer/overlay/table_texture.h"

#include <osg/State>

#include <algorithm>
#include <iterator>

namespace viewer::overlay {

class TableTexture::Upload : public osg::Texture2D::SubloadCallback {
public:
    explicit Upload(const Format& format) : format_(format) {}

    void set(const void* data, std::size_t rows, const Rows& changed) {
        data_ = static_cast<const std::byte*>(data);
        rows_ = rows;
        std::ranges::copy(changed, std::back_inserter(changed_));
    }
    std::size_t rows() const { return rows_; }

    void load(const osg::Texture2D& texture, osg::State& state) const override {
        changed_.clear();
        setUnpacking();
        glTexImage2D(GL_TEXTURE_2D,
                     0,
                     format_.internalFormat,
                     format_.across,
                     texture.getTextureHeight(),
                     0,
                     format_.format,
                     format_.type,
                     data_);
        (void)state;
    }

    void subload(const osg::Texture2D& /*texture*/, osg::State& /*state*/) const override {
        setUnpacking();
        for (const auto& [first, end] : changed_) {
            glTexSubImage2D(GL_TEXTURE_2D,
                            0,
                            0,
                            static_cast<GLint>(first),
                            format_.across,
                            static_cast<GLsizei>(end - first),
                            format_.format,
                            format_.type,
                            data_ + first * static_cast<std::size_t>(format_.across) *
                                        format_.texelBytes);
        }
        changed_.clear();
    }

private:
    static void setUnpacking() {
        glPixelStorei(GL_UNPACK_ALIGNMENT, 4);
        glPixelStorei(GL_UNPACK_ROW_LENGTH, 0);
    }

    Format format_;
    const std::byte* data_ = nullptr;
    std::size_t rows_ = 0;
    mutable Rows changed_;
};

TableTexture::TableTexture(const Format& format)
    : upload_(new Upload(format)), texture_(new osg::Texture2D) {
    texture_->setInternalFormat(format.internalFormat);
    texture_->setSourceFormat(format.format);
    texture_->setSourceType(format.type);
    texture_->setFilter(osg::Texture::MIN_FILTER, osg::Texture::NEAREST);
    texture_->setFilter(osg::Texture::MAG_FILTER, osg::Texture::NEAREST);
    texture_->setWrap(osg::Texture::WRAP_S, osg::Texture::CLAMP_TO_EDGE);
    texture_->setWrap(osg::Texture::WRAP_T, osg::Texture::CLAMP_TO_EDGE);
    texture_->setResizeNonPowerOfTwoHint(false);
    texture_->setSubloadCallback(upload_);
    texture_->setTextureSize(format.across, 1);
}

TableTexture::~TableTexture() = default;

void TableTexture::set(const void* data, std::size_t rows, const Rows& changed) {
    const bool isResized = rows != upload_->rows();
    upload_->set(data, rows, isResized ? Rows() : changed);
    if (isResized) {
        texture_->setTextureSize(texture_->getTextureWidth(), static_cast<int>(rows));
        texture_->dirtyTextureObject();
    }
}

} // namespace viewer::overlay
