#pragma once

#include "viewer/camera/bookmarks.h"

#include <QImage>
#include <QListWidget>
#include <QWidget>
#include <vector>

namespace viewer::app {

/// Views to come back to, with their pictures, kept per city in a folder. The order, which is that
/// of a flight, changes by dragging; names by F2 or a slow second click.
class BookmarkPanel final : public QWidget {
    Q_OBJECT

public:
    /// `folder` holds a folder per city; made when there is something to keep.
    explicit BookmarkPanel(const QString& folder, QWidget* parent = nullptr);

    /// Shows the bookmarks of that city from now on.
    void openCity(const QString& location);
    /// Shows none. REQUIRES: no add() before the next openCity().
    void closeCity();
    void add(const camera::StoredView& view, const QImage& picture);
    /// In the order shown.
    const std::vector<camera::Bookmark>& bookmarks() const { return bookmarks_; }

signals:
    void chosen(const camera::Bookmark& bookmark);
    void failed(const QString& reason);

protected:
    void changeEvent(QEvent* event) override;

private:
    QString file() const { return folder_ + "/bookmarks.json"; }
    void retranslate();
    void choose(const QListWidgetItem* item);
    void addItem(std::size_t index);
    void takeOrder();
    void numberItems();
    void drop();
    void save();
    void showMenu(const QPoint& at);

    QString root_;
    QString folder_; // of this city
    std::vector<camera::Bookmark> bookmarks_;
    QListWidget* list_;
    bool isFilling_ = false;
};

} // namespace viewer::app
