// SPDX-License-Identifier: Apache-2.0
#include "engine_process.h"
#include "llama_server.h"
#include "tests/support/answers/near_ties.h"

#include <QFile>
#include <QTest>

#include <algorithm>
#include <cstdio>
#include <set>
#include <utility>

using namespace tramontane;
using namespace tramontane::protocol;

namespace {

constexpr int kContext = 2048;
constexpr int kThreads = 1;
constexpr int kBatch = 2048;
constexpr int kUbatch = 512;
constexpr int kMaxTokens = 32;

const char *const kQuestions[] = {"What is this?", "Describe the picture in one sentence.", "Welche Farben siehst du?"};
const char *const kImages[] = {"mix.png", "check.png", "mix.jpg"};

QByteArray sample(const char *name)
{
    QFile file(QStringLiteral(TRAMONTANE_SOURCE_DIR "/tests/data/images/") + QString::fromLatin1(name));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

/// What `tramontane-engine --image` makes of a file.
std::optional<RawImage> pixelsOf(const QByteArray &content)
{
    QProcess decoder;
    decoder.start(QStringLiteral(TRAMONTANE_BIN_DIR "/tramontane-engine"), {QStringLiteral("--image")});
    decoder.write(content);
    decoder.closeWriteChannel();
    if (!decoder.waitForFinished() || decoder.exitCode() != 0)
        return std::nullopt;
    const QByteArray output = decoder.readAllStandardOutput();
    RawImage image;
    if (sscanf(output.constData(), "{\"width\":%d,\"height\":%d}", &image.about.width, &image.about.height) != 2)
        return std::nullopt;
    image.rgb = output.mid(output.indexOf('\n') + 1).toStdString();
    image.about.sha256 = imageHash(image.about.width, image.about.height, image.rgb);
    return image;
}

Answer look(EngineProcess &engine, const Generate &request, const std::string &rgb)
{
    const std::uint64_t id = engine.ask(request);
    engine.sendBulk(id, rgb);
    return engine.finish(id);
}

} // namespace

// Greedy answers to questions with an image equal those of llama-server with the same projector, token for token, except
// for near-ties: its batches have another shape where it decodes an image.
class TestImageEquality : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void answers_data();
    void answers();
};

void TestImageEquality::answers_data()
{
    QTest::addColumn<QString>("projector");
    QTest::newRow("one piece") << QStringLiteral("mlp-576");
    QTest::newRow("tiles") << QStringLiteral("tiles-576");
}

void TestImageEquality::answers()
{
    QFETCH(QString, projector);
    const std::string path = (QStringLiteral(TRAMONTANE_PROJECTORS "/mmproj-") + projector + ".gguf").toStdString();
    LlamaServer server;
    QVERIFY(server.start(
        modelPath(kChatModel), kContext, kThreads, kBatch, kUbatch,
        {QStringLiteral("-fa"), QStringLiteral("on"), QStringLiteral("--mmproj"), QString::fromStdString(path)}));
    EngineProcess engine;
    Load load;
    load.options = {kContext, kThreads, kBatch, kUbatch, FlashAttention::On};
    load.options.projectorPath = path;
    const auto failed = engine.load(kChatModel, load);
    QVERIFY2(!failed, failed ? failed->detail.c_str() : "");
    std::set<std::vector<std::int32_t>> different;
    std::vector<std::pair<std::vector<TokenLogprob>, std::vector<std::int32_t>>> pairs; // ours, and the peer's tokens
    double largest = 0; // what another shape of batches changes
    for (const char *name : kImages) {
        const auto image = pixelsOf(sample(name));
        QVERIFY2(image.has_value(), name);
        for (const char *text : kQuestions) {
            Generate request = question(text, kMaxTokens);
            request.sampling.logprobs = 2;
            request.turns.front().images = {image->about};
            request.reusePrefix = false; // as the peer is asked
            const Answer answer = look(engine, request, image->rgb);
            QVERIFY2(answer.done.has_value(), answer.error ? answer.error->detail.c_str() : "");
            QCOMPARE(answer.logprobs.size(), std::size_t(answer.done->usage.answerTokens)); // with its end
            request.reusePrefix = true;
            largest =
                std::max(largest, test::largestDifference(answer.logprobs, look(engine, request, image->rgb).logprobs));
            // The peer, too, says the token that ended its answer.
            pairs.emplace_back(answer.logprobs, server.look(sample(name), text, kMaxTokens));
            QVERIFY(!pairs.back().second.empty());
            different.insert(pairs.back().second);
        }
    }
    QVERIFY2(different.size() > std::size(kQuestions), "the images make no difference");
    std::size_t equal = 0;
    for (const auto &[ours, peers] : pairs) {
        const auto gap = test::gapWhereTheyPart(ours, peers);
        equal += gap ? 0 : 1;
        QVERIFY2(test::isNearTie(gap, largest),
                 qPrintable(QStringLiteral("%1 of %2").arg(gap.value_or(0)).arg(largest)));
    }
    QVERIFY(equal * 3 >= pairs.size() * 2);
    qInfo("%zu of %zu answers equal, %zu different; shapes change the logarithms by at most %g", equal, pairs.size(),
          different.size(), largest);
}

QTEST_GUILESS_MAIN(TestImageEquality)
#include "tst_image_equality.moc"
