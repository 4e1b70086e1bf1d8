// SPDX-License-Identifier: Apache-2.0
// Images from their file to the answer, with the real engine program, the starter model and projectors with random weights.
#include "app/core/clock.h"
#include "inference/client/image_reader.h"
#include "inference/client/local_provider.h"
#include "inference/client/model_inspector.h"

#include <QtTest>

#include <set>

using namespace tramontane;

class TestLocalImages : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void imageFilesAreRead_data();
    void imageFilesAreRead();
    void readersThatGoAway();
    void imagesAreSeen();
    void projectorsAreDescribed();

private:
    const QString m_program = QStringLiteral(TRAMONTANE_BIN_DIR "/tramontane-engine");
    const QString m_images = QStringLiteral(TRAMONTANE_SOURCE_DIR "/tests/data/images/");
    const std::string m_chatPath = TRAMONTANE_MODEL_DIR "/SmolLM2-135M-Instruct.Q4_1.gguf";
    const ModelId m_chatId = ModelId::make(0);
    SystemClock m_clock;
};

namespace {

template <class T>
Result<T> wait(const Async<T> &future)
{
    if (!QTest::qWaitFor([&] { return future.isFinished(); }, 60'000))
        return Error{ErrorCode::Internal, "no answer", {}};
    return future.result();
}

struct Heard {
    std::string text;
    std::optional<GenerationResult> result;
    std::optional<Error> error;
};

Heard listen(InferenceProvider &provider, ModelId model, const GenerationRequest &request)
{
    Heard heard;
    const auto generation = provider.generate(model, request);
    QObject::connect(generation.get(), &Generation::textReceived, [&](const std::string &text) { heard.text += text; });
    QObject::connect(generation.get(), &Generation::finished,
                     [&](const GenerationResult &result) { heard.result = result; });
    QObject::connect(generation.get(), &Generation::failed, [&](const Error &error) { heard.error = error; });
    if (!QTest::qWaitFor([&] { return heard.result || heard.error; }, 60'000))
        heard.error = Error{ErrorCode::Internal, "no end", {}};
    return heard;
}

} // namespace

void TestLocalImages::imageFilesAreRead_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<int>("code"); // -1: it is an image
    QTest::newRow("PNG") << m_images + "mix.png" << -1;
    QTest::newRow("JPEG") << m_images + "progressive.jpg" << -1;
    QTest::newRow("GIF") << m_images + "mix.gif" << int(ErrorCode::InvalidArgument);
    QTest::newRow("more than 64 MiB") << QString::fromStdString(m_chatPath) << int(ErrorCode::InvalidArgument);
    QTest::newRow("not there") << m_images + "none.png" << int(ErrorCode::NotFound);
    QTest::newRow("a folder") << m_images << int(ErrorCode::NotFound);
}

void TestLocalImages::imageFilesAreRead()
{
    QFETCH(QString, file);
    QFETCH(int, code);
    LocalImageReader reader(m_program);
    const auto read = wait(reader.read(file.toStdString()));
    QCOMPARE(read ? -1 : int(read.error().code), code);
    if (read) {
        QCOMPARE((*read)->about.width, 48);
        QCOMPARE((*read)->about.height, 32);
    }
}

void TestLocalImages::readersThatGoAway()
{
    const std::string file = (m_images + "mix.png").toStdString();
    auto reader = std::make_unique<LocalImageReader>(m_program);
    const auto abandoned = reader->read(file);
    reader.reset();
    QCOMPARE(wait(abandoned).error().code, ErrorCode::Cancelled);
    LocalImageReader missing(QStringLiteral("/nonexistent/engine"));
    QCOMPARE(wait(missing.read(file)).error().code, ErrorCode::EngineUnavailable);
    // A program that says nothing that is an image.
    LocalImageReader silent(QStringLiteral("/bin/false"));
    QCOMPARE(wait(silent.read(file)).error().code, ErrorCode::InvalidArgument);
}

void TestLocalImages::imagesAreSeen()
{
    WorkerSettings settings;
    settings.program = m_program;
    LocalInferenceProvider provider(settings, m_clock);
    LoadOptions options;
    options.contextTokens = 2048;
    options.threads = 1;
    options.projectorPath = TRAMONTANE_PROJECTORS "/mmproj-mlp-576.gguf";
    const auto loaded = wait(provider.load({m_chatId, m_chatPath, {}, 0}, options));
    QVERIFY2(loaded.ok(), loaded ? "" : loaded.error().detail.c_str());
    QCOMPARE(loaded->projector, std::string("mlp"));
    LocalImageReader reader(m_program);
    std::set<std::string> answers;
    for (const char *name : {"mix.png", "check.png"}) {
        const auto seen = wait(reader.read((m_images + QLatin1String(name)).toStdString()));
        QVERIFY(seen.ok());
        GenerationRequest request;
        request.turns = {{Role::User, "What is this?"}};
        request.turns.front().images = {(*seen)->about};
        request.sampling.temperature = 0;
        request.sampling.maxTokens = 12;
        const auto size = wait(provider.measure(m_chatId, request.turns, {}));
        QVERIFY(size.ok());
        // Without its pixels nothing is sent.
        QCOMPARE(listen(provider, m_chatId, request).error->code, ErrorCode::InvalidArgument);
        request.images = {*seen};
        const Heard heard = listen(provider, m_chatId, request);
        QVERIFY2(heard.result.has_value(), heard.error ? heard.error->detail.c_str() : "");
        QCOMPARE(heard.result->usage.promptTokens, size->promptTokens);
        answers.insert(heard.text);
    }
    QCOMPARE(answers.size(), std::size_t{2});
}

void TestLocalImages::projectorsAreDescribed()
{
    LocalModelInspector inspector(m_program);
    const auto found = wait(inspector.inspect(TRAMONTANE_PROJECTORS "/mmproj-idefics3-576.gguf"));
    QVERIFY2(found.ok(), found ? "" : found.error().detail.c_str());
    QCOMPARE(found->kind, ModelKind::Projector);
    QCOMPARE(found->facts->projector, std::string("idefics3"));
    QCOMPARE(found->embeddingLength, 576);
    // As a chat model it is refused.
    WorkerSettings settings;
    settings.program = m_program;
    LocalInferenceProvider provider(settings, m_clock);
    const auto loaded = wait(provider.load({m_chatId, TRAMONTANE_PROJECTORS "/mmproj-mlp-576.gguf", {}, 0}, {}));
    QCOMPARE(loaded.error().code, ErrorCode::ModelUnsupported);
    QVERIFY(loaded.error().message.find("is a projector") != std::string::npos);
}

QTEST_GUILESS_MAIN(TestLocalImages)
#include "tst_local_images.moc"
