// SPDX-License-Identifier: Apache-2.0
#include "ui/shell/main_window.h"

#include "app/contracts/when_ready.h"
#include "ui/shell/banners.h"
#include "ui/shell/lock_words.h"
#include "ui/shell/window_clearing.h"
#include "ui/shell/workspace.h"
#include "ui/style/icons.h"
#include "ui/style/numbers.h"
#include "ui/style/own_text.h"
#include "ui/unlock/first_run_view.h"
#include "ui/unlock/unlock_view.h"

#include <QCloseEvent>
#include <QGuiApplication>
#include <QIcon>
#include <QPainter>
#include <QScreen>
#include <QStackedWidget>
#include <QTimer>
#include <QVBoxLayout>

namespace tramontane::ui {
namespace {

constexpr QSize kFirstSize(1320, 860);
constexpr int kLongestGoodbyeMs = 5000; // the session's records are durable on their own; a stuck disk must not keep us

QIcon windowMark(const Tokens &tokens)
{
    QIcon icon;
    for (const int side : {16, 24, 32, 48, 64, 128}) {
        QPixmap pixmap(side, side);
        pixmap.fill(Qt::transparent);
        QPainter painter(&pixmap);
        paintMark(painter, QRectF(0, 0, side, side), tokens.acc, tokens.onAcc);
        icon.addPixmap(pixmap);
    }
    return icon;
}

} // namespace

MainWindow::MainWindow(Parts parts, Theme &theme, WindowPreferences preferences, QWidget *parent)
    : QWidget(parent), m_parts(std::move(parts)), m_theme(theme), m_preferences(std::move(preferences)),
      m_screens(new QStackedWidget(this)), m_use(new UseFilter(this))
{
    setWindowTitle(tr("Tramontane"));
    setWindowIcon(windowMark(m_theme.tokens()));
    setMinimumSize(size::kMinWindowWidth, size::kMinWindowHeight);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_screens);
    m_theme.setTextFactor(m_preferences.textFactor);
    if (m_preferences.geometry.isEmpty() || !restoreGeometry(m_preferences.geometry)) {
        const QSize room = screen() ? screen()->availableGeometry().size() : kFirstSize;
        resize(kFirstSize.boundedTo(room));
    }
}

MainWindow::~MainWindow()
{
    // The workspace refers to the session and must go first.
    delete m_workspace;
}

void MainWindow::start()
{
    whenReady(this, m_parts.vault.status(), [this](const Result<VaultStatus> &status) {
        if (status && !status->exists)
            showFirstRun();
        else
            showUnlock(true);
    });
}

void MainWindow::showScreen(QWidget *screen)
{
    QWidget *before = m_screens->currentWidget();
    m_screens->addWidget(screen);
    m_screens->setCurrentWidget(screen);
    if (before && before != screen) {
        m_screens->removeWidget(before);
        // It may be emitting the signal that led here; what it showed leaves the screen now, its memory a moment later.
        before->hide();
        before->deleteLater();
    }
    m_firstRun = qobject_cast<FirstRunView *>(screen);
    m_unlock = qobject_cast<UnlockView *>(screen);
    m_workspace = qobject_cast<Workspace *>(screen);
    Q_EMIT screenChanged();
}

void MainWindow::showFirstRun()
{
    m_firstRunDone = false;
    m_firstRunModel =
        std::make_unique<FirstRunViewModel>(m_parts.vault, m_parts.inspector, m_parts.policy, m_parts.starterModel);
    auto *view = new FirstRunView(*m_firstRunModel, m_theme, m_parts.languages, m_preferences.language);
    connect(view, &FirstRunView::themeChosen, this, &MainWindow::setTheme);
    connect(view, &FirstRunView::languageChosen, this, [this](const QString &code) {
        m_preferences.language = code;
        keep();
    });
    connect(m_firstRunModel.get(), &FirstRunViewModel::vaultMade, this, &MainWindow::openSession);
    connect(m_firstRunModel.get(), &FirstRunViewModel::finished, this, [this](const QString &model) {
        m_modelToAdd = model;
        m_firstRunDone = true;
        if (m_sessionReady)
            showWorkspace();
    });
    showScreen(view);
}

void MainWindow::showUnlock(bool tryKeychain)
{
    m_unlockModel = std::make_unique<UnlockViewModel>(m_parts.vault);
    connect(m_unlockModel.get(), &UnlockViewModel::unlocked, this, &MainWindow::openSession);
    showScreen(new UnlockView(*m_unlockModel));
    m_unlockModel->start(tryKeychain);
}

void MainWindow::openSession(std::shared_ptr<OpenVault> vault)
{
    m_session = std::make_unique<Session>(std::move(vault), m_parts.provider, m_parts.inspector, m_parts.policy,
                                          m_parts.clock, m_parts.energy);
    m_autoLock = std::make_unique<AutoLock>(m_session->settings(), m_parts.sessionWatch, m_parts.clock);
    connect(m_autoLock.get(), &AutoLock::due, this, &MainWindow::lock);
    connect(m_use, &UseFilter::used, m_autoLock.get(), &AutoLock::used);
    const SessionOpening opening{m_openedBefore, m_parts.vault.takeFailedUnlocks(), true};
    whenReady(m_session.get(), m_session->start(opening), [this](const Status &started) { onSessionStarted(started); });
}

void MainWindow::onSessionStarted(const Status &started)
{
    m_sessionReady = true;
    if (!started) {
        const QString message = QString::fromStdString(started.error().message);
        endSession([this, message](const Status &) {
            showUnlock(false);
            m_unlock->setNote(message);
        });
        return;
    }
    m_openedBefore = true;
    if (m_lockWanted)
        lock(*std::exchange(m_lockWanted, std::nullopt));
    else if (m_firstRunDone)
        showWorkspace();
}

void MainWindow::showWorkspace()
{
    auto *workspace = new Workspace(*m_session, m_parts.policy, m_parts.clock, m_theme, m_preferences.sidebar);
    connect(workspace, &Workspace::lockRequested, this, [this] { lock(LockCause::Person); });
    connect(workspace, &Workspace::themeChosen, this, &MainWindow::setTheme);
    connect(workspace, &Workspace::textFactorChosen, this, [this](qreal factor) {
        m_preferences.textFactor = factor;
        m_theme.setTextFactor(factor);
        keep();
    });
    connect(workspace, &Workspace::sidebarToggled, this, [this](bool wanted) {
        m_preferences.sidebar = wanted;
        keep();
    });
    showScreen(workspace);
    watchUse();
    workspace->start(std::exchange(m_modelToAdd, {}));
}

void MainWindow::watchUse()
{
    Banners &banners = m_workspace->banners();
    connect(m_autoLock.get(), &AutoLock::warned, &banners,
            [this, &banners](int seconds) { banners.showLockWarning(seconds, m_autoLock->minutes()); });
    connect(m_autoLock.get(), &AutoLock::warningOver, &banners, &Banners::hideLockWarning);
    connect(&banners, &Banners::keepOpenRequested, m_autoLock.get(), &AutoLock::used);
    m_autoLock->used();
    BackupSchedule &schedule = m_session->backupSchedule();
    banners.setBackupProblem(schedule.problem());
    connect(&schedule, &BackupSchedule::ran, &banners,
            [&banners, &schedule] { banners.setBackupProblem(schedule.problem()); });
}

void MainWindow::lock(LockCause cause)
{
    if (!m_session || m_closing || m_locking)
        return;
    if (!m_sessionReady) {
        m_lockWanted = cause; // as soon as it has started
        return;
    }
    m_locking = true;
    m_lockBegan = m_parts.clock.monoMs();
    m_sessionReady = false;
    m_idleMinutes = m_autoLock->minutes();
    const bool wasWriting = m_workspace && !m_workspace->chat().running().empty();
    if (m_workspace)
        m_workspace->keepDrafts();
    clearOtherWindows(*this);
    if (m_session->settings().flag(settings::kClearClipboardAtLock))
        clearOwnClipboard();
    m_unlockModel = std::make_unique<UnlockViewModel>(m_parts.vault);
    connect(m_unlockModel.get(), &UnlockViewModel::unlocked, this, &MainWindow::openSession);
    auto *view = new UnlockView(*m_unlockModel);
    view->setClosing(true);
    // The workspace refers to the session: it goes now and not in a later turn of the event loop.
    QWidget *screen = m_screens->currentWidget();
    showScreen(view);
    QTimer::singleShot(0, this, [this, screen = QPointer<QWidget>(screen), cause, wasWriting] {
        delete screen.data();
        m_firstRunModel.reset();
        endLocked(cause, wasWriting);
    });
}

void MainWindow::endLocked(LockCause cause, bool wasWriting)
{
    whenReady(this, m_session->lock(cause), [this, cause, wasWriting](const Status &ended) {
        m_session.reset();
        m_autoLock.reset(); // lets the computer sleep
        m_locking = false;
        m_firstRunDone = true;
        onLocked(ended, cause, wasWriting);
    });
}

void MainWindow::onLocked(const Status &ended, LockCause cause, bool wasWriting)
{
    Q_EMIT locked(m_parts.clock.monoMs() - m_lockBegan);
    if (!m_unlock)
        return;
    const std::int64_t now = m_parts.clock.utcMs();
    m_unlock->setSubtitle(lockedAt(cause, now, m_idleMinutes));
    m_unlock->setFoot(ended ? lockProof(now) : QString::fromStdString(ended.error().message));
    if (wasWriting)
        m_unlock->setNote(
            tr("The answer that was being written was saved up to its last word and is marked as cut off."));
    m_unlock->setClosing(false);
    m_unlockModel->start(false);
}

void MainWindow::endSession(std::function<void(const Status &)> then)
{
    if (!m_session) {
        then({});
        return;
    }
    m_sessionReady = false;
    whenReady(this, m_session->end(), [this, then = std::move(then)](const Status &ended) {
        m_autoLock.reset();
        m_session.reset();
        then(ended);
    });
}

void MainWindow::setTheme(ThemeChoice choice)
{
    m_preferences.theme = choice;
    m_theme.setChoice(choice);
    keep();
}

void MainWindow::keep()
{
    writePreferences(m_parts.preferencesFile, m_preferences);
}

void MainWindow::closeEvent(QCloseEvent *event)
{
    event->ignore();
    if (std::exchange(m_closing, true))
        return;
    m_preferences.geometry = saveGeometry();
    keep();
    hide();
    QTimer::singleShot(kLongestGoodbyeMs, this, &MainWindow::closed);
    if (m_workspace)
        m_workspace->keepDrafts();
    delete std::exchange(m_workspace, nullptr);
    endSession([this](const Status &) { Q_EMIT closed(); });
}

} // namespace tramontane::ui
