// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/style/notice.h"

class QPushButton;

namespace tramontane::ui {

class IconBadge;
class ModelPickerModel;
class TextLabel;

/// What stands where the transcript will be: the first act, or what is missing before it. GUI thread.
class EmptyChat : public Surface {
    Q_OBJECT
public:
    explicit EmptyChat(ModelPickerModel &models, QWidget *parent = nullptr);

Q_SIGNALS:
    void addModelRequested();
    void retryRequested();

private:
    void refresh();

    ModelPickerModel &m_models;
    IconBadge *m_badge;
    TextLabel *m_title;
    TextLabel *m_text;
    QPushButton *m_act;
    bool m_retry = false;
};

} // namespace tramontane::ui
