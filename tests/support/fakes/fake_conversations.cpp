// SPDX-License-Identifier: Apache-2.0
#include "tests/support/fakes/fake_vault.h"

#include <algorithm>

namespace tramontane::test {
namespace {

Error notFound()
{
    return Error{ErrorCode::NotFound, "not there", {}};
}

} // namespace

int FakeConversations::siblings(ConversationId conversation, MessageId parent) const
{
    return int(std::count_if(messages.begin(), messages.end(), [&](const auto &entry) {
        return entry.second.conversation == conversation && entry.second.parent == parent;
    }));
}

Async<StoredQuestion> FakeConversations::storeQuestion(QuestionToStore question)
{
    return m_script.run<StoredQuestion>("storeQuestion", [this, question]() -> Result<StoredQuestion> {
        if (question.newConversation || conversations.contains(question.conversation.id))
            conversations[question.conversation.id] = question.conversation;
        else
            return notFound();
        if (question.question) {
            Message message = *question.question;
            message.branchOrder = siblings(message.conversation, message.parent);
            messages[message.id] = message;
        }
        pending[question.attempt] = {question.attempt, PendingStage::Asked,   question.conversation.id,
                                     question.answer,  question.answerParent, {}};
        return StoredQuestion{"hmac-sha256:00", 12};
    });
}

Async<void> FakeConversations::appendStreamParts(std::vector<StreamPart> parts)
{
    return m_script.run<void>("appendStreamParts", [this, parts]() -> Status {
        commits.push_back(parts);
        for (auto &[id, leftover] : pending) {
            for (const StreamPart &part : parts) {
                // Parts of an answer that is stored are left out, as in the real store.
                if (part.answer != leftover.answer || leftover.stage != PendingStage::Asked)
                    continue;
                if (leftover.blocks.empty() || leftover.blocks.back().kind != part.kind)
                    leftover.blocks.push_back({part.kind, {}, {}});
                leftover.blocks.back().text += part.text;
            }
        }
        return {};
    });
}

Async<void> FakeConversations::storeAnswer(AnswerToStore answer)
{
    return m_script.run<void>("storeAnswer", [this, answer]() -> Status {
        const auto open = pending.find(answer.attempt);
        if (open == pending.end() || open->second.stage != PendingStage::Asked)
            return Error{ErrorCode::InvalidArgument, "no open attempt", {}};
        Message message = answer.message;
        message.branchOrder = siblings(message.conversation, message.parent);
        messages[message.id] = message;
        if (answer.provenance)
            provenances[message.id] = *answer.provenance;
        conversations[message.conversation].leaf = message.id;
        open->second.stage = PendingStage::Answered;
        open->second.blocks.clear();
        return {};
    });
}

void FakeConversations::settle(AttemptId attempt, AuditHead head)
{
    m_script.note("settle");
    pending.erase(attempt);
    heads.push_back(std::move(head));
}

void FakeConversations::acknowledge(AuditHead head)
{
    heads.push_back(std::move(head));
}

Async<void> FakeConversations::acceptGap(std::uint64_t after, AuditHead head)
{
    return m_script.run<void>("acceptGap", [this, after, head]() -> Status {
        std::erase_if(heads, [&](const AuditHead &known) { return known.size > after; });
        heads.push_back(head);
        return {};
    });
}

Async<std::vector<Leftover>> FakeConversations::leftovers()
{
    return m_script.run<std::vector<Leftover>>("leftovers", [this]() -> Result<std::vector<Leftover>> {
        std::vector<Leftover> all;
        for (const auto &[id, leftover] : pending)
            all.push_back(leftover);
        return all;
    });
}

Async<std::vector<AuditHead>> FakeConversations::knownAuditHeads()
{
    return m_script.run<std::vector<AuditHead>>("knownAuditHeads",
                                                [this]() -> Result<std::vector<AuditHead>> { return heads; });
}

Async<std::vector<MessageId>> FakeConversations::absent(std::vector<MessageId> ids)
{
    return m_script.run<std::vector<MessageId>>("absent", [this, ids]() -> Result<std::vector<MessageId>> {
        std::vector<MessageId> absent;
        std::copy_if(ids.begin(), ids.end(), std::back_inserter(absent),
                     [this](MessageId id) { return !messages.contains(id); });
        return absent;
    });
}

Async<std::vector<Conversation>> FakeConversations::list(int limit, int offset)
{
    return m_script.run<std::vector<Conversation>>(
        "list", [this, limit, offset]() -> Result<std::vector<Conversation>> {
            std::vector<Conversation> all;
            for (const auto &[id, conversation] : conversations)
                all.insert(all.begin(), conversation);
            all.erase(all.begin(), all.begin() + std::min<std::ptrdiff_t>(offset, std::ssize(all)));
            if (limit > 0 && std::ssize(all) > limit)
                all.resize(std::size_t(limit));
            return all;
        });
}

Async<Conversation> FakeConversations::find(ConversationId id)
{
    return m_script.run<Conversation>("find", [this, id]() -> Result<Conversation> {
        const auto found = conversations.find(id);
        return found == conversations.end() ? Result<Conversation>(notFound()) : found->second;
    });
}

std::vector<Message> FakeConversations::branch(MessageId leaf) const
{
    std::vector<Message> thread;
    for (MessageId next = leaf; !next.isNull() && messages.contains(next);) {
        Message message = messages.at(next);
        message.versions = siblings(message.conversation, message.parent);
        next = message.parent;
        thread.push_back(std::move(message));
    }
    std::reverse(thread.begin(), thread.end());
    return thread;
}

Async<std::vector<Message>> FakeConversations::thread(ConversationId id, MessageId leaf)
{
    return m_script.run<std::vector<Message>>("thread", [this, id, leaf]() -> Result<std::vector<Message>> {
        return branch(leaf.isNull() ? conversations[id].leaf : leaf);
    });
}

Async<ThreadPart> FakeConversations::threadPart(ConversationId id, ThreadPlace place)
{
    return m_script.run<ThreadPart>("threadPart", [this, id, place]() -> Result<ThreadPart> {
        const std::vector<Message> all = branch(conversations[id].leaf);
        const auto size = std::ssize(all);
        const auto at = std::find_if(all.begin(), all.end(), [&](const Message &m) { return m.id == place.anchor; });
        if (!place.anchor.isNull() && at == all.end())
            return notFound();
        std::ptrdiff_t from = place.anchor.isNull() ? size - place.count : at - all.begin();
        if (!place.anchor.isNull())
            from += place.side == ThreadPlace::Side::Below   ? 1
                    : place.side == ThreadPlace::Side::Above ? -place.count
                                                             : -place.count / 2;
        const auto to = place.side == ThreadPlace::Side::Above ? at - all.begin() : std::min(size, from + place.count);
        from = std::max<std::ptrdiff_t>(0, from);
        return ThreadPart{{all.begin() + from, all.begin() + to}, from > 0, to < size};
    });
}

Async<std::vector<Message>> FakeConversations::versions(MessageId sibling)
{
    return m_script.run<std::vector<Message>>("versions", [this, sibling]() -> Result<std::vector<Message>> {
        if (!messages.contains(sibling))
            return notFound();
        std::vector<Message> all;
        for (const auto &[id, message] : messages) {
            if (message.parent == messages[sibling].parent && message.conversation == messages[sibling].conversation)
                all.push_back(message);
        }
        std::sort(all.begin(), all.end(),
                  [](const Message &a, const Message &b) { return a.branchOrder < b.branchOrder; });
        return all;
    });
}

Async<MessageId> FakeConversations::showBranch(MessageId message)
{
    return m_script.run<MessageId>("showBranch", [this, message]() -> Result<MessageId> {
        if (!messages.contains(message))
            return notFound();
        MessageId leaf = message;
        const auto below = [&](MessageId parent) {
            MessageId newest;
            for (const auto &[id, child] : messages) {
                if (child.parent == parent && (newest.isNull() || child.branchOrder >= messages[newest].branchOrder))
                    newest = id;
            }
            return newest;
        };
        for (MessageId next = below(leaf); !next.isNull(); next = below(leaf))
            leaf = next;
        conversations[messages[message].conversation].leaf = leaf;
        return leaf;
    });
}

Async<Provenance> FakeConversations::provenance(MessageId answer)
{
    return m_script.run<Provenance>("provenance", [this, answer]() -> Result<Provenance> {
        const auto found = provenances.find(answer);
        return found == provenances.end() ? Result<Provenance>(notFound()) : found->second;
    });
}

Async<std::map<MessageId, Provenance>> FakeConversations::provenancesOf(std::vector<MessageId> answers)
{
    using Found = std::map<MessageId, Provenance>;
    return m_script.run<Found>("provenancesOf", [this, answers]() -> Result<Found> {
        Found found;
        for (const MessageId &id : answers) {
            if (const auto one = provenances.find(id); one != provenances.end())
                found.insert(*one);
        }
        return found;
    });
}

Async<void> FakeConversations::rename(ConversationId id, std::string title)
{
    return m_script.run<void>("rename", [this, id, title]() -> Status {
        if (!conversations.contains(id))
            return notFound();
        conversations[id].title = title;
        return {};
    });
}

Async<SearchPage> FakeConversations::search(SearchQuery query)
{
    return m_script.run<SearchPage>("search", [this, query]() -> Result<SearchPage> {
        SearchPage page;
        const std::string wanted = query.text.substr(0, query.text.find('*'));
        for (const auto &[id, message] : messages) {
            if (plainText(message).find(wanted) != std::string::npos && int(page.hits.size()) < query.limit)
                page.hits.push_back(
                    {message.conversation, id, conversations[message.conversation].title, plainText(message), 0});
        }
        return page;
    });
}

} // namespace tramontane::test
