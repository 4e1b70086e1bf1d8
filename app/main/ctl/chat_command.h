// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/main/ctl/chat_input.h"
#include "app/main/ctl/command.h"

#include <QJsonArray>

namespace tramontane::ctl {

/// Asks one question and streams the answer. Ctrl+C stops the answer and stores what there is; that is a success.
class ChatCommand final : public VaultCommand {
    Q_OBJECT
public:
    ChatCommand(Context &context, ChatInput input);
    void interrupt() override;

protected:
    [[nodiscard]] Status prepare() override;
    void run(Session &session) override;

private:
    [[nodiscard]] AskOptions askOptions();
    void look(Session &session, AskOptions options, const std::string &modelPath);
    void ask(Session &session, AskOptions options);
    void goOnWith(Session &session, AskOptions options);
    void connectSignals(ChatService &chat);
    void show(const char *type, const std::string &text);
    void showCall(const ToolCall &call);
    void flush();
    void answered(const Message &answer, const std::optional<Provenance> &provenance);
    void failedBeforeTheAnswer(const Error &error);

    ChatInput m_input;
    AttemptId m_attempt;
    ConversationId m_conversation;
    std::vector<std::pair<const char *, std::string>> m_held; // while the disk is slow
    QJsonArray m_logprobs;
    bool m_waiting = false;
    bool m_textShown = false;
    std::optional<Error> m_auditProblem;
};

} // namespace tramontane::ctl
