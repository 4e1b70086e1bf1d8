// SPDX-License-Identifier: Apache-2.0
#include "conversation_fixture.h"
#include "engine_fixture.h"
#include "inference/engine/image/image_keys.h"

#include <QTest>

#include <algorithm>
#include <atomic>

using namespace tramontane;
using namespace tramontane::engine;
using namespace tramontane::protocol;

namespace {

constexpr std::size_t kCells = 16; // of an image, with the projector "mlp"

std::string projectorPath(const char *name)
{
    return std::string(TRAMONTANE_PROJECTORS "/mmproj-") + name + ".gguf";
}

/// Images that differ in all pixels.
RawImage image(int kind, int width = 48, int height = 32)
{
    RawImage image;
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
            for (const int colour : {x * (5 + kind), y * (7 - kind), x * y + 40 * kind})
                image.rgb += static_cast<char>(colour % 256);
        }
    }
    image.about = {width, height, imageHash(width, height, image.rgb)};
    return image;
}

Generate look(const std::vector<RawImage> &images, const std::string &text, int maxTokens = 16)
{
    Generate request = question(text, maxTokens);
    for (const RawImage &image : images)
        request.turns.front().images.push_back(image.about);
    return request;
}

std::string pixelsOf(const std::vector<RawImage> &images)
{
    std::string pixels;
    for (const RawImage &image : images)
        pixels += image.rgb;
    return pixels;
}

std::size_t cellsIn(const std::vector<std::int32_t> &tokens)
{
    return static_cast<std::size_t>(std::count_if(tokens.begin(), tokens.end(), isImageCell));
}

LoadOptions withProjector(const char *name)
{
    LoadOptions options{1024, 1, 256, 64};
    options.projectorPath = projectorPath(name);
    return options;
}

} // namespace

class TestImages : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void namesOfCells();
    void projectorsThatAreRefused_data();
    void projectorsThatAreRefused();
    void anImageIsPartOfThePrompt();
    void twoImagesAreTwoAnswers();
    void severalImagesKeepTheirOrder();
    void aTiledImage();
    void textCannotBeAnImage_data();
    void textCannotBeAnImage();
    void questionsThatAreRefused_data();
    void questionsThatAreRefused();
    void wordsThatTheModelLacks();
    void withoutAProjector();
    void oddSizes_data();
    void oddSizes();
    void theSameImageIsReadOnce();
    void besideOthers();
    void aStateWithAnImageIsNotSaved();
    void cancelled();
    void cancelledWhileItIsEncoded();
    void pausedAndReadAgain();

private:
    Quiet m_quiet;
    std::unique_ptr<LoadedEngine> m_engine;
};

void TestImages::initTestCase()
{
    auto engine = loadEngine(kChatModel, withProjector("mlp-576"));
    QVERIFY2(engine.ok(), engine ? "" : engine.error().detail.c_str());
    m_engine = std::move(*engine);
    QCOMPARE(m_engine->info().projector, std::string("mlp"));
}

void TestImages::namesOfCells()
{
    const ImageKeys keys;
    const TokenIds cells = keys.cells(std::string(64, 'a'), 0, 100);
    QCOMPARE(cells.size(), std::size_t{100});
    QVERIFY(std::all_of(cells.begin(), cells.end(), isImageCell));
    QVERIFY(!isImageCell(LLAMA_TOKEN_NULL) && !isImageCell(0));
    QCOMPARE(keys.cells(std::string(64, 'a'), 0, 100), cells);
    const TokenIds few = keys.cells(std::string(64, 'a'), 0, 7);
    QVERIFY(std::equal(few.begin(), few.end(), cells.begin()));
    QVERIFY(keys.cells(std::string(64, 'b'), 0, 100) != cells);
    QVERIFY(keys.cells(std::string(64, 'a'), 1, 100) != cells);
    QVERIFY(ImageKeys().cells(std::string(64, 'a'), 0, 100) != cells); // another secret
}

void TestImages::projectorsThatAreRefused_data()
{
    QTest::addColumn<QString>("path");
    QTest::addColumn<QString>("sha256");
    QTest::addColumn<int>("bytes");
    QTest::addColumn<int>("code");
    QTest::addColumn<QString>("says");
    const auto row = [](const char *name, const std::string &path, const char *sha256, int bytes, ErrorCode code,
                        const char *says) {
        QTest::newRow(name) << QString::fromStdString(path) << sha256 << bytes << int(code) << says;
    };
    row("of another model", projectorPath("mlp-384"), "", 0, ErrorCode::ModelUnsupported,
        "makes vectors of 384 numbers, and the model takes 576");
    row("a chat model", kChatModel, "", 0, ErrorCode::ModelUnsupported, "is no projector");
    row("not there", "/nonexistent/mmproj.gguf", "", 0, ErrorCode::ModelNotFound, "");
    row("no GGUF", TRAMONTANE_SOURCE_DIR "/tests/data/images/mix.png", "", 0, ErrorCode::ModelNotGguf, "");
    row("another size", projectorPath("mlp-576"), "", 5, ErrorCode::ModelChanged, "");
    row("another SHA-256", projectorPath("mlp-576"), "0000000000000000000000000000000000000000000000000000000000000000",
        0, ErrorCode::ModelChanged, "");
}

void TestImages::projectorsThatAreRefused()
{
    QFETCH(QString, path);
    QFETCH(QString, sha256);
    QFETCH(int, bytes);
    QFETCH(int, code);
    QFETCH(QString, says);
    LoadOptions options = withProjector("mlp-576");
    options.projectorPath = path.toStdString();
    options.projectorSha256 = sha256.toStdString();
    options.projectorBytes = bytes;
    const auto engine = loadEngine(kChatModel, options);
    QVERIFY(!engine.ok());
    QCOMPARE(int(engine.error().code), code);
    QVERIFY2(QString::fromStdString(engine.error().message).contains(says), engine.error().message.c_str());
}

void TestImages::anImageIsPartOfThePrompt()
{
    Conversations conversations(*m_engine);
    const auto plain = conversations.answer(question("What is this?", 4));
    const auto seen = conversations.answer(look({image(0)}, "What is this?", 4), image(0).rgb);
    QVERIFY2(seen.done.has_value(), seen.error ? seen.error->detail.c_str() : "");
    QCOMPARE(cellsIn(*seen.done->promptTokenIds), kCells);
    QCOMPARE(seen.done->usage.promptTokens, plain.done->usage.promptTokens + static_cast<int>(kCells));
    const Measure size{look({image(0)}, "What is this?").turns};
    const auto measured = measure(*m_engine, size);
    QVERIFY(measured.ok());
    QCOMPARE(measured->promptTokens, seen.done->usage.promptTokens);
    QCOMPARE(seen.progress.back().done, seen.done->usage.promptTokens);
}

void TestImages::twoImagesAreTwoAnswers()
{
    Conversations conversations(*m_engine);
    const Heard first = conversations.answer(look({image(0)}, "What is this?"), image(0).rgb);
    const Heard second = conversations.answer(look({image(3)}, "What is this?"), image(3).rgb);
    const Heard none = conversations.answer(question("What is this?", 16));
    QVERIFY(first.done && second.done && none.done);
    QVERIFY(*first.done->answerTokenIds != *second.done->answerTokenIds);
    QVERIFY(*first.done->answerTokenIds != *none.done->answerTokenIds);
    // From an empty memory it is the same again: the second image has left nothing in the first one's cells.
    Generate again = look({image(0)}, "What is this?");
    again.deterministic = true;
    QCOMPARE(*conversations.answer(again, image(0).rgb).done->answerTokenIds, *first.done->answerTokenIds);
}

void TestImages::severalImagesKeepTheirOrder()
{
    Conversations conversations(*m_engine);
    const auto ids = [&](const std::vector<RawImage> &images) {
        const Heard heard = conversations.answer(look(images, "Compare."), pixelsOf(images));
        return heard.done ? *heard.done->promptTokenIds : std::vector<std::int32_t>();
    };
    const auto ab = ids({image(0), image(1)});
    const auto ba = ids({image(1), image(0)});
    QCOMPARE(cellsIn(ab), 2 * kCells);
    QVERIFY(ab != ba);
    auto sorted = [](std::vector<std::int32_t> tokens) {
        std::sort(tokens.begin(), tokens.end());
        return tokens;
    };
    QCOMPARE(sorted(ab), sorted(ba));
    // Twice the same image: its pixels are sent once.
    const Heard twice = conversations.answer(look({image(0), image(0)}, "Compare."), image(0).rgb);
    QVERIFY(twice.done.has_value());
    QCOMPARE(cellsIn(*twice.done->promptTokenIds), 2 * kCells);
}

void TestImages::aTiledImage()
{
    auto engine = loadEngine(kChatModel, withProjector("tiles-576"));
    QVERIFY(engine.ok());
    Conversations conversations(**engine);
    const Heard heard = conversations.answer(look({image(0)}, "What is this?", 4), image(0).rgb);
    QVERIFY2(heard.done.has_value(), heard.error ? heard.error->detail.c_str() : "");
    QVERIFY(cellsIn(*heard.done->promptTokenIds) > kCells);
    const auto measured = measure(**engine, Measure{look({image(0)}, "What is this?").turns});
    QCOMPARE(measured->promptTokens, heard.done->usage.promptTokens);
}

void TestImages::textCannotBeAnImage_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("the marker of mtmd") << QByteArray("Look: <__media__> and <__image__>");
    QTest::newRow("the mark of this program") << QByteArray("Look: \xEF\xB7\x91"
                                                            "0\xEF\xB7\x91");
    QTest::newRow("only its noncharacter") << QByteArray("\xEF\xB7\x91");
    QTest::newRow("as an escape") << QByteArray("\\ufdd1"
                                                "0\\ufdd1");
}

void TestImages::textCannotBeAnImage()
{
    QFETCH(QByteArray, text);
    const std::string said = text.toStdString();
    Conversations conversations(*m_engine);
    const Heard alone = conversations.answer(question(said, 1));
    QVERIFY2(alone.done.has_value(), alone.error ? alone.error->detail.c_str() : "");
    QCOMPARE(cellsIn(*alone.done->promptTokenIds), std::size_t{0});
    // Beside a real image in another turn, and in the texts of everybody.
    Generate beside = look({image(0)}, said, 1);
    beside.turns.insert(beside.turns.begin(), {Role::System, said});
    ChatTurn answered{Role::Assistant, said};
    beside.turns.push_back(answered);
    ChatTurn next{Role::User, said};
    next.documents = {{said, said}};
    beside.turns.push_back(next);
    const Heard heard = conversations.answer(beside, image(0).rgb);
    QVERIFY2(heard.done.has_value(), heard.error ? heard.error->detail.c_str() : "");
    QCOMPARE(cellsIn(*heard.done->promptTokenIds), kCells);
}

void TestImages::questionsThatAreRefused_data()
{
    QTest::addColumn<Generate>("request");
    QTest::addColumn<QByteArray>("pixels");
    const auto row = [](const char *name, const Generate &request, const std::string &pixels) {
        QTest::newRow(name) << request << QByteArray::fromStdString(pixels);
    };
    const RawImage one = image(0);
    row("no pixels", look({one}, "?"), {});
    row("a byte too few", look({one}, "?"), one.rgb.substr(1));
    row("a byte too many", look({one}, "?"), one.rgb + "x");
    row("other pixels", look({one}, "?"), image(1).rgb);
    row("the second is missing", look({one, image(1)}, "?"), one.rgb);
    RawImage empty{{0, 0, one.about.sha256}, {}};
    row("0 x 0", look({empty}, "?"), one.rgb);
    RawImage huge{{37838, 37838, one.about.sha256}, {}}; // times 3: 2^32 and a bit
    row("overflow", look({huge}, "?"), one.rgb);
    row("too many", look(std::vector<RawImage>(kMostImages + 1, one), "?"), one.rgb);
    Generate byIds = look({one}, "?");
    byIds.promptTokenIds = std::vector<std::int32_t>{1, -5, 2};
    row("an image by its cells", byIds, one.rgb);
}

void TestImages::questionsThatAreRefused()
{
    QFETCH(Generate, request);
    QFETCH(QByteArray, pixels);
    Conversations conversations(*m_engine);
    const Heard heard = conversations.answer(request, pixels.toStdString());
    QVERIFY(heard.error.has_value());
    QCOMPARE(heard.error->code, ErrorCode::InvalidArgument);
    // The worker goes on.
    QVERIFY(conversations.answer(question("Hello", 2)).done.has_value());
}

void TestImages::wordsThatTheModelLacks()
{
    auto engine = loadEngine(kChatModel, withProjector("idefics3-576"));
    QVERIFY2(engine.ok(), engine ? "" : engine.error().detail.c_str());
    Conversations conversations(**engine);
    const Heard heard = conversations.answer(look({image(0)}, "?"), image(0).rgb);
    QVERIFY(heard.error.has_value());
    QCOMPARE(heard.error->code, ErrorCode::ModelUnsupported);
    QVERIFY(heard.error->message.find("lacks words") != std::string::npos);
}

void TestImages::withoutAProjector()
{
    auto engine = loadEngine(kChatModel, {512, 1, 256, 64});
    QVERIFY(engine.ok());
    QVERIFY((*engine)->info().projector.empty());
    Conversations conversations(**engine);
    const Heard heard = conversations.answer(look({image(0)}, "?"), image(0).rgb);
    QCOMPARE(heard.error->code, ErrorCode::ModelUnsupported);
    QVERIFY(heard.error->message.find("without a projector") != std::string::npos);
    QCOMPARE(measure(**engine, Measure{look({image(0)}, "?").turns}).error().code, ErrorCode::ModelUnsupported);
}

void TestImages::oddSizes_data()
{
    QTest::addColumn<int>("width");
    QTest::addColumn<int>("height");
    QTest::newRow("one pixel") << 1 << 1;
    QTest::newRow("as narrow as can be") << 100 << 1;
    QTest::newRow("as high as can be") << 1 << 100;
    QTest::newRow("large") << 1600 << 900;
}

void TestImages::oddSizes()
{
    QFETCH(int, width);
    QFETCH(int, height);
    Conversations conversations(*m_engine);
    const RawImage odd = image(2, width, height);
    const Heard heard = conversations.answer(look({odd}, "?", 1), odd.rgb);
    QVERIFY2(heard.done.has_value(), heard.error ? heard.error->detail.c_str() : "");
    QCOMPARE(cellsIn(*heard.done->promptTokenIds), kCells);
}

void TestImages::theSameImageIsReadOnce()
{
    Conversations conversations(*m_engine);
    const auto first = look({image(0)}, "What is this?", 8);
    const Heard answer = conversations.answer(first, image(0).rgb);
    QCOMPARE(answer.done->usage.promptReused, 0);
    Generate next = first;
    next.turns.push_back({Role::Assistant, answer.text});
    next.turns.push_back({Role::User, "And now?"});
    const Heard more = conversations.answer(next, image(0).rgb);
    QVERIFY(more.done->usage.promptReused >= answer.done->usage.promptTokens);
    // Another image after the same words: only what stands before it.
    Generate other = next;
    other.turns.front().images = {image(1).about};
    const Heard different = conversations.answer(other, image(1).rgb);
    const auto &ids = *different.done->promptTokenIds;
    const auto begin = std::find_if(ids.begin(), ids.end(), isImageCell) - ids.begin();
    QVERIFY(begin > 0);
    QCOMPARE(different.done->usage.promptReused, static_cast<int>(begin));
}

void TestImages::besideOthers()
{
    const Heard alone = [&] {
        Conversations conversations(*m_engine);
        return conversations.answer(look({image(0)}, "What is this?"), image(0).rgb);
    }();
    const Heard aloneText = [&] {
        Conversations conversations(*m_engine);
        return conversations.answer(question("Who wrote Faust?", 16));
    }();
    Conversations conversations(*m_engine);
    const auto text = conversations.ask(question("Who wrote Faust?", 16));
    const auto first = conversations.ask(look({image(0)}, "What is this?"), image(0).rgb);
    const auto second = conversations.ask(look({image(3)}, "What is this?"), image(3).rgb);
    conversations.run();
    QVERIFY(conversations.heard(first).done && conversations.heard(second).done && conversations.heard(text).done);
    // The first tokens: later ones may differ where two are nearly equally likely (other batches round otherwise).
    QCOMPARE(conversations.heard(first).done->answerTokenIds->front(), alone.done->answerTokenIds->front());
    QCOMPARE(conversations.heard(text).done->answerTokenIds->front(), aloneText.done->answerTokenIds->front());
    QCOMPARE(conversations.heard(second).done->usage.answerTokens, 16);
}

void TestImages::aStateWithAnImageIsNotSaved()
{
    Conversations conversations(*m_engine);
    Generate request = look({image(0)}, "What is this?", 2);
    request.conversation = "c";
    QVERIFY(conversations.answer(request, image(0).rgb).done.has_value());
    QVERIFY(conversations.answer(FindState{"c"}).restored->tokens > 0);
    QCOMPARE(conversations.answer(SaveState{"c"}).error->code, ErrorCode::NotFound);
}

void TestImages::cancelled()
{
    Conversations conversations(*m_engine);
    const auto id = conversations.ask(look({image(0), image(1)}, "Compare.", 16), pixelsOf({image(0), image(1)}));
    for (int i = 0; i < 4; ++i)
        QVERIFY(conversations.step());
    conversations.cancel(id);
    conversations.run();
    QCOMPARE(conversations.heard(id).done->state, MessageState::Stopped);
    QVERIFY(conversations.heard(id).text.empty());
    QVERIFY(conversations.answer(look({image(1)}, "?", 2), image(1).rgb).done.has_value());
}

void TestImages::cancelledWhileItIsEncoded()
{
    Projector &projector = *m_engine->projector();
    const auto pieces = projector.read(image(0).about, image(0).rgb);
    QVERIFY(pieces.ok());
    const auto piece = std::find_if(pieces->begin(), pieces->end(), [](const auto &each) { return each.cells > 0; });
    QVERIFY(piece != pieces->end());
    std::atomic<bool> cancelled = false;
    const auto expected = projector.encode(*piece, cancelled);
    QVERIFY(expected.ok());
    QCOMPARE(expected->size(), kCells * projector.width());
    cancelled = true;
    const auto stopped = projector.encode(*piece, cancelled);
    QCOMPARE(stopped.error().code, ErrorCode::Cancelled);
    cancelled = false;
    QVERIFY(*projector.encode(*piece, cancelled) == *expected); // nothing of the half one is left
}

/// Its cells are given up and read again when there is room.
void TestImages::pausedAndReadAgain()
{
    LoadOptions options = withProjector("mlp-576");
    options.contextTokens = 768;
    options.parallel = 2;
    auto engine = loadEngine(kChatModel, options);
    QVERIFY(engine.ok());
    Conversations conversations(**engine);
    Generate story = question("Tell me a very long story about the sea.", 420);
    Generate asked = look({image(0)}, "What is this?", 420);
    forbidEnd(**engine, story); // neither ends before there is no room left
    forbidEnd(**engine, asked);
    const auto text = conversations.ask(story);
    const auto seen = conversations.ask(asked, image(0).rgb);
    conversations.run();
    QVERIFY(conversations.heard(text).done.has_value());
    QVERIFY2(conversations.heard(seen).done.has_value(),
             conversations.heard(seen).error ? conversations.heard(seen).error->detail.c_str() : "");
    const auto &done = *conversations.heard(seen).done;
    QCOMPARE(cellsIn(*done.promptTokenIds), kCells);
    QVERIFY2(done.usage.promptComputed > done.usage.promptTokens, "it was not paused");
}

QTEST_GUILESS_MAIN(TestImages)
#include "tst_images.moc"
