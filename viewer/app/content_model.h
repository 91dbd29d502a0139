#pragma once

#include <QAbstractItemModel>
#include <QIcon>
#include <QString>
#include <QStringList>
#include <array>
#include <cstddef>
#include <vector>

namespace viewer::app {

/// A row of the contents' tree that can be shown, hidden and faded.
struct ContentRow {
    std::size_t number = 0; ///< A tileset's id, or a layer's place in its store.
    QString title;
    QStringList categories; ///< From the top, as people read them; of layers.
    QString name;           ///< Also found by a search: a layer's table.
    QString vintage;
    QString toolTip;
    QIcon icon;
    std::size_t features = 0;
    bool isVisible = false;
    float opacity = 1.0F;
    bool isFavourite = false; ///< Of layers: stands on top as well.
};

/// What stands in the contents' tree.
enum class ContentNode { Group, Tileset, Category, Layer };

/// Favourite layers, tilesets, and planning layers by category, each with a tick; a category's tick
/// is that of all its layers, half where they differ. Ticks are asked for by asked() and shown once
/// setShown() says so.
class ContentModel final : public QAbstractItemModel {
    Q_OBJECT

public:
    enum Column { NameColumn, CountColumn, VintageColumn, StarColumn, ColumnCount };
    enum Role { NodeRole = Qt::UserRole, NumberRole, OpacityRole, SearchRole };

    explicit ContentModel(QObject* parent = nullptr);

    void setTilesets(const std::vector<ContentRow>& tilesets);
    /// In the order in which they, and with them their categories, are to stand.
    void setLayers(const std::vector<ContentRow>& layers);
    /// `node` is Tileset or Layer; what is not there is left alone.
    void setShown(ContentNode node, std::size_t number, bool isVisible, float opacity);
    void setIcon(std::size_t layer, const QIcon& icon);
    void setGroupTitles(const QString& favourites, const QString& tilesets, const QString& layers);

    /// The row of a layer, in its category; invalid if there is none.
    QModelIndex indexOfLayer(std::size_t number) const;
    /// The layers at and below an index, as numbers, in order.
    std::vector<std::size_t> layersBelow(const QModelIndex& index) const;

    QModelIndex index(int row, int column, const QModelIndex& parent = {}) const override;
    QModelIndex parent(const QModelIndex& index) const override;
    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    bool setData(const QModelIndex& index, const QVariant& value, int role) override;
    Qt::ItemFlags flags(const QModelIndex& index) const override;

signals:
    void tilesetAsked(std::size_t tileset, bool isVisible);
    void layersAsked(const std::vector<std::size_t>& layers, bool isVisible);

private:
    struct Node {
        ContentNode kind = ContentNode::Group;
        int parent = -1;
        int row = 0;
        std::vector<int> children;
        ContentRow content;
        QString search;         // what a search looks through, in lower case
        std::size_t layers = 0; // below it
        std::size_t shown = 0;  // of them
    };

    static constexpr int kFavourites = 0; // the groups stand first among the nodes
    static constexpr int kTilesets = 1;
    static constexpr int kLayers = 2;

    void rebuild();
    void addGroups();
    int add(int parent, ContentNode kind, const ContentRow& content);
    void addLayer(int parent, const ContentRow& layer);
    /// A favourite layer has two, that of its category first.
    std::vector<int> nodesOf(ContentNode kind, std::size_t number) const;
    int category(const QStringList& path);
    const Node& nodeOf(const QModelIndex& index) const;
    QModelIndex indexOf(int node, int column = 0) const;
    QVariant text(const Node& node, int column) const;
    static QVariant checkState(const Node& node);
    void tellChanged(int node);

    std::array<QString, 3> groupTitles_;
    std::vector<int> shownGroups_; // favourites only where there are some
    std::vector<ContentRow> tilesets_;
    std::vector<ContentRow> layers_;
    std::vector<Node> nodes_;
};

} // namespace viewer::app
