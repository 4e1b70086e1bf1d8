// SPDX-License-Identifier: Apache-2.0
#include "tests/support/fakes/fake_snapshots.h"

namespace tramontane::test {

namespace {

Error cancelled()
{
    return Error{ErrorCode::Cancelled, "cancelled", {}};
}

class Writer final : public SnapshotWriter {
public:
    Writer(FakeSnapshots &store, Script &script, ConversationId conversation, SnapshotHeader header)
        : m_store(store), m_script(script), m_conversation(conversation), m_gathered{std::move(header), {}}
    {
    }

    [[nodiscard]] Async<bool> append(std::string piece) override
    {
        return m_script.run<bool>("snapshots.append", [this, piece]() -> Result<bool> {
            if (m_over)
                return cancelled();
            m_gathered.bytes += piece;
            return m_store.outcome == SnapshotOutcome::Stored;
        });
    }
    [[nodiscard]] Async<SnapshotWritten> finish() override
    {
        return m_script.run<SnapshotWritten>("snapshots.finish", [this]() -> Result<SnapshotWritten> {
            if (std::exchange(m_over, true))
                return cancelled();
            if (m_store.outcome != SnapshotOutcome::Stored)
                return SnapshotWritten{m_store.outcome, 0};
            m_store.stored[m_conversation] = m_gathered;
            return SnapshotWritten{SnapshotOutcome::Stored, m_gathered.bytes.size()};
        });
    }
    void cancel() override { m_over = true; }

private:
    FakeSnapshots &m_store;
    Script &m_script;
    const ConversationId m_conversation;
    FakeSnapshots::Stored m_gathered;
    bool m_over = false;
};

class Reader final : public SnapshotReader {
public:
    Reader(Script &script, FakeSnapshots::Stored stored, SnapshotPiece::State end)
        : m_script(script), m_stored(std::move(stored)), m_end(end)
    {
    }

    [[nodiscard]] const SnapshotHeader &header() const override { return m_stored.header; }
    [[nodiscard]] Async<SnapshotPiece> next() override
    {
        return m_script.run<SnapshotPiece>("snapshots.next", [this]() -> Result<SnapshotPiece> {
            if (m_over)
                return cancelled();
            if (m_stored.bytes.empty())
                return SnapshotPiece{m_end, {}};
            SnapshotPiece piece{SnapshotPiece::State::More, m_stored.bytes.substr(0, kMaxSnapshotPiece)};
            m_stored.bytes.erase(0, piece.bytes.size());
            return piece;
        });
    }
    void cancel() override { m_over = true; }

private:
    Script &m_script;
    FakeSnapshots::Stored m_stored;
    const SnapshotPiece::State m_end;
    bool m_over = false;
};

} // namespace

std::shared_ptr<SnapshotWriter> FakeSnapshots::write(ConversationId conversation, SnapshotHeader header)
{
    return std::make_shared<Writer>(*this, m_script, conversation, std::move(header));
}

Async<std::shared_ptr<SnapshotReader>> FakeSnapshots::read(ConversationId conversation, SnapshotExpectation expected)
{
    using Answer = std::shared_ptr<SnapshotReader>;
    return m_script.run<Answer>("snapshots.read", [this, conversation, expected]() -> Result<Answer> {
        const auto found = stored.find(conversation);
        if (found == stored.end())
            return Answer();
        if (fits(found->second.header, expected))
            return Answer(std::make_shared<Reader>(m_script, found->second, end));
        stored.erase(found);
        return Answer();
    });
}

Async<void> FakeSnapshots::remove(ConversationId conversation)
{
    return m_script.run<void>("snapshots.remove", [this, conversation]() -> Status {
        stored.erase(conversation);
        return {};
    });
}

Async<void> FakeSnapshots::clear(std::optional<Hash32> modelSha256)
{
    return m_script.run<void>("snapshots.clear", [this, modelSha256]() -> Status {
        std::erase_if(stored, [&](const auto &entry) {
            return !modelSha256 || entry.second.header.configuration.modelSha256 == *modelSha256;
        });
        return {};
    });
}

Async<SnapshotUsage> FakeSnapshots::usage()
{
    return m_script.run<SnapshotUsage>("snapshots.usage", [this]() -> Result<SnapshotUsage> {
        SnapshotUsage usage;
        usage.snapshots = static_cast<int>(stored.size());
        for (const auto &[conversation, snapshot] : stored)
            usage.bytes += snapshot.bytes.size();
        return usage;
    });
}

} // namespace tramontane::test
