// SPDX-License-Identifier: Apache-2.0
#include "app/services/conversation_memory.h"
#include "service_bench.h"

#include <QSignalSpy>

using namespace tramontane;
using namespace tramontane::test;

namespace {

std::vector<std::int32_t> someTokens(int count)
{
    std::vector<std::int32_t> tokens;
    for (int i = 0; i < count; ++i)
        tokens.push_back(i % 3 == 0 ? 0x01020304 + i : i);
    return tokens;
}

std::string someBytes(std::size_t count)
{
    std::string bytes;
    for (std::size_t i = 0; i < count; ++i)
        bytes.push_back(char(i * 7 + i / 1000));
    return bytes;
}

struct Bench {
    Bench() { provider.states[conversation] = {someTokens(300), someBytes(700'001)}; }

    void keep()
    {
        memory.keepSoon(model.id, configuration, {conversation, adapters});
        (void)await(memory.flush());
    }
    int recall() { return *await(memory.recall(model.id, configuration, {conversation, adapters})); }

    Script script;
    FakeSnapshots store{script};
    FakeProvider provider{script};
    ConversationMemory memory{store, provider};
    ModelRef model = catalogued("SmolLM2");
    ConversationId conversation = ConversationId::make(1'795'338'843'000);
    std::vector<AdapterScale> adapters;
    SnapshotConfiguration configuration = snapshotConfiguration(model.description.sha256, loaded());

    static LoadedModel loaded()
    {
        LoadedModel loaded;
        loaded.contextTokens = 2048;
        loaded.engineBuild = "fake engine";
        return loaded;
    }
};

} // namespace

class TestConversationMemory : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void configurationNamesWhatMatters();
    void aStateComesBackAsItWas();
    void aStateInMemoryIsLeftAlone();
    void shortConversationsAreNotKept();
    void waitsUntilItIsQuiet();
    void whatIsNotInMemoryIsNotKept();
    void anotherModelGetsNothing();
    void otherAdaptersGetNothing();
    void whatOtherAdaptersLeftInMemoryIsNotKept();
    void whatGoesWrongStopsNothing_data();
    void whatGoesWrongStopsNothing();
    void aStateTheModelCannotReadIsRemoved();
    void aFullBudgetEndsTheWriting();
    void otherTokensThanInTheHeader();
    void aSecondAnswerTakesItBack();
};

void TestConversationMemory::configurationNamesWhatMatters()
{
    const std::string sha256(64, 'a');
    const auto same = snapshotConfiguration(sha256, Bench::loaded());
    QCOMPARE(toHex(same.modelSha256), sha256);
    QVERIFY(snapshotConfiguration(sha256, Bench::loaded()) == same);
    QVERIFY(!(snapshotConfiguration(std::string(64, 'b'), Bench::loaded()) == same));
    const auto differs = [&](auto change) {
        LoadedModel other = Bench::loaded();
        change(other);
        return !(snapshotConfiguration(sha256, other) == same);
    };
    QVERIFY(differs([](LoadedModel &m) { m.contextTokens = 4096; }));
    QVERIFY(differs([](LoadedModel &m) { m.kvTypeK = "q8_0"; }));
    QVERIFY(differs([](LoadedModel &m) { m.kvTypeV = "q8_0"; }));
    QVERIFY(differs([](LoadedModel &m) { m.flashAttention = true; }));
    QVERIFY(differs([](LoadedModel &m) { m.engineBuild = "another"; }));
    const auto style = [&](double scale) {
        return snapshotConfiguration(sha256, Bench::loaded(), {{std::string(64, 'e'), scale}});
    };
    QVERIFY(!(style(1) == same));
    QVERIFY(!(style(1) == style(0.5)));
    QVERIFY(style(1) == style(1));
    QCOMPARE(toHex(style(0.5).adapters.at(0).sha256), std::string(64, 'e'));
}

void TestConversationMemory::aStateComesBackAsItWas()
{
    Bench b;
    const FakeProvider::State before = b.provider.states.at(b.conversation);
    b.keep();
    const auto &stored = b.store.stored.at(b.conversation);
    QCOMPARE(stored.header.tokenCount, 300U);
    QCOMPARE(stored.header.stateBytes, std::uint64_t(1200 + 700'001));
    QCOMPARE(stored.bytes.size(), std::size_t(1200 + 700'001));
    QCOMPARE(stored.bytes.substr(0, 4), std::string("\x04\x03\x02\x01"));
    b.provider.states.clear();
    QCOMPARE(b.recall(), 300);
    QVERIFY(b.provider.states.at(b.conversation) == before);
}

void TestConversationMemory::aStateInMemoryIsLeftAlone()
{
    Bench b;
    b.keep();
    QCOMPARE(b.recall(), 0);
    QCOMPARE(b.script.count("snapshots.read"), 0);
}

void TestConversationMemory::shortConversationsAreNotKept()
{
    Bench b;
    b.provider.states[b.conversation].tokens = someTokens(int(ConversationMemory::kWorthKeeping) - 1);
    b.keep();
    QVERIFY(b.store.stored.empty());
    b.provider.states[b.conversation].tokens = someTokens(int(ConversationMemory::kWorthKeeping));
    b.keep();
    QCOMPARE(b.store.stored.size(), std::size_t(1));
}

void TestConversationMemory::waitsUntilItIsQuiet()
{
    Bench b;
    b.memory.keepSoon(b.model.id, b.configuration, {b.conversation});
    QCOMPARE(b.script.count("provider.saveState"), 0);
    b.memory.keepSoon(b.model.id, b.configuration, {b.conversation}); // twice is once
    QTRY_COMPARE_WITH_TIMEOUT(b.store.stored.size(), std::size_t(1), 3 * ConversationMemory::kQuietMs);
    QCOMPARE(b.script.count("provider.saveState"), 1);
}

void TestConversationMemory::whatIsNotInMemoryIsNotKept()
{
    Bench b;
    b.provider.states.clear();
    b.keep();
    QVERIFY(b.store.stored.empty());
}

void TestConversationMemory::anotherModelGetsNothing()
{
    Bench b;
    b.keep();
    b.provider.states.clear();
    b.configuration = snapshotConfiguration(std::string(64, 'c'), Bench::loaded());
    QCOMPARE(b.recall(), 0);
    QVERIFY(b.provider.states.empty());
}

void TestConversationMemory::otherAdaptersGetNothing()
{
    Bench b;
    b.keep();
    b.adapters = {{std::string(64, 'e'), 1}};
    b.configuration = snapshotConfiguration(b.model.description.sha256, Bench::loaded(), b.adapters);
    QCOMPARE(b.recall(), 0); // although the conversation itself is still in memory
    QCOMPARE(b.script.count("provider.restoreState"), 0);
    QVERIFY(b.store.stored.empty()); // it would never fit again
}

// The state in memory may be that of a later answer by the time that the older one's turn to be written comes.
void TestConversationMemory::whatOtherAdaptersLeftInMemoryIsNotKept()
{
    Bench b;
    b.provider.states[b.conversation].adapters = {{std::string(64, 'e'), 1}};
    b.keep();
    QVERIFY(b.store.stored.empty());
}

void TestConversationMemory::whatGoesWrongStopsNothing_data()
{
    QTest::addColumn<QString>("call");
    for (const char *call : {"provider.findState", "snapshots.read", "snapshots.next", "provider.restoreState"})
        QTest::newRow(call) << call;
}

void TestConversationMemory::whatGoesWrongStopsNothing()
{
    QFETCH(QString, call);
    Bench b;
    b.keep();
    b.provider.states.clear();
    b.script.fail(call.toStdString(), {ErrorCode::EngineStopped, "It stopped.", {}});
    QCOMPARE(b.recall(), 0);
    QVERIFY(b.provider.states.empty());
    QCOMPARE(b.recall(), 300); // the file is still good
}

void TestConversationMemory::aStateTheModelCannotReadIsRemoved()
{
    Bench b;
    b.keep();
    b.provider.states.clear();
    b.script.fail("provider.restoreState", {ErrorCode::InvalidArgument, "It cannot be read.", {}});
    QCOMPARE(b.recall(), 0);
    QTRY_VERIFY(b.store.stored.empty());
}

void TestConversationMemory::aFullBudgetEndsTheWriting()
{
    Bench b;
    b.store.outcome = SnapshotOutcome::OverBudget;
    b.keep();
    QVERIFY(b.store.stored.empty());
    QVERIFY(b.script.count("snapshots.append") < 3); // of 700 KiB
    b.store.outcome = SnapshotOutcome::Stored;
    b.keep();
    QCOMPARE(b.store.stored.size(), std::size_t(1));
}

void TestConversationMemory::otherTokensThanInTheHeader()
{
    Bench b;
    b.keep();
    b.provider.states.clear();
    b.store.stored.at(b.conversation).bytes[5] ^= 1;
    QCOMPARE(b.recall(), 0);
    QCOMPARE(b.script.count("provider.restoreState"), 0);
}

void TestConversationMemory::aSecondAnswerTakesItBack()
{
    ServiceBench b;
    b.ask();
    QVERIFY(b.waitForEnd());
    QCOMPARE(b.script.count("provider.findState"), 0); // a new conversation has nothing to take back
    QVERIFY(b.provider.requests.back().conversation == b.conversation.id);
    b.provider.states[b.conversation.id] = {someTokens(300), someBytes(1000)};
    b.ask("And a mistral?", b.conversation.id);
    QVERIFY(b.waitForEnd());
    QVERIFY(await(b.chat.shutdown()).ok());
    QCOMPARE(b.vault.snapshotStore.stored.size(), std::size_t(1));
}

QTEST_GUILESS_MAIN(TestConversationMemory)
#include "tst_conversation_memory.moc"
