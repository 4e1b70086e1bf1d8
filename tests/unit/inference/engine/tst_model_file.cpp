// SPDX-License-Identifier: Apache-2.0
#include "engine_fixture.h"
#include "inference/engine/gguf_header.h"
#include "inference/engine/inspect.h"
#include "inference/engine/model_file.h"

#include <QFile>
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

namespace {

QByteArray little(quint64 value, int bytes)
{
    QByteArray out;
    for (int i = 0; i < bytes; ++i)
        out += static_cast<char>((value >> (8 * i)) & 0xFF);
    return out;
}

QByteArray text(const QByteArray &value)
{
    return little(quint64(value.size()), 8) + value;
}

QByteArray header(quint64 tensors, quint64 pairs)
{
    return "GGUF" + little(3, 4) + little(tensors, 8) + little(pairs, 8);
}

} // namespace

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

void TestModelFile::headersThatLie_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<int>("code");
    const auto row = [](const char *name, const QByteArray &content, ErrorCode code) {
        QTest::newRow(name) << content << int(code);
    };
    const QByteArray key = text("k");
    row("many tensors", header(1ULL << 40, 0), ErrorCode::ModelNotGguf);
    row("many keys", header(0, ~0ULL), ErrorCode::ModelNotGguf);
    row("more keys than bytes", header(0, 1000), ErrorCode::ModelTruncated);
    row("endless name", header(0, 1) + little(~0ULL, 8), ErrorCode::ModelNotGguf);
    row("name beyond the end", header(0, 1) + little(1000, 8) + "abc", ErrorCode::ModelTruncated);
    row("unknown type", header(0, 1) + key + little(13, 4) + little(0, 8), ErrorCode::ModelNotGguf);
    row("array of arrays", header(0, 1) + key + little(9, 4) + little(9, 4) + little(1, 8), ErrorCode::ModelNotGguf);
    row("endless array", header(0, 1) + key + little(9, 4) + little(0, 4) + little(~0ULL, 8), ErrorCode::ModelNotGguf);
    row("array beyond the end", header(0, 1) + key + little(9, 4) + little(4, 4) + little(1 << 20, 8),
        ErrorCode::ModelTruncated);
    row("strings beyond the end", header(0, 1) + key + little(9, 4) + little(8, 4) + little(1 << 20, 8) + text("a"),
        ErrorCode::ModelTruncated);
    row("tensor of many dimensions", header(1, 0) + text("t") + little(100, 4) + QByteArray(1000, '\0'),
        ErrorCode::ModelNotGguf);
    row("tensor beyond the end",
        header(1, 0) + text("t") + little(1, 4) + little(1 << 20, 8) + little(0, 4) + little(0, 8),
        ErrorCode::ModelTruncated);
    row("tensor of no type",
        header(1, 0) + text("t") + little(1, 4) + little(4, 8) + little(200, 4) + little(0, 8) + QByteArray(64, '\0'),
        ErrorCode::ModelNotGguf);
    row("tensor of endless size",
        header(1, 0) + text("t") + little(2, 4) + little(1ULL << 62, 8) + little(1ULL << 62, 8) + little(0, 4)
            + little(0, 8) + QByteArray(64, '\0'),
        ErrorCode::ModelNotGguf);
    row("doubled key", header(0, 2) + key + little(4, 4) + little(1, 4) + key + little(4, 4) + little(1, 4),
        ErrorCode::ModelNotGguf);
    row("one of several files", header(0, 1) + text("split.count") + little(2, 4) + little(3, 2),
        ErrorCode::ModelUnsupported);
    row("unknown architecture",
        header(1, 1) + text("general.architecture") + little(8, 4) + text("nonsense") + text("t") + little(1, 4)
            + little(4, 8) + little(0, 4) + little(0, 8) + QByteArray(256, '\0'),
        ErrorCode::ModelUnsupported);
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
    const auto engine = LoadedEngine::load({kChatModel, {}, {}, {512, 1, 0, 0, true}, ModelKind::Chat},
                                           [&](double) { return ++calls < 2; });
    QCOMPARE(engine.error().code, ErrorCode::Cancelled);
}

QTEST_APPLESS_MAIN(TestModelFile)
#include "tst_model_file.moc"
