// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/services/auto_lock.h"
#include "app/services/session.h"
#include "ui/shell/parts.h"
#include "ui/shell/use_filter.h"
#include "ui/shell/window_preferences.h"
#include "ui/unlock/first_run_view_model.h"
#include "ui/unlock/unlock_view_model.h"

#include <QWidget>

#include <functional>
#include <optional>

class QStackedWidget;

namespace tramontane::ui {

class FirstRunView;
class UnlockView;
class Workspace;

/// The window: shows first run, unlock or workspace, and owns the session between unlocking and locking. What is not
/// shown does not exist. GUI thread; nothing blocks.
class MainWindow : public QWidget {
    Q_OBJECT
public:
    MainWindow(Parts parts, Theme &theme, WindowPreferences preferences, QWidget *parent = nullptr);
    ~MainWindow() override;

    /// Asks whether there is a vault and shows what follows from it.
    void start();
    /// Closes everything of the session and shows the unlock screen. Nothing happens when it is locked or empty.
    void lock(LockCause cause = LockCause::Person);

    [[nodiscard]] Workspace *workspace() { return m_workspace; }
    [[nodiscard]] UnlockView *unlockView() { return m_unlock; }
    [[nodiscard]] FirstRunView *firstRunView() { return m_firstRun; }
    [[nodiscard]] bool isOpen() const { return m_workspace != nullptr; }

Q_SIGNALS:
    /// A screen was replaced by another one.
    void screenChanged();
    /// Keys are wiped, databases closed and engines ended, or it was tried; so long after lock() was called.
    void locked(qint64 tookMs);
    /// The session has ended and the window is gone: the program may end.
    void closed();

protected:
    void closeEvent(QCloseEvent *event) override;

private:
    void showFirstRun();
    void showUnlock(bool tryKeychain);
    void showWorkspace();
    void showScreen(QWidget *screen);
    void openSession(std::shared_ptr<OpenVault> vault);
    void onSessionStarted(const Status &started);
    void onLocked(const Status &ended, LockCause cause, bool wasWriting);
    void endLocked(LockCause cause, bool wasWriting);
    void watchUse();
    void endSession(std::function<void(const Status &)> then);
    void setTheme(ThemeChoice choice);
    void keep();

    Parts m_parts;
    Theme &m_theme;
    WindowPreferences m_preferences;
    QStackedWidget *m_screens;
    std::unique_ptr<Session> m_session;
    std::unique_ptr<AutoLock> m_autoLock; // while the vault is open, and until it is closed
    UseFilter *m_use;
    std::unique_ptr<FirstRunViewModel> m_firstRunModel;
    std::unique_ptr<UnlockViewModel> m_unlockModel;
    FirstRunView *m_firstRun = nullptr;
    UnlockView *m_unlock = nullptr;
    Workspace *m_workspace = nullptr;
    QString m_modelToAdd;
    qint64 m_lockBegan = 0;
    int m_idleMinutes = 0;                 // that were set when the vault was locked
    std::optional<LockCause> m_lockWanted; // while the session is starting
    bool m_locking = false;
    bool m_openedBefore = false;
    bool m_sessionReady = false;
    bool m_firstRunDone = true;
    bool m_closing = false;
};

} // namespace tramontane::ui
