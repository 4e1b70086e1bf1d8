// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/style/notice.h"

namespace tramontane::ui {

class ElidedLabel;
class IconButton;
class ModelPicker;
class ModelPickerModel;

/// The row above the transcript: title, model, more. The rail button appears when the sidebar is hidden. GUI thread.
class ChatHeader : public Surface {
    Q_OBJECT
public:
    explicit ChatHeader(ModelPickerModel &models, QWidget *parent = nullptr);
    void setTitle(const QString &title);
    void setSidebarButtonVisible(bool visible);
    [[nodiscard]] ModelPicker &picker() { return *m_picker; }
    [[nodiscard]] IconButton &more() { return *m_more; }

Q_SIGNALS:
    void sidebarRequested();

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    IconButton *m_sidebar;
    ElidedLabel *m_title;
    ModelPicker *m_picker;
    IconButton *m_more;
};

} // namespace tramontane::ui
