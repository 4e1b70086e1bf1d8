// SPDX-License-Identifier: Apache-2.0
#include "inference/client/model_inspector.h"

#include "tests/unit/inference/client/fake_engine.h"

using namespace tramontane;
using namespace tramontane::test;

class TestModelInspector : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void readsADescription();
    void relativePathBecomesAbsolute();
    void goesWrong_data();
    void goesWrong();
    void nameCannotHarmATerminal();
    void readsAPlan();
    void planGoesWrong_data();
    void planGoesWrong();
    void devices();
    void devicesGoWrong_data();
    void devicesGoWrong();
    void missingProgram();
    void whatPolicyDemandsIsPassedOn();
    void deletedInspectorAnswersWithCancelled();
    void inspectorMayBeDeletedByTheAnswer();
};

namespace {

Result<ModelDescription> inspected(const QString &script, LocalModelInspector::Limits limits = {})
{
    const FakeEngine engine({script});
    LocalModelInspector inspector(engine.program(), {}, limits);
    const auto future = inspector.inspect("/models/x.gguf");
    if (!QTest::qWaitFor([&] { return future.isFinished(); }, 5000))
        return Error{ErrorCode::Internal, "the inspection does not end", {}};
    return future.result();
}

} // namespace

void TestModelInspector::readsADescription()
{
    const auto model = inspected({});
    QCOMPARE(model->name, std::string("Fake"));
    QCOMPARE(model->quantisation, std::string("Q4_1"));
    QCOMPARE(model->sha256, std::string(64, 'a'));
    QCOMPARE(model->kind, ModelKind::Chat);
    QCOMPARE(model->fileBytes, 5'000'000'000);
    QCOMPARE(model->parameters, 134'515'008);
    QCOMPARE(model->contextLength, 2048);
    QCOMPARE(model->layers, 30);
    QCOMPARE(model->embeddingLength, 576);
    QCOMPARE(model->vocabulary, 49152);
    QVERIFY(model->hasTemplate);
    QVERIFY(model->facts && !model->facts->memoryCanBeCut);
    QCOMPARE(model->facts->slidingWindow, 4096);
    QCOMPARE(model->facts->kvHeads, 3);
    QCOMPARE(model->facts->tensors, 272);
}

void TestModelInspector::relativePathBecomesAbsolute()
{
    const FakeEngine engine({QString()});
    LocalModelInspector inspector(engine.program());
    const auto future = inspector.inspect("--serve");
    QTRY_VERIFY(future.isFinished());
    QVERIFY(future.result().ok());
    QVERIFY(engine.log().contains(QDir::current().absoluteFilePath(QStringLiteral("--serve"))));
}

void TestModelInspector::goesWrong_data()
{
    QTest::addColumn<QString>("how");
    QTest::addColumn<QString>("code");
    QTest::addColumn<QString>("detail");
    const QString unsupported = QStringLiteral("MODEL_UNSUPPORTED");
    QTest::newRow("says what is wrong") << "error"
                                        << "MODEL_TRUNCATED"
                                        << "tensor 3";
    QTest::newRow("crashes") << "crash" << unsupported << "ended by signal 6";
    QTest::newRow("hangs") << "hang" << unsupported << "time limit";
    QTest::newRow("floods") << "huge" << unsupported << "too much output";
    QTest::newRow("says nothing") << "silent" << unsupported << "ended with exit code 0";
    QTest::newRow("no JSON") << "text" << unsupported << "no JSON object";
    QTest::newRow("two documents") << "twice" << unsupported << "no JSON object";
    QTest::newRow("unknown field") << "unknown" << unsupported << "unknown field";
    QTest::newRow("missing field") << "missing" << unsupported << "layers";
    QTest::newRow("impossible kind") << "kind" << unsupported << "kind";
    QTest::newRow("impossible sum") << "sum" << unsupported << "sha256";
    QTest::newRow("negative count") << "negative" << unsupported << "layers";
    QTest::newRow("half a layer") << "fraction" << unsupported << "layers";
    QTest::newRow("negative window") << "window" << unsupported << "slidingWindow";
    QTest::newRow("unknown fact") << "facts" << unsupported << "unknown field";
    QTest::newRow("too many layers") << "large" << unsupported << "layers";
}

void TestModelInspector::goesWrong()
{
    QFETCH(QString, how);
    QFETCH(QString, code);
    QFETCH(QString, detail);
    LocalModelInspector::Limits limits;
    if (how == QStringLiteral("hang"))
        limits.start = std::chrono::milliseconds(300);
    const auto model = inspected(QStringLiteral("inspect=") + how, limits);
    QVERIFY(!model.ok());
    QCOMPARE(std::string(errorName(model.error().code)), code.toStdString());
    QVERIFY2(QString::fromStdString(model.error().detail).contains(detail), model.error().detail.c_str());
    QVERIFY(!model.error().message.empty());
}

void TestModelInspector::nameCannotHarmATerminal()
{
    const auto model = inspected(QStringLiteral("inspect=name"));
    QVERIFY(model.ok());
    QVERIFY2(model->name.starts_with(" [31mRed derx"), model->name.c_str());
    QCOMPARE(model->name.size(), std::size_t{256});
}

void TestModelInspector::whatPolicyDemandsIsPassedOn()
{
    const FakeEngine engine({QString()});
    QStringList demanded{QStringLiteral("files"), QStringLiteral("syscalls")};
    LocalModelInspector inspector(engine.program(), [&] { return demanded; });
    auto future = inspector.inspect("/models/x.gguf");
    QTRY_VERIFY(future.isFinished());
    const QStringList first = engine.log();
    QVERIFY2(first.contains(QStringLiteral("require files,syscalls")), qPrintable(first.join(u'\n')));
    demanded.clear();
    future = inspector.inspect("/models/x.gguf");
    QTRY_VERIFY(future.isFinished());
    QCOMPARE(engine.log().mid(first.size()), (QStringList{QStringLiteral("start"), QStringLiteral("/models/x.gguf")}));
}

void TestModelInspector::readsAPlan()
{
    const FakeEngine engine({QString()});
    LocalModelInspector inspector(engine.program());
    const auto future = inspector.plan("/models/x.gguf", {4096, 2, 7, "q8_0"});
    QTRY_VERIFY(future.isFinished());
    const auto plan = future.result();
    QVERIFY2(plan.ok(), plan.ok() ? "" : plan.error().detail.c_str());
    QCOMPARE(plan->contextTokens, 4096);
    QCOMPARE(plan->layersTotal, 31);
    QCOMPARE(plan->devices.size(), std::size_t{1});
    QCOMPARE(plan->devices[0].kvBytes, std::int64_t{2});
    QCOMPARE(plan->neededBytes(), std::int64_t{10});
    QVERIFY(
        engine.log().contains(QStringLiteral("/models/x.gguf --context 4096 --parallel 2 --layers 7 --kv-type q8_0")));
    const auto plain = inspector.plan("/models/x.gguf", {});
    QTRY_VERIFY(plain.isFinished());
    QCOMPARE(engine.log().last(), QStringLiteral("/models/x.gguf")); // the engine decides
}

void TestModelInspector::planGoesWrong_data()
{
    QTest::addColumn<QString>("how");
    QTest::addColumn<QString>("code");
    QTest::addColumn<QString>("detail");
    const QString unsupported = QStringLiteral("MODEL_UNSUPPORTED");
    QTest::newRow("too large") << "error"
                               << "MODEL_TOO_LARGE"
                               << "CPU";
    QTest::newRow("crashes") << "crash" << unsupported << "signal 6";
    QTest::newRow("wrong sum") << "sum" << unsupported << "neededBytes";
    QTest::newRow("wrong total") << "total" << unsupported << "neededBytes";
    QTest::newRow("more than there is") << "huge" << unsupported << "bytes";
    QTest::newRow("no device") << "none" << unsupported << "devices";
    QTest::newRow("another kind") << "kind" << unsupported << "kind";
}

void TestModelInspector::planGoesWrong()
{
    QFETCH(QString, how);
    QFETCH(QString, code);
    QFETCH(QString, detail);
    const FakeEngine engine({QStringLiteral("plan=") + how});
    LocalModelInspector inspector(engine.program());
    const auto future = inspector.plan("/models/x.gguf", {});
    QTRY_VERIFY(future.isFinished());
    QCOMPARE(std::string(errorName(future.result().error().code)), code.toStdString());
    QVERIFY2(QString::fromStdString(future.result().error().detail).contains(detail),
             future.result().error().detail.c_str());
}

void TestModelInspector::devices()
{
    const FakeEngine engine({QString()});
    LocalModelInspector inspector(engine.program());
    const auto future = inspector.devices();
    QTRY_VERIFY(future.isFinished());
    QCOMPARE(future.result().value(), std::string(R"({"devices":[{"name":"CPU"}]})"));
}

void TestModelInspector::devicesGoWrong_data()
{
    QTest::addColumn<QString>("how");
    QTest::addColumn<QString>("code");
    QTest::newRow("crash") << "crash"
                           << "ENGINE_STOPPED";
    QTest::newRow("no JSON") << "text"
                             << "ENGINE_UNAVAILABLE";
}

void TestModelInspector::devicesGoWrong()
{
    QFETCH(QString, how);
    QFETCH(QString, code);
    const FakeEngine engine({QStringLiteral("devices=") + how});
    LocalModelInspector inspector(engine.program());
    const auto future = inspector.devices();
    QTRY_VERIFY(future.isFinished());
    QCOMPARE(std::string(errorName(future.result().error().code)), code.toStdString());
}

void TestModelInspector::missingProgram()
{
    LocalModelInspector inspector(QStringLiteral("/nonexistent/tramontane-engine"));
    const auto model = inspector.inspect("/models/x.gguf");
    const auto devices = inspector.devices();
    QVERIFY(!model.isFinished());
    QTRY_VERIFY(model.isFinished() && devices.isFinished());
    QCOMPARE(model.result().error().code, ErrorCode::EngineUnavailable);
    QCOMPARE(devices.result().error().code, ErrorCode::EngineUnavailable);
}

void TestModelInspector::deletedInspectorAnswersWithCancelled()
{
    const FakeEngine engine({QStringLiteral("inspect=hang")});
    auto inspector = std::make_unique<LocalModelInspector>(engine.program());
    const auto running = inspector->inspect("/models/x.gguf");
    QTRY_COMPARE(engine.starts(), 1);
    const auto notStarted = inspector->inspect("/models/x.gguf");
    inspector.reset();
    QVERIFY(running.isFinished() && notStarted.isFinished());
    QCOMPARE(running.result().error().code, ErrorCode::Cancelled);
    QCOMPARE(notStarted.result().error().code, ErrorCode::Cancelled);
    QTest::qWait(50);
    QCOMPARE(engine.starts(), 1);
}

void TestModelInspector::inspectorMayBeDeletedByTheAnswer()
{
    const FakeEngine engine({QString()});
    auto inspector = std::make_unique<LocalModelInspector>(engine.program());
    bool answered = false;
    const auto next = inspector->inspect("/models/x.gguf").then(this, [&](const Result<ModelDescription> &model) {
        inspector.reset();
        answered = model.ok();
    });
    QTRY_VERIFY(answered);
    QTest::qWait(20);
}

QTEST_GUILESS_MAIN(TestModelInspector)
#include "tst_model_inspector.moc"
