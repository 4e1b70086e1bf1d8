// SPDX-License-Identifier: Apache-2.0
#include "ui/chat/chat_thread.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace tramontane::ui {

void appendToBlocks(std::vector<Block> &blocks, BlockKind kind, const std::string &text)
{
    if (blocks.empty() || blocks.back().kind != kind)
        blocks.push_back({kind, {}, {}});
    blocks.back().text += text;
}

void ChatThread::clear()
{
    m_entries.clear();
}

void ChatThread::replace(std::vector<Message> messages)
{
    m_entries.clear();
    addBelow(std::move(messages));
}

void ChatThread::addAbove(std::vector<Message> messages)
{
    std::vector<ThreadEntry> below = std::exchange(m_entries, {});
    addBelow(std::move(messages));
    m_entries.insert(m_entries.end(), std::make_move_iterator(below.begin()), std::make_move_iterator(below.end()));
}

void ChatThread::addBelow(std::vector<Message> messages)
{
    m_entries.reserve(m_entries.size() + messages.size());
    for (Message &message : messages) {
        if (message.role != Role::System)
            m_entries.push_back({std::move(message), std::nullopt, false});
    }
}

void ChatThread::addQuestion(Message question)
{
    m_entries.push_back({std::move(question), std::nullopt, false});
}

void ChatThread::startAnswer(MessageId answer, MessageId parent, int siblings, std::int64_t nowMs)
{
    const auto at = std::find_if(m_entries.begin(), m_entries.end(),
                                 [&](const ThreadEntry &entry) { return entry.message.id == parent; });
    if (!parent.isNull() && at != m_entries.end())
        m_entries.erase(at + 1, m_entries.end());
    Message message;
    message.id = answer;
    message.parent = m_entries.empty() ? MessageId{} : m_entries.back().message.id;
    message.role = Role::Assistant;
    message.createdMs = nowMs;
    message.branchOrder = siblings;
    message.versions = siblings + 1;
    m_entries.push_back({std::move(message), std::nullopt, true});
}

bool ChatThread::growAnswer(MessageId answer, BlockKind kind, const std::string &text)
{
    ThreadEntry *shown = entry(answer);
    if (!shown || !shown->writing)
        return false;
    appendToBlocks(shown->message.blocks, kind, text);
    return true;
}

bool ChatThread::finishAnswer(const Message &answer, const std::optional<Provenance> &provenance)
{
    ThreadEntry *shown = entry(answer.id);
    if (!shown)
        return false;
    const int versions = std::max(shown->message.versions, answer.versions);
    const int order = std::max(shown->message.branchOrder, answer.branchOrder);
    shown->message = answer;
    shown->message.versions = versions;
    shown->message.branchOrder = order;
    shown->provenance = provenance;
    shown->writing = false;
    return true;
}

void ChatThread::dropAnswer(MessageId answer)
{
    std::erase_if(m_entries, [&](const ThreadEntry &entry) { return entry.writing && entry.message.id == answer; });
}

bool ChatThread::setProvenance(MessageId answer, Provenance provenance)
{
    ThreadEntry *shown = entry(answer);
    if (!shown)
        return false;
    shown->provenance = std::move(provenance);
    return true;
}

ThreadEntry *ChatThread::entry(MessageId id)
{
    const auto found = std::find_if(m_entries.begin(), m_entries.end(),
                                    [&](const ThreadEntry &entry) { return entry.message.id == id; });
    return found == m_entries.end() ? nullptr : &*found;
}

const ThreadEntry *ChatThread::find(MessageId id) const
{
    return const_cast<ChatThread *>(this)->entry(id);
}

const ThreadEntry *ChatThread::lastAnswer() const
{
    const auto found = std::find_if(m_entries.rbegin(), m_entries.rend(),
                                    [](const ThreadEntry &entry) { return entry.message.role == Role::Assistant; });
    return found == m_entries.rend() ? nullptr : &*found;
}

std::optional<Usage> ChatThread::lastUsage() const
{
    const auto found = std::find_if(m_entries.rbegin(), m_entries.rend(), [](const ThreadEntry &entry) {
        return entry.provenance && entry.provenance->usage.promptTokens > 0;
    });
    return found == m_entries.rend() ? std::nullopt : std::optional<Usage>(found->provenance->usage);
}

const ThreadEntry *ChatThread::lastQuestion() const
{
    const auto found = std::find_if(m_entries.rbegin(), m_entries.rend(),
                                    [](const ThreadEntry &entry) { return entry.message.role == Role::User; });
    return found == m_entries.rend() ? nullptr : &*found;
}

} // namespace tramontane::ui
