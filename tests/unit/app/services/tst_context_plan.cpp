// SPDX-License-Identifier: Apache-2.0
// The small pure parts: what goes into a context, titles, ranges of sampling values.
#include "app/services/context_plan.h"
#include "app/services/conversation_title.h"
#include "app/services/image_blocks.h"
#include "app/services/sampling_limits.h"
#include "app/services/tool_blocks.h"

#include <QTest>

#include <cmath>
#include <limits>

using namespace tramontane;

namespace {

Message message(Role role, std::vector<Block> blocks)
{
    Message made;
    made.id = MessageId::make(1);
    made.role = role;
    made.blocks = std::move(blocks);
    return made;
}

} // namespace

class ContextPlanTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void onlyWhatWasSaid();
    void rolesAlternate();
    void callsAndResultsGoIn();
    void tooMuchTextIsNotEvenCounted();
    void imagesGoIn();
    void imagesThatAreNotAtHand();
    void fits_data();
    void fits();
    void impossibleSizesAreRefused();
    void title_data();
    void title();
    void sampling_data();
    void sampling();
    void stopStrings();
};

void ContextPlanTest::onlyWhatWasSaid()
{
    const Message user = message(Role::User, {{BlockKind::Text, "Question", {}}});
    const Message answer = message(Role::Assistant, {{BlockKind::Reasoning, "thinking", {}},
                                                     {BlockKind::Text, "Answer", {}},
                                                     {BlockKind::Code, "x = 1", "python"},
                                                     {BlockKind::Error, "It broke.", "ENGINE_STOPPED"}});
    const Message failed = message(Role::Assistant, {{BlockKind::Notice, "Interrupted.", "interrupted"}});
    const ContextPlan plan = planContext("Be brief.", {user, answer, user, failed});
    QCOMPARE(plan.turns.size(), std::size_t(4));
    QCOMPARE(plan.turns[0].role, Role::System);
    QCOMPARE(plan.turns[2].text, std::string("Answer\n\nx = 1"));
    QCOMPARE(plan.messages, (std::vector<MessageId>{user.id, answer.id, user.id}));
}

void ContextPlanTest::tooMuchTextIsNotEvenCounted()
{
    const std::string half(kMostContextBytes / 2, 'x');
    const Message one = message(Role::User, {{BlockKind::Text, half, {}}});
    const Message thought = message(Role::Assistant, {{BlockKind::Reasoning, half, {}}, {BlockKind::Text, half, {}}});
    const ContextPlan fits = planContext({}, {one, thought});
    QCOMPARE(fits.bytes, kMostContextBytes);
    QCOMPARE(fits.messages.size(), std::size_t(2));
    QVERIFY(checkLength(fits));
    const ContextPlan tooLong = planContext("s", {one, thought});
    QVERIFY(tooLong.turns.empty());
    QVERIFY(tooLong.messages.empty());
    const Status refused = checkLength(tooLong);
    QCOMPARE(refused.error().code, ErrorCode::ContextFull);
    QVERIFY(refused.error().message.find("5 MiB of text; a model is given at most 4.") != std::string::npos);
}

void ContextPlanTest::imagesGoIn()
{
    const ImageRef first{640, 480, std::string(64, 'a')};
    const ImageRef second{8, 8, std::string(64, 'b')};
    const Block block = imageBlock(first);
    QCOMPARE(block.text, std::string("[Image, 640 × 480 pixels]"));
    QVERIFY(imageOf(block) == first);
    QVERIFY(!imageOf({BlockKind::Text, "", block.detail}));
    QVERIFY(!imageOf({BlockKind::Image, "", "640 480 short"}));
    QVERIFY(!imageOf({BlockKind::Image, "", "x"}));
    const Message seen = message(Role::User, {block, {BlockKind::Text, "What is this?", {}}});
    const Message only = message(Role::User, {imageBlock(second)});
    const Message answer = message(Role::Assistant, {imageBlock(second), {BlockKind::Text, "A cat.", {}}});
    const ContextPlan plan = planContext({}, {seen, answer, only, seen});
    QCOMPARE(plan.turns.size(), std::size_t{3});
    QCOMPARE(plan.turns[0].images, std::vector<ImageRef>{first});
    QCOMPARE(plan.turns[0].text, std::string("What is this?"));
    QVERIFY(plan.turns[1].images.empty()); // models do not draw
    QCOMPARE(plan.turns[2].images, (std::vector<ImageRef>{second, first}));
    const std::string named = "\"images\":[\"" + first.sha256 + "\",\"" + second.sha256;
    QVERIFY(contextJson(plan, {10, 100}, 10).find(named) != std::string::npos);
    QVERIFY(contextJson(planContext({}, {}), {10, 100}, 10).find("images") == std::string::npos);
}

void ContextPlanTest::imagesThatAreNotAtHand()
{
    const auto image = [](char name) {
        return std::make_shared<const RawImage>(RawImage{{1, 1, std::string(64, name)}, "rgb"});
    };
    const Message seen = message(Role::User, {imageBlock(image('a')->about), {BlockKind::Text, "What is this?", {}}});
    const ContextPlan plan = planContext({}, {seen});
    QVERIFY(checkImagesAtHand(plan.turns, {image('b'), image('a')}).ok());
    const Status missing = checkImagesAtHand(plan.turns, {image('b')});
    QCOMPARE(missing.error().code, ErrorCode::InvalidArgument);
    QVERIFY(missing.error().message.find("1 × 1 pixels") != std::string::npos);
    QCOMPARE(newImages({seen}, {image('a'), image('b'), image('b')}), std::vector<ImageRef>{image('b')->about});
}

void ContextPlanTest::callsAndResultsGoIn()
{
    const ToolCall first{"abcDEF123", "weather", R"({"city":"Paris\n"})"};
    const ToolCall second{"abcDEF124", "now", "{}"};
    const Message user = message(Role::User, {{BlockKind::Text, "Weather?", {}}});
    const Message calls =
        message(Role::Assistant, {{BlockKind::Reasoning, "thinking", {}},
                                  {BlockKind::ToolCall, toolCallLine(first) + toolCallLine(second), {}}});
    const Message results =
        message(Role::Tool, {{BlockKind::ToolResult, "21", "abcDEF123"}, {BlockKind::ToolResult, "noon", "abcDEF124"}});
    const Message damaged = message(Role::Assistant, {{BlockKind::ToolCall, "no JSON", {}}});
    const ContextPlan plan = planContext({}, {user, calls, results, damaged});
    QCOMPARE(plan.turns.size(), std::size_t(4));
    QCOMPARE(plan.turns[1].toolCalls.size(), std::size_t(2));
    QCOMPARE(plan.turns[1].toolCalls[0].arguments, first.arguments);
    QCOMPARE(plan.turns[1].toolCalls[1].name, second.name);
    QCOMPARE(plan.turns[2].toolCallId, first.id);
    QCOMPARE(plan.turns[3].text, std::string("noon"));
    QCOMPARE(plan.messages, (std::vector<MessageId>{user.id, calls.id, results.id}));
}

void ContextPlanTest::rolesAlternate()
{
    const Message first = message(Role::User, {{BlockKind::Text, "One", {}}});
    const Message second = message(Role::User, {{BlockKind::Text, "Two", {}}});
    const ContextPlan plan = planContext({}, {first, second});
    QCOMPARE(plan.turns.size(), std::size_t(1));
    QCOMPARE(plan.turns[0].text, std::string("One\n\nTwo"));
    QCOMPARE(plan.messages.size(), std::size_t(2));
}

void ContextPlanTest::fits_data()
{
    QTest::addColumn<int>("prompt");
    QTest::addColumn<int>("context");
    QTest::addColumn<int>("maxTokens");
    QTest::addColumn<bool>("ok");
    QTest::newRow("exactly") << 75 << 100 << 2048 << true;
    QTest::newRow("one too many") << 76 << 100 << 2048 << false;
    QTest::newRow("short answer wanted") << 90 << 100 << 10 << true;
    QTest::newRow("short answer, too long a prompt") << 91 << 100 << 10 << false;
    QTest::newRow("tiny context") << 1 << 1 << 1 << false;
    const int most = std::numeric_limits<int>::max();
    QTest::newRow("sum beyond an int") << most << most << most << false;
}

void ContextPlanTest::impossibleSizesAreRefused()
{
    const int least = std::numeric_limits<int>::min();
    for (const PromptSize &size : {PromptSize{-1, 100}, PromptSize{least, 100}, PromptSize{1, 0}, PromptSize{1, least}})
        QCOMPARE(checkFits(size, 10).error().code, ErrorCode::EngineProtocol);
}

void ContextPlanTest::fits()
{
    QFETCH(int, prompt);
    QFETCH(int, context);
    QFETCH(int, maxTokens);
    QFETCH(bool, ok);
    const Status status = checkFits({prompt, context}, maxTokens);
    QCOMPARE(status.ok(), ok);
    if (!ok)
        QCOMPARE(status.error().code, ErrorCode::ContextFull);
}

void ContextPlanTest::title_data()
{
    QTest::addColumn<QString>("question");
    QTest::addColumn<QString>("title");
    QTest::newRow("short") << "What is wind?"
                           << "What is wind?";
    QTest::newRow("first line with text") << "\n\n  Second line \nThird"
                                          << "Second line";
    QTest::newRow("heading marks") << "## Summary\ntext"
                                   << "Summary";
    QTest::newRow("blanks become one") << "a \t b"
                                       << "a b";
    QTest::newRow("only blanks") << " \n \t"
                                 << "";
    QTest::newRow("cut at a word") << "Explain the difference between a northern and a southern wind in the Alps to me"
                                   << QString::fromUtf8("Explain the difference between a northern and a southern…");
    QTest::newRow("no punctuation before the dots")
        << "Explain the difference between one wind and the other wind, in the Alps to me"
        << QString::fromUtf8("Explain the difference between one wind and the other wind…");
    QTest::newRow("one long word") << QString(80, 'x') << QString(60, 'x') + QChar(0x2026);
    QTest::newRow("beyond the basic plane")
        << QString::fromUtf8("🌬").repeated(70) << QString::fromUtf8("🌬").repeated(60) + QChar(0x2026);
}

void ContextPlanTest::title()
{
    QFETCH(QString, question);
    QFETCH(QString, title);
    QCOMPARE(QString::fromStdString(titleFromQuestion(question.toStdString())), title);
}

void ContextPlanTest::sampling_data()
{
    QTest::addColumn<QString>("field");
    QTest::addColumn<double>("value");
    QTest::addColumn<bool>("ok");
    const double nan = std::numeric_limits<double>::quiet_NaN();
    for (const auto &[field, least, most] :
         {std::tuple{"temperature", 0.0, 5.0}, {"topP", 0.0, 1.0}, {"minP", 0.0, 1.0}, {"repeatPenalty", 0.5, 2.0}}) {
        QTest::addRow("%s least", field) << field << least << true;
        QTest::addRow("%s most", field) << field << most << true;
        QTest::addRow("%s below", field) << field << least - 0.01 << false;
        QTest::addRow("%s above", field) << field << most + 0.01 << false;
        QTest::addRow("%s not a number", field) << field << nan << false;
    }
    QTest::newRow("top-k off") << "topK" << 0.0 << true;
    QTest::newRow("top-k negative") << "topK" << -1.0 << false;
    QTest::newRow("no tokens") << "maxTokens" << 0.0 << false;
    QTest::newRow("one token") << "maxTokens" << 1.0 << true;
}

void ContextPlanTest::sampling()
{
    QFETCH(QString, field);
    QFETCH(double, value);
    QFETCH(bool, ok);
    SamplingParameters sampling;
    if (field == "temperature")
        sampling.temperature = value;
    else if (field == "topP")
        sampling.topP = value;
    else if (field == "minP")
        sampling.minP = value;
    else if (field == "repeatPenalty")
        sampling.repeatPenalty = value;
    else if (field == "topK")
        sampling.topK = int(value);
    else
        sampling.maxTokens = int(value);
    const Status status = checkSampling(sampling);
    QCOMPARE(status.ok(), ok);
    if (!ok)
        QCOMPARE(status.error().code, ErrorCode::InvalidArgument);
}

void ContextPlanTest::stopStrings()
{
    SamplingParameters sampling;
    sampling.stop = std::vector<std::string>(16, "END");
    QVERIFY(checkSampling(sampling).ok());
    sampling.stop.push_back("END");
    QVERIFY(!checkSampling(sampling).ok());
    sampling.stop = {""};
    QVERIFY(!checkSampling(sampling).ok());
    sampling.stop = {std::string(257, 'x')};
    QVERIFY(!checkSampling(sampling).ok());
    sampling.stop.clear();
    sampling.grammar = std::string(256 * 1024 + 1, 'x');
    QVERIFY(!checkSampling(sampling).ok());
}

QTEST_GUILESS_MAIN(ContextPlanTest)
#include "tst_context_plan.moc"
