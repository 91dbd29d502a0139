#include "viewer/app/bookmark_panel.h"

#include <QCryptographicHash>
#include <QDir>
#include <QEvent>
#include <QFile>
#include <QMenu>
#include <QScopedValueRollback>
#include <QUuid>
#include <QVBoxLayout>
#include <utility>

namespace viewer::app {

namespace {

constexpr QSize kThumbnail(144, 81);

/// A folder name that any location has and no other one.
QString folderNameOf(const QString& location) {
    constexpr qsizetype kEnough = 16;
    const QByteArray hash =
        QCryptographicHash::hash(location.toUtf8(), QCryptographicHash::Sha256).toHex();
    return QString::fromLatin1(hash.left(kEnough));
}

} // namespace

BookmarkPanel::BookmarkPanel(const QString& folder, QWidget* parent)
    : QWidget(parent), root_(folder), list_(new QListWidget) {
    list_->setObjectName("bookmarks");
    list_->setIconSize(kThumbnail);
    list_->setDragDropMode(QAbstractItemView::InternalMove);
    list_->setEditTriggers(QAbstractItemView::EditKeyPressed | QAbstractItemView::SelectedClicked);
    list_->setContextMenuPolicy(Qt::CustomContextMenu);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(list_);
    connect(list_, &QListWidget::itemActivated, this, &BookmarkPanel::choose);
    connect(list_, &QListWidget::itemChanged, this, [this](QListWidgetItem* item) {
        if (!isFilling_) {
            bookmarks_[static_cast<std::size_t>(list_->row(item))].name =
                item->text().toStdString();
            save();
        }
    });
    connect(list_->model(), &QAbstractItemModel::rowsMoved, this, &BookmarkPanel::takeOrder);
    connect(list_, &QListWidget::customContextMenuRequested, this, &BookmarkPanel::showMenu);
    retranslate();
}

void BookmarkPanel::retranslate() {
    list_->setToolTip(tr("Double click: fly there. Drag: the order of the flight"));
}

void BookmarkPanel::changeEvent(QEvent* event) {
    if (event->type() == QEvent::LanguageChange) {
        retranslate();
    }
    QWidget::changeEvent(event);
}

void BookmarkPanel::openCity(const QString& location) {
    const QScopedValueRollback filling(isFilling_, true);
    folder_ = QDir(root_).filePath(folderNameOf(location));
    bookmarks_.clear();
    list_->clear();
    if (QFile::exists(file())) {
        auto read = camera::readBookmarks(file().toStdString());
        if (!read) {
            emit failed(QString::fromStdString(read.error().message));
            return;
        }
        bookmarks_ = *std::move(read);
    }
    for (std::size_t i = 0; i < bookmarks_.size(); ++i) {
        addItem(i);
    }
}

void BookmarkPanel::closeCity() {
    folder_.clear();
    bookmarks_.clear();
    list_->clear();
}

void BookmarkPanel::choose(const QListWidgetItem* item) {
    emit chosen(bookmarks_[static_cast<std::size_t>(list_->row(item))]);
}

void BookmarkPanel::addItem(std::size_t index) {
    const camera::Bookmark& bookmark = bookmarks_[index];
    auto* item = new QListWidgetItem(QString::fromStdString(bookmark.name));
    item->setFlags(item->flags() | Qt::ItemIsEditable);
    item->setData(Qt::UserRole, QVariant::fromValue(index));
    if (!bookmark.thumbnail.empty()) {
        item->setIcon(QIcon(QDir(folder_).filePath(QString::fromStdString(bookmark.thumbnail))));
    }
    list_->addItem(item);
}

void BookmarkPanel::add(const camera::StoredView& view, const QImage& picture) {
    const QScopedValueRollback filling(isFilling_, true);
    QDir().mkpath(folder_);
    const QString thumbnail = QUuid::createUuid().toString(QUuid::Id128) + ".png";
    const QImage small =
        picture.scaled(kThumbnail * 2, Qt::KeepAspectRatioByExpanding, Qt::SmoothTransformation);
    const bool isSaved = small.save(QDir(folder_).filePath(thumbnail));
    bookmarks_.push_back({.name = tr("View %1").arg(bookmarks_.size() + 1).toStdString(),
                          .view = view,
                          .thumbnail = isSaved ? thumbnail.toStdString() : std::string()});
    addItem(bookmarks_.size() - 1);
    save();
}

/// The list has been sorted by hand; its items remember where their bookmarks were.
void BookmarkPanel::takeOrder() {
    std::vector<camera::Bookmark> sorted;
    sorted.reserve(bookmarks_.size());
    for (int row = 0; row < list_->count(); ++row) {
        sorted.push_back(bookmarks_[list_->item(row)->data(Qt::UserRole).value<std::size_t>()]);
    }
    bookmarks_ = std::move(sorted);
    numberItems();
    save();
}

void BookmarkPanel::numberItems() {
    const QScopedValueRollback filling(isFilling_, true);
    for (int row = 0; row < list_->count(); ++row) {
        list_->item(row)->setData(Qt::UserRole, QVariant::fromValue(static_cast<std::size_t>(row)));
    }
}

void BookmarkPanel::drop() {
    const int row = list_->currentRow();
    if (row < 0) {
        return;
    }
    const auto bookmark = bookmarks_.begin() + row;
    QFile::remove(QDir(folder_).filePath(QString::fromStdString(bookmark->thumbnail)));
    bookmarks_.erase(bookmark);
    delete list_->takeItem(row);
    numberItems();
    save();
}

void BookmarkPanel::save() {
    const auto written = camera::writeBookmarks(file().toStdString(), bookmarks_);
    if (!written) {
        emit failed(QString::fromStdString(written.error().message));
    }
}

void BookmarkPanel::showMenu(const QPoint& at) {
    QListWidgetItem* item = list_->itemAt(at);
    if (item == nullptr) {
        return;
    }
    QMenu menu(this);
    menu.addAction(tr("Fly there"), this, [this, item] { choose(item); });
    menu.addAction(tr("Rename"), this, [this, item] { list_->editItem(item); });
    menu.addAction(tr("Delete"), this, &BookmarkPanel::drop);
    menu.exec(list_->viewport()->mapToGlobal(at));
}

} // namespace viewer::app
