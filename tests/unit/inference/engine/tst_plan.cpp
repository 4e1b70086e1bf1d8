// SPDX-License-Identifier: Apache-2.0
#include "inference/engine/model/plan.h"

#include "app/platform/process/machine_memory.h"
#include "engine_fixture.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace tramontane;
using namespace tramontane::engine;

class TestPlan : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void knowsTheMachine();
    void countsTheCacheExactly_data();
    void countsTheCacheExactly();
    void checkpointsAreCounted_data();
    void checkpointsAreCounted();
    void weightsAreThoseOfTheFile();
    void embeddingModelsArePlanned();
    void refusesWithFigures();
    void refusesWhatCannotBe_data();
    void refusesWhatCannotBe();
    void writesTheSums();

private:
    Quiet m_quiet;
    process::OwnMemory m_memory;
};

void TestPlan::knowsTheMachine()
{
    const auto memory = process::machineMemory();
    QVERIFY(memory.totalBytes > std::int64_t{1} << 30);
    QVERIFY(memory.availableBytes > 0 && memory.availableBytes <= memory.totalBytes);
    QVERIFY(m_memory.residentBytes() > 1 << 20);
    const auto before = m_memory.residentBytes();
    const std::vector<char> taken(64 << 20, 'x');
    QVERIFY(m_memory.residentBytes() - before > 60 << 20);
    QCOMPARE(taken.back(), 'x'); // so that it is really there
}

void TestPlan::countsTheCacheExactly_data()
{
    QTest::addColumn<int>("context");
    QTest::addColumn<QString>("type");
    QTest::addColumn<qint64>("bytes");
    // SmolLM2-135M: 30 layers, 3 heads of 64 for keys and as much for values.
    const qint64 perToken = 30 * 2 * 3 * 64;
    QTest::newRow("f16") << 4096 << QString() << 4096 * perToken * 2;
    QTest::newRow("f16, named") << 1024 << "f16" << 1024 * perToken * 2;
    QTest::newRow("q8_0") << 4096 << "q8_0" << 4096 * perToken / 32 * 34;
    QTest::newRow("q4_0") << 2048 << "q4_0" << 2048 * perToken / 32 * 18;
}

void TestPlan::countsTheCacheExactly()
{
    QFETCH(int, context);
    QFETCH(QString, type);
    QFETCH(qint64, bytes);
    const auto plan = planMemory(kChatModel, {context, 1, -1, type.toStdString()}, m_memory);
    QVERIFY2(plan.ok(), plan.ok() ? "" : plan.error().detail.c_str());
    QCOMPARE(qint64(plan->devices[0].kvBytes), bytes);
    QCOMPARE(plan->contextTokens, context);
    QCOMPARE(plan->trainedContext, 8192);
    QCOMPARE(plan->layersTotal, 31);
    QCOMPARE(plan->layers, 0); // there is no GPU where the tests run
    QVERIFY(plan->recommendedContext > 0 && plan->recommendedContext <= 8192);
}

void TestPlan::checkpointsAreCounted_data()
{
    QTest::addColumn<QByteArray>("model");
    QTest::addColumn<qint64>("bytes");
    const qint64 most = 32;  // CheckpointStore::Limits
    const qint64 states = 5; // four answers and one that waits
    // 4 layers: 128 x 16 numbers of state and 128 x 3 of the convolution, in 32 bits, and the same in each checkpoint.
    QTest::newRow("mamba") << QByteArray("mamba") << (states + most) * 4 * (128 * 16 + 128 * 3) * 4;
    // 2 layers with 2 x 64 numbers of state; 2 with attention: 2 heads of 16 for keys and as much for values, 16 bits.
    QTest::newRow("lfm2") << QByteArray("lfm2") << (states + most) * 2 * 2 * 64 * 4 + 2048 * 2 * 2 * 32 * 2;
    // 2 layers keep all, 2 keep windows of 16 for 32 sequences and a batch of 512: 1024 cells. A checkpoint: 16 of all.
    QTest::newRow("gemma2") << QByteArray("gemma2") << (2048 + 1024) * 2 * 2 * 32 * 2 + most * 16 * 4 * 2 * 32 * 2;
}

void TestPlan::checkpointsAreCounted()
{
    QFETCH(QByteArray, model);
    QFETCH(qint64, bytes);
    const auto plan = planMemory((TINY_MODELS "/" + model + ".gguf").toStdString(), {2048, 4, -1, {}}, m_memory);
    QVERIFY2(plan.ok(), plan.ok() ? "" : plan.error().detail.c_str());
    QCOMPARE(qint64(plan->devices[0].kvBytes), bytes);
}

void TestPlan::weightsAreThoseOfTheFile()
{
    const auto plan = planMemory(kChatModel, {}, m_memory);
    QVERIFY(plan.ok());
    const PlannedDevice &cpu = plan->devices[0];
    QVERIFY(cpu.weightBytes > 90'000'000 && cpu.weightBytes < 130'000'000);
    QVERIFY(cpu.computeBytes > 1 << 20);
    QVERIFY(cpu.programBytes > 1 << 20);
    QCOMPARE(plan->contextTokens, 8192);
    QCOMPARE(plan->neededBytes(), cpu.weightBytes + cpu.kvBytes + cpu.computeBytes + cpu.programBytes);
}

void TestPlan::embeddingModelsArePlanned()
{
    const auto plan = planMemory(kEmbeddingModel, {8192, 0, -1, {}}, m_memory);
    QVERIFY2(plan.ok(), plan.ok() ? "" : plan.error().detail.c_str());
    QCOMPARE(plan->contextTokens, 512); // as long as the model can read
    QCOMPARE(plan->devices[0].kvBytes, std::int64_t{0});
    QVERIFY(plan->devices[0].weightBytes > 40'000'000);
}

void TestPlan::refusesWithFigures()
{
    const auto plan = planMemory(kChatModel, {1 << 24, 1, -1, {}}, m_memory);
    QVERIFY(!plan.ok());
    QCOMPARE(plan.error().code, ErrorCode::ModelTooLarge);
    const QString message = QString::fromStdString(plan.error().message);
    QVERIFY2(message.contains(QStringLiteral("16777216 tokens")), qPrintable(message));
    QVERIFY2(message.contains(QStringLiteral("GiB")), qPrintable(message));
    QVERIFY2(message.contains(QStringLiteral("it would fit")), qPrintable(message));
    QVERIFY(plan.error().detail.find("cache 386547056640") != std::string::npos);
}

void TestPlan::refusesWhatCannotBe_data()
{
    QTest::addColumn<QString>("path");
    QTest::addColumn<int>("context");
    QTest::addColumn<QString>("type");
    QTest::addColumn<int>("code");
    const QString model = QString::fromLatin1(kChatModel);
    QTest::newRow("no file") << "/no/such.gguf" << 0 << "" << int(ErrorCode::ModelNotFound);
    QTest::newRow("no model") << TRAMONTANE_SOURCE_DIR "/README.md" << 0 << "" << int(ErrorCode::ModelNotGguf);
    QTest::newRow("no type") << model << 0 << "q3_x" << int(ErrorCode::InvalidArgument);
    QTest::newRow("negative context") << model << -5 << "" << int(ErrorCode::InvalidArgument);
    QTest::newRow("endless context") << model << (1 << 25) << "" << int(ErrorCode::InvalidArgument);
}

void TestPlan::refusesWhatCannotBe()
{
    QFETCH(QString, path);
    QFETCH(int, context);
    QFETCH(QString, type);
    QFETCH(int, code);
    const auto plan = planMemory(path.toStdString(), {context, 0, -1, type.toStdString()}, m_memory);
    QVERIFY(!plan.ok());
    QCOMPARE(int(plan.error().code), code);
}

void TestPlan::writesTheSums()
{
    const auto plan = planMemory(kChatModel, {512, 1, -1, {}}, m_memory);
    QVERIFY(plan.ok());
    const QJsonObject json = QJsonDocument::fromJson(QByteArray::fromStdString(planJson(*plan))).object();
    QCOMPARE(json["neededBytes"].toInteger(), qint64(plan->neededBytes()));
    QCOMPARE(json["devices"].toArray().size(), qsizetype(plan->devices.size()));
    QCOMPARE(json["devices"][0]["neededBytes"].toInteger(), qint64(plan->devices[0].neededBytes()));
}

QTEST_APPLESS_MAIN(TestPlan)
#include "tst_plan.moc"
