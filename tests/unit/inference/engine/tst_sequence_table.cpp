// SPDX-License-Identifier: Apache-2.0
#include "engine_fixture.h"
#include "inference/engine/image/image_keys.h"
#include "inference/engine/schedule/sequence_table.h"

#include <QTest>

#include <numeric>

using namespace tramontane;
using namespace tramontane::engine;

// The book-keeping: nothing is computed, the memory of the real model stays empty.
class TestSequenceTable : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void theLongestBeginningIsKept();
    void theSameConversationIsTakenOver();
    void anotherConversationIsLeftAlone();
    void aRunningOneIsCopied();
    void theLeastRecentlyUsedLeaves();
    void aMemoryThatCannotBeCut();
    void cutsAndForgets();
    void ownersHaveOneSequence();
    void idleOnesMakeRoomForThoseAtWork();
    void whatIsNoLongerSaidMakesRoomAtOnce();
    void otherAdaptersHaveNothingInCommon();
    void imagesAreKeptWholeOrNotAtAll();

private:
    SequenceTable table(std::size_t sequences, PrefixReuse reuse = PrefixReuse::Any);
    static TokenIds ids(int count, int from = 1);
    static llama_seq_id fill(SequenceTable &table, const TokenIds &tokens, const std::string &owner = {});

    Quiet m_quiet;
    std::unique_ptr<LoadedEngine> m_engine;
};

void TestSequenceTable::initTestCase()
{
    auto engine = loadEngine(kChatModel, {256, 1, 256, 64, FlashAttention::On});
    QVERIFY(engine.ok());
    m_engine = std::move(*engine);
}

SequenceTable TestSequenceTable::table(std::size_t sequences, PrefixReuse reuse)
{
    return {llama_get_memory(m_engine->context()), sequences, reuse, 0};
}

TokenIds TestSequenceTable::ids(int count, int from)
{
    TokenIds tokens(static_cast<std::size_t>(count));
    std::iota(tokens.begin(), tokens.end(), from);
    return tokens;
}

llama_seq_id TestSequenceTable::fill(SequenceTable &table, const TokenIds &tokens, const std::string &owner)
{
    const auto place = table.place(tokens);
    table.append(place.sequence, std::span(tokens).subspan(place.kept));
    table.release(place.sequence, owner);
    return place.sequence;
}

void TestSequenceTable::theLongestBeginningIsKept()
{
    SequenceTable sequences = table(4);
    QCOMPARE(sequences.place(ids(10)).kept, std::size_t{0});
    sequences = table(4);
    fill(sequences, ids(10));
    const llama_seq_id longer = fill(sequences, ids(100, 1));
    const auto place = sequences.place(ids(200, 1));
    QCOMPARE(place.kept, std::size_t{100});
    QCOMPARE(place.sequence, longer);
    QCOMPARE(sequences.tokensInUse(), std::size_t{100});
    // All of it is there already: the last token is computed again.
    sequences.release(place.sequence, {});
    QCOMPARE(sequences.wouldKeep(ids(100)), std::size_t{99});
    QCOMPARE(sequences.wouldKeep(ids(5, 7)), std::size_t{0});
}

void TestSequenceTable::imagesAreKeptWholeOrNotAtAll()
{
    const ImageKeys keys;
    const auto prompt = [&](const TokenIds &image) {
        TokenIds tokens = ids(10);
        tokens.insert(tokens.end(), image.begin(), image.end());
        const TokenIds after = ids(5, 100);
        tokens.insert(tokens.end(), after.begin(), after.end());
        return tokens;
    };
    const TokenIds image = keys.cells(std::string(64, 'a'), 0, 16);
    SequenceTable sequences = table(4);
    fill(sequences, prompt(image));
    QCOMPARE(sequences.wouldKeep(prompt(image)), std::size_t{30});
    QCOMPARE(sequences.wouldKeep(prompt(keys.cells(std::string(64, 'b'), 0, 16))), std::size_t{10});
    // Should the first cells ever be called alike, the image is still another one.
    TokenIds alike = image;
    alike.back() -= 1;
    QCOMPARE(sequences.wouldKeep(prompt(alike)), std::size_t{10});
    // Another text after the same image.
    TokenIds other = prompt(image);
    other[26] = 7;
    QCOMPARE(sequences.wouldKeep(other), std::size_t{26});
}

void TestSequenceTable::theSameConversationIsTakenOver()
{
    SequenceTable sequences = table(4);
    const llama_seq_id first = fill(sequences, ids(60));
    TokenIds next = ids(50); // the end of the answer came back as other tokens
    next.resize(80, 999);
    const auto place = sequences.place(next);
    QCOMPARE(place.sequence, first);
    QCOMPARE(place.kept, std::size_t{50});
    QVERIFY(sequences.tokens(first) == ids(50));
}

void TestSequenceTable::anotherConversationIsLeftAlone()
{
    SequenceTable sequences = table(4);
    const llama_seq_id first = fill(sequences, ids(100));
    TokenIds other = ids(40);
    other.resize(60, 999);
    const auto place = sequences.place(other);
    QVERIFY(place.sequence != first);
    QCOMPARE(place.kept, std::size_t{40});
    QVERIFY(sequences.tokens(first) == ids(100));
    QVERIFY(sequences.tokens(place.sequence) == ids(40));
}

void TestSequenceTable::aRunningOneIsCopied()
{
    SequenceTable sequences = table(2);
    const auto running = sequences.place(ids(50));
    sequences.append(running.sequence, ids(50));
    const auto place = sequences.place(ids(50));
    QVERIFY(place.sequence != running.sequence);
    QCOMPARE(place.kept, std::size_t{49});
    QCOMPARE(sequences.tokensInUse(), std::size_t{99});
}

void TestSequenceTable::theLeastRecentlyUsedLeaves()
{
    SequenceTable sequences = table(3);
    fill(sequences, ids(20, 100));
    fill(sequences, ids(20, 200));
    fill(sequences, ids(20, 300));
    fill(sequences, ids(30, 100)); // used again
    fill(sequences, ids(20, 400)); // there is no sequence left: 200 leaves
    QCOMPARE(sequences.wouldKeep(ids(20, 200)), std::size_t{0});
    QCOMPARE(sequences.wouldKeep(ids(40, 100)), std::size_t{30});
    QVERIFY(sequences.evict()); // 300
    QCOMPARE(sequences.wouldKeep(ids(30, 300)), std::size_t{0});
    QVERIFY(sequences.evict());
    QVERIFY(sequences.evict());
    QVERIFY(!sequences.evict());
    const auto inUse = sequences.place(ids(5));
    sequences.append(inUse.sequence, ids(5));
    QVERIFY(!sequences.evict());
}

void TestSequenceTable::aMemoryThatCannotBeCut()
{
    SequenceTable sequences = table(4, PrefixReuse::Whole);
    fill(sequences, ids(50));
    QCOMPARE(sequences.wouldKeep(ids(80)), std::size_t{50}); // goes on
    QCOMPARE(sequences.wouldKeep(ids(50)), std::size_t{0});  // would need the state one token before
    TokenIds other = ids(40);
    other.resize(60, 999);
    QCOMPARE(sequences.wouldKeep(other), std::size_t{0});
}

void TestSequenceTable::cutsAndForgets()
{
    SequenceTable sequences = table(2);
    const llama_seq_id sequence = fill(sequences, ids(50));
    QVERIFY(sequences.cut(sequence, 60));
    QCOMPARE(sequences.tokens(sequence).size(), std::size_t{50});
    QVERIFY(sequences.cut(sequence, 20));
    QVERIFY(sequences.tokens(sequence) == ids(20));
    sequences.forget(sequence);
    QVERIFY(sequences.tokens(sequence).empty());
    fill(sequences, ids(10));
    sequences.clear();
    QCOMPARE(sequences.wouldKeep(ids(20)), std::size_t{0});
}

void TestSequenceTable::ownersHaveOneSequence()
{
    SequenceTable sequences = table(4);
    QCOMPARE(sequences.ofOwner("a"), -1);
    fill(sequences, ids(20, 100), "a");
    const llama_seq_id newer = fill(sequences, ids(20, 200), "a");
    fill(sequences, ids(20, 300));
    QCOMPARE(sequences.ofOwner("a"), newer);
    QCOMPARE(sequences.ofOwner(""), -1);
    QCOMPARE(sequences.wouldKeep(ids(40, 100)), std::size_t{20}); // the older one is nobody's, but still useful
    QCOMPARE(sequences.place(ids(40, 200)).sequence, newer);
    QCOMPARE(sequences.ofOwner("a"), -1); // it is being used
}

void TestSequenceTable::idleOnesMakeRoomForThoseAtWork()
{
    SequenceTable sequences = table(8);
    const llama_seq_id nobodys = fill(sequences, ids(40, 1000));
    const llama_seq_id saved = fill(sequences, ids(40, 2000), "saved");
    const llama_seq_id precious = fill(sequences, ids(40, 3000), "not saved");
    const llama_seq_id newest = fill(sequences, ids(40, 4000));
    const auto running = sequences.place(ids(200, 5000));
    sequences.append(running.sequence, ids(200, 5000));
    sequences.markSaved(saved);
    sequences.trimIdle(160);
    QCOMPARE(sequences.tokensHeld(), std::size_t{360}); // all of them have room
    sequences.trimIdle(159);
    QVERIFY(sequences.tokens(nobodys).empty());
    QVERIFY(!sequences.tokens(saved).empty());
    sequences.trimIdle(80);
    QVERIFY(sequences.tokens(saved).empty());
    QVERIFY(!sequences.tokens(newest).empty());
    sequences.trimIdle(0);
    QVERIFY(sequences.tokens(newest).empty());
    QCOMPARE(sequences.tokens(precious).size(), std::size_t{40});
    QCOMPARE(sequences.tokensInUse(), std::size_t{200});
    // What was saved is no longer all of it once it has gone on.
    sequences.markSaved(precious);
    TokenIds longer = ids(40, 3000);
    longer.resize(50, 7);
    fill(sequences, longer, "not saved");
    sequences.trimIdle(0);
    QCOMPARE(sequences.tokensHeld(), std::size_t{250});
}

void TestSequenceTable::whatIsNoLongerSaidMakesRoomAtOnce()
{
    SequenceTable sequences = table(8);
    const llama_seq_id edited = fill(sequences, ids(40, 1000), "a");
    const llama_seq_id others = fill(sequences, ids(40, 2000), "b");
    const auto next = sequences.place(ids(20, 3000)); // of "a", and nothing in common with what it said
    sequences.disown("a");
    sequences.disown("");
    sequences.trimIdle(40);
    QVERIFY(sequences.tokens(edited).empty());
    QCOMPARE(sequences.tokens(others).size(), std::size_t{40});
    QCOMPARE(sequences.ofOwner("b"), others);
    sequences.append(next.sequence, ids(20, 3000));
    sequences.release(next.sequence, "a");
    QCOMPARE(sequences.ofOwner("a"), next.sequence);
}

void TestSequenceTable::otherAdaptersHaveNothingInCommon()
{
    const AdapterSet whole{{0, 1}};
    const AdapterSet half{{0, 0.5F}};
    SequenceTable sequences = table(4);
    const auto place = sequences.place(ids(50), whole);
    sequences.append(place.sequence, ids(50));
    QVERIFY(sequences.adapters(place.sequence) == whole);
    QCOMPARE(sequences.wouldKeep(ids(60)), std::size_t{0});
    QCOMPARE(sequences.wouldKeep(ids(60), half), std::size_t{0});
    QCOMPARE(sequences.wouldKeep(ids(60), whole), std::size_t{50});
    sequences.release(place.sequence, {});
    // A sequence that is used again is what its new user says.
    QCOMPARE(sequences.place(ids(60), half).kept, std::size_t{0});
    QCOMPARE(sequences.place(ids(60)).kept, std::size_t{0});
    QVERIFY(sequences.cut(place.sequence, 20));
    QVERIFY(sequences.adapters(place.sequence) == whole);
    QCOMPARE(sequences.place(ids(60), whole).kept, std::size_t{20});
}

QTEST_APPLESS_MAIN(TestSequenceTable)
#include "tst_sequence_table.moc"
