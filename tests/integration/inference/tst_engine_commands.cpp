// SPDX-License-Identifier: Apache-2.0
// What the engine program says without a client: inspection, plan, devices.
#include "app/platform/process/hardening.h"
#include "engine_process.h"

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLibrary>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>

using namespace tramontane;

class TestEngineCommands : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void inspects_data();
    void inspects();
    void reportsDevicesAndSandbox();
    void plans();
    void refusesOtherArguments();
    void opensNoModelWithoutWhatIsRequired();
    void modulesComeFromItsOwnFolderOnly();
};

namespace {

QByteArray runEngine(const QStringList &arguments, int *status, const QStringList &variables = {},
                     const QString &folder = {})
{
    QProcess process;
    process.setEnvironment(QProcess::systemEnvironment() + variables);
    if (!folder.isEmpty())
        process.setWorkingDirectory(folder);
    process.start(QStringLiteral(TRAMONTANE_BIN_DIR "/tramontane-engine"), arguments);
    const bool ended = process.waitForFinished();
    *status = ended && process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1;
    return process.readAllStandardOutput();
}

QByteArray firstBytes(const char *model, qint64 count)
{
    QFile file(QString::fromStdString(modelPath(model)));
    if (!file.open(QIODevice::ReadOnly))
        return {};
    return file.read(count);
}

} // namespace

void TestEngineCommands::inspects_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<QString>("path");
    QTest::addColumn<QString>("code");
    const auto row = [](const char *name, const QByteArray &content, const char *code) {
        QTest::newRow(name) << content << QString() << QString::fromLatin1(code);
    };
    row("empty", QByteArray(""), "MODEL_NOT_GGUF");
    row("text", "This is a text.", "MODEL_NOT_GGUF");
    row("only the magic", "GGUF", "MODEL_TRUNCATED");
    row("other byte order", QByteArray("GGUF").append(QByteArray::fromHex("00000003")).append(16, '\0'),
        "MODEL_UNSUPPORTED");
    row("newer version", QByteArray("GGUF").append(QByteArray::fromHex("04000000")).append(16, '\0'),
        "MODEL_UNSUPPORTED");
    row("no tensors", QByteArray("GGUF").append(QByteArray::fromHex("03000000")).append(16, '\0'), "MODEL_UNSUPPORTED");
    row("huge counts", QByteArray("GGUF").append(QByteArray::fromHex("03000000")).append(16, '\x7F'), "MODEL_NOT_GGUF");
    for (const qint64 size : {5, 23, 24, 100, 4000, 500'000, 2'000'000, 3'000'000, 50'000'000, 98'362'431}) {
        const QByteArray content = firstBytes(kChatModel, size);
        QTest::addRow("cut off at %lld", size) << content << QString() << QStringLiteral("MODEL_TRUNCATED");
    }
    QTest::newRow("missing") << QByteArray() << QStringLiteral("/no/such/model.gguf")
                             << QStringLiteral("MODEL_NOT_FOUND");
    QTest::newRow("folder") << QByteArray() << QDir::tempPath() << QStringLiteral("MODEL_NOT_FOUND");
    QTest::newRow("chat model") << QByteArray() << QString::fromStdString(modelPath(kChatModel)) << QString();
    QTest::newRow("embedding model") << QByteArray() << QString::fromStdString(modelPath(kEmbeddingModel)) << QString();
}

void TestEngineCommands::inspects()
{
    QFETCH(QByteArray, content);
    QFETCH(QString, path);
    QFETCH(QString, code);
    const QTemporaryDir folder;
    if (path.isEmpty()) {
        path = folder.filePath(QStringLiteral("model.gguf"));
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        QCOMPARE(file.write(content), qint64(content.size()));
    }
    int status = 0;
    const QByteArray output = runEngine({QStringLiteral("--inspect"), path}, &status);
    const QJsonObject json = QJsonDocument::fromJson(output).object();
    if (code.isEmpty()) {
        QCOMPARE(status, 0);
        QCOMPARE(json.value(u"sha256").toString().size(), 64);
        QCOMPARE(json.value(u"kind").toString(),
                 path.contains(u"MiniLM") ? QStringLiteral("embedding") : QStringLiteral("chat"));
        QVERIFY(json.value(u"parameters").toDouble() > 2e7);
        QVERIFY(json.value(u"vocabulary").toInt() > 30000);
        return;
    }
    QCOMPARE(status, 1);
    const QJsonObject error = json.value(u"error").toObject();
    QCOMPARE(error.value(u"code").toString(), code);
    QVERIFY(!error.value(u"message").toString().isEmpty());
    QVERIFY(!error.value(u"detail").toString().isEmpty());
}

void TestEngineCommands::reportsDevicesAndSandbox()
{
    int status = 0;
    const QJsonObject json = QJsonDocument::fromJson(runEngine({QStringLiteral("--devices")}, &status)).object();
    QCOMPARE(status, 0);
    QVERIFY(!json.value(u"devices").toArray().isEmpty());
    QVERIFY(!json.value(u"cpuFeatures").toArray().isEmpty());
    QVERIFY(json.value(u"threads").toInt() > 0);
    QVERIFY(json.value(u"engineBuild").toString().contains(u"ggml"));
    const QJsonObject driver = json.value(u"driver").toObject();
    QVERIFY(driver.value(u"gpus").isArray());
    // One or the other: a driver that answers, or the reason in words.
    QVERIFY(driver.value(u"version").toString().isEmpty() != driver.value(u"problem").toString().isEmpty());
    QVERIFY(!json.value(u"gpuReason").toString().isEmpty() || !driver.value(u"gpus").toArray().isEmpty());
    const QJsonObject cpu = json.value(u"devices").toArray().first().toObject();
    QVERIFY(cpu.value(u"freeBytes").toDouble() > 0);
    QVERIFY(cpu.value(u"freeBytes").toDouble() < cpu.value(u"memoryBytes").toDouble());
    const QJsonArray layers = json.value(u"sandbox").toArray();
    QCOMPARE(std::size_t(layers.size()), process::layerNames().size());
    for (const std::string &name : process::layerNames()) {
        QVERIFY(std::any_of(layers.begin(), layers.end(), [&](const QJsonValue &layer) {
            return layer.toObject().value(u"name").toString().toStdString() == name;
        }));
    }
    for (const auto &layer : layers)
        QVERIFY(!layer.toObject().value(u"detail").toString().isEmpty());
}

void TestEngineCommands::plans()
{
    int status = 0;
    const QString model = QString::fromStdString(modelPath(kChatModel));
    const auto plan = [&](const QStringList &options) {
        return QJsonDocument::fromJson(runEngine(QStringList{QStringLiteral("--plan"), model} + options, &status))
            .object();
    };
    const QJsonObject small = plan({QStringLiteral("--context"), QStringLiteral("512")});
    QCOMPARE(status, 0);
    QCOMPARE(small.value(u"contextTokens").toInt(), 512);
    const QJsonObject large = plan({QStringLiteral("--context"), QStringLiteral("8192"), QStringLiteral("--kv-type"),
                                    QStringLiteral("q8_0"), QStringLiteral("--parallel"), QStringLiteral("2")});
    QCOMPARE(status, 0);
    QCOMPARE(large.value(u"kvType").toString(), QStringLiteral("q8_0"));
    QVERIFY(large.value(u"neededBytes").toDouble() > small.value(u"neededBytes").toDouble());
    const QJsonObject refused = plan({QStringLiteral("--context"), QStringLiteral("16777216")});
    QCOMPARE(status, 1);
    QCOMPARE(refused.value(u"error").toObject().value(u"code").toString(), QStringLiteral("MODEL_TOO_LARGE"));
    for (const QStringList &wrong : {QStringList{QStringLiteral("--context")},
                                     {QStringLiteral("--context"), QStringLiteral("many")},
                                     {QStringLiteral("--what"), QStringLiteral("1")}}) {
        QVERIFY(plan(wrong).isEmpty());
        QCOMPARE(status, 2);
    }
}

void TestEngineCommands::refusesOtherArguments()
{
    int status = 0;
    for (const QStringList &arguments : {QStringList{}, {QStringLiteral("--help")}, {QStringLiteral("--inspect")}}) {
        QVERIFY(runEngine(arguments, &status).isEmpty());
        QCOMPARE(status, 2);
    }
}

void TestEngineCommands::opensNoModelWithoutWhatIsRequired()
{
    const QString path = QString::fromStdString(modelPath(kChatModel));
    int status = 0;
    QByteArray output = runEngine(
        {QStringLiteral("--inspect"), path, QStringLiteral("--require"), QStringLiteral("environment,no-such-layer")},
        &status);
    QCOMPARE(status, 1);
    const QJsonObject error = QJsonDocument::fromJson(output).object().value(u"error").toObject();
    QCOMPARE(error.value(u"code").toString(), QStringLiteral("SANDBOX_INCOMPLETE"));
    QVERIFY(error.value(u"message").toString().contains(u"no-such-layer"));
    QVERIFY(!error.value(u"message").toString().contains(u"environment"));
    output = runEngine({QStringLiteral("--inspect"), path, QStringLiteral("--require"),
                        QStringLiteral("environment,core-dumps,syscalls")},
                       &status);
    QCOMPARE(status, 0);

    EngineProcess engine({QStringLiteral("--serve"), QStringLiteral("--require"), QStringLiteral("no-such-layer")});
    const auto refused = engine.load(kChatModel);
    QVERIFY(refused.has_value());
    QCOMPARE(refused->code, ErrorCode::SandboxIncomplete);
    QCOMPARE(engine.waitForEnd(), 1);
}

void TestEngineCommands::modulesComeFromItsOwnFolderOnly()
{
    const QString marker = QStringLiteral(STRAY_MODULE_MARKER);
    const QString module = QStringLiteral(STRAY_MODULE);
    const QTemporaryDir folder;
    for (const char *name : {"libggml-cpu-zen4.so", "libggml-cuda.so", "libggml-cpu.so"})
        QVERIFY(QFile::copy(module, folder.filePath(QLatin1String(name))));
    QFile::remove(marker);
    int status = 0;
    const QByteArray output = runEngine({QStringLiteral("--devices")}, &status,
                                        {QStringLiteral("GGML_BACKEND_PATH=") + module}, folder.path());
    QCOMPARE(status, 0);
    // It has looked for modules, and found its own.
    const QJsonArray devices = QJsonDocument::fromJson(output).object().value(u"devices").toArray();
    QVERIFY2(!devices.isEmpty(), output.constData());
    QVERIFY2(!devices.first().toObject().value(u"name").toString().isEmpty(), output.constData());
    QVERIFY(!QFile::exists(marker));
    // Whoever loads it leaves the marker; otherwise the line above would prove nothing.
    QLibrary stray(module);
    QVERIFY2(stray.load(), qPrintable(stray.errorString()));
    QVERIFY(QFile::exists(marker));
    QFile::remove(marker);
}

QTEST_GUILESS_MAIN(TestEngineCommands)
#include "tst_engine_commands.moc"
