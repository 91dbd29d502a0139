#pragma once

#include <QTreeWidget>
#include <utility>
#include <vector>

namespace viewer::app {

/// Facts under one title: a place, a tile, a feature of a layer.
struct AttributeSection {
    QString title;
    std::vector<std::pair<QString, QString>> rows;
};

/// What is known of the place that was clicked. Ctrl+C copies the rows that are selected.
class AttributePanel final : public QTreeWidget {
    Q_OBJECT

public:
    explicit AttributePanel(QWidget* parent = nullptr);

    void show(const std::vector<AttributeSection>& sections);

protected:
    void changeEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    void retranslate();
};

} // namespace viewer::app
