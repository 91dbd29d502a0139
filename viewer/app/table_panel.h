#pragma once

#include "viewer/app/feature_table.h"

#include <QLabel>
#include <QLineEdit>
#include <QTableView>
#include <QToolButton>

namespace viewer::app {

/// The attributes of one layer: a row per feature, sorted by a click on a column, those of a
/// condition only if one is given, copied by Ctrl+C, exported as CSV.
class TablePanel final : public QWidget {
    Q_OBJECT

public:
    explicit TablePanel(QWidget* parent = nullptr);
    /// Waits for what is being exported.
    ~TablePanel() override;

    /// `title` for people.
    void show(const std::shared_ptr<const pipeline::planning::LayerStore>& store,
              std::uint32_t layer,
              const QString& title,
              const QString& where);
    void clear();
    std::optional<std::uint32_t> layer() const { return table_.layer(); }

    /// Marks the rows of these features and brings the first into sight; nothing is chosen by it.
    void select(const std::vector<pipeline::planning::FeatureRef>& features);
    /// The cursor goes to the condition.
    void editCondition();
    /// Tells below the condition why it does not hold; "" for nothing.
    void tellFault(const QString& text);

signals:
    /// The user wants only these features of a layer, in the table and on the city.
    void conditionAsked(std::uint32_t layer, const QString& where);
    /// The rows that the user has selected.
    void featuresChosen(const std::vector<pipeline::planning::FeatureRef>& features);
    void failed(const QString& why);
    void written(const QString& file);

protected:
    void changeEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    void arrange();
    void retranslate();
    void followTable();
    void choose();
    void markWanted();
    void copy();
    void exportCsv();
    std::vector<std::int64_t> selectedIds() const;

    FeatureTable table_;
    QThreadPool pool_;
    QTableView* view_;
    QLabel* title_;
    QLabel* count_;
    QLabel* fault_;
    QLineEdit* condition_;
    QToolButton* apply_;
    QToolButton* all_;
    QToolButton* export_;
    std::shared_ptr<const pipeline::planning::LayerStore> store_;
    QString layerTitle_;
    std::vector<pipeline::planning::FeatureRef> wanted_; // selected from outside
    bool isMarking_ = false; // the view's own signals are not the user's
};

} // namespace viewer::app
