// SPDX-License-Identifier: Apache-2.0
#include "inference/engine/schedule/checkpoint_store.h"

#include <QTest>

#include <numeric>

using namespace tramontane;
using namespace tramontane::engine;

class TestCheckpointStore : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theLongestBeginningIsFound();
    void oneOfTheSameTokensIsReplaced();
    void ofOneWayTheLeastUsefulLeaves();
    void theLeastRecentlyUsedLeaves();
    void bytesStayBounded();
    void aConversationIsForgotten();
    void otherAdaptersHaveTheirOwn();

private:
    static TokenIds ids(int count, int from = 1);
    static void add(CheckpointStore &store, const TokenIds &tokens, const std::string &owner = {},
                    std::size_t size = 8);
};

TokenIds TestCheckpointStore::ids(int count, int from)
{
    TokenIds tokens(static_cast<std::size_t>(count));
    std::iota(tokens.begin(), tokens.end(), from);
    return tokens;
}

void TestCheckpointStore::add(CheckpointStore &store, const TokenIds &tokens, const std::string &owner,
                              std::size_t size)
{
    store.add({tokens, std::string(size, 's'), owner});
}

void TestCheckpointStore::theLongestBeginningIsFound()
{
    CheckpointStore store({});
    QVERIFY(store.longest(ids(100), 99) == nullptr);
    add(store, ids(80));
    add(store, ids(40));
    add(store, ids(60, 500));
    add(store, {});
    QCOMPARE(store.count(), std::size_t{3});
    QCOMPARE(store.longest(ids(100), 99)->tokens.size(), std::size_t{80});
    QCOMPARE(store.longest(ids(100), 79)->tokens.size(), std::size_t{40}); // no more may be used
    QCOMPARE(store.longest(ids(80), 1000)->tokens.size(), std::size_t{80});
    QVERIFY(store.longest(ids(39), 39) == nullptr); // ends before the place of each
    TokenIds parts = ids(79);
    parts.push_back(999);
    QCOMPARE(store.longest(parts, 80)->tokens.size(), std::size_t{40});
    QVERIFY(store.has(ids(40)));
    QVERIFY(!store.has(ids(41)));
}

void TestCheckpointStore::oneOfTheSameTokensIsReplaced()
{
    CheckpointStore store({});
    add(store, ids(40), "a", 100);
    add(store, ids(40), "b", 10);
    QCOMPARE(store.count(), std::size_t{1});
    QCOMPARE(store.bytes(), 10 + 40 * sizeof(llama_token));
    QCOMPARE(store.longest(ids(50), 50)->owner, std::string("b"));
}

void TestCheckpointStore::ofOneWayTheLeastUsefulLeaves()
{
    CheckpointStore store({.count = 100, .onOneWay = 5});
    add(store, ids(300, 9000)); // another way
    for (int turn = 1; turn <= 50; ++turn)
        add(store, ids(turn * 100));
    QCOMPARE(store.count(), std::size_t{6});
    QVERIFY(store.has(ids(100)));  // what others may begin with
    QVERIFY(store.has(ids(5000))); // the newest two: the last question, and its last token
    QVERIFY(store.has(ids(4900)));
    QVERIFY(store.has(ids(300, 9000)));
}

void TestCheckpointStore::theLeastRecentlyUsedLeaves()
{
    CheckpointStore store({.count = 3});
    add(store, ids(50, 100));
    add(store, ids(90, 100)); // goes on
    add(store, ids(50, 2000));
    QVERIFY(store.longest(ids(95, 100), 95) != nullptr); // uses what lies before it, too
    add(store, ids(50, 3000));
    QVERIFY(!store.has(ids(50, 2000)));
    QVERIFY(store.has(ids(50, 100)));
    QVERIFY(store.has(ids(90, 100)));
}

void TestCheckpointStore::bytesStayBounded()
{
    CheckpointStore store({.count = 100, .onOneWay = 100, .bytes = 10'000});
    for (int i = 0; i < 50; ++i) {
        add(store, ids(50 + i), {}, 1000);
        QVERIFY2(store.bytes() <= 10'000, qPrintable(QString::number(store.bytes())));
    }
    QVERIFY(store.count() >= 7);
    QVERIFY(store.has(ids(99)));
    const std::size_t before = store.count();
    add(store, ids(20), {}, 20'000); // larger than all together: it is not kept, and nothing leaves for it
    QCOMPARE(store.count(), before);
}

void TestCheckpointStore::aConversationIsForgotten()
{
    CheckpointStore store({});
    add(store, ids(40), "a");
    add(store, ids(60), "b");
    add(store, ids(80), "a");
    add(store, ids(90));
    store.forget("a");
    QCOMPARE(store.count(), std::size_t{2});
    store.forget({}); // nobody's are not one conversation's
    QCOMPARE(store.count(), std::size_t{2});
    store.forget("b");
    QCOMPARE(store.bytes(), 8 + 90 * sizeof(llama_token));
}

void TestCheckpointStore::otherAdaptersHaveTheirOwn()
{
    const AdapterSet half{{0, 0.5F}};
    const AdapterSet whole{{0, 1}};
    CheckpointStore store({.count = 100, .onOneWay = 3});
    for (const AdapterSet &set : {AdapterSet{}, half})
        store.add({ids(40), std::string(8, 's'), {}, 0, set});
    QCOMPARE(store.count(), std::size_t{2}); // of the same tokens, yet one does not replace the other
    QVERIFY(store.has(ids(40)) && store.has(ids(40), half) && !store.has(ids(40), whole));
    QVERIFY(store.longest(ids(50), 50, half)->adapters == half);
    QVERIFY(store.longest(ids(50), 50, whole) == nullptr);
    QCOMPARE(store.onTheWay(ids(50), whole).size(), std::size_t{0});
    for (int i = 5; i < 9; ++i)
        store.add({ids(10 * i), std::string(8, 's'), {}, 0, half});
    QVERIFY(store.has(ids(40))); // thinned out is its own way only
    QCOMPARE(store.onTheWay(ids(90), half).size(), std::size_t{3});
}

QTEST_APPLESS_MAIN(TestCheckpointStore)
#include "tst_checkpoint_store.moc"
