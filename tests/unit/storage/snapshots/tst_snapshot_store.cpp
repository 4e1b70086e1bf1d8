// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/storage/snapshots/snapshot_fixture.h"

#include <QSemaphore>

#include <algorithm>

using namespace tramontane;
using namespace tramontane::test;

namespace {

/// The highest resident memory of this process since the last call, in bytes.
std::uint64_t peakMemory()
{
    std::ifstream status("/proc/self/status");
    std::uint64_t peak = 0;
    for (std::string line; std::getline(status, line);) {
        if (line.starts_with("VmHWM:"))
            peak = std::stoull(line.substr(6)) * 1024;
    }
    std::ofstream("/proc/self/clear_refs") << "5";
    return peak;
}

} // namespace

class TestSnapshotStore : public QObject, private SnapshotFixture {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { QVERIFY(initCrypto()); }
    void init() { start(); }
    void cleanup() { stop(); }

    void bringsAStateBackAfterARestart()
    {
        const auto whose = conversation();
        QVERIFY(!readBack(whose));
        QVERIFY(files().empty());
        const auto state = someState(1'000'000);
        write(whose, state);
        QVERIFY(*readBack(whose) == state);
        reopen();
        QVERIFY(*readBack(whose) == state);
        QCOMPARE(keys(), 1);
        QCOMPARE(files().size(), std::size_t(1));
        QVERIFY((fs::status(files()[0]).permissions() & fs::perms(0777)) == fs::perms(0600));
        QVERIFY((fs::status(m_snapshots).permissions() & fs::perms(0777)) == fs::perms(0700));
        QVERIFY(m_store->read(whose, fittingExpectation()).result().value()->header() == someHeader(state.size()));
    }

    void keepsTheNewestOfAConversation()
    {
        const auto whose = conversation();
        write(whose, someState(100'000, 1));
        write(whose, someState(200'000, 2));
        QVERIFY(*readBack(whose) == someState(200'000, 2));
        QCOMPARE(files().size(), std::size_t(1));
        QCOMPARE(keys(), 1);
    }

    void needsLittleMemory()
    {
        constexpr std::size_t kPieces = 256; // 64 MiB
        const auto whose = conversation();
        const auto piece = someState(kPiece);
        static_cast<void>(peakMemory());
        const auto before = peakMemory();
        const auto writer = m_store->write(whose, someHeader(kPieces * kPiece));
        for (std::size_t i = 0; i < kPieces; ++i)
            QVERIFY(*writer->append(piece).result());
        QVERIFY(writer->finish().result()->outcome == SnapshotOutcome::Stored);
        const auto reader = *m_store->read(whose, fittingExpectation()).result();
        std::size_t bytes = 0;
        for (;;) {
            const auto got = *reader->next().result();
            if (got.state != SnapshotPiece::State::More)
                break;
            QVERIFY(got.bytes == piece);
            bytes += got.bytes.size();
        }
        QCOMPARE(bytes, kPieces * kPiece);
        const auto growth = peakMemory() - before;
        QVERIFY2(growth < 24 * 1024 * 1024, std::to_string(growth).c_str());
    }

    void removesWhatDoesNotFit_data()
    {
        QTest::addColumn<int>("index");
        const auto others = otherExpectations();
        for (std::size_t i = 0; i < others.size(); ++i)
            QTest::newRow(others[i].first) << int(i);
    }

    void removesWhatDoesNotFit()
    {
        QFETCH(int, index);
        const auto whose = conversation();
        write(whose, someState(1000));
        auto expected = fittingExpectation();
        otherExpectations()[static_cast<std::size_t>(index)].second(expected);
        QVERIFY(!readBack(whose, expected));
        QVERIFY(files().empty());
        QCOMPARE(keys(), 0);
        QVERIFY(!readBack(whose));
    }

    void cannotBeReadForAnotherConversation()
    {
        const auto first = conversation(), second = conversation();
        write(first, someState(1000, 1));
        const auto firstFile = files().at(0);
        const auto content = contentOf(firstFile);
        QVERIFY(m_store->remove(first).result());
        write(second, someState(1000, 2));
        // Somebody who may write into the folder puts one file into the place of another.
        std::ofstream(files().at(0), std::ios::binary) << content;
        QVERIFY(!readBack(second));
        QVERIFY(files().empty());
        // And somebody who may also write into vault.db moves the key along.
        write(first, someState(1000, 1));
        const auto hex = [](const std::string &id) {
            return "x'" + QString::fromStdString(id).remove('-').toStdString() + "'";
        };
        execute("UPDATE content_key SET id = " + hex(second.text()) + " WHERE id = " + hex(first.text()));
        QVERIFY(!readBack(second));
        QVERIFY(!readBack(first));
    }

    void answersWithNothingWhenDamaged_data()
    {
        QTest::addColumn<double>("place");
        for (const double place : {0.0, 0.00001, 0.001, 0.3, 0.7, 0.99999})
            QTest::addRow("%g", place) << place;
    }

    void answersWithNothingWhenDamaged()
    {
        QFETCH(double, place);
        const auto whose = conversation();
        write(whose, someState(2'000'000));
        auto content = contentOf(files()[0]);
        auto &byte = content[static_cast<std::size_t>(place * static_cast<double>(content.size()))];
        byte = static_cast<char>(byte ^ 4);
        std::ofstream(files()[0], std::ios::binary) << content;
        const auto read = readBack(whose);
        QVERIFY(!read || read->empty());
        QVERIFY(files().empty());
        QCOMPARE(keys(), 0);
        write(whose, someState(1000));
        QVERIFY(readBack(whose));
    }

    void answersWithNothingWhenTheKeyIsGone()
    {
        const auto whose = conversation();
        write(whose, someState(1000));
        execute("UPDATE content_key SET wrapped = zeroblob(48)");
        QVERIFY(!readBack(whose));
        write(whose, someState(2000));
        QVERIFY(*readBack(whose) == someState(2000));
    }

    void removesOnRequest()
    {
        const auto first = conversation(), second = conversation();
        write(first, someState(1000));
        write(second, someState(1000));
        QVERIFY(m_store->remove(first).result());
        QVERIFY(m_store->remove(first).result());
        QVERIFY(!readBack(first));
        QVERIFY(readBack(second));
        QCOMPARE(files().size(), std::size_t(1));
        QVERIFY(m_store->clear(sha256("another model")).result());
        QVERIFY(readBack(second));
        QVERIFY(m_store->clear(sha256("model")).result());
        QVERIFY(!readBack(second));
        QVERIFY(files().empty());
        QCOMPARE(keys(), 0);
        write(first, someState(1000));
        write(second, someState(1000));
        QVERIFY(m_store->clear(std::nullopt).result());
        QVERIFY(files().empty());
        QCOMPARE(keys(), 0);
    }

    void goesWithItsConversation()
    {
        const auto first = conversation(), second = conversation();
        write(first, someState(1000));
        write(second, someState(1000));
        const auto before = files();
        const std::string erase = "DELETE FROM pending; DELETE FROM message_fts; DELETE FROM conversation WHERE id IN "
                                  "(SELECT id FROM conversation LIMIT 1)";
        // A transaction that fails takes nothing along.
        QVERIFY(
            !m_vault->database()
                 .write([&](sqlite::Connection &c) { return c.execute(erase + "; INSERT INTO nowhere VALUES (1)"); })
                 .result());
        QCOMPARE(keys(), 2);
        execute(erase);
        QCOMPARE(keys(), 1);
        const auto gone = m_vault->conversations().find(first).result() ? second : first;
        const auto kept = gone == first ? second : first;
        QVERIFY(!readBack(gone));
        QVERIFY(m_store->remove(gone).result());
        QCOMPARE(files().size(), std::size_t(1));
        QVERIFY(readBack(kept));
        // Or at the next opening, if nobody said so.
        execute("DELETE FROM conversation");
        reopen();
        QTRY_VERIFY(files().empty());
        QCOMPARE(keys(), 0);
        QCOMPARE(before.size(), std::size_t(2));
    }

    void keepsNothingOfAConversationThatGoesMeanwhile()
    {
        const auto whose = conversation();
        const auto writer = m_store->write(whose, someHeader(2000));
        QVERIFY(*writer->append(someState(2000)).result());
        execute("DELETE FROM pending; DELETE FROM message_fts; DELETE FROM conversation");
        QVERIFY(writer->finish().result()->outcome == SnapshotOutcome::Removed);
        QVERIFY(files().empty());
        QVERIFY(outcome(ConversationId::make(1), someState(10)) == SnapshotOutcome::Removed);
        QVERIFY(files().empty());
        QCOMPARE(keys(), 0);
        // Removing the snapshot ends what is being written for it, too.
        const auto other = conversation();
        const auto second = m_store->write(other, someHeader(2000));
        QVERIFY(*second->append(someState(1000)).result());
        QVERIFY(m_store->remove(other).result());
        QCOMPARE(second->append(someState(1000)).result().error().code, ErrorCode::Cancelled);
        QCOMPARE(second->finish().result().error().code, ErrorCode::Cancelled);
        QVERIFY(!readBack(other));
        QVERIFY(files().empty());
    }

    void servesConversationsSideBySide()
    {
        const auto first = conversation(), second = conversation();
        write(first, someState(3'000'000, 1));
        write(second, someState(3'000'000, 2));
        const auto a = *m_store->read(first, fittingExpectation()).result();
        const auto b = *m_store->read(second, fittingExpectation()).result();
        const auto writer = m_store->write(first, someHeader(kPiece)); // while it is read
        QVERIFY(*writer->append(someState(kPiece, 3)).result());
        std::string fromA, fromB;
        for (;;) {
            const auto nextA = a->next(), nextB = b->next();
            const auto pieceA = *nextA.result(), pieceB = *nextB.result();
            fromA += pieceA.bytes;
            fromB += pieceB.bytes;
            if (pieceA.state != SnapshotPiece::State::More) {
                QVERIFY(pieceA.state == SnapshotPiece::State::End && pieceB.state == SnapshotPiece::State::End);
                break;
            }
            if (fromA.size() == kPiece)
                QVERIFY(writer->finish().result()->outcome == SnapshotOutcome::Stored);
        }
        QVERIFY(fromA == someState(3'000'000, 1));
        QVERIFY(fromB == someState(3'000'000, 2));
        QVERIFY(*readBack(first) == someState(kPiece, 3));
    }

    void keepsCallersToTheAgreement()
    {
        const auto whose = conversation();
        {
            const auto writer = m_store->write(whose, someHeader(2 * kPiece));
            QCOMPARE(writer->append(std::string(kPiece + 1, 'x')).result().error().code, ErrorCode::InvalidArgument);
            QCOMPARE(writer->append("x").result().error().code, ErrorCode::InvalidArgument);
        }
        {
            QSemaphore go; // the first piece waits for the key, so the others wait behind it
            const auto held = m_vault->database().read([&](sqlite::Connection &, const auto &) -> Status {
                go.acquire();
                return {};
            });
            const auto writer = m_store->write(whose, someHeader(100 * kPiece));
            std::vector<Async<bool>> waiting;
            for (int i = 0; i < kMaxWaitingPieces; ++i)
                waiting.push_back(writer->append(std::string(kPiece, 'x')));
            QCOMPARE(writer->append("x").result().error().code, ErrorCode::InvalidArgument);
            go.release();
            QVERIFY(held.result());
            QVERIFY(std::ranges::any_of(waiting, [](const auto &answer) { return !answer.result(); }));
            QCOMPARE(writer->finish().result().error().code, ErrorCode::InvalidArgument);
        }
        {
            const auto writer = m_store->write(whose, someHeader(10));
            QVERIFY(*writer->append("123").result());
            QCOMPARE(writer->finish().result().error().code, ErrorCode::InvalidArgument);
        }
        {
            auto header = someHeader(10);
            header.tokenCount = 0;
            QCOMPARE(m_store->write(whose, header)->append("x").result().error().code, ErrorCode::InvalidArgument);
            QCOMPARE(m_store->write(whose, someHeader(10))->finish().result().error().code, ErrorCode::InvalidArgument);
        }
        QVERIFY(files().empty());
    }

    void endsWhenNobodyIsInterested()
    {
        const auto whose = conversation();
        {
            const auto writer = m_store->write(whose, someHeader(1'000'000));
            QVERIFY(*writer->append(someState(kPiece)).result());
            QCOMPARE(files().size(), std::size_t(1));
        }
        QTRY_VERIFY(files().empty());
        write(whose, someState(1'000'000));
        const auto reader = *m_store->read(whose, fittingExpectation()).result();
        QVERIFY(reader->next().result());
        reader->cancel();
        QCOMPARE(reader->next().result().error().code, ErrorCode::Cancelled);
        QVERIFY(readBack(whose));
        // finish() is kept, even if nobody waits for it.
        static_cast<void>([&] {
            const auto writer = m_store->write(whose, someHeader(3));
            static_cast<void>(writer->append("abc"));
            return writer->finish();
        }()
                              .result());
        QVERIFY(*readBack(whose) == "abc");
    }

    void showsNothingOnDisk()
    {
        const auto whose = conversation();
        std::string state;
        while (state.size() < 1'000'000)
            state += "snapshot-marker ";
        write(whose, state);
        QVERIFY(m_vault->database().close().result());
        for (const auto &entry : fs::recursive_directory_iterator(m_root)) {
            QVERIFY(entry.path().filename().string().find(whose.text()) == std::string::npos);
            if (!entry.is_regular_file())
                continue;
            const auto content = contentOf(entry.path());
            for (const char *text : {"snapshot-marker", "llama.cpp 0.3.36", "rope_freq"})
                QVERIFY2(content.find(text) == std::string::npos, entry.path().c_str());
        }
    }
};

QTEST_GUILESS_MAIN(TestSnapshotStore)
#include "tst_snapshot_store.moc"
