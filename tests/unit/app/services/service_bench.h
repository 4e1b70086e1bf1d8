// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/services/chat_service.h"
#include "tests/support/fakes/await.h"
#include "tests/support/fakes/fake_policy_source.h"
#include "tests/support/fakes/fake_provider.h"
#include "tests/support/fakes/fake_vault.h"
#include "tests/support/fakes/movable_clock.h"

#include <QSignalSpy>

namespace tramontane::test {

/// A ChatService on fakes with one model in the catalogue, and what its signals said.
struct ServiceBench {
    ServiceBench()
    {
        const ModelRef model = catalogued("SmolLM2");
        vault.modelStore.models[model.id] = model;
        (void)await(models.start());
        QObject::connect(
            &chat, &ChatService::questionStored, &chat,
            [this](AttemptId, const Conversation &c, const std::optional<Message> &question, MessageId answer) {
                script.note("questionStored");
                conversation = c;
                asked = question;
                answerId = answer;
            });
        QObject::connect(&chat, &ChatService::answerText, &chat,
                         [this](AttemptId, MessageId, const std::string &text) { streamed += text; });
        QObject::connect(&chat, &ChatService::answerReasoning, &chat,
                         [this](AttemptId, MessageId, const std::string &text) { reasoning += text; });
        QObject::connect(&chat, &ChatService::answerFinished, &chat,
                         [this](AttemptId attempt, const Message &message, const std::optional<Provenance> &how) {
                             script.note("answerFinished");
                             finished[attempt] = message;
                             answer = message;
                             provenance = how;
                         });
        QObject::connect(&chat, &ChatService::attemptFailed, &chat, [this](AttemptId attempt, const Error &error) {
            script.note("attemptFailed");
            failed[attempt] = error;
            failure = error;
        });
        QObject::connect(&chat, &ChatService::auditProblem, &chat,
                         [this](const Error &error) { problems.push_back(error); });
        QObject::connect(&chat, &ChatService::diskWaiting, &chat, [this](bool waiting) { waits.push_back(waiting); });
        script.forgetCalls();
    }

    AttemptId ask(const std::string &text = "What is a tramontane?", ConversationId in = {}, AskOptions options = {})
    {
        return chat.ask(in, text, std::move(options));
    }
    [[nodiscard]] bool waitForEnd()
    {
        return QTest::qWaitFor([this] { return !chat.isRunning(); }, 10'000);
    }

    Script script;
    MovableClock clock;
    FakePolicySource policy;
    FakeVault vault{script};
    FakeProvider provider{script};
    FakeInspector inspector{script};
    ModelService models{vault, provider, inspector, policy, clock};
    ChatService chat{vault, provider, models, policy, clock};

    Conversation conversation;
    std::optional<Message> asked;
    MessageId answerId;
    std::string streamed;
    std::string reasoning;
    std::map<AttemptId, Message> finished;
    std::map<AttemptId, Error> failed;
    std::optional<Message> answer;
    std::optional<Provenance> provenance;
    std::optional<Error> failure;
    std::vector<Error> problems;
    std::vector<bool> waits;
};

} // namespace tramontane::test
