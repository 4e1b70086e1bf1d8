// SPDX-License-Identifier: Apache-2.0
// LoRA adapters of an answer: what is refused before anything is stored, and where they are told and recorded.
#include "app/services/answer_adapters.h"
#include "service_bench.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <cmath>

using namespace tramontane;
using namespace tramontane::test;

namespace {

const char *const kStyle = "/files/adapter-style.gguf";
const char *const kTone = "/files/adapter-tone.gguf";

std::string hashOf(const char *name)
{
    return catalogued(name, ModelKind::Adapter).description.sha256;
}

AskOptions with(std::vector<AdapterWish> adapters)
{
    AskOptions options;
    options.adapters = std::move(adapters);
    return options;
}

} // namespace

class TestAnswerAdapters : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theEngineIsTold();
    void provenanceAndLogNameThem();
    void theOrderMeansNothing();
    void whatIsRefused_data();
    void whatIsRefused();
    void policyRefuses();
    void policyForbidsNewFiles();
    void moreAdaptersDoNoHarm();
    void anotherScaleIsAnotherState();
};

void TestAnswerAdapters::theEngineIsTold()
{
    ServiceBench b;
    b.ask("In style, please.", {}, with({{kStyle, 0.5}}));
    QVERIFY(b.waitForEnd());
    QVERIFY2(!b.failure, b.failure ? b.failure->message.c_str() : "");
    QCOMPARE(b.provider.loads.back().adapters, (std::vector<AdapterFile>{{kStyle, hashOf("adapter-style")}}));
    QCOMPARE(b.provider.requests.back().adapters, (std::vector<AdapterScale>{{hashOf("adapter-style"), 0.5}}));
    b.ask("And without?", b.conversation.id);
    QVERIFY(b.waitForEnd());
    QVERIFY(b.provider.requests.back().adapters.empty());
    QCOMPARE(b.provider.loads.size(), std::size_t(1)); // it does no harm that the adapter is there
}

void TestAnswerAdapters::provenanceAndLogNameThem()
{
    ServiceBench b;
    b.ask("In style, please.", {}, with({{kStyle, -0.25}}));
    QVERIFY(b.waitForEnd());
    const QJsonObject mode = QJsonDocument::fromJson(QByteArray::fromStdString(b.provenance->modeJson)).object();
    const QJsonObject told = mode.value("adapters").toArray().at(0).toObject();
    QCOMPARE(told.value("sha256").toString().toStdString(), hashOf("adapter-style"));
    QCOMPARE(told.value("scale").toDouble(), -0.25);
    const AuditEvent applied = b.vault.log.last("gen_ai.adapter.applied");
    QCOMPARE(applied.ai->modelSha256, hashOf("adapter-style"));
    QCOMPARE(applied.flags, std::vector<std::string>{"scale_-0.25"});
    QCOMPARE(applied.corr, b.vault.log.last("gen_ai.request.completed").corr);
    const auto &names = b.script.calls();
    const auto at = [&](const char *name) { return std::find(names.begin(), names.end(), name) - names.begin(); };
    QVERIFY(at("append:gen_ai.adapter.applied") < at("append:gen_ai.request.attempted"));
    // The record of the answer itself names the model.
    QCOMPARE(b.vault.log.last("gen_ai.request.completed").ai->modelSha256, catalogued("SmolLM2").description.sha256);
    b.ask("And without?", b.conversation.id);
    QVERIFY(b.waitForEnd());
    QVERIFY(b.provenance->modeJson.find("adapters") == std::string::npos);
}

void TestAnswerAdapters::theOrderMeansNothing()
{
    ServiceBench b;
    b.ask("One", {}, with({{kStyle, 0.5}, {kTone, 1}}));
    QVERIFY(b.waitForEnd());
    const auto first = b.provider.requests.back().adapters;
    b.ask("Two", {}, with({{kTone, 1}, {kStyle, 0.5}}));
    QVERIFY(b.waitForEnd());
    QCOMPARE(first.size(), std::size_t(2));
    QCOMPARE(b.provider.requests.back().adapters, first);
    QCOMPARE(b.provider.loads.size(), std::size_t(1));
}

void TestAnswerAdapters::whatIsRefused_data()
{
    QTest::addColumn<QString>("path");
    QTest::addColumn<double>("scale");
    QTest::addColumn<int>("count");
    QTest::addColumn<int>("code");
    const auto row = [](const char *name, const char *path, double scale, int count, ErrorCode code) {
        QTest::newRow(name) << QString::fromUtf8(path) << scale << count << int(code);
    };
    row("no number", kStyle, std::nan(""), 1, ErrorCode::InvalidArgument);
    row("too strong", kStyle, 100.1, 1, ErrorCode::InvalidArgument);
    row("endless", kStyle, HUGE_VAL, 1, ErrorCode::InvalidArgument);
    row("17 of them", kStyle, 1, 17, ErrorCode::InvalidArgument);
    row("twice", kStyle, 1, 2, ErrorCode::InvalidArgument);
    row("a model", "/files/model.gguf", 1, 1, ErrorCode::ModelUnsupported);
    row("no GGUF", "/files/adapter.txt", 1, 1, ErrorCode::ModelNotGguf);
}

void TestAnswerAdapters::whatIsRefused()
{
    QFETCH(QString, path);
    QFETCH(double, scale);
    QFETCH(int, count);
    QFETCH(int, code);
    ServiceBench b;
    b.ask("May I?", {}, with(std::vector<AdapterWish>(std::size_t(count), AdapterWish{path.toStdString(), scale})));
    QVERIFY(b.waitForEnd());
    QVERIFY(b.failure.has_value());
    QCOMPARE(int(b.failure->code), code);
    QCOMPARE(b.script.count("storeQuestion"), 0);
    QCOMPARE(b.script.count("provider.load"), 0);
    b.failure.reset();
    b.ask("Without, then.");
    QVERIFY(b.waitForEnd());
    QVERIFY(!b.failure);
}

void TestAnswerAdapters::policyRefuses()
{
    ServiceBench b;
    const std::string allowed = catalogued("SmolLM2").description.sha256;
    b.policy.setManaged(R"({"id":"a","version":1,"values":{"models.allow":[")" + allowed + R"("]}})");
    b.ask("May I?", {}, with({{kStyle, 1}}));
    QVERIFY(b.waitForEnd());
    QCOMPARE(b.failure->code, ErrorCode::PolicyDenied);
    QCOMPARE(b.script.count("storeQuestion"), 0);
    QCOMPARE(b.vault.log.last("gen_ai.request.denied").ai->modelSha256, hashOf("adapter-style"));
    b.failure.reset();
    b.policy.setManaged(R"({"id":"a","version":1,"values":{"models.allow":[")" + allowed + R"(",")"
                        + hashOf("adapter-style") + R"("]}})");
    b.ask("And now?", {}, with({{kStyle, 1}}));
    QVERIFY(b.waitForEnd());
    QVERIFY(!b.failure);
}

void TestAnswerAdapters::policyForbidsNewFiles()
{
    ServiceBench b;
    b.policy.setManaged(R"({"id":"a","version":1,"values":{"models.import":false}})");
    b.ask("May I?", {}, with({{kStyle, 1}}));
    QVERIFY(b.waitForEnd());
    QCOMPARE(b.failure->code, ErrorCode::PolicyDenied);
    QCOMPARE(b.script.count("inspect"), 0); // not even read
}

void TestAnswerAdapters::moreAdaptersDoNoHarm()
{
    ServiceBench b;
    b.ask("Both", {}, with({{kStyle, 1}, {kTone, 1}}));
    QVERIFY(b.waitForEnd());
    b.ask("One", {}, with({{kTone, 0.5}}));
    QVERIFY(b.waitForEnd());
    QCOMPARE(b.provider.loads.size(), std::size_t(1));
    b.ask("Another", {}, with({{"/files/adapter-new.gguf", 0.5}}));
    QVERIFY(b.waitForEnd());
    QVERIFY(!b.failure);
    QCOMPARE(b.provider.loads.size(), std::size_t(2));
}

void TestAnswerAdapters::anotherScaleIsAnotherState()
{
    ServiceBench b;
    b.ask("One", {}, with({{kStyle, 1}}));
    QVERIFY(b.waitForEnd());
    const ConversationId conversation = b.conversation.id;
    b.provider.states[conversation] = {
        std::vector<std::int32_t>(300, 1), std::string(1000, 's'), {{hashOf("adapter-style"), 1}}};
    b.ask("Two", conversation, with({{kStyle, 1}}));
    QVERIFY(b.waitForEnd());
    QTRY_COMPARE_WITH_TIMEOUT(b.vault.snapshotStore.stored.size(), std::size_t(1), 3 * ConversationMemory::kQuietMs);
    const auto adapters = b.vault.snapshotStore.stored.begin()->second.header.configuration.adapters;
    QCOMPARE(adapters.size(), std::size_t(1));
    QCOMPARE(toHex(adapters[0].sha256), hashOf("adapter-style"));
    QCOMPARE(adapters[0].scale, 1.0);
    // Gone from memory, and asked with another scale: what lies on disk is of no use and goes.
    b.provider.states.clear();
    b.ask("Three", conversation, with({{kStyle, 0.5}}));
    QVERIFY(b.waitForEnd());
    QVERIFY(!b.failure);
    QCOMPARE(b.script.count("provider.restoreState"), 0);
    QVERIFY(b.vault.snapshotStore.stored.empty());
}

QTEST_GUILESS_MAIN(TestAnswerAdapters)
#include "tst_answer_adapters.moc"
