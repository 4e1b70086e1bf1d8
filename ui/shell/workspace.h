// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/services/session.h"
#include "ui/chat/chat_view_model.h"
#include "ui/chat/conversation_list_view_model.h"
#include "ui/models/model_picker_model.h"
#include "ui/shell/log_state.h"
#include "ui/style/theme.h"

#include <QWidget>

class QHBoxLayout;

namespace tramontane::ui {

class Banners;
class ChatView;
class MoreMenu;
class Rail;
class Sidebar;
class StatusLine;

/// Everything that is shown while the vault is open: banners, sidebar or rail, chat, status line. Destroyed at locking, and
/// with it every text that was on screen. GUI thread.
class Workspace : public QWidget {
    Q_OBJECT
public:
    static constexpr int kSidebarFrom = 1280; // window width; below it the rail stands in
    static constexpr int kRailFrom = 760;     // below it the rail hides, too

    /// `session` has been started and outlives this.
    Workspace(Session &session, PolicySource &policy, const Clock &clock, Theme &theme, bool sidebar,
              QWidget *parent = nullptr);
    ~Workspace() override;

    /// Reads the list and the models and shows the newest chat. With a path, takes that model into the catalogue first.
    void start(const QString &modelToAdd);
    /// Keeps what was written and not sent in the vault, for the next start(). Call before the session ends.
    void keepDrafts();
    [[nodiscard]] Banners &banners() { return *m_banners; }
    [[nodiscard]] bool wantsSidebar() const { return m_wantsSidebar; }
    [[nodiscard]] ChatViewModel &chat() { return m_chat; }
    [[nodiscard]] ChatView &chatView() { return *m_chatView; }
    [[nodiscard]] ModelPickerModel &models() { return m_models; }

Q_SIGNALS:
    void lockRequested();
    void themeChosen(tramontane::ui::ThemeChoice choice);
    void textFactorChosen(qreal factor);
    void sidebarToggled(bool wanted);

protected:
    void resizeEvent(QResizeEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void connectLists();
    void connectState();
    void addShortcuts();
    void makeMenu();
    void newChat();
    void chooseModelFile();
    void retryAudit();
    void toggleSidebar();
    void showOverlay(bool shown);
    void arrange();
    void cycleArea(int step);
    void refreshStatus();

    Session &m_session;
    PolicySource &m_policy;
    Theme &m_theme;
    ConversationListViewModel m_list;
    ModelPickerModel m_models;
    ChatViewModel m_chat;
    LogState m_log;
    Banners *m_banners;
    Rail *m_rail;
    QWidget *m_shade; // over the body while the sidebar lies on it: a click there closes the sidebar
    Sidebar *m_sidebar;
    ChatView *m_chatView;
    StatusLine *m_status;
    QHBoxLayout *m_row;
    MoreMenu *m_menu = nullptr; // made when it is first opened
    bool m_wantsSidebar = true;
    bool m_overlay = false;
};

} // namespace tramontane::ui
