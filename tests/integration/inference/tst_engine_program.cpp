// SPDX-License-Identifier: Apache-2.0
#include "engine_process.h"
#include "inference/protocol/bulk.h"

#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <bit>
#include <cmath>

using namespace tramontane;
using namespace tramontane::protocol;

class TestEngineProgram : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void answersAQuestion();
    void loadReportsProgressAndWhatWasLoaded();
    void refusesToLoad_data();
    void refusesToLoad();
    void anotherVersionEndsTheWorker();
    void anUnknownFrameEndsTheWorker_data();
    void anUnknownFrameEndsTheWorker();
    void quitAndTheEndOfTheStreamEndTheWorker();
    void cancelStopsARunningAnswer();
    void cancelTakesAWaitingRequestOut();
    void tooManyRequestsAreRefused();
    void severalAnswersAtATime();
    void measuringDoesNotWait();
    void aStateSurvivesTheWorker();
    void vectorsComeAsBulkData();
    void aCrashLeavesNoCoreFile();
};

void TestEngineProgram::answersAQuestion()
{
    EngineProcess engine;
    QVERIFY(!engine.load(kChatModel));
    const Answer answer = engine.generate(question("What is gravity?"));
    QVERIFY(answer.done.has_value());
    QVERIFY2(answer.text.find("physics") != std::string::npos, answer.text.c_str());
    QCOMPARE(answer.done->state, MessageState::Length);
    QCOMPARE(answer.done->stopReason, std::string("length"));
    QCOMPARE(answer.done->usage.answerTokens, 48);
    QVERIFY(answer.done->usage.promptTokens > 5);
    QCOMPARE(std::size_t(answer.done->usage.answerTokens), answer.done->answerTokenIds->size());
    QCOMPARE(std::size_t(answer.done->usage.promptTokens), answer.done->promptTokenIds->size());
    QVERIFY(answer.done->usage.tokensPerSecond > 0);
    QVERIFY(answer.done->usage.totalMs >= answer.done->usage.firstTokenMs);
    QCOMPARE(answer.progress.back().done, answer.progress.back().total);
    QCOMPARE(answer.progress.back().total, answer.done->usage.promptTokens);

    const auto measured = engine.ask(Measure{question("What is gravity?").turns});
    auto frame = engine.receive();
    QCOMPARE(frame->id, measured);
    QCOMPARE(std::get<Measured>(frame->payload).promptTokens, answer.done->usage.promptTokens);
    engine.send(0, Quit{});
    QCOMPARE(engine.waitForEnd(), 0);
    QVERIFY(engine.process().readAllStandardError().isEmpty());
}

void TestEngineProgram::loadReportsProgressAndWhatWasLoaded()
{
    Load request;
    request.sha256Expected = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53";
    request.bytesExpected = 98362432;
    request.options = {1024, 1, 512, 128, FlashAttention::On};
    EngineProcess engine;
    QVERIFY(!engine.load(kChatModel, request));
    QVERIFY(engine.loadProgress().size() > 2);
    QVERIFY(std::is_sorted(engine.loadProgress().begin(), engine.loadProgress().end()));
    QCOMPARE(engine.loadProgress().back(), 1.0);
    const LoadedModel &model = engine.model();
    QCOMPARE(model.contextTokens, 1024);
    QCOMPARE(model.threads, 1);
    QCOMPARE(model.batchTokens, 512);
    QCOMPARE(model.ubatchTokens, 128);
    QVERIFY(model.flashAttention);
    QCOMPARE(model.device, std::string("CPU, 1 thread"));
    QVERIFY(!model.deviceReason.empty());
    QCOMPARE(model.layersOnDevice, 0);
    QCOMPARE(model.layersTotal, 31);
    QCOMPARE(model.description.sha256, *request.sha256Expected);
    QCOMPARE(model.templateSha256.size(), std::size_t{64});
    QVERIFY(model.engineBuild.find("llama.cpp 0.") == 0);
}

void TestEngineProgram::refusesToLoad_data()
{
    QTest::addColumn<QString>("model");
    QTest::addColumn<QString>("sha256");
    QTest::addColumn<qint64>("bytes");
    QTest::addColumn<int>("contextTokens");
    QTest::addColumn<int>("code");
    const QString chat = QString::fromLatin1(kChatModel);
    QTest::newRow("missing") << "no-such-model.gguf"
                             << "" << qint64(-1) << 0 << int(ErrorCode::ModelNotFound);
    QTest::newRow("folder") << "/tmp"
                            << "" << qint64(-1) << 0 << int(ErrorCode::ModelNotFound);
    QTest::newRow("not a model") << "/etc/passwd"
                                 << "" << qint64(-1) << 0 << int(ErrorCode::ModelNotGguf);
    QTest::newRow("another hash") << chat << QString(64, u'0') << qint64(-1) << 0 << int(ErrorCode::ModelChanged);
    QTest::newRow("another size") << chat << "" << qint64(5) << 0 << int(ErrorCode::ModelChanged);
    QTest::newRow("negative context") << chat << "" << qint64(-1) << -1 << int(ErrorCode::InvalidArgument);
    QTest::newRow("no template") << QString::fromLatin1(kEmbeddingModel) << "" << qint64(-1) << 0
                                 << int(ErrorCode::ModelUnsupported);
}

void TestEngineProgram::refusesToLoad()
{
    QFETCH(QString, model);
    QFETCH(QString, sha256);
    QFETCH(qint64, bytes);
    QFETCH(int, contextTokens);
    QFETCH(int, code);
    Load request;
    if (!sha256.isEmpty())
        request.sha256Expected = sha256.toStdString();
    if (bytes >= 0)
        request.bytesExpected = bytes;
    request.options.contextTokens = contextTokens;
    EngineProcess engine;
    const auto error = engine.load(model.toStdString(), request);
    QVERIFY(error.has_value());
    QCOMPARE(int(error->code), code);
    QVERIFY(!error->message.empty());
    QCOMPARE(engine.waitForEnd(), 1);
}

void TestEngineProgram::anotherVersionEndsTheWorker()
{
    EngineProcess engine;
    engine.start();
    QVERIFY(engine.receive().has_value());
    engine.send(0, Hello{kProtocolVersion + 1, "newer"});
    const auto frame = engine.receive();
    QCOMPARE(frame->id, 0U);
    QCOMPARE(std::get<Failure>(frame->payload).error.code, ErrorCode::EngineProtocol);
    QCOMPARE(engine.waitForEnd(), 1);
}

void TestEngineProgram::anUnknownFrameEndsTheWorker_data()
{
    QTest::addColumn<QByteArray>("bytes");
    const auto framed = [](const QByteArray &body) {
        QByteArray bytes(4, '\0');
        for (int i = 0; i < 4; ++i)
            bytes[i] = static_cast<char>((body.size() >> (8 * i)) & 0xFF);
        return bytes + body;
    };
    const auto encoded = [](const Payload &payload, std::uint64_t id) {
        return QByteArray::fromStdString(encodeFrame({id, payload}).value());
    };
    QTest::newRow("unknown type") << framed(QByteArray::fromHex("a26174646e6f6e65626964"
                                                                "05"));
    QTest::newRow("not CBOR") << framed("GET / HTTP/1.1");
    QTest::newRow("too long") << QByteArray::fromHex("00000001");
    QTest::newRow("a frame of the other side") << encoded(Text{"x"}, 9);
    QTest::newRow("load twice") << encoded(Load{}, 9);
    QTest::newRow("request without id") << encoded(Tokenize{"x", false}, 0);
}

void TestEngineProgram::anUnknownFrameEndsTheWorker()
{
    QFETCH(QByteArray, bytes);
    EngineProcess engine;
    QVERIFY(!engine.load(kChatModel));
    engine.sendBytes(bytes.toStdString());
    const auto frame = engine.receive();
    QVERIFY(frame.has_value());
    QCOMPARE(frame->id, 0U);
    QCOMPARE(std::get<Failure>(frame->payload).error.code, ErrorCode::EngineProtocol);
    QCOMPARE(engine.waitForEnd(), 1);
}

void TestEngineProgram::quitAndTheEndOfTheStreamEndTheWorker()
{
    for (const bool quit : {true, false}) {
        EngineProcess engine;
        QVERIFY(!engine.load(kChatModel));
        engine.ask(question("Count to one thousand.", 2000));
        if (quit)
            engine.send(0, Quit{});
        else
            engine.closeInput();
        QCOMPARE(engine.waitForEnd(), 0);
    }
}

void TestEngineProgram::cancelStopsARunningAnswer()
{
    EngineProcess engine;
    QVERIFY(!engine.load(kChatModel));
    auto request = question("Write a very long story about a lighthouse.", 4000);
    const auto id = engine.ask(request);
    engine.waitForText();
    QElapsedTimer timer;
    timer.start();
    engine.send(id, Cancel{});
    const Answer answer = engine.finish(id);
    QVERIFY(answer.done.has_value());
    QCOMPARE(answer.done->state, MessageState::Stopped);
    QCOMPARE(answer.done->stopReason, std::string("cancelled"));
    qInfo("cancelled within %lld ms", timer.elapsed());
    // And while it still reads the prompt.
    request.turns[0].text = std::string(20000, 'a') + " Summarise.";
    const auto reading = engine.ask(request);
    while (const auto frame = engine.receive()) {
        if (std::holds_alternative<PromptProgress>(frame->payload))
            break;
    }
    engine.send(reading, Cancel{});
    const Answer early = engine.finish(reading);
    QCOMPARE(early.done->state, MessageState::Stopped);
    QCOMPARE(early.done->usage.answerTokens, 0);
    // The model is in order afterwards.
    QVERIFY(engine.generate(question("What is gravity?")).text.find("physics") != std::string::npos);
    engine.send(99999, Cancel{}); // unknown: nothing happens
    QVERIFY(engine.generate(question("Hello", 4)).done.has_value());
}

void TestEngineProgram::cancelTakesAWaitingRequestOut()
{
    Load request;
    request.options.parallel = 1;
    EngineProcess engine;
    QVERIFY(!engine.load(kChatModel, request));
    const auto running = engine.ask(question("Write a long story.", 4000));
    const auto waiting = engine.ask(question("Hello", 4));
    engine.send(waiting, Cancel{});
    const Answer answer = engine.finish(waiting);
    QCOMPARE(answer.done->state, MessageState::Stopped);
    QCOMPARE(answer.done->usage.promptTokens, 0);
    engine.send(running, Cancel{});
    QCOMPARE(engine.finish(running).done->state, MessageState::Stopped);
}

void TestEngineProgram::tooManyRequestsAreRefused()
{
    Load request;
    request.options.parallel = 1;
    EngineProcess engine;
    QVERIFY(!engine.load(kChatModel, request));
    const auto running = engine.ask(question("Write a long story.", 4000));
    engine.waitForText();
    std::uint64_t last = 0;
    for (int i = 0; i < 65; ++i)
        last = engine.ask(question("x", 1));
    const Answer refused = engine.finish(last);
    QVERIFY(refused.error.has_value());
    QCOMPARE(refused.error->code, ErrorCode::EngineBusy);
    engine.send(running, Cancel{});
    QVERIFY(engine.finish(running).done.has_value());
}

void TestEngineProgram::severalAnswersAtATime()
{
    EngineProcess engine;
    QVERIFY(!engine.load(kChatModel));
    QCOMPARE(engine.model().parallel, 4);
    const auto longOne = engine.ask(question("Write a very long story about a lighthouse.", 4000));
    engine.waitForText();
    auto shortOne = question("What is gravity?", 8);
    shortOne.sampling.logprobs = 1;
    const auto other = engine.ask(shortOne);
    std::size_t chances = 0;
    bool longGoesOn = false;
    while (const auto frame = engine.receive()) {
        longGoesOn = longGoesOn || (frame->id == longOne && std::holds_alternative<Text>(frame->payload));
        if (const auto *logprobs = std::get_if<Logprobs>(&frame->payload))
            chances += logprobs->tokens.size();
        QVERIFY(!(frame->id == longOne && std::holds_alternative<Done>(frame->payload)));
        if (frame->id == other && std::holds_alternative<Done>(frame->payload))
            break;
    }
    QVERIFY(longGoesOn);
    QCOMPARE(chances, std::size_t{8});
    engine.send(longOne, Cancel{});
    QCOMPARE(engine.finish(longOne).done->state, MessageState::Stopped);
}

void TestEngineProgram::measuringDoesNotWait()
{
    Load request;
    request.options.parallel = 1;
    EngineProcess engine;
    QVERIFY(!engine.load(kChatModel, request));
    const auto running = engine.ask(question("Write a very long story about a lighthouse.", 4000));
    const auto measured = engine.ask(Measure{question("x").turns});
    const auto tokens = engine.ask(Tokenize{"one two", false});
    bool heardTokens = false;
    bool heardMeasured = false;
    while (!heardTokens || !heardMeasured) {
        const auto frame = engine.receive();
        QVERIFY(frame.has_value());
        QVERIFY(!std::holds_alternative<Done>(frame->payload));
        heardTokens = heardTokens || (frame->id == tokens && std::holds_alternative<Tokens>(frame->payload));
        heardMeasured = heardMeasured || (frame->id == measured && std::holds_alternative<Measured>(frame->payload));
    }
    engine.send(running, Cancel{});
    QCOMPARE(engine.finish(running).done->state, MessageState::Stopped);
}

void TestEngineProgram::aStateSurvivesTheWorker()
{
    auto request = question("What is gravity?", 8);
    request.conversation = "c";
    State state;
    std::string bytes;
    {
        EngineProcess engine;
        QVERIFY(!engine.load(kChatModel));
        request.turns.push_back({Role::Assistant, engine.generate(request).text});
        const auto id = engine.ask(SaveState{"c"});
        state = std::get<State>(engine.receive()->payload);
        BulkReceiver receiver(state.bytes);
        while (!receiver.complete()) {
            const auto frame = engine.receive();
            QVERIFY(frame && receiver.accept(std::get<Bulk>(frame->payload)).ok());
            bytes += receiver.take();
            if (const auto credit = receiver.grant())
                engine.send(id, *credit);
        }
        QCOMPARE(bytes.size(), std::size_t(state.bytes));
        QCOMPARE(engine.finish(engine.ask(SaveState{"nobody"})).error->code, ErrorCode::NotFound);
    }
    EngineProcess engine;
    QVERIFY(!engine.load(kChatModel));
    const auto id = engine.ask(RestoreState{"c", state});
    BulkSender sender(bytes);
    bool restored = false;
    while (!restored) {
        while (const auto piece = sender.next())
            engine.send(id, *piece);
        const auto frame = engine.receive();
        QVERIFY(frame && frame->id == id);
        if (const auto *credit = std::get_if<Credit>(&frame->payload))
            QVERIFY(sender.addCredit(*credit).ok());
        restored = std::holds_alternative<Restored>(frame->payload);
    }
    request.turns.push_back({Role::User, "And on the moon?"});
    const Answer answer = engine.generate(request);
    QVERIFY(answer.done->usage.promptReused >= int(state.tokens.size()) - 2);
}

void TestEngineProgram::vectorsComeAsBulkData()
{
    Load request;
    request.kind = ModelKind::Embedding;
    EngineProcess engine;
    QVERIFY(!engine.load(kEmbeddingModel, request));
    // More than the window of 1 MiB: 800 x 384 x 4 bytes.
    Embed embed;
    for (int i = 0; i < 800; ++i)
        embed.texts.push_back("text number " + std::to_string(i));
    const auto id = engine.ask(embed);
    const auto head = engine.receive(120000);
    QCOMPARE(head->id, id);
    QCOMPARE(std::get<Embedded>(head->payload).rows, 800);
    QCOMPARE(std::get<Embedded>(head->payload).dims, 384);
    BulkReceiver receiver(800ULL * 384 * 4);
    std::string bytes;
    while (!receiver.complete()) {
        const auto frame = engine.receive();
        QVERIFY(frame.has_value());
        QVERIFY(receiver.accept(std::get<Bulk>(frame->payload)).ok());
        bytes += receiver.take();
        if (const auto credit = receiver.grant())
            engine.send(id, *credit);
    }
    QCOMPARE(bytes.size(), std::size_t{800 * 384 * 4});
    double squares = 0;
    for (std::size_t i = 0; i < 384; ++i) {
        std::uint32_t bits = 0;
        for (std::size_t byte = 0; byte < 4; ++byte)
            bits |= std::uint32_t{static_cast<unsigned char>(bytes[4 * i + byte])} << (8 * byte);
        squares += std::pow(std::bit_cast<float>(bits), 2);
    }
    QVERIFY(std::abs(squares - 1) < 1e-4);
    // An embedding model holds no conversations.
    QCOMPARE(engine.generate(question("Hello")).error->code, ErrorCode::ModelUnsupported);
}

void TestEngineProgram::aCrashLeavesNoCoreFile()
{
    const QTemporaryDir folder;
    EngineProcess engine;
    engine.process().setWorkingDirectory(folder.path());
    QVERIFY(!engine.load(kChatModel));
    QFile limits(QStringLiteral("/proc/%1/limits").arg(engine.process().processId()));
    if (limits.open(QIODevice::ReadOnly)) {
        const QByteArray text = limits.readAll();
        QVERIFY(
            QRegularExpression(QStringLiteral("Max core file size +0 +0")).match(QString::fromUtf8(text)).hasMatch());
    }
    QProcess::execute(QStringLiteral("kill"), {QStringLiteral("-ABRT"), QString::number(engine.process().processId())});
    QCOMPARE(engine.waitForEnd(), -1);
    QCOMPARE(engine.process().exitStatus(), QProcess::CrashExit);
    QVERIFY(QDir(folder.path()).isEmpty());
}

QTEST_GUILESS_MAIN(TestEngineProgram)
#include "tst_engine_program.moc"
