// SPDX-License-Identifier: Apache-2.0
#include "ui/chat/chat_view.h"

#include "ui/chat/chat_header.h"
#include "ui/chat/composer.h"
#include "ui/chat/empty_chat.h"
#include "ui/chat/transcript_items.h"
#include "ui/models/model_picker.h"
#include "ui/models/model_picker_model.h"
#include "ui/style/notice.h"
#include "ui/style/own_text.h"
#include "ui/transcript/transcript_view.h"

#include <QHBoxLayout>
#include <QLocale>
#include <QPushButton>
#include <QShortcut>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace tramontane::ui {
namespace {

constexpr int kLowWindow = 480; // below this height the composer keeps one line

Tone toneFor(ErrorCode code)
{
    switch (code) {
    case ErrorCode::PolicyDenied:
    case ErrorCode::Cancelled:
    case ErrorCode::EngineBusy: return Tone::Neutral;
    case ErrorCode::EngineStopped:
    case ErrorCode::ContextFull: return Tone::Warn;
    default: return Tone::Bad;
    }
}

} // namespace

ChatView::ChatView(ChatViewModel &chat, ModelPickerModel &models, QWidget *parent)
    : QWidget(parent), m_chat(chat), m_models(models), m_header(new ChatHeader(models, this)),
      m_body(new QStackedWidget(this)), m_transcript(new TranscriptView), m_empty(new EmptyChat(models)),
      m_notice(new Notice(Tone::Bad)), m_composer(new Composer),
      m_bottom(new Surface(Surface::Fill::Canvas, Surface::Edge::None, 0, this))
{
    m_body->addWidget(m_empty);
    m_body->addWidget(m_transcript);
    for (QWidget *wide : {static_cast<QWidget *>(m_notice), static_cast<QWidget *>(m_composer)})
        wide->setMaximumWidth(size::kComposer);
    auto *stack = new QVBoxLayout;
    stack->setSpacing(spacing::k8);
    stack->addWidget(m_notice);
    stack->addWidget(m_composer);
    auto *bottom = new QHBoxLayout(m_bottom);
    bottom->setContentsMargins(spacing::k16, 0, spacing::k16, spacing::k12);
    bottom->addStretch(1);
    bottom->addLayout(stack, 1000);
    bottom->addStretch(1);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_header);
    column->addWidget(m_body, 1);
    column->addWidget(m_bottom);
    setFocusProxy(m_composer);
    m_notice->hide();
    connectChat();
    connectInput();
    addShortcuts();
    setThread();
    refresh();
}

void ChatView::connectChat()
{
    connect(&m_chat, &ChatViewModel::conversationChanged, this, &ChatView::onConversationChanged);
    connect(&m_chat, &ChatViewModel::threadReplaced, this, &ChatView::setThread);
    connect(&m_chat, &ChatViewModel::addedAbove, this,
            [this](std::size_t count) { m_transcript->addAbove(transcriptItems(0, count)); });
    connect(&m_chat, &ChatViewModel::addedBelow, this, [this](std::size_t count) {
        m_transcript->addBelow(transcriptItems(m_chat.thread().entries().size() - count, count));
    });
    connect(m_transcript, &TranscriptView::startNear, &m_chat, &ChatViewModel::readAbove);
    connect(m_transcript, &TranscriptView::atEndChanged, &m_chat, [this](bool atEnd) {
        if (atEnd)
            m_chat.readBelow();
    });
    connect(&m_chat, &ChatViewModel::messageWanted, this, [this](MessageId message) {
        m_transcript->setCurrentMessage(message);
        m_transcript->scrollToMessage(message);
    });
    connect(&m_chat, &ChatViewModel::messageAdded, this, &ChatView::addMessage);
    connect(&m_chat, &ChatViewModel::answerGrew, this,
            [this](MessageId answer, BlockKind kind, const std::string &more) {
                m_transcript->appendText(answer, more, kind);
            });
    connect(&m_chat, &ChatViewModel::answerFinished, this, &ChatView::updateMessage);
    connect(&m_chat, &ChatViewModel::provenanceKnown, this, &ChatView::updateMessage);
    connect(&m_chat, &ChatViewModel::stateChanged, this, &ChatView::refresh);
    connect(&m_chat, &ChatViewModel::problemChanged, this, &ChatView::refreshProblem);
    connect(&m_chat, &ChatViewModel::failed, this, &ChatView::showProblem);
    connect(&m_chat, &ChatViewModel::questionAccepted, m_composer, &Composer::clear);
    connect(&m_chat, &ChatViewModel::draftReturned, this, [this](const QString &text) {
        restoreDrafts({{m_shown, text}});
    });
    connect(&m_models, &ModelPickerModel::currentChanged, this, &ChatView::refresh);
    connect(&m_models, &ModelPickerModel::importFailed, this, &ChatView::showProblem);
}

void ChatView::connectInput()
{
    connect(m_composer, &Composer::sendRequested, this, &ChatView::send);
    connect(m_composer, &Composer::stopRequested, &m_chat, &ChatViewModel::stop);
    connect(m_composer, &Composer::againRequested, this, &ChatView::askAgain);
    connect(m_composer, &Composer::recallRequested, this, &ChatView::recall);
    connect(m_transcript, &TranscriptView::stopRequested, &m_chat, &ChatViewModel::stop);
    connect(m_transcript, &TranscriptView::regenerateRequested, this, &ChatView::askAgain);
    connect(m_transcript, &TranscriptView::versionRequested, &m_chat, &ChatViewModel::showVersion);
    connect(m_transcript, &TranscriptView::linkActivated, this, &ChatView::offerLink);
    connect(m_empty, &EmptyChat::addModelRequested, this, &ChatView::addModelRequested);
    connect(m_empty, &EmptyChat::retryRequested, &m_models, &ModelPickerModel::loadCurrent);
    connect(&m_header->picker(), &ModelPicker::addModelRequested, this, &ChatView::addModelRequested);
}

void ChatView::addShortcuts()
{
    const auto add = [this](const QKeySequence &key, auto act) {
        auto *shortcut = new QShortcut(key, this);
        shortcut->setContext(Qt::WidgetWithChildrenShortcut);
        connect(shortcut, &QShortcut::activated, this, act);
        return shortcut;
    };
    m_stop = add(Qt::Key_Escape, [this] { m_chat.stop(); });
    add(Qt::CTRL | Qt::Key_M, [this] { m_header->picker().openList(); });
    add(Qt::CTRL | Qt::Key_Return, [this] { askAgain(); });
    add(Qt::ALT | Qt::Key_Left, [this] { stepVersion(-1); });
    add(Qt::ALT | Qt::Key_Right, [this] { stepVersion(1); });
}

std::map<ConversationId, QString> ChatView::drafts() const
{
    std::map<ConversationId, QString> all = m_drafts;
    all[m_shown] = m_composer->text();
    std::erase_if(all, [](const auto &draft) { return draft.second.trimmed().isEmpty(); });
    return all;
}

void ChatView::restoreDrafts(const std::map<ConversationId, QString> &drafts)
{
    for (const auto &[id, text] : drafts) {
        if (id == m_shown && m_composer->text().isEmpty())
            m_composer->setText(text);
        else if (id != m_shown && m_drafts[id].isEmpty())
            m_drafts[id] = text;
    }
}

void ChatView::onConversationChanged()
{
    m_header->setTitle(m_chat.title());
    if (m_chat.conversation() != m_shown) {
        m_drafts[m_shown] = m_composer->text();
        m_shown = m_chat.conversation();
        m_composer->setText(m_drafts[m_shown]);
        m_problem.reset();
        m_link.clear();
    }
    refreshProblem();
}

void ChatView::offerLink(const QString &target)
{
    // Opening it would leave this machine through another program, so it is only handed over.
    m_link = target;
    refreshProblem();
}

void ChatView::focusComposer()
{
    m_composer->focusText();
}

void ChatView::setThread()
{
    m_transcript->setItems(transcriptItems(0, m_chat.thread().entries().size()));
    refresh();
}

std::vector<TranscriptItem> ChatView::transcriptItems(std::size_t from, std::size_t count) const
{
    std::vector<TranscriptItem> items;
    for (std::size_t i = from; i < from + count; ++i)
        items.push_back(transcriptItem(m_chat.thread().entries()[i], m_models.currentStatus(), progressText()));
    return items;
}

void ChatView::addMessage(const ThreadEntry &entry)
{
    m_transcript->appendItem(transcriptItem(entry, m_models.currentStatus(), progressText()));
    m_transcript->scrollToEnd();
    refresh();
}

void ChatView::updateMessage(const ThreadEntry &entry)
{
    m_transcript->updateItem(transcriptItem(entry, m_models.currentStatus(), {}));
    refresh();
}

void ChatView::refresh()
{
    m_body->setCurrentWidget(m_chat.thread().empty() ? static_cast<QWidget *>(m_empty) : m_transcript);
    m_header->setTitle(m_chat.title());
    m_composer->setBusy(m_chat.busy());
    m_composer->setBlocked(blockedReason());
    m_composer->setHint(m_chat.diskWaiting() ? tr("Waiting for the disk") : QString());
    m_stop->setEnabled(m_chat.busy());
    const ModelStatus *model = m_models.currentStatus();
    const std::optional<Usage> usage = m_chat.thread().lastUsage();
    const bool known = model && model->loaded && usage;
    m_composer->setContext(known ? usage->promptTokens + usage->answerTokens : 0,
                           known ? model->loaded->contextTokens : 0);
    refreshWriting();
}

void ChatView::refreshWriting()
{
    const ThreadEntry *answer = m_chat.thread().lastAnswer();
    if (!answer || !answer->writing)
        return;
    const QString progress = progressText();
    m_transcript->setDisplay(answer->message.id, messageDisplay(*answer, m_models.currentStatus(), progress));
}

QString ChatView::progressText() const
{
    const ModelStatus *model = m_models.currentStatus();
    if (m_chat.state() == ChatState::Stopping)
        return tr("Stopping");
    if (m_chat.state() == ChatState::Writing)
        return {};
    if (model && model->state == ModelLoadState::Loading)
        return tr("Loading the model, %1 %").arg(QLocale().toString(int(model->progress * 100)));
    if (m_chat.state() == ChatState::Reading && m_chat.readingProgress() > 0)
        return tr("Reading the question, %1 %").arg(QLocale().toString(int(m_chat.readingProgress() * 100)));
    return tr("Reading the question");
}

QString ChatView::blockedReason() const
{
    if (m_chat.auditProblem())
        return tr("Kept as a draft until the log is back");
    if (!m_models.currentStatus())
        return m_models.importing() ? tr("Kept as a draft until the model is there") : tr("Choose a model first");
    return {};
}

void ChatView::showProblem(const Error &error)
{
    m_problem = error;
    refreshProblem();
}

void ChatView::refreshProblem()
{
    const std::optional<Error> &problem = m_chat.problem() ? m_chat.problem() : m_problem;
    m_notice->setVisible(problem.has_value() || !m_link.isEmpty());
    m_notice->clearButtons();
    if (problem) {
        m_notice->setTone(toneFor(problem->code), problem->code == ErrorCode::PolicyDenied ? Icon::Lock : Icon::None);
        m_notice->setText({}, QString::fromStdString(problem->message));
    } else if (!m_link.isEmpty()) {
        m_notice->setTone(Tone::Neutral);
        m_notice->setText(tr("This link leads out of this machine. It was not opened."), m_link);
        QPushButton *copy = m_notice->addButton(tr("Copy the address"), ButtonKind::Normal);
        connect(copy, &QPushButton::clicked, this, [this] { copyText(m_link); });
    }
    QPushButton *dismiss = m_notice->addButton(tr("Close"), ButtonKind::Quiet);
    connect(dismiss, &QPushButton::clicked, this, [this] {
        m_problem.reset();
        m_link.clear();
        m_chat.dismissProblem();
        refreshProblem();
        focusComposer();
    });
}

void ChatView::send(const QString &text)
{
    AskOptions options;
    options.model = m_models.current();
    m_chat.setOptions(std::move(options));
    m_problem.reset();
    m_chat.send(text);
}

void ChatView::askAgain()
{
    AskOptions options;
    options.model = m_models.current();
    m_chat.setOptions(std::move(options));
    m_chat.askAgain();
}

void ChatView::recall()
{
    if (const ThreadEntry *question = m_chat.thread().lastQuestion())
        m_composer->setText(QString::fromStdString(plainText(question->message)));
}

void ChatView::stepVersion(int step)
{
    MessageId message = m_transcript->currentMessage();
    if (message.isNull() && m_chat.thread().lastAnswer())
        message = m_chat.thread().lastAnswer()->message.id;
    if (!message.isNull())
        m_chat.showVersion(message, step);
}

void ChatView::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    // Where the column has no air beside it, the scroll bar takes its room from the right.
    const bool narrow = width() < size::kTranscriptColumn + 2 * size::kScrollBar;
    m_bottom->layout()->setContentsMargins(spacing::k16, 0, spacing::k16 + (narrow ? size::kScrollBar : 0),
                                           spacing::k12);
    m_composer->setMostLines(height() < kLowWindow ? 1 : 8);
}

} // namespace tramontane::ui
