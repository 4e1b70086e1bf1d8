// SPDX-License-Identifier: Apache-2.0
// 4.15: after erasing, the text is in no page of the database, of its log, of its index; and what else goes.
#include "storage/repositories/clean_up.h"
#include "storage/repositories/erasure_rows.h"
#include "storage/repositories/sqlite_erasure_repository.h"
#include "storage/repositories/sqlite_folder_repository.h"
#include "storage/repositories/sqlite_retention_repository.h"
#include "storage/sqlite/page_scrub.h"
#include "tests/support/fakes/movable_clock.h"
#include "tests/support/pages/decrypted_pages.h"
#include "tests/unit/storage/repositories/vault_fixture.h"

#include <QTemporaryDir>
#include <QTest>

#include <array>
#include <random>

using namespace tramontane;
using namespace tramontane::test;
namespace fs = std::filesystem;

namespace {

// Each stands for one place. The first three letters are unlike any other word's, so that a piece left in the b-tree
// above the index would be found, too.
const std::string kTitle = "Qxztitlemarker";
const std::string kSystem = "Qyxsystemmarker";
const std::string kQuestion = "Qzyquestionmarker";
const std::string kAnswer = "Qvzanswermarker";
const std::string kPart = "Qwxpartmarker";
const std::string kThought = "Qjxthoughtmarker";
const std::vector<std::string> kMarkers{"qxz", "qyx", "qzy", "qvz", "qwx", "qjx"};
const std::vector<std::string> kLongMarkers{"titlemarker",  "systemmarker", "questionmarker",
                                            "answermarker", "partmarker",   "thoughtmarker"};

} // namespace

class TestErasure : public QObject {
    Q_OBJECT
private:
    std::unique_ptr<QTemporaryDir> m_folder;
    fs::path m_root;
    std::unique_ptr<VaultFixture> m_vault;
    std::unique_ptr<SqliteErasureRepository> m_erasures;
    MovableClock m_clock;
    std::mt19937 m_random{1};

    /// Ordinary text without the letter q.
    std::string words(int count)
    {
        std::string text;
        for (int i = 0; i < count; ++i) {
            std::string word;
            for (auto letters = 3 + m_random() % 8; letters > 0; --letters)
                word += "abcdefghilmnoprstu"[m_random() % 18];
            text += word + " ";
        }
        return text;
    }
    /// Questions and answers of all lengths, so that rows move between pages; some are marked.
    ConversationId converse(bool marked, int turns)
    {
        auto first = questionIn({}, {}, (marked ? kQuestion + " " : std::string()) + words(5 + int(m_random() % 60)));
        first.conversation.title = marked ? kTitle + " " + words(3) : words(4);
        first.conversation.systemPrompt = marked ? kSystem + " " + words(8) : words(8);
        [&] { QVERIFY(m_vault->conversations().storeQuestion(first).result()); }();
        auto last = first;
        for (int turn = 1; turn < turns; ++turn) {
            auto answer = answerTo(last, (marked ? kAnswer + std::to_string(turn) + " " : "")
                                             + words(5 + int(m_random() % (turn % 7 == 0 ? 1500 : 90))));
            if (marked)
                answer.message.blocks.push_back({BlockKind::Reasoning, kThought + words(40), kThought});
            Provenance provenance;
            provenance.modelName = "model";
            answer.provenance = provenance;
            [&] { QVERIFY(m_vault->conversations().storeAnswer(answer).result()); }();
            m_vault->conversations().settle(last.attempt, {});
            last = questionIn(first.conversation.id, last.answer,
                              (marked ? kQuestion : std::string()) + words(5 + int(m_random() % 60)));
            [&] { QVERIFY(m_vault->conversations().storeQuestion(last).result()); }();
        }
        if (marked)
            [&] {
                QVERIFY(m_vault->conversations()
                            .appendStreamParts({{last.answer, 0, BlockKind::Text, kPart + words(20)}})
                            .result());
            }();
        return first.conversation.id;
    }
    void open()
    {
        m_erasures.reset();
        m_vault = std::make_unique<VaultFixture>(m_root);
        m_erasures = std::make_unique<SqliteErasureRepository>(m_vault->database());
    }
    std::vector<std::string> pages() const { return decryptedPages(m_root / "vault.db", VaultFixture::fixedKey()); }
    std::vector<std::size_t> marked() const { return pagesWith(pages(), kMarkers); }
    void eraseSomeOfMany();
    ErasureRequest request(std::vector<ConversationId> conversations, std::vector<MessageId> messages = {})
    {
        return {AttemptId::make(5000), std::move(conversations), std::move(messages), {}, 5000};
    }
    void execute(const std::string &sql)
    {
        QVERIFY(m_vault->database().write([sql](sqlite::Connection &c) { return c.execute(sql); }).result());
    }

private Q_SLOTS:
    void initTestCase() { QVERIFY(initCrypto()); }
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_root = fs::path(m_folder->path().toStdU16String());
        open();
    }
    void cleanup()
    {
        m_erasures.reset();
        m_vault.reset();
    }

    void noPageHoldsAWordAfterwards();
    void rowsAloneAreNotEnough();
    void anInterruptedCleanUpIsDoneAgain();
    void everythingOfAConversationGoes();
    void aMessageGoesWithoutItsConversation();
    void aMessageWithAnswersStays();
    void theTitleGoesWithTheFirstQuestion();
    void allOrNothing();
    void theBinHidesAndGivesBack();
    void aHoldWins();
    void aFolderHoldWinsAndCannotBeLeft();
    void theRegisterIsAppliedToARestoredDatabase();
    void unfinishedErasuresAreKnown();
    void unusedBytesOfAPage();
    void aPageThatContradictsItself();
};

/// In random ids and salts three letters turn up by chance, about once in ten vaults; what erasing leaves behind does each
/// time. Longer pieces never turn up by chance.
void TestErasure::noPageHoldsAWordAfterwards()
{
    for (int vaults = 0; vaults < 4; ++vaults) {
        eraseSomeOfMany();
        if (QTest::currentTestFailed() || marked().empty())
            break;
        cleanup();
        init();
    }
    QCOMPARE(marked(), std::vector<std::size_t>());
    m_vault->reopen();
    QCOMPARE(marked(), std::vector<std::size_t>());
    QCOMPARE(m_vault->count("SELECT count(*) FROM conversation"), 48);
    QCOMPARE(m_vault->count("SELECT count(*) FROM pragma_integrity_check WHERE integrity_check != 'ok'"), 0);
    execute("INSERT INTO message_fts (message_fts, rank) VALUES ('integrity-check', 0)");
}

void TestErasure::eraseSomeOfMany()
{
    std::vector<ConversationId> going;
    for (int i = 0; i < 60; ++i) {
        const auto id = converse(i % 5 == 2, 6);
        if (i % 5 == 2)
            going.push_back(id);
    }
    execute("INSERT INTO setting (key, value) VALUES ('a', 'b')");
    QVERIFY2(!marked().empty() && !pagesWith(pages(), kLongMarkers).empty(), "the test would find nothing anyway");
    QVERIFY(m_erasures->erase(request(going)).result());
    QVERIFY(m_erasures->cleanUp().result());
    // The log was emptied, and the program still runs.
    QCOMPARE(fs::file_size(m_root / "vault.db-wal"), std::uintmax_t(0));
    QCOMPARE(pagesWith(pages(), kLongMarkers), std::vector<std::size_t>());
}

void TestErasure::rowsAloneAreNotEnough()
{
    std::vector<ConversationId> going;
    for (int i = 0; i < 60; ++i) {
        const auto id = converse(i % 5 == 2, 6);
        if (i % 5 == 2)
            going.push_back(id);
    }
    QVERIFY(m_erasures->erase(request(going)).result());
    m_vault->reopen();
    QVERIFY(!marked().empty());
}

void TestErasure::anInterruptedCleanUpIsDoneAgain()
{
    const auto id = converse(true, 12);
    for (int i = 0; i < 20; ++i)
        converse(false, 6);
    const auto asked = request({id});
    QVERIFY(m_erasures->erase(asked).result());
    for (int steps = 1; steps < 6; ++steps) {
        m_erasures.reset();
        m_vault.reset();
        {
            auto connection = sqlite::Connection::open(m_root / "vault.db", VaultFixture::fixedKey(),
                                                       {.applicationId = migrations::kVaultApplicationId});
            QVERIFY(connection);
            ErasureCleanUp work;
            for (int i = 0; i < steps; ++i)
                QVERIFY(work.step(**connection));
        }
        open();
        QCOMPARE(std::ssize(*m_erasures->unfinished().result()), 1);
    }
    QVERIFY(m_erasures->cleanUp().result());
    QCOMPARE(pagesWith(pages(), kLongMarkers), std::vector<std::size_t>());
}

void TestErasure::everythingOfAConversationGoes()
{
    const auto id = converse(true, 4);
    const auto stays = converse(false, 4);
    execute("INSERT INTO content_key SELECT id, 'snapshot', 1, zeroblob(24), zeroblob(48), 0 FROM conversation");
    const auto asked = request({id});
    const auto scope = m_erasures->erase(asked).result();
    QVERIFY(scope);
    QCOMPARE(scope->messages, 7);
    QCOMPARE(scope->conversations, std::vector{id});
    QCOMPARE(scope->oldestMs, 1000);
    for (const char *table : {"conversation", "message", "message_fts", "answer_provenance", "content_key"}) {
        const int left = QByteArray(table) == "message" || QByteArray(table) == "message_fts" ? 7
                         : QByteArray(table) == "answer_provenance"                           ? 3
                                                                                              : 1;
        QCOMPARE(m_vault->count(std::string("SELECT count(*) FROM ") + table), left);
    }
    QCOMPARE(m_vault->count("SELECT count(*) FROM stream_part"), 0);
    QCOMPARE(m_vault->count("SELECT count(*) FROM salt WHERE ref NOT IN (SELECT id FROM message UNION SELECT id FROM "
                            "conversation)"),
             0);
    QCOMPARE(m_vault->count("SELECT count(*) FROM erasure WHERE kind = 'message'"), 7);
    QCOMPARE(m_vault->count("SELECT count(*) FROM erasure WHERE kind = 'conversation'"), 1);
    QVERIFY(m_vault->conversations().find(stays).result());
    QCOMPARE(m_vault->conversations().find(id).result().error().code, ErrorCode::NotFound);
}

void TestErasure::aMessageGoesWithoutItsConversation()
{
    const auto id = converse(false, 3);
    const auto thread = *m_vault->conversations().thread(id, {}).result();
    const std::vector last{thread[thread.size() - 2].id, thread.back().id};
    QVERIFY(m_erasures->erase(request({}, last)).result());
    const auto left = *m_vault->conversations().thread(id, {}).result();
    QCOMPARE(left.size(), thread.size() - 2);
    QCOMPARE(left.back().id, thread[thread.size() - 3].id);
    QVERIFY(m_vault->conversations().find(id).result()->title != "Untitled");
    QCOMPARE(m_vault->count("SELECT count(*) FROM pending"), 0);
}

void TestErasure::aMessageWithAnswersStays()
{
    const auto id = converse(false, 3);
    const auto thread = *m_vault->conversations().thread(id, {}).result();
    const auto refused = m_erasures->erase(request({}, {thread.front().id})).result();
    QCOMPARE(refused.error().code, ErrorCode::InvalidArgument);
    QCOMPARE(m_vault->conversations().thread(id, {}).result()->size(), thread.size());
    QCOMPARE(m_vault->count("SELECT count(*) FROM erasure"), 0);
}

void TestErasure::theTitleGoesWithTheFirstQuestion()
{
    const auto id = converse(true, 2);
    std::vector<MessageId> all;
    const auto thread = *m_vault->conversations().thread(id, {}).result();
    for (const Message &message : thread)
        all.push_back(message.id);
    const auto erased = m_erasures->erase(request({}, all)).result();
    QVERIFY2(erased, erased ? "" : (erased.error().message + erased.error().detail).c_str());
    QCOMPARE(m_vault->conversations().find(id).result()->title, std::string("Untitled"));
    QVERIFY(m_vault->conversations().thread(id, {}).result()->empty());
    QCOMPARE(m_vault->count("SELECT count(*) FROM salt"), 0);
}

void TestErasure::allOrNothing()
{
    const auto id = converse(false, 2);
    const auto refused = m_erasures->erase(request({id, ConversationId::make(1)})).result();
    QCOMPARE(refused.error().code, ErrorCode::NotFound);
    QVERIFY(m_vault->conversations().find(id).result());
    QCOMPARE(m_erasures->moveToBin({id, ConversationId::make(1)}, 9).result().error().code, ErrorCode::NotFound);
    QVERIFY(m_vault->conversations().find(id).result());
}

void TestErasure::theBinHidesAndGivesBack()
{
    const auto id = converse(true, 2);
    const auto last = m_vault->conversations().thread(id, {}).result()->back().id;
    QVERIFY(m_erasures->moveToBin({id}, 7000).result());
    QVERIFY(m_erasures->moveToBin({id}, 8000).result());
    QVERIFY(m_vault->conversations().list(0, 0).result()->empty());
    QVERIFY(m_vault->conversations().search({.text = kQuestion}).result()->hits.empty());
    QCOMPARE(m_vault->conversations().find(id).result().error().code, ErrorCode::NotFound);
    QCOMPARE(m_vault->conversations().thread(id, {}).result().error().code, ErrorCode::NotFound);
    QCOMPARE(m_vault->conversations().rename(id, "x").result().error().code, ErrorCode::NotFound);
    QCOMPARE(m_vault->conversations().storeQuestion(questionIn(id, last, "more")).result().error().code,
             ErrorCode::NotFound);
    const auto bin = *m_erasures->bin(0, 0).result();
    QCOMPARE(bin.size(), std::size_t(1));
    QCOMPARE(*bin.front().deletedMs, 7000);
    // A crash while an answer was written is repaired there, too.
    QCOMPARE(m_vault->conversations().leftovers().result()->size(), std::size_t(1));
    QVERIFY(m_erasures->restoreFromBin({id}).result());
    QVERIFY(!m_vault->conversations().find(id).result()->deletedMs);
    QCOMPARE(m_vault->conversations().search({.text = kTitle + " " + kQuestion}).result()->hits.size(), std::size_t(0));
    QVERIFY(!m_vault->conversations().search({.text = kQuestion}).result()->hits.empty());
    QCOMPARE(m_erasures->restoreFromBin({id}).result().error().code, ErrorCode::NotFound);
}

void TestErasure::aHoldWins()
{
    SqliteRetentionRepository retention(m_vault->database(), "mara", m_clock);
    const auto id = converse(false, 2);
    const auto message = m_vault->conversations().thread(id, {}).result()->back().id;
    const auto hold = retention.setHold(id, {}, "case 7").result();
    QVERIFY(hold);
    for (const Status &refused :
         {m_erasures->moveToBin({id}, 1).result(),
          [&]() -> Status { return m_erasures->erase(request({id})).result().error(); }(),
          [&]() -> Status { return m_erasures->erase(request({}, {message})).result().error(); }()}) {
        QCOMPARE(refused.error().code, ErrorCode::OnHold);
        QVERIFY(refused.error().message.find("mara") != std::string::npos);
        QVERIFY(refused.error().message.find("case 7") != std::string::npos);
    }
    QVERIFY(m_vault->conversations().find(id).result());
    // Past our own functions, the database refuses as well.
    QVERIFY(!m_vault->database()
                 .write([](sqlite::Connection &c) { return c.execute("DELETE FROM conversation"); })
                 .result());
    QVERIFY(retention.releaseHold(hold->id).result());
    QVERIFY(m_erasures->erase(request({id})).result());
}

void TestErasure::aFolderHoldWinsAndCannotBeLeft()
{
    SqliteRetentionRepository retention(m_vault->database(), "mara", m_clock);
    SqliteFolderRepository folders(m_vault->database(), m_clock);
    const auto outer = *folders.create({}, "outer").result();
    const auto inner = *folders.create(outer.id, "inner").result();
    const auto id = converse(false, 2);
    QVERIFY(folders.place({id}, inner.id).result());
    QVERIFY(retention.setHold({}, outer.id, "audit").result());
    QCOMPARE(m_erasures->erase(request({id})).result().error().code, ErrorCode::OnHold);
    QCOMPARE(folders.place({id}, {}).result().error().code, ErrorCode::OnHold);
    QCOMPARE(folders.move(inner.id, {}).result().error().code, ErrorCode::OnHold);
    QCOMPARE(folders.remove(outer.id).result().error().code, ErrorCode::OnHold);
    // Inside the hold things may move.
    QVERIFY(folders.place({id}, outer.id).result());
    QVERIFY(folders.remove(inner.id).result());
}

void TestErasure::theRegisterIsAppliedToARestoredDatabase()
{
    const auto whole = converse(true, 3);
    const auto part = converse(false, 3);
    const auto thread = *m_vault->conversations().thread(part, {}).result();
    m_vault->reopen();
    QTemporaryDir backup;
    const fs::path yesterday = fs::path(backup.path().toStdU16String());
    fs::copy_file(m_root / "vault.db", yesterday / "vault.db");

    QVERIFY(m_erasures = std::make_unique<SqliteErasureRepository>(m_vault->database()));
    QVERIFY(m_erasures->erase(request({whole}, {thread.back().id})).result());
    const auto registered = *m_erasures->registered().result();

    auto restored = sqlite::Connection::open(yesterday / "vault.db", VaultFixture::fixedKey(),
                                             {.applicationId = migrations::kVaultApplicationId});
    QVERIFY(restored);
    QVERIFY((*restored)->execute("INSERT INTO hold SELECT randomblob(16), id, NULL, 'r', 'w', 1 FROM conversation"));
    const auto applied =
        sqlite::inTransaction(**restored, [&] { return applyErasureRegister(**restored, registered); });
    QVERIFY(applied);
    QVERIFY(*applied >= 2);
    QVERIFY(cleanUpAtOnce(**restored));
    QCOMPARE(*(*restored)->queryInteger("SELECT count(*) FROM conversation"), 1);
    QCOMPARE(*(*restored)->queryInteger("SELECT count(*) FROM message"), std::int64_t(thread.size()) - 1);
    QCOMPARE(readErasureRegister(**restored)->size(), registered.size());
    QVERIFY((*restored)->close());
    QCOMPARE(pagesWith(decryptedPages(yesterday / "vault.db", VaultFixture::fixedKey()), kLongMarkers),
             std::vector<std::size_t>());
}

void TestErasure::unfinishedErasuresAreKnown()
{
    const auto id = converse(false, 2);
    const auto asked = request({id});
    QVERIFY(m_erasures->erase(asked).result());
    m_vault->reopen();
    SqliteErasureRepository again(m_vault->database());
    const auto unfinished = *again.unfinished().result();
    QCOMPARE(unfinished.size(), std::size_t(1));
    QCOMPARE(unfinished.front().attempt, asked.attempt);
    QCOMPARE(unfinished.front().refs, (std::vector{ErasedRef{id.uuid(), ErasedKind::Conversation, 5000}}));
    QVERIFY(again.settle(asked.attempt).result());
    QVERIFY(again.unfinished().result()->empty());
}

void TestErasure::unusedBytesOfAPage()
{
    // A leaf of a table: one cell at 90, a free block at 95 to 104, usable size 112 of 128.
    std::array<std::uint8_t, 128> page{};
    page.fill(0x55);
    const std::array<std::uint8_t, 10> head{13, 0, 95, 0, 1, 0, 90, 0, 0, 90};
    std::copy(head.begin(), head.end(), page.begin());
    const std::array<std::uint8_t, 4> block{0, 0, 0, 10};
    std::copy(block.begin(), block.end(), page.begin() + 95);
    const auto before = page;
    const auto cleared = sqlite::clearUnusedBytes(page, 112);
    QVERIFY(cleared && *cleared);
    for (std::size_t i = 0; i < page.size(); ++i) {
        const bool unused = (i >= 10 && i < 90) || (i >= 99 && i < 105);
        QCOMPARE(int(page[i]), unused ? 0 : int(before[i]));
    }
    QVERIFY(!*sqlite::clearUnusedBytes(page, 112));
    page.fill(0x55); // an overflow page, as it were
    page[0] = 0;
    QVERIFY(!*sqlite::clearUnusedBytes(page, 112));
    QCOMPARE(int(page[50]), 0x55);
}

void TestErasure::aPageThatContradictsItself()
{
    const std::vector<std::array<std::uint8_t, 8>> heads{
        {13, 0, 0, 0, 60, 0, 90, 0},  // more pointers than there is room for
        {13, 0, 0, 0, 1, 1, 0, 0},    // cells begin behind the page
        {13, 0, 20, 0, 1, 0, 90, 0},  // a free block among the pointers
        {13, 0, 111, 0, 1, 0, 90, 0}, // one that ends behind the page
    };
    for (const auto &head : heads) {
        std::array<std::uint8_t, 128> page{};
        page.fill(0x55);
        std::copy(head.begin(), head.end(), page.begin());
        const auto before = page;
        QCOMPARE(sqlite::clearUnusedBytes(page, 112).error().code, ErrorCode::VaultDamaged);
        QVERIFY(page == before);
    }
    // Free blocks that point in a circle.
    std::array<std::uint8_t, 128> page{};
    const std::array<std::uint8_t, 8> head{13, 0, 95, 0, 1, 0, 90, 0};
    std::copy(head.begin(), head.end(), page.begin());
    page[96] = 95;
    page[98] = 8;
    QCOMPARE(sqlite::clearUnusedBytes(page, 112).error().code, ErrorCode::VaultDamaged);
}

QTEST_GUILESS_MAIN(TestErasure)
#include "tst_erasure.moc"
