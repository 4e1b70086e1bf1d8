// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "storage/snapshots/file_snapshot_store.h"
#include "tests/support/fakes/movable_clock.h"
#include "tests/support/snapshots/snapshot_values.h"
#include "tests/unit/storage/repositories/vault_fixture.h"

#include <QTemporaryDir>
#include <QTest>

#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace tramontane::test {

namespace fs = std::filesystem;
using vault::FileSnapshotStore;
using vault::SnapshotBudget;

inline constexpr std::size_t kPiece = kMaxSnapshotPiece;
inline constexpr SnapshotBudget kPlenty{.bytes = std::uint64_t(1) << 40, .shareOfFreeDisk = 1.0};

inline std::string contentOf(const fs::path &path)
{
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

/// A vault.db and a store of snapshots beside it.
class SnapshotFixture {
protected:
    std::unique_ptr<QTemporaryDir> m_folder;
    fs::path m_root;
    fs::path m_snapshots;
    MovableClock m_clock;
    std::unique_ptr<VaultFixture> m_vault;
    std::unique_ptr<FileSnapshotStore> m_store;

    void open(SnapshotBudget budget = kPlenty)
    {
        m_store = std::make_unique<FileSnapshotStore>(m_snapshots, m_vault->database(), VaultFixture::fixedKey(),
                                                      "01928f4e-5b6c-7d8e-9f00-112233445566", budget, m_clock);
    }
    /// As the next start of the program.
    void reopen(SnapshotBudget budget = kPlenty)
    {
        m_store.reset();
        open(budget);
    }
    ConversationId conversation()
    {
        const auto question = questionIn({}, {}, "a question");
        if (!m_vault->conversations().storeQuestion(question).result())
            qFatal("no conversation for the test");
        return question.conversation.id;
    }
    Result<SnapshotWritten> tryWrite(ConversationId whose, const std::string &state)
    {
        const auto writer = m_store->write(whose, someHeader(state.size()));
        for (std::size_t at = 0; at < state.size(); at += kPiece) {
            const auto more = writer->append(state.substr(at, kPiece)).result();
            if (!more)
                return more.error();
            if (!*more)
                break;
        }
        return writer->finish().result();
    }
    void write(ConversationId whose, const std::string &state)
    {
        const auto written = tryWrite(whose, state);
        QVERIFY2(written.ok(), written ? "" : (written.error().message + written.error().detail).c_str());
        QVERIFY(written->outcome == SnapshotOutcome::Stored);
        QVERIFY(written->fileBytes > 0);
    }
    SnapshotOutcome outcome(ConversationId whose, const std::string &state)
    {
        const auto written = tryWrite(whose, state);
        if (!written)
            qFatal("%s %s", written.error().message.c_str(), written.error().detail.c_str());
        return written->outcome;
    }
    /// Nothing: none that fits. An empty text: it was spoiled.
    std::optional<std::string> readBack(ConversationId whose, SnapshotExpectation expected = fittingExpectation())
    {
        const auto reader = m_store->read(whose, std::move(expected)).result();
        if (!reader)
            qFatal("%s", reader.error().message.c_str());
        if (!*reader)
            return std::nullopt;
        std::string all;
        for (;;) {
            const auto piece = (*reader)->next().result();
            if (!piece)
                qFatal("%s", piece.error().message.c_str());
            if (piece->state == SnapshotPiece::State::Spoiled)
                return std::string();
            if (piece->state == SnapshotPiece::State::End)
                return all;
            all += piece->bytes;
        }
    }
    std::vector<fs::path> files() const
    {
        std::vector<fs::path> found;
        if (fs::exists(m_snapshots)) {
            for (const auto &entry : fs::directory_iterator(m_snapshots))
                found.push_back(entry.path());
        }
        return found;
    }
    std::int64_t keys() { return m_vault->count("SELECT count(*) FROM content_key"); }
    void execute(const std::string &sql)
    {
        QVERIFY(m_vault->database().write([sql](sqlite::Connection &c) { return c.execute(sql); }).result());
    }
    SnapshotUsage usage() { return *m_store->usage().result(); }
    void startWith(const fs::path &root, SnapshotBudget budget = kPlenty)
    {
        m_store.reset();
        m_root = root;
        m_snapshots = root / "snapshots";
        open(budget);
    }

    void start()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_root = fs::path(m_folder->path().toStdU16String());
        m_snapshots = m_root / "snapshots";
        m_vault = std::make_unique<VaultFixture>(m_root);
        open();
    }
    void stop()
    {
        m_store.reset();
        m_vault.reset();
    }
};

} // namespace tramontane::test
