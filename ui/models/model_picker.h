// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QAbstractButton>
#include <QPointer>

namespace tramontane::ui {

class ModelPickerModel;
class PopupPanel;

/// The button in the header: dot and word for the state, name, where it runs, load progress; opens the list of models.
/// GUI thread.
class ModelPicker : public QAbstractButton {
    Q_OBJECT
public:
    explicit ModelPicker(ModelPickerModel &model, QWidget *parent = nullptr);
    ~ModelPicker() override;
    void openList();
    /// Name only, for narrow windows.
    void setCompact(bool compact);
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

Q_SIGNALS:
    void addModelRequested();

protected:
    void paintEvent(QPaintEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void enterEvent(QEnterEvent *event) override;
    void leaveEvent(QEvent *event) override;

private:
    struct Texts {
        QString name;
        QString detail;
        QString state;
    };
    [[nodiscard]] Texts texts() const;
    void refresh();

    ModelPickerModel &m_model;
    QPointer<PopupPanel> m_popup; // made when it is first opened; a layer of the window
    bool m_compact = false;
};

} // namespace tramontane::ui
