// SPDX-License-Identifier: Apache-2.0
#include "inference/engine/worker/engine_order.h"

#include <QTest>

using namespace tramontane;
using namespace tramontane::engine;
using Arguments = std::vector<std::string>;

class TestEngineOrder : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void modes();
    void planOptions();
    void notUnderstood_data();
    void notUnderstood();
};

void TestEngineOrder::modes()
{
    QVERIFY(readOrder({"--serve"})->mode == Order::Mode::Serve);
    QVERIFY(readOrder({"--devices"})->mode == Order::Mode::Devices);
    QVERIFY(readOrder({"--image"})->mode == Order::Mode::Image);
    QVERIFY(!readOrder({"--image", "/i/a.png"}).has_value());
    const auto inspect = readOrder({"--inspect", "/m/a.gguf", "--require", "files,syscalls"});
    QVERIFY(inspect.has_value());
    QVERIFY(inspect->mode == Order::Mode::Inspect);
    QCOMPARE(inspect->file, std::string("/m/a.gguf"));
    QCOMPARE(inspect->required, (Arguments{"files", "syscalls"}));
    QVERIFY(readOrder({"--serve"})->required.empty());
}

void TestEngineOrder::planOptions()
{
    const auto plain = readOrder({"--plan", "/m/a.gguf"});
    QVERIFY(plain && plain->mode == Order::Mode::Plan);
    QCOMPARE(plain->plan.layers, -1);
    QCOMPARE(plain->plan.contextTokens, 0);
    const auto full = readOrder({"--plan", "/m/a.gguf", "--context", "4096", "--parallel", "2", "--layers", "7",
                                 "--kv-type", "q8_0", "--require", "files"});
    QVERIFY(full.has_value());
    QCOMPARE(full->plan.contextTokens, 4096);
    QCOMPARE(full->plan.parallel, 2);
    QCOMPARE(full->plan.layers, 7);
    QCOMPARE(full->plan.kvType, std::string("q8_0"));
    QCOMPARE(full->required, Arguments{"files"});
}

void TestEngineOrder::notUnderstood_data()
{
    QTest::addColumn<Arguments>("arguments");
    QTest::newRow("nothing") << Arguments{};
    QTest::newRow("another mode") << Arguments{"--run"};
    QTest::newRow("another mode with a file") << Arguments{"--run", "/m/a.gguf"};
    QTest::newRow("no file") << Arguments{"--inspect"};
    QTest::newRow("two files") << Arguments{"--inspect", "/a", "/b"};
    QTest::newRow("options of another mode") << Arguments{"--inspect", "/a", "--context", "1"};
    QTest::newRow("a value is missing") << Arguments{"--plan", "/a", "--context"};
    QTest::newRow("no number") << Arguments{"--plan", "/a", "--context", "4k"};
    QTest::newRow("a number that is too large") << Arguments{"--plan", "/a", "--context", "99999999999"};
    QTest::newRow("another option") << Arguments{"--plan", "/a", "--colour", "1"};
    QTest::newRow("demands alone") << Arguments{"--require", "files"};
}

void TestEngineOrder::notUnderstood()
{
    QFETCH(Arguments, arguments);
    QVERIFY(!readOrder(arguments));
}

QTEST_GUILESS_MAIN(TestEngineOrder)
#include "tst_engine_order.moc"
