// SPDX-License-Identifier: Apache-2.0
#include "app/audit/canonical_json.h"
#include "app/audit/merkle_tree.h"
#include "app/audit/record.h"
#include "app/audit/record_fields.h"
#include "app/core/secret.h"

#include <nlohmann/json.hpp>

#include <QFile>
#include <QTest>

#include <limits>

using namespace tramontane;
using namespace tramontane::audit;
using nlohmann::json;

namespace {

const std::string kLog = "tramontane/000102030405060708090a0b0c0d0e0f/audit";

std::string hexOf(char digit)
{
    return std::string(64, digit);
}

RecordEnvironment environment()
{
    RecordEnvironment env;
    env.bootId = "0b8f1b2c-6a6b-4f52-9a55-3d0d8a1c0001";
    env.sessionId = "019aa000-0000-7000-8000-000000000001";
    env.timeZoneKnown = true;
    env.osUser = "marie.curie";
    env.auth = "passphrase";
    env.machineId = "f2a1c3d4e5f60718293a4b5c6d7e8f90";
    env.os = "Debian GNU/Linux 12";
    env.appVersion = "0.1.0";
    env.buildSha = "b9fb738";
    return env;
}

RecordWriter writer()
{
    const std::array<std::uint8_t, 32> seed{};
    return RecordWriter(kLog, environment(), Key32::fromBytes(seed).value());
}

AuditEvent fullEvent()
{
    AuditEvent event;
    event.event = "gen_ai.request.completed";
    event.outcome = Outcome::Success;
    event.corr = "019aa000-0000-7000-8000-0000000000aa";
    event.policy = {"acme-2026", hexOf('a'), "allow", "model.allow", ""};
    event.ai =
        AuditAi{"local", "",   "",    "SmolLM2 135M Instruct", hexOf('b'), "Q4_1", "0.70", "0.95", 7, 1024, 812, 344,
                420,     9100, "stop"};
    event.object =
        AuditObject{"message", "019aa000-0000-7000-8000-0000000000bb", "internal", "hmac-sha256:" + hexOf('c'), 5312};
    event.sources = {{"019aa000-0000-7000-8000-0000000000cc", 17, "hmac-sha256:" + hexOf('d'), "confidential"}};
    event.flags = {"hidden_text"};
    return event;
}

json fullRecord()
{
    return json::parse(writer().encode(fullEvent(), {10421, 1795338843211, 88123455}).value());
}

QByteArray stored(const char *name)
{
    QFile file(QStringLiteral(TRAMONTANE_SOURCE_DIR "/tests/data/formats/") + QLatin1String(name));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

} // namespace

class TestRecord : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { QVERIFY(initCrypto().ok()); }
    void readsTheStoredExample();
    void writesTheStoredExample();
    void theDescriptionNamesEveryField();
    void everyFieldIsAlwaysThere();
    void namesNeitherPersonNorMachine();
    void severityIsAtLeastThatOfTheEvent();
    void roundTrip();
    void freeTextIsCleaned_data();
    void freeTextIsCleaned();
    void jumpedClockAndNegativeCountsAreKept();
    void numbersBeyondJsonAreCut();
    void refusesBadEvents_data();
    void refusesBadEvents();
    void refusesRecordsWithoutAField_data();
    void refusesRecordsWithoutAField();
    void refusesWrongValues_data();
    void refusesWrongValues();
    void refusesOtherSpellings_data();
    void refusesOtherSpellings();
};

void TestRecord::readsTheStoredExample()
{
    const std::string body = stored("audit-record-v1.json").toStdString();
    const auto record = readRecord(body);
    QVERIFY2(record.ok(), record.ok() ? "" : record.error().detail.c_str());
    QCOMPARE(record->seq, std::uint64_t(10421));
    QCOMPARE(record->log, kLog);
    QCOMPARE(record->time, std::string("2026-11-22T09:14:03.211Z"));
    QCOMPARE(record->event, std::string("gen_ai.request.completed"));
    QCOMPARE(record->outcome, std::string("success"));
    QCOMPARE(record->corr, std::string("019aa000-0000-7000-8000-0000000000aa"));
    QCOMPARE(record->session, std::string("019aa000-0000-7000-8000-000000000001"));
    QCOMPARE(QByteArray::fromStdString(toHex(leafHash(body))), stored("audit-record-v1.leaf").trimmed());
}

void TestRecord::writesTheStoredExample()
{
    json example = json::parse(stored("audit-record-v1.json").toStdString());
    json written = fullRecord();
    QVERIFY(written.at("id") != example.at("id")); // random
    written["id"] = example.at("id");
    QCOMPARE(QByteArray::fromStdString(canonicalJson(written).value()), stored("audit-record-v1.json"));
}

void TestRecord::theDescriptionNamesEveryField()
{
    QFile file(TRAMONTANE_SOURCE_DIR "/resources/formats/audit-record.md");
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QString text = QString::fromUtf8(file.readAll());
    const json fields = json(fullRecord().flatten());
    for (const auto &[pointer, value] : fields.items()) {
        QString name = QString::fromStdString(pointer).mid(1).replace('/', '.');
        name.remove(QStringLiteral("sources.0.")).remove(QStringLiteral(".0"));
        QVERIFY2(text.contains("`" + name + "`"), qPrintable(name));
    }
}

void TestRecord::everyFieldIsAlwaysThere()
{
    AuditEvent bare;
    bare.event = "session.opened";
    const std::string body = RecordWriter(kLog, {}, Key32::random()).encode(bare, {1, 0, 0}).value();
    const json record = json::parse(body);
    const json full = fullRecord();
    const json names = json(full.flatten());
    for (const auto &[pointer, value] : names.items()) {
        if (!pointer.starts_with("/sources/") && !pointer.starts_with("/flags/"))
            QVERIFY2(record.contains(json::json_pointer(pointer)), pointer.c_str());
    }
    QVERIFY(record.at("sources").empty());
    QVERIFY(record.at("flags").empty());
    QVERIFY(readRecord(body).ok());
}

void TestRecord::namesNeitherPersonNorMachine()
{
    const std::string body = writer().encode(fullEvent(), {1, 1795338843211, 0}).value();
    QVERIFY(body.find("marie") == std::string::npos);
    QVERIFY(body.find(environment().machineId) == std::string::npos);
    const json record = json::parse(body);
    QVERIFY(record["actor"]["pid"].get<std::string>().starts_with("p_"));
    QVERIFY(record["actor"]["os_user_h"].get<std::string>().starts_with("hmac:"));
    QVERIFY(record["device"]["id"].get<std::string>().starts_with("d_"));
    const json other =
        json::parse(RecordWriter(kLog, environment(), Key32::random()).encode(fullEvent(), {1, 0, 0}).value());
    QVERIFY(record["actor"]["pid"] != other["actor"]["pid"]);
}

void TestRecord::severityIsAtLeastThatOfTheEvent()
{
    AuditEvent event;
    event.event = "audit.failure";
    QCOMPARE(json::parse(writer().encode(event, {1, 0, 0}).value()).at("severity").get<int>(), 5);
    event.event = "session.opened";
    event.severity = 3;
    QCOMPARE(json::parse(writer().encode(event, {1, 0, 0}).value()).at("severity").get<int>(), 3);
}

void TestRecord::roundTrip()
{
    const std::string body = writer().encode(fullEvent(), {3, 1795338843211, 5}).value();
    const auto read = readRecord(body);
    QVERIFY(read.ok());
    QCOMPARE(read->seq, std::uint64_t(3));
    QCOMPARE(canonicalJson(json::parse(body)).value(), body);
}

void TestRecord::freeTextIsCleaned_data()
{
    QTest::addColumn<QByteArray>("given");
    QTest::addColumn<QByteArray>("kept");
    QTest::newRow("plain") << QByteArray("Llama 3") << QByteArray("Llama 3");
    QTest::newRow("umlaut") << QByteArray("Gr\xC3\xBC\xC3\x9F") << QByteArray("Gr\xC3\xBC\xC3\x9F");
    QTest::newRow("line break and escape") << QByteArray("a\nb\x1b[31m\x7f") << QByteArray("a b [31m ");
    QTest::newRow("not UTF-8") << QByteArray("a\xFF\xFE"
                                             "b")
                               << QByteArray("a  b");
    QTest::newRow("too long") << QByteArray(2000, 'x') << QByteArray(512, 'x');
    QTest::newRow("cut inside a character") << QByteArray(511, 'x') + "\xE2\x82\xAC" << QByteArray(511, 'x');
    QTest::newRow("cut before the last byte") << QByteArray(509, 'x') + "\xF0\x9F\x98\x80" << QByteArray(509, 'x');
}

void TestRecord::freeTextIsCleaned()
{
    QFETCH(QByteArray, given);
    QFETCH(QByteArray, kept);
    QCOMPARE(QByteArray::fromStdString(freeText(given.toStdString())), kept);
    AuditEvent event = fullEvent();
    event.ai->model = given.toStdString();
    event.policy.reason = given.toStdString();
    const auto body = writer().encode(event, {1, 0, 0});
    QVERIFY(body.ok());
    QVERIFY(readRecord(*body).ok());
    QCOMPARE(QByteArray::fromStdString(json::parse(*body)["ai"]["model"].get<std::string>()), kept);
}

void TestRecord::jumpedClockAndNegativeCountsAreKept()
{
    AuditEvent event = fullEvent();
    event.ai->durationMs = -5;
    const auto body = writer().encode(event, {1, 0, -1});
    QVERIFY(body.ok());
    QVERIFY(readRecord(*body).ok());
    QCOMPARE(json::parse(*body)["ai"]["dur_ms"].get<int>(), 0);
}

// What a worker says of itself must not be able to keep an outcome out of the log.
void TestRecord::numbersBeyondJsonAreCut()
{
    constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
    AuditEvent event = fullEvent();
    event.ai->firstTokenMs = std::numeric_limits<std::int64_t>::min();
    event.ai->durationMs = most;
    event.object->bytes = most;
    const auto body = writer().encode(event, {1, 1795338843211, most});
    QVERIFY2(body.ok(), body.ok() ? "" : body.error().detail.c_str());
    QVERIFY(readRecord(*body).ok());
    const json record = json::parse(*body);
    QCOMPARE(record["ai"]["ttft_ms"].get<std::int64_t>(), std::int64_t{0});
    QCOMPARE(record["ai"]["dur_ms"].get<std::int64_t>(), std::int64_t{9007199254740991});
    QCOMPARE(record["object"]["bytes"].get<std::int64_t>(), std::int64_t{9007199254740991});
    QCOMPARE(record["mono_ms"].get<std::int64_t>(), std::int64_t{9007199254740991});
}

void TestRecord::refusesBadEvents_data()
{
    QTest::addColumn<QString>("what");
    QTest::addColumn<QString>("field");
    for (const auto &[what, field] :
         std::initializer_list<std::pair<const char *, const char *>>{{"unknown event", "event"},
                                                                      {"upper-case hash", "policy.sha256"},
                                                                      {"short hash", "ai.model_sha256"},
                                                                      {"bare commitment", "object.content_commit"},
                                                                      {"decimal comma", "ai.params.temperature"},
                                                                      {"flag with a space", "flags"},
                                                                      {"too many flags", "flags"},
                                                                      {"id with a space", "object.id"},
                                                                      {"long corr", "corr"},
                                                                      {"severity 6", "severity"},
                                                                      {"source commitment", "sources.commit"},
                                                                      {"rule with a path", "policy.rule"},
                                                                      {"too many sources", "sources"}})
        QTest::newRow(what) << what << field;
}

void TestRecord::refusesBadEvents()
{
    QFETCH(QString, what);
    QFETCH(QString, field);
    AuditEvent event = fullEvent();
    const QHash<QString, std::function<void()>> faults{
        {"unknown event", [&] { event.event = "gen_ai.request.began"; }},
        {"upper-case hash", [&] { event.policy.sha256 = hexOf('A'); }},
        {"short hash", [&] { event.ai->modelSha256.pop_back(); }},
        {"bare commitment", [&] { event.object->contentCommit = hexOf('c'); }},
        {"decimal comma", [&] { event.ai->temperature = "0,7"; }},
        {"flag with a space", [&] { event.flags = {"a b"}; }},
        {"too many flags", [&] { event.flags.assign(65, "a"); }},
        {"id with a space", [&] { event.object->id = "my file.pdf"; }},
        {"long corr", [&] { event.corr.assign(201, 'a'); }},
        {"severity 6", [&] { event.severity = 6; }},
        {"source commitment", [&] { event.sources[0].commit = "sha256:" + hexOf('d'); }},
        {"rule with a path", [&] { event.policy.rule = "/etc/x"; }},
        {"too many sources", [&] { event.sources.assign(1025, AuditSource{}); }},
    };
    faults.value(what)();
    const auto body = writer().encode(event, {1, 0, 0});
    QVERIFY(!body.ok());
    QCOMPARE(body.error().code, ErrorCode::InvalidArgument);
    QCOMPARE(QString::fromStdString(body.error().detail), field);
}

void TestRecord::refusesRecordsWithoutAField_data()
{
    QTest::addColumn<QString>("pointer");
    const json fields = json(fullRecord().flatten());
    for (const auto &[pointer, value] : fields.items())
        QTest::newRow(pointer.c_str()) << QString::fromStdString(pointer);
    for (const char *pointer : {"/actor", "/device", "/policy", "/ai", "/ai/params", "/object", "/sources", "/flags",
                                "/review", "/retention"})
        QTest::newRow(pointer) << pointer;
}

/// Each field in turn: left out, then null, a fraction, a list, an empty object in its place.
void TestRecord::refusesRecordsWithoutAField()
{
    QFETCH(QString, pointer);
    const json::json_pointer at(pointer.toStdString());
    json record = fullRecord();
    if (pointer != "/flags/0") { // a list may be shorter
        json less = record;
        less.at(at.parent_pointer()).erase(at.back());
        QVERIFY(!readRecord(canonicalJson(less).value()).ok());
    }
    const json nothing = nullptr;
    for (const json &value : {nothing, json::array({1}), json::object(), json::object({{"x", 1}})}) {
        record.at(at) = value;
        QVERIFY(!readRecord(canonicalJson(record).value()).ok());
    }
}

void TestRecord::refusesWrongValues_data()
{
    QTest::addColumn<QByteArray>("patch");
    QTest::addColumn<QString>("field");
    QTest::newRow("version 2") << QByteArray(R"({"v":2})") << "v";
    QTest::newRow("unknown field") << QByteArray(R"({"title":"x"})") << "title";
    QTest::newRow("unknown inner field") << QByteArray(R"({"ai":{"prompt":"x"}})") << "ai.prompt";
    QTest::newRow("dotted name") << QByteArray(R"({"ai.model":"x"})") << "ai.model";
    QTest::newRow("unknown list") << QByteArray(R"({"names":["x"]})") << "names";
    QTest::newRow("inner list") << QByteArray(R"({"ai":{"sources":[]}})") << "ai.sources";
    QTest::newRow("unknown event") << QByteArray(R"({"event":"x.y"})") << "event";
    QTest::newRow("outcome") << QByteArray(R"({"outcome":"maybe"})") << "outcome";
    QTest::newRow("time without milliseconds") << QByteArray(R"({"time":"2026-11-22T09:14:03Z"})") << "time";
    QTest::newRow("local time") << QByteArray(R"({"time":"2026-11-22T09:14:03.211+"})") << "time";
    QTest::newRow("negative seq") << QByteArray(R"({"seq":-1})") << "seq";
    QTest::newRow("seq as text") << QByteArray(R"({"seq":"1"})") << "seq";
    QTest::newRow("severity 0") << QByteArray(R"({"severity":0})") << "severity";
    QTest::newRow("flag as number") << QByteArray(R"({"tz_ok":1})") << "tz_ok";
    QTest::newRow("id is no UUID") << QByteArray(R"({"id":"x"})") << "id";
    QTest::newRow("control character") << QByteArray(R"({"ai":{"model":"a\u0007"}})") << "ai.model";
    QTest::newRow("source with a title") << QByteArray(
        R"({"sources":[{"doc":"a","chunk":1,"commit":"","label":"","title":"x"}]})")
                                         << "sources.title";
    QTest::newRow("source without a chunk")
        << QByteArray(R"({"sources":[{"doc":"a","commit":"","label":""}]})") << "sources.chunk";
    QTest::newRow("source with a list") << QByteArray(R"({"sources":[{"doc":[],"chunk":1,"commit":"","label":""}]})")
                                        << "sources.doc";
    QTest::newRow("decimal without digits") << QByteArray(R"({"ai":{"params":{"top_p":"."}}})") << "ai.params.top_p";
}

void TestRecord::refusesWrongValues()
{
    QFETCH(QByteArray, patch);
    QFETCH(QString, field);
    json record = fullRecord();
    record.merge_patch(json::parse(patch.toStdString()));
    const auto read = readRecord(canonicalJson(record).value());
    QVERIFY(!read.ok());
    QCOMPARE(read.error().code, ErrorCode::AuditBroken);
    QCOMPARE(QString::fromStdString(read.error().detail), field);
}

void TestRecord::refusesOtherSpellings_data()
{
    QTest::addColumn<QByteArray>("body");
    const QByteArray body = QByteArray::fromStdString(canonicalJson(fullRecord()).value());
    QTest::newRow("space") << body + " ";
    QTest::newRow("line break") << QByteArray(body).replace("\"v\":1", "\"v\": 1");
    QTest::newRow("duplicate member") << QByteArray(body).replace("\"v\":1", "\"v\":1,\"v\":1");
    QTest::newRow("escaped letter") << QByteArray(body).replace("\"stop\":\"stop\"", "\"stop\":\"\\u0073top\"");
    QTest::newRow("exponent") << QByteArray(body).replace("\"seq\":10421", "\"seq\":1.0421e4");
    QTest::newRow("negative zero") << QByteArray(body).replace("\"chunk\":17", "\"chunk\":-0");
    QTest::newRow("byte order mark") << "\xEF\xBB\xBF" + body;
    QTest::newRow("comment") << "/**/" + body;
    QTest::newRow("cut off") << body.chopped(1);
    QTest::newRow("two records") << body + body;
    QTest::newRow("nothing") << QByteArray("");
    QTest::newRow("not an object") << QByteArray("[]");
    QTest::newRow("not JSON") << QByteArray("\x00\xff", 2);
    QTest::newRow("too large") << QByteArray(300 * 1024, ' ');
    QTest::newRow("deep") << QByteArray(100000, '[');
}

void TestRecord::refusesOtherSpellings()
{
    QFETCH(QByteArray, body);
    const auto read = readRecord(body.toStdString());
    QVERIFY(!read.ok());
    QCOMPARE(read.error().code, ErrorCode::AuditBroken);
}

QTEST_GUILESS_MAIN(TestRecord)
#include "tst_record.moc"
