// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/clock.h"
#include "app/services/chat_service.h"
#include "app/services/conversation_service.h"
#include "ui/chat/chat_thread.h"

#include <QTimer>

#include <map>
#include <set>

namespace tramontane::ui {

/// How far the attempt in the shown conversation has come.
enum class ChatState { Idle, Asking, Reading, Writing, Stopping, Failed };

/// What the chat screen shows and does, without a window: one shown conversation, the answers that are being written
/// (also in other conversations), and what stands in the way of asking. Lives in the GUI thread; nothing blocks.
class ChatViewModel : public QObject {
    Q_OBJECT
public:
    static constexpr int kFrameMs = 16; // at most one update of the shown text in this time
    static constexpr int kPart = 200;   // messages of a long conversation that are read at once

    ChatViewModel(ChatService &chat, ConversationService &conversations, const Clock &clock, QObject *parent = nullptr);

    /// Shows a conversation; with `at` the branch that this message lies in, which becomes the shown one, and asks by
    /// messageWanted() to bring it into view. Unknown ids are told by failed().
    void open(ConversationId id, MessageId at = {});
    /// Shows an empty conversation, which is stored only when the first question is.
    void startNew();
    [[nodiscard]] ConversationId conversation() const { return m_conversation; }
    [[nodiscard]] const QString &title() const { return m_title; }
    void setTitle(const QString &title);
    /// What is shown of the branch: at most kPart messages to begin with, up to its end or around a wanted message.
    [[nodiscard]] const ChatThread &thread() const { return m_thread; }
    /// Whether the branch goes on above or below, and reading that. Nothing happens where it does not, while another piece
    /// is being read, and below while an answer is being written here.
    [[nodiscard]] bool hasAbove() const { return m_above; }
    [[nodiscard]] bool hasBelow() const { return m_below; }
    void readAbove();
    void readBelow();

    void setOptions(AskOptions options) { m_options = std::move(options); }
    /// Asks. False, and nothing happens, when the text is blank or canAsk() is false; the caller keeps the draft until
    /// questionAccepted().
    bool send(const QString &text);
    /// A new version of the last answer. False when there is none, the end of the branch is not shown, or canAsk() is
    /// false.
    bool askAgain();
    void stop();
    /// Shows the neighbour version of a message; nothing happens at the ends or while an answer is written here.
    void showVersion(MessageId message, int step);

    [[nodiscard]] ChatState state() const { return m_state; }
    [[nodiscard]] bool busy() const;
    [[nodiscard]] bool canAsk() const;
    /// 0-1 while the model reads the prompt.
    [[nodiscard]] double readingProgress() const { return m_reading; }
    /// Nothing can be asked while this is set; it stays until cleared by the owner.
    void setAuditProblem(std::optional<Error> problem);
    [[nodiscard]] const std::optional<Error> &auditProblem() const { return m_auditProblem; }
    /// Why the last attempt here failed; nothing after the next one was accepted.
    [[nodiscard]] const std::optional<Error> &problem() const { return m_problem; }
    void dismissProblem();
    [[nodiscard]] bool diskWaiting() const { return m_diskWaiting; }
    /// Conversations in which an answer is being written.
    [[nodiscard]] std::set<ConversationId> running() const;

Q_SIGNALS:
    /// Another conversation, another title, or another branch: read title() and thread() anew.
    void conversationChanged();
    void threadReplaced();
    /// So many entries came before, or after, those that were there.
    void addedAbove(std::size_t count);
    void addedBelow(std::size_t count);
    /// The message that was asked for: bring it into view.
    void messageWanted(tramontane::MessageId message);
    /// The question is on disk: the draft may go.
    void questionAccepted();
    /// The question is stored, but nothing was run: here is its text again.
    void draftReturned(const QString &text);
    void messageAdded(const tramontane::ui::ThreadEntry &entry);
    /// The answer goes on with `more` (complete UTF-8), at most once a frame and kind of text.
    void answerGrew(tramontane::MessageId answer, tramontane::BlockKind kind, const std::string &more);
    void answerFinished(const tramontane::ui::ThreadEntry &entry);
    void provenanceKnown(const tramontane::ui::ThreadEntry &entry);
    void stateChanged();
    void problemChanged();
    void runningChanged();
    /// A conversation was made or renewed, in the shown place or another.
    void listChanged();
    /// Something that was asked for could not be read.
    void failed(const tramontane::Error &error);

private:
    struct Running {
        ConversationId conversation;
        MessageId answer;
        MessageId parent;
        int siblings = 0;
        QString question;
        std::vector<Block> text;  // what was shown
        std::vector<Block> fresh; // what was not shown yet
        ChatState state = ChatState::Asking;
        double reading = 0;
    };
    void begin(AttemptId attempt, Running running);
    void onQuestionStored(AttemptId attempt, const Conversation &conversation, const std::optional<Message> &question,
                          MessageId answer);
    void onPromptProgress(AttemptId attempt, int done, int total);
    void onAnswerText(AttemptId attempt, BlockKind kind, const std::string &text);
    void onAnswerFinished(AttemptId attempt, const Message &answer, const std::optional<Provenance> &provenance);
    void onAttemptFailed(AttemptId attempt, const Error &error);
    void onDiskWaiting(bool waiting);
    void showAsked(const std::optional<Message> &question, const Running &running);
    void openThread(const Conversation &conversation, MessageId at);
    void showThread(ThreadPart part);
    void reload();
    void readPart(MessageId anchor, ThreadPlace::Side side);
    void readProvenance(std::size_t from, std::size_t count);
    void flush();
    static std::vector<Block> takeFresh(Running &running);
    void setState(ChatState state, double reading = 0);
    [[nodiscard]] Running *shownRunning();
    [[nodiscard]] bool isShown(AttemptId attempt) const;

    ChatService &m_chat;
    ConversationService &m_conversations;
    const Clock &m_clock;
    ConversationId m_conversation;
    QString m_title;
    ChatThread m_thread;
    AskOptions m_options;
    std::map<AttemptId, Running> m_running;
    AttemptId m_shown; // the attempt of the shown conversation; null: none
    ChatState m_state = ChatState::Idle;
    double m_reading = 0;
    std::optional<Error> m_problem;
    std::optional<Error> m_auditProblem;
    QTimer m_frame;
    bool m_diskWaiting = false;
    bool m_above = false;
    bool m_below = false;
    bool m_readingPart = false;
    std::uint64_t m_opened = 0; // counts what was opened, so that a late answer is known as late
};

} // namespace tramontane::ui
