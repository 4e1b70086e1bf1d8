// SPDX-License-Identifier: Apache-2.0
#include "ui/shell/workspace.h"

#include "app/contracts/when_ready.h"
#include "ui/chat/chat_header.h"
#include "ui/chat/chat_view.h"
#include "ui/chat/composer.h"
#include "ui/shell/banners.h"
#include "ui/shell/drafts.h"
#include "ui/shell/more_menu.h"
#include "ui/shell/rail.h"
#include "ui/shell/sidebar.h"
#include "ui/shell/status_line.h"
#include "ui/transcript/transcript_view.h"

#include <QEvent>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QMouseEvent>
#include <QShortcut>
#include <QVBoxLayout>

#include <algorithm>

namespace tramontane::ui {
namespace {

constexpr auto kDrafts = "chat.drafts";

} // namespace

Workspace::Workspace(Session &session, PolicySource &policy, const Clock &clock, Theme &theme, bool sidebar,
                     QWidget *parent)
    : QWidget(parent), m_session(session), m_policy(policy), m_theme(theme), m_list(session.conversations(), clock),
      m_models(session.models()), m_chat(session.chat(), session.conversations(), clock),
      m_log(session.audit(), clock, this), m_banners(new Banners(this)), m_rail(new Rail(this)),
      m_shade(new QWidget(this)), m_sidebar(new Sidebar(m_list, this)),
      m_chatView(new ChatView(m_chat, m_models, this)), m_status(new StatusLine(this)), m_row(new QHBoxLayout),
      m_wantsSidebar(sidebar)
{
    m_row->setContentsMargins(0, 0, 0, 0);
    m_row->setSpacing(0);
    m_row->addWidget(m_rail);
    m_row->addWidget(m_sidebar);
    m_row->addWidget(m_chatView, 1);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_banners);
    column->addLayout(m_row, 1);
    column->addWidget(m_status);
    setTabOrder(m_sidebar, m_chatView);
    setTabOrder(m_chatView, m_status);
    m_shade->hide();
    m_shade->installEventFilter(this);
    connectLists();
    connectState();
    addShortcuts();
    arrange();
}

Workspace::~Workspace() = default;

void Workspace::connectLists()
{
    connect(m_rail, &Rail::newRequested, this, &Workspace::newChat);
    connect(m_rail, &Rail::lockRequested, this, &Workspace::lockRequested);
    connect(m_rail, &Rail::listRequested, this, [this] { showOverlay(!m_overlay); });
    connect(m_rail, &Rail::searchRequested, this, [this] {
        showOverlay(true);
        m_sidebar->focusSearch();
    });
    connect(m_sidebar, &Sidebar::newRequested, this, &Workspace::newChat);
    connect(m_sidebar, &Sidebar::lockRequested, this, &Workspace::lockRequested);
    connect(m_sidebar, &Sidebar::dismissed, this, [this] {
        showOverlay(false);
        m_chatView->focusComposer();
    });
    connect(m_sidebar, &Sidebar::opened, this, [this](ConversationId id, MessageId at) {
        m_chat.open(id, at);
        showOverlay(false);
        m_chatView->focusComposer();
    });
    connect(&m_list, &ConversationListViewModel::failed, m_chatView, &ChatView::showProblem);
    connect(&m_list, &ConversationListViewModel::renamed, this, [this](ConversationId id, const QString &title) {
        if (id == m_chat.conversation())
            m_chat.setTitle(title);
    });
    connect(&m_chat, &ChatViewModel::listChanged, &m_list, &ConversationListViewModel::refresh);
    connect(&m_chat, &ChatViewModel::runningChanged, this, [this] { m_list.model().setRunning(m_chat.running()); });
    connect(&m_chat, &ChatViewModel::conversationChanged, this,
            [this] { m_sidebar->setCurrent(m_chat.conversation()); });
}

void Workspace::connectState()
{
    connect(m_chatView, &ChatView::addModelRequested, this, &Workspace::chooseModelFile);
    connect(&m_chatView->header(), &ChatHeader::sidebarRequested, this, &Workspace::toggleSidebar);
    connect(&m_chatView->header().more(), &QAbstractButton::clicked, this, &Workspace::makeMenu);
    connect(m_status, &StatusLine::lockRequested, this, &Workspace::lockRequested);
    connect(m_status, &StatusLine::logRequested, &m_log, &LogState::check);
    connect(m_banners, &Banners::retryRequested, this, &Workspace::retryAudit);
    connect(&m_log, &LogState::changed, this, [this] { m_status->setLog(m_log); });
    connect(&m_models, &ModelPickerModel::currentChanged, this, &Workspace::refreshStatus);
    connect(&m_chat, &ChatViewModel::stateChanged, this, &Workspace::refreshStatus);
    connect(&m_chat, &ChatViewModel::threadReplaced, this, &Workspace::refreshStatus);
    connect(&m_chat, &ChatViewModel::provenanceKnown, this, &Workspace::refreshStatus);
    connect(&m_chat, &ChatViewModel::problemChanged, this, [this] {
        m_banners->setAuditProblem(m_chat.auditProblem());
        m_log.setProblem(m_chat.auditProblem());
    });
    connect(&m_policy, &PolicySource::changed, this, [this] { m_banners->setPolicy(m_policy.current()); });
    connect(&m_session.slots(), &SlotWatch::alarmChanged, this,
            [this] { m_banners->setOrganisationAlarm(m_session.slots().alarm()); });
}

void Workspace::addShortcuts()
{
    const auto add = [this](const QKeySequence &key, auto act) {
        connect(new QShortcut(key, this), &QShortcut::activated, this, act);
    };
    add(Qt::CTRL | Qt::Key_N, [this] { newChat(); });
    add(Qt::CTRL | Qt::Key_K, [this] {
        if (!m_sidebar->isVisible())
            showOverlay(true);
        m_sidebar->focusSearch();
    });
    add(Qt::CTRL | Qt::Key_L, [this] { Q_EMIT lockRequested(); });
    add(Qt::CTRL | Qt::SHIFT | Qt::Key_L, [this] { Q_EMIT lockRequested(); });
    add(Qt::CTRL | Qt::SHIFT | Qt::Key_S, [this] { toggleSidebar(); });
    add(Qt::Key_F6, [this] { cycleArea(1); });
    add(Qt::SHIFT | Qt::Key_F6, [this] { cycleArea(-1); });
}

void Workspace::start(const QString &modelToAdd)
{
    m_banners->setPolicy(m_policy.current());
    m_banners->setOrganisationAlarm(m_session.slots().alarm());
    m_banners->setRecovered(m_session.recovered());
    m_chat.setAuditProblem(m_session.auditProblem());
    m_status->setLog(m_log);
    m_models.start();
    if (!modelToAdd.isEmpty())
        m_models.importFile(modelToAdd);
    whenReady(this, m_session.conversations().list(1, 0), [this](const Result<std::vector<Conversation>> &newest) {
        // A person may have begun to write or opened something meanwhile.
        if (newest && !newest->empty() && m_chat.conversation().isNull() && !m_chat.busy())
            m_chat.open(newest->front().id);
    });
    whenReady(this, m_session.vault().settings().read(kDrafts), [this](const Result<std::string> &stored) {
        if (stored)
            m_chatView->restoreDrafts(readDrafts(*stored));
    });
    m_list.refresh();
    refreshStatus();
    m_chatView->focusComposer();
}

void Workspace::keepDrafts()
{
    // Written in the order of the calls: before the vault closes. A disk that is full loses the drafts, nothing else.
    (void)m_session.vault().settings().write(kDrafts, writeDrafts(m_chatView->drafts()));
}

void Workspace::newChat()
{
    m_chat.startNew();
    showOverlay(false);
    m_chatView->focusComposer();
}

void Workspace::chooseModelFile()
{
    auto *dialog = new QFileDialog(this, tr("Choose a model file"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    dialog->setNameFilters({tr("Models (*.gguf)"), tr("All files (*)")});
    connect(dialog, &QFileDialog::fileSelected, &m_models, &ModelPickerModel::importFile);
    dialog->open();
}

void Workspace::makeMenu()
{
    if (!m_menu) {
        m_menu = new MoreMenu(m_theme, this);
        connect(m_menu, &MoreMenu::addModelRequested, this, &Workspace::chooseModelFile);
        connect(m_menu, &MoreMenu::checkLogRequested, &m_log, &LogState::check);
        connect(m_menu, &MoreMenu::lockRequested, this, &Workspace::lockRequested);
        connect(m_menu, &MoreMenu::themeChosen, this, &Workspace::themeChosen);
        connect(m_menu, &MoreMenu::textFactorChosen, this, &Workspace::textFactorChosen);
        connect(m_menu, &MoreMenu::renameRequested, this, [this] {
            if (!m_sidebar->isVisible())
                showOverlay(true);
            m_sidebar->renameCurrent();
        });
    }
    m_menu->setRenameEnabled(!m_chat.conversation().isNull());
    const QWidget &button = m_chatView->header().more();
    const int left = button.width() - m_menu->sizeHint().width();
    m_menu->popup(button.mapToGlobal(QPoint(left, button.height() + spacing::k4)));
}

void Workspace::retryAudit()
{
    m_banners->setRetrying(true);
    whenReady(this, m_session.audit().openSession(), [this](const Status &opened) {
        m_chat.setAuditProblem(opened ? std::nullopt : std::optional<Error>(opened.error()));
        const ModelStatus *model = m_models.currentStatus();
        if (opened && model && model->state == ModelLoadState::Failed)
            m_models.loadCurrent();
    });
}

void Workspace::refreshStatus()
{
    m_status->setModel(m_models.currentStatus());
    m_status->setDiskWaiting(m_chat.diskWaiting());
    const std::optional<Usage> usage = m_chat.thread().lastUsage();
    m_status->setTokensPerSecond(usage ? usage->tokensPerSecond : 0);
}

void Workspace::toggleSidebar()
{
    if (width() < kSidebarFrom) {
        showOverlay(!m_overlay);
        return;
    }
    m_wantsSidebar = !m_wantsSidebar;
    arrange();
    Q_EMIT sidebarToggled(m_wantsSidebar);
}

void Workspace::showOverlay(bool shown)
{
    const bool docked = width() >= kSidebarFrom && m_wantsSidebar;
    if (docked || shown == m_overlay)
        return;
    m_overlay = shown;
    arrange();
    if (shown)
        m_sidebar->focusList();
    else
        m_chatView->focusComposer();
}

void Workspace::arrange()
{
    const bool docked = width() >= kSidebarFrom && m_wantsSidebar;
    const bool rail = !docked && width() >= kRailFrom;
    if (docked)
        m_overlay = false;
    m_rail->setVisible(rail);
    m_rail->setListOpen(m_overlay);
    m_chatView->header().setSidebarButtonVisible(!docked && !rail);
    const bool inRow = m_row->indexOf(m_sidebar) >= 0;
    if (docked && !inRow)
        m_row->insertWidget(1, m_sidebar);
    else if (!docked && inRow)
        m_row->removeWidget(m_sidebar);
    m_sidebar->setFixedWidth(size::kSidebar);
    m_sidebar->setVisible(docked || m_overlay);
    m_shade->setVisible(m_overlay);
    if (m_overlay) {
        const QRect body = m_row->geometry();
        m_shade->setGeometry(body);
        m_shade->raise();
        m_rail->raise();
        m_sidebar->setGeometry(body.left() + (rail ? size::kRail : 0), body.top(), size::kSidebar, body.height());
        m_sidebar->raise();
    }
}

void Workspace::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    arrange();
}

bool Workspace::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_shade && event->type() == QEvent::MouseButtonPress)
        showOverlay(false);
    return QWidget::eventFilter(watched, event);
}

void Workspace::cycleArea(int step)
{
    std::vector<QWidget *> areas;
    if (m_sidebar->isVisible())
        areas.push_back(m_sidebar);
    else if (m_rail->isVisible())
        areas.push_back(m_rail);
    areas.insert(areas.end(), {&m_chatView->header(), &m_chatView->transcript(), &m_chatView->composer(), m_status});
    std::erase_if(areas, [](const QWidget *area) { return !area->isVisible(); });
    const QWidget *focus = window()->focusWidget();
    const auto here = std::find_if(areas.begin(), areas.end(), [focus](const QWidget *area) {
        return focus && (area == focus || area->isAncestorOf(focus));
    });
    const int count = int(areas.size());
    const int now = here == areas.end() ? 0 : int(here - areas.begin());
    QWidget *next = areas[std::size_t((now + step + count) % count)];
    if (next->focusPolicy() != Qt::NoFocus || next->focusProxy()) {
        next->setFocus(Qt::ShortcutFocusReason);
        return;
    }
    for (QWidget *child : next->findChildren<QWidget *>()) {
        if (child->isVisible() && child->isEnabled() && (child->focusPolicy() & Qt::TabFocus)) {
            child->setFocus(Qt::TabFocusReason);
            return;
        }
    }
}

} // namespace tramontane::ui
