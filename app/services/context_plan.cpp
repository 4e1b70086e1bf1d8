// SPDX-License-Identifier: Apache-2.0
#include "app/services/context_plan.h"

#include "app/services/image_blocks.h"
#include "app/services/tool_blocks.h"

#include <QCryptographicHash>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>

namespace tramontane {

namespace {

/// What was said and which tools were called.
std::vector<ChatTurn> messageTurn(const Message &message)
{
    ChatTurn turn{message.role, plainText(message)};
    for (const Block &block : message.blocks) {
        if (const auto image = imageOf(block); image && message.role == Role::User)
            turn.images.push_back(*image);
        if (block.kind != BlockKind::ToolCall)
            continue;
        const auto calls = toolCallsOf(block);
        turn.toolCalls.insert(turn.toolCalls.end(), calls.begin(), calls.end());
    }
    if (turn.text.empty() && turn.toolCalls.empty() && turn.images.empty())
        return {};
    return {std::move(turn)};
}

/// A message may hold the results of several calls.
std::vector<ChatTurn> resultTurns(const Message &message)
{
    std::vector<ChatTurn> turns;
    for (const Block &block : message.blocks) {
        if (block.kind != BlockKind::ToolResult)
            continue;
        turns.push_back({Role::Tool, block.text});
        turns.back().toolCallId = block.detail;
    }
    return turns;
}

void append(std::vector<ChatTurn> &turns, ChatTurn turn)
{
    const bool joins = !turns.empty() && turns.back().role == turn.role && turn.role != Role::Tool
                       && turn.toolCalls.empty() && turns.back().toolCalls.empty();
    if (joins) {
        ChatTurn &last = turns.back();
        last.text += "\n\n" + turn.text;
        last.images.insert(last.images.end(), turn.images.begin(), turn.images.end());
    } else
        turns.push_back(std::move(turn));
}

std::int64_t textBytes(const std::string &systemPrompt, const std::vector<Message> &thread)
{
    std::size_t bytes = systemPrompt.size();
    for (const Message &message : thread) {
        for (const Block &block : message.blocks) {
            const bool said = block.kind == BlockKind::Text || block.kind == BlockKind::Code
                              || block.kind == BlockKind::ToolCall || block.kind == BlockKind::ToolResult;
            bytes += said ? block.text.size() : 0;
        }
    }
    return static_cast<std::int64_t>(bytes);
}

} // namespace

ContextPlan planContext(const std::string &systemPrompt, const std::vector<Message> &thread)
{
    ContextPlan plan;
    plan.systemPrompt = systemPrompt;
    plan.bytes = textBytes(systemPrompt, thread);
    if (plan.bytes > kMostContextBytes)
        return plan;
    if (!systemPrompt.empty())
        plan.turns.push_back({Role::System, systemPrompt});
    for (const Message &message : thread) {
        std::vector<ChatTurn> turns = message.role == Role::Tool ? resultTurns(message) : messageTurn(message);
        if (turns.empty())
            continue;
        plan.messages.push_back(message.id);
        for (ChatTurn &turn : turns)
            append(plan.turns, std::move(turn));
    }
    return plan;
}

Status checkLength(const ContextPlan &plan)
{
    if (plan.bytes <= kMostContextBytes)
        return {};
    constexpr std::int64_t kMebi = 1024 * 1024;
    return Error{ErrorCode::ContextFull,
                 "Not sent: the conversation holds " + std::to_string((plan.bytes + kMebi - 1) / kMebi)
                     + " MiB of text; a model is given at most " + std::to_string(kMostContextBytes / kMebi)
                     + ". Begin a new conversation.",
                 {}};
}

int answerReserve(int maxTokens, int contextTokens)
{
    return std::max(1, std::min(maxTokens, contextTokens / 4));
}

Status checkFits(const PromptSize &size, int maxTokens)
{
    if (size.promptTokens < 0 || size.contextTokens < 1)
        return Error{ErrorCode::EngineProtocol, "Not sent: the engine counted the conversation wrongly. Try again.",
                     "impossible size of a prompt"};
    const int reserve = answerReserve(maxTokens, size.contextTokens);
    if (std::int64_t{size.promptTokens} + reserve <= size.contextTokens)
        return {};
    return Error{ErrorCode::ContextFull,
                 "Not sent: the conversation needs " + std::to_string(size.promptTokens) + " tokens and "
                     + std::to_string(reserve) + " are kept free for the answer, but the context holds "
                     + std::to_string(size.contextTokens)
                     + ". Shorten the question, begin a new conversation, or load the model with a larger context.",
                 {}};
}

std::string contextJson(const ContextPlan &plan, const PromptSize &size, int maxTokens)
{
    QJsonArray messages;
    for (const MessageId &id : plan.messages)
        messages.append(QString::fromStdString(id.text()));
    QJsonObject context{{"messages", messages},
                        {"prompt_tokens", size.promptTokens},
                        {"reserve_tokens", answerReserve(maxTokens, size.contextTokens)},
                        {"context_tokens", size.contextTokens}};
    QJsonArray images;
    for (const ImageRef &image : distinctImages(plan.turns))
        images.append(QString::fromStdString(image.sha256));
    if (!images.isEmpty())
        context.insert("images", images);
    if (!plan.systemPrompt.empty()) {
        const QByteArray prompt = QByteArray::fromStdString(plan.systemPrompt);
        context.insert("system_prompt_sha256",
                       QString::fromLatin1(QCryptographicHash::hash(prompt, QCryptographicHash::Sha256).toHex()));
    }
    return QJsonDocument(context).toJson(QJsonDocument::Compact).toStdString();
}

} // namespace tramontane
