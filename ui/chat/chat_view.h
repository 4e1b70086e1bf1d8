// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/chat/chat_view_model.h"
#include "ui/transcript/transcript_item.h"

#include <QWidget>

#include <map>

class QShortcut;
class QStackedWidget;

namespace tramontane::ui {

class ChatHeader;
class Composer;
class EmptyChat;
class ModelPickerModel;
class Notice;
class TranscriptView;
struct TranscriptItem;

/// The chat: header, transcript or what stands in its place, notice, composer. Translates between the view model and the
/// widgets and decides nothing itself. GUI thread.
class ChatView : public QWidget {
    Q_OBJECT
public:
    ChatView(ChatViewModel &chat, ModelPickerModel &models, QWidget *parent = nullptr);

    [[nodiscard]] ChatHeader &header() { return *m_header; }
    [[nodiscard]] Composer &composer() { return *m_composer; }
    [[nodiscard]] TranscriptView &transcript() { return *m_transcript; }
    void focusComposer();
    /// What was written and not sent, by chat; the null id stands for the chat that is not stored yet. Blank ones are
    /// left out.
    [[nodiscard]] std::map<ConversationId, QString> drafts() const;
    /// Takes these drafts for chats that have none yet.
    void restoreDrafts(const std::map<ConversationId, QString> &drafts);
    /// A failure that is nobody's answer: shown above the composer until dismissed.
    void showProblem(const Error &error);

Q_SIGNALS:
    void addModelRequested();

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    void connectChat();
    void connectInput();
    void addShortcuts();
    void onConversationChanged();
    void offerLink(const QString &target);
    void setThread();
    void addMessage(const ThreadEntry &entry);
    void updateMessage(const ThreadEntry &entry);
    void refresh();
    void refreshProblem();
    void refreshWriting();
    void send(const QString &text);
    void askAgain();
    void recall();
    void stepVersion(int step);
    [[nodiscard]] std::vector<TranscriptItem> transcriptItems(std::size_t from, std::size_t count) const;
    [[nodiscard]] QString progressText() const;
    [[nodiscard]] QString blockedReason() const;

    ChatViewModel &m_chat;
    ModelPickerModel &m_models;
    ChatHeader *m_header;
    QStackedWidget *m_body;
    TranscriptView *m_transcript;
    EmptyChat *m_empty;
    Notice *m_notice;
    Composer *m_composer;
    QWidget *m_bottom;
    QShortcut *m_stop = nullptr;
    std::optional<Error> m_problem;
    QString m_link; // asked about, instead of a problem
    ConversationId m_shown;
    std::map<ConversationId, QString> m_drafts;
};

} // namespace tramontane::ui
