// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/style/notice.h"

namespace tramontane::ui {

class IconButton;

/// The sidebar of a narrow window: 52 wide, icons only. Chats opens the sidebar over the body. GUI thread.
class Rail : public Surface {
    Q_OBJECT
public:
    explicit Rail(QWidget *parent = nullptr);
    void setListOpen(bool open);

Q_SIGNALS:
    void newRequested();
    void searchRequested();
    void listRequested();
    void lockRequested();

private:
    IconButton *m_chats;
};

} // namespace tramontane::ui
