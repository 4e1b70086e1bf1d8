// SPDX-License-Identifier: Apache-2.0
#include "tests/support/fakes/fake_keeping.h"

#include <algorithm>

namespace tramontane::test {

namespace {

Error notFound()
{
    return Error{ErrorCode::NotFound, "not there", {}};
}

class Addition final : public AttachmentAddition {
public:
    explicit Addition(Async<Attachment> added) : m_added(std::move(added)) {}
    [[nodiscard]] Async<Attachment> added() override { return m_added; }
    [[nodiscard]] std::uint64_t bytesDone() const override { return 0; }
    [[nodiscard]] std::uint64_t bytesTotal() const override { return 0; }
    void cancel() override {}

private:
    Async<Attachment> m_added;
};

class Reader final : public AttachmentReader {
public:
    Reader(Script &script, FakeAttachments::Stored stored) : m_script(script), m_stored(std::move(stored)) {}
    [[nodiscard]] const Attachment &about() const override { return m_stored.about; }
    [[nodiscard]] Async<std::string> next() override
    {
        return m_script.run<std::string>("attachments.next",
                                         [this]() -> Result<std::string> { return std::exchange(m_stored.bytes, {}); });
    }
    void cancel() override {}

private:
    Script &m_script;
    FakeAttachments::Stored m_stored;
};

} // namespace

Async<std::vector<Folder>> FakeFolders::list()
{
    return m_script.run<std::vector<Folder>>("folders.list", [this]() -> Result<std::vector<Folder>> {
        std::vector<Folder> all;
        for (const auto &[id, folder] : folders)
            all.push_back(folder);
        return all;
    });
}

Async<Folder> FakeFolders::create(FolderId parent, std::string name)
{
    return m_script.run<Folder>("folders.create", [this, parent, name]() -> Result<Folder> {
        const Folder folder{FolderId::make(1), parent, name, 0};
        folders[folder.id] = folder;
        return folder;
    });
}

Async<void> FakeFolders::rename(FolderId folder, std::string name)
{
    return m_script.run<void>("folders.rename", [this, folder, name]() -> Status {
        folders[folder].name = name;
        return {};
    });
}

Async<void> FakeFolders::move(FolderId folder, FolderId parent)
{
    return m_script.run<void>("folders.move", [this, folder, parent]() -> Status {
        folders[folder].parent = parent;
        return {};
    });
}

Async<void> FakeFolders::remove(FolderId folder)
{
    return m_script.run<void>("folders.remove", [this, folder]() -> Status {
        return folders.erase(folder) > 0 ? Status() : Status(notFound());
    });
}

Async<void> FakeFolders::place(std::vector<ConversationId> conversations, FolderId folder)
{
    return m_script.run<void>("folders.place", [this, conversations, folder]() -> Status {
        for (const ConversationId id : conversations)
            placed[id] = folder;
        return {};
    });
}

Async<std::vector<Label>> FakeFolders::labels()
{
    return m_script.run<std::vector<Label>>("folders.labels", [this]() -> Result<std::vector<Label>> {
        std::vector<Label> all;
        for (const auto &[id, given] : labelled)
            all.insert(all.end(), given.begin(), given.end());
        return all;
    });
}

Async<std::vector<Label>> FakeFolders::labelsOf(ConversationId conversation)
{
    return ready<std::vector<Label>>(labelled[conversation]);
}

Async<std::vector<Label>> FakeFolders::setLabels(ConversationId conversation, std::vector<std::string> names)
{
    return m_script.run<std::vector<Label>>("folders.setLabels",
                                            [this, conversation, names]() -> Result<std::vector<Label>> {
                                                std::vector<Label> given;
                                                for (const std::string &name : names)
                                                    given.push_back({LabelId::make(1), name, 1});
                                                labelled[conversation] = given;
                                                return given;
                                            });
}

Async<void> FakeErasures::moveToBin(std::vector<ConversationId> conversations, std::int64_t nowMs)
{
    return m_script.run<void>("erasures.moveToBin", [this, conversations, nowMs]() -> Status {
        for (const ConversationId id : conversations)
            deleted.try_emplace(id, nowMs);
        return {};
    });
}

Async<void> FakeErasures::restoreFromBin(std::vector<ConversationId> conversations)
{
    return m_script.run<void>("erasures.restoreFromBin", [this, conversations]() -> Status {
        for (const ConversationId id : conversations) {
            if (deleted.erase(id) == 0)
                return notFound();
        }
        return {};
    });
}

Async<std::vector<Conversation>> FakeErasures::bin(int, int)
{
    return m_script.run<std::vector<Conversation>>("erasures.bin", [this]() -> Result<std::vector<Conversation>> {
        std::vector<Conversation> all;
        for (const auto &[id, ms] : deleted) {
            Conversation conversation;
            conversation.id = id;
            conversation.deletedMs = ms;
            all.push_back(conversation);
        }
        return all;
    });
}

Async<ErasureScope> FakeErasures::scope(ErasureRequest request)
{
    return m_script.run<ErasureScope>("erasures.scope", [request]() -> Result<ErasureScope> {
        return ErasureScope{0, 0, request.conversations, 0};
    });
}

Async<ErasureScope> FakeErasures::erase(ErasureRequest request)
{
    return m_script.run<ErasureScope>("erasures.erase", [this, request]() -> Result<ErasureScope> {
        UnfinishedErasure erasure{request.attempt, {}};
        for (const ConversationId id : request.conversations)
            erasure.refs.push_back({id.uuid(), ErasedKind::Conversation, request.nowMs});
        for (const MessageId id : request.messages)
            erasure.refs.push_back({id.uuid(), ErasedKind::Message, request.nowMs});
        for (const AttachmentId id : request.attachments)
            erasure.refs.push_back({id.uuid(), ErasedKind::Attachment, request.nowMs});
        open.push_back(erasure);
        return ErasureScope{0, 0, request.conversations, 0};
    });
}

Async<void> FakeErasures::cleanUp()
{
    return m_script.run<void>("erasures.cleanUp", []() -> Status { return {}; });
}

Async<std::vector<UnfinishedErasure>> FakeErasures::unfinished()
{
    return ready<std::vector<UnfinishedErasure>>(open);
}

Async<void> FakeErasures::settle(AttemptId attempt)
{
    return m_script.run<void>("erasures.settle", [this, attempt]() -> Status {
        for (const UnfinishedErasure &erasure : open) {
            if (erasure.attempt == attempt)
                done.insert(done.end(), erasure.refs.begin(), erasure.refs.end());
        }
        std::erase_if(open, [&](const UnfinishedErasure &erasure) { return erasure.attempt == attempt; });
        return {};
    });
}

Async<std::vector<ErasedRef>> FakeErasures::registered()
{
    return ready<std::vector<ErasedRef>>(done);
}

Async<Hold> FakeRetention::setHold(ConversationId conversation, FolderId folder, std::string reason)
{
    return m_script.run<Hold>("retention.setHold", [this, conversation, folder, reason]() -> Result<Hold> {
        known.holds.push_back({HoldId::make(1), conversation, folder, reason, "somebody", 1});
        return known.holds.back();
    });
}

Async<std::vector<Hold>> FakeRetention::holds()
{
    return ready<std::vector<Hold>>(known.holds);
}

Async<Hold> FakeRetention::releaseHold(HoldId hold)
{
    return m_script.run<Hold>("retention.releaseHold", [this, hold]() -> Result<Hold> {
        const auto found = std::ranges::find(known.holds, hold, &Hold::id);
        if (found == known.holds.end())
            return notFound();
        const Hold released = *found;
        known.holds.erase(found);
        return released;
    });
}

Async<RetentionRule> FakeRetention::setRule(FolderId folder, int days, RetentionAction action)
{
    return m_script.run<RetentionRule>("retention.setRule", [this, folder, days, action]() -> Result<RetentionRule> {
        known.rules.push_back({RetentionRuleId::make(1), folder, days, action});
        return known.rules.back();
    });
}

Async<std::vector<RetentionRule>> FakeRetention::rules()
{
    return ready<std::vector<RetentionRule>>(known.rules);
}

Async<RetentionRule> FakeRetention::removeRule(RetentionRuleId rule)
{
    return m_script.run<RetentionRule>("retention.removeRule", [this, rule]() -> Result<RetentionRule> {
        const auto found = std::ranges::find(known.rules, rule, &RetentionRule::id);
        if (found == known.rules.end())
            return notFound();
        const RetentionRule removed = *found;
        known.rules.erase(found);
        return removed;
    });
}

Async<RetentionFacts> FakeRetention::facts()
{
    return m_script.run<RetentionFacts>("retention.facts", [this]() -> Result<RetentionFacts> { return known; });
}

Async<void> FakeRetention::storeReport(RetentionReport report)
{
    return m_script.run<void>("retention.storeReport", [this, report]() -> Status {
        stored.push_back(report);
        return {};
    });
}

Async<std::vector<RetentionReport>> FakeRetention::reports(int)
{
    return ready<std::vector<RetentionReport>>(stored);
}

std::shared_ptr<AttachmentAddition> FakeAttachments::add(NewAttachment attachment)
{
    return std::make_shared<Addition>(
        m_script.run<Attachment>("attachments.add", [this, attachment]() -> Result<Attachment> {
            Attachment about;
            about.id = AttachmentId::make(1);
            about.message = attachment.message;
            about.name = attachment.name;
            about.mediaType = attachment.mediaType;
            stored[about.id] = {about, "content"};
            return about;
        }));
}

Async<std::vector<Attachment>> FakeAttachments::list(ConversationId conversation)
{
    std::vector<Attachment> all;
    for (const auto &[id, entry] : stored) {
        if (entry.about.conversation == conversation)
            all.push_back(entry.about);
    }
    return ready<std::vector<Attachment>>(all);
}

Async<Attachment> FakeAttachments::find(AttachmentId attachment)
{
    const auto found = stored.find(attachment);
    return ready<Attachment>(found == stored.end() ? Result<Attachment>(notFound()) : found->second.about);
}

Async<std::shared_ptr<AttachmentReader>> FakeAttachments::read(AttachmentId attachment)
{
    using Answer = std::shared_ptr<AttachmentReader>;
    return m_script.run<Answer>("attachments.read", [this, attachment]() -> Result<Answer> {
        const auto found = stored.find(attachment);
        if (found == stored.end())
            return notFound();
        return Answer(std::make_shared<Reader>(m_script, found->second));
    });
}

Async<int> FakeAttachments::sweep()
{
    return m_script.run<int>("attachments.sweep", []() -> Result<int> { return 0; });
}

} // namespace tramontane::test
