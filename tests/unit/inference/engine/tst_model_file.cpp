// SPDX-License-Identifier: Apache-2.0
#include "engine_fixture.h"
#include "inference/engine/model/inspect.h"
#include "inference/engine/model/model_file.h"
#include "tests/support/gguf/gguf_writer.h"

#include <QDir>
#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <random>

using namespace tramontane;
using namespace tramontane::engine;

class TestModelFile : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void describesTheStarterModel();
    void describesTheEmbeddingModel();
    void partsAreOneModel();
    void headersThatLie_data();
    void headersThatLie();
    void mutatedHeadersAreRefusedOrUnderstood();
    void hashingCanBeCancelled();
    void anotherFileUnderTheSameNameChangesNothing();
    void loadingCanBeCancelled();

private:
    QString write(const QByteArray &content);

    Quiet m_quiet;
    QTemporaryDir m_folder;
};

QString TestModelFile::write(const QByteArray &content)
{
    const QString path = m_folder.filePath(QStringLiteral("model.gguf"));
    QFile file(path);
    return file.open(QIODevice::WriteOnly) && file.write(content) == content.size() ? path : QString();
}

void TestModelFile::describesTheStarterModel()
{
    const auto model = inspectModel(kChatModel);
    QVERIFY(model.ok());
    QCOMPARE(model->architecture, std::string("llama"));
    QCOMPARE(model->quantisation, std::string("Q4_1"));
    QCOMPARE(model->licence, std::string("apache-2.0"));
    QCOMPARE(model->kind, ModelKind::Chat);
    QCOMPARE(model->fileBytes, 98362432);
    QCOMPARE(model->parameters, 134515008);
    QCOMPARE(model->contextLength, 8192);
    QCOMPARE(model->layers, 30);
    QCOMPARE(model->embeddingLength, 576);
    QCOMPARE(model->vocabulary, 49152);
    QVERIFY(model->hasTemplate);
    QVERIFY(model->facts->memoryCanBeCut);
    QCOMPARE(model->facts->heads, 9);
    QCOMPARE(model->facts->kvHeads, 3);
    QCOMPARE(model->facts->tokenizer, std::string("gpt2"));
    QCOMPARE(model->facts->templateSha256.size(), std::size_t{64});
    QCOMPARE(model->sha256, std::string("b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"));
}

void TestModelFile::describesTheEmbeddingModel()
{
    const auto model = inspectModel(kEmbeddingModel);
    QVERIFY(model.ok());
    QCOMPARE(model->architecture, std::string("bert"));
    QCOMPARE(model->kind, ModelKind::Embedding);
    QCOMPARE(model->contextLength, 512);
    QCOMPARE(model->embeddingLength, 384);
    QVERIFY(!model->hasTemplate);
}

void TestModelFile::partsAreOneModel()
{
    const QString folder = m_folder.filePath(QStringLiteral("parts"));
    QVERIFY(QDir().mkpath(folder));
    QProcess python;
    python.start(QStringLiteral("python3"),
                 {QStringLiteral(TRAMONTANE_SOURCE_DIR "/tests/support/gguf/split_model.py"),
                  QString::fromLatin1(kChatModel), folder + QStringLiteral("/smol"), QStringLiteral("3")});
    QVERIFY(python.waitForFinished(60'000));
    QCOMPARE(python.exitCode(), 0);
    const std::string first = (folder + QStringLiteral("/smol-00001-of-00003.gguf")).toStdString();
    const auto whole = inspectModel(kChatModel);
    const auto parts = inspectModel(first);
    QVERIFY2(parts.ok(), parts.ok() ? "" : parts.error().detail.c_str());
    QCOMPARE(parts->facts->files, 3);
    QCOMPARE(parts->facts->tensors, whole->facts->tensors);
    QCOMPARE(parts->parameters, whole->parameters);
    const auto engine = LoadedEngine::load(
        {first, parts->sha256, parts->fileBytes, {512, 1, 0, 0, FlashAttention::On}, ModelKind::Chat},
        [](double) { return true; });
    QVERIFY2(engine.ok(), engine.ok() ? "" : engine.error().detail.c_str());

    const auto second = inspectModel((folder + QStringLiteral("/smol-00002-of-00003.gguf")).toStdString());
    QCOMPARE(second.error().code, ErrorCode::ModelUnsupported);
    QVERIFY(second.error().message.find("first part") != std::string::npos);
    QVERIFY(QFile::remove(folder + QStringLiteral("/smol-00003-of-00003.gguf")));
    const auto incomplete = inspectModel(first);
    QCOMPARE(incomplete.error().code, ErrorCode::ModelTruncated);
    QCOMPARE(incomplete.error().detail, std::string("part 3 of 3"));
}

void TestModelFile::headersThatLie_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<int>("code");
    const auto row = [](const char *name, const std::string &content, ErrorCode code) {
        QTest::newRow(name) << QByteArray::fromStdString(content) << int(code);
    };
    // The rules one by one: tests/unit/inference/catalog. Here: that they stand before llama.cpp.
    row("sound, but no model for llama.cpp", test::soundModel().bytes(), ErrorCode::ModelUnsupported);
    row("doubled key", test::soundModel().u32("general.name", 1).bytes(), ErrorCode::ModelNotGguf);
    row("tensor beyond the end", test::soundModel().tensor({"t", {1000}, 0, -1, 16}).bytes(),
        ErrorCode::ModelTruncated);
    row("one of several files", test::soundModel().u16("split.count", 3).bytes(), ErrorCode::ModelUnsupported);
    test::GgufWriter nonsense;
    nonsense.text("general.architecture", "nonsense").tensor({"t"});
    row("unknown architecture", nonsense.bytes(), ErrorCode::ModelUnsupported);
}

void TestModelFile::headersThatLie()
{
    QFETCH(QByteArray, content);
    QFETCH(int, code);
    const auto model = inspectModel(write(content).toStdString());
    QVERIFY(!model.ok());
    QCOMPARE(int(model.error().code), code);
}

void TestModelFile::mutatedHeadersAreRefusedOrUnderstood()
{
    QFile original(QString::fromLatin1(kEmbeddingModel));
    QVERIFY(original.open(QIODevice::ReadOnly));
    const QByteArray good = original.read(1 << 20);
    std::mt19937 random(7);
    int refused = 0;
    for (int round = 0; round < 60; ++round) {
        QByteArray bad = good;
        for (int i = 0; i < 4; ++i)
            bad[qsizetype(random() % (round < 30 ? 2000U : 800'000U))] = static_cast<char>(random());
        const auto file = ModelFile::open(write(bad).toStdString());
        QVERIFY(file.ok());
        refused += file->describe().ok() ? 0 : 1;
    }
    QCOMPARE(refused, 60); // the data of the tensors is missing anyway
}

void TestModelFile::hashingCanBeCancelled()
{
    const auto file = ModelFile::open(kChatModel);
    QVERIFY(file.ok());
    int calls = 0;
    const auto hash = file->sha256([&](double) { return ++calls < 3; });
    QCOMPARE(hash.error().code, ErrorCode::Cancelled);
    QCOMPARE(calls, 3);
}

void TestModelFile::anotherFileUnderTheSameNameChangesNothing()
{
    const std::string path = write("GGUF first").toStdString();
    const auto file = ModelFile::open(path);
    const auto before = file->sha256([](double) { return true; });
    QVERIFY(QFile::remove(QString::fromStdString(path)));
    write("something else");
    QCOMPARE(*file->sha256([](double) { return true; }), *before);
}

void TestModelFile::loadingCanBeCancelled()
{
    int calls = 0;
    const auto engine = LoadedEngine::load({kChatModel, {}, {}, {512, 1, 0, 0, FlashAttention::On}, ModelKind::Chat},
                                           [&](double) { return ++calls < 2; });
    QCOMPARE(engine.error().code, ErrorCode::Cancelled);
}

QTEST_APPLESS_MAIN(TestModelFile)
#include "tst_model_file.moc"
