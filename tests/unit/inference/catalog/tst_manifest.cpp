// SPDX-License-Identifier: Apache-2.0
#include "inference/catalog/manifest.h"

#include "app/core/secret.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include <sodium.h>

using namespace tramontane;
using namespace tramontane::catalog;

namespace {

constexpr const char *kStoredKey = "6kpsY+KcUgq+9VB7Ey7F+ZVHdq6+vnuSQh7qaRRG0iw=";
constexpr const char *kGood = R"({"version":1,"publisher":"Acme","issued":"2026-11-20T10:00:00Z","models":[)"
                              R"({"sha256":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",)"
                              R"("bytes":5,"name":"Tiny","licence":"MIT","note":""}]})";

struct Signer {
    explicit Signer(unsigned char seedByte)
    {
        const std::string seed(crypto_sign_SEEDBYTES, static_cast<char>(seedByte));
        crypto_sign_seed_keypair(bytes(publicKey), bytes(secretKey),
                                 reinterpret_cast<const unsigned char *>(seed.data()));
    }
    static unsigned char *bytes(std::string &text) { return reinterpret_cast<unsigned char *>(text.data()); }
    [[nodiscard]] std::string base64() const { return QByteArray::fromStdString(publicKey).toBase64().toStdString(); }
    [[nodiscard]] QJsonObject sign(const QByteArray &payload)
    {
        const std::string input = manifestSigningInput(payload.toStdString());
        std::string signature(crypto_sign_BYTES, '\0');
        crypto_sign_detached(bytes(signature), nullptr, reinterpret_cast<const unsigned char *>(input.data()),
                             input.size(), bytes(secretKey));
        return {{"keyid", QString::fromStdString(manifestKeyId(publicKey))},
                {"sig", QString::fromLatin1(QByteArray::fromStdString(signature).toBase64())}};
    }

    std::string publicKey = std::string(crypto_sign_PUBLICKEYBYTES, '\0');
    std::string secretKey = std::string(crypto_sign_SECRETKEYBYTES, '\0');
};

QJsonObject envelope(const QByteArray &payload, const QJsonArray &signatures)
{
    return {{"payloadType", "application/vnd.tramontane.models.v1+json"},
            {"payload", QString::fromLatin1(payload.toBase64())},
            {"signatures", signatures}};
}

std::string text(const QJsonObject &object)
{
    return QJsonDocument(object).toJson().toStdString();
}

} // namespace

class TestManifest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QVERIFY(initCrypto()); }
    void readsTheStoredExample();
    void oneGoodSignatureIsEnough();
    void anUnknownSignerIsNamed();
    void signaturesThatDoNotFit_data();
    void signaturesThatDoNotFit();
    void everyChangedByteIsSeen();
    void faultyPayloads_data();
    void faultyPayloads();
    void aFaultyKeyIsAnError();
};

void TestManifest::readsTheStoredExample()
{
    QFile file(QStringLiteral(TRAMONTANE_SOURCE_DIR "/tests/data/formats/model-manifest-v1.json"));
    QVERIFY(file.open(QIODevice::ReadOnly));
    const auto manifest = verifyManifest(file.readAll().toStdString(), {kStoredKey});
    QVERIFY2(manifest.ok(), manifest.ok() ? "" : manifest.error().detail.c_str());
    QCOMPARE(manifest->publisher, std::string("Example Bank, model review"));
    QCOMPARE(manifest->models.size(), std::size_t{2});
    const auto *starter = manifest->find("b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53");
    QVERIFY(starter != nullptr);
    QCOMPARE(starter->bytes, std::int64_t{98362432});
    QCOMPARE(starter->licence, std::string("Apache-2.0"));
    QVERIFY(manifest->find(std::string(64, 'f')) == nullptr);
    QCOMPARE(manifest->keyId.size(), std::size_t{16});
}

void TestManifest::oneGoodSignatureIsEnough()
{
    Signer known(1);
    Signer stranger(2);
    const auto both = text(envelope(kGood, {stranger.sign(kGood), known.sign(kGood)}));
    const auto manifest = verifyManifest(both, {Signer(3).base64(), known.base64()});
    QVERIFY(manifest.ok());
    QCOMPARE(manifest->keyId, manifestKeyId(known.publicKey));
}

void TestManifest::anUnknownSignerIsNamed()
{
    Signer stranger(2);
    const auto manifest = verifyManifest(text(envelope(kGood, {stranger.sign(kGood)})), {Signer(1).base64()});
    QCOMPARE(manifest.error().code, ErrorCode::UnknownSigner);
    QCOMPARE(verifyManifest(text(envelope(kGood, {stranger.sign(kGood)})), {}).error().code, ErrorCode::UnknownSigner);
}

void TestManifest::signaturesThatDoNotFit_data()
{
    QTest::addColumn<QByteArray>("content");
    Signer known(1);
    const QJsonObject good = known.sign(kGood);
    const auto row = [](const char *name, const QJsonObject &object) {
        QTest::newRow(name) << QJsonDocument(object).toJson();
    };
    row("of another payload", envelope(QByteArray(kGood).replace("Tiny", "Huge"), {good}));
    QJsonObject type = envelope(kGood, {good});
    type["payloadType"] = "application/json";
    row("of another type", type);
    QJsonObject cut = good;
    cut["sig"] = cut["sig"].toString().left(40);
    row("cut off", envelope(kGood, {cut}));
    row("none", envelope(kGood, {}));
    QJsonArray many;
    for (int i = 0; i < 17; ++i)
        many.append(good);
    row("too many", envelope(kGood, many));
    QJsonObject more = good;
    more["extra"] = 1;
    row("with another field", envelope(kGood, {more}));
    QJsonObject outer = envelope(kGood, {good});
    outer["extra"] = 1;
    row("envelope with another field", outer);
    QJsonObject payload = envelope(kGood, {good});
    payload["payload"] = payload["payload"].toString() + "\n";
    row("line end in the base64", payload);
    QTest::newRow("no JSON") << QByteArray("{");
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("too large") << QByteArray(5 << 20, ' ');
}

void TestManifest::signaturesThatDoNotFit()
{
    QFETCH(QByteArray, content);
    const auto manifest = verifyManifest(content.toStdString(), {Signer(1).base64()});
    QVERIFY(!manifest.ok());
    QCOMPARE(manifest.error().code, ErrorCode::ManifestInvalid);
    QVERIFY(!manifest.error().message.empty());
}

void TestManifest::everyChangedByteIsSeen()
{
    Signer known(1);
    const QByteArray good = kGood;
    const QJsonObject signature = known.sign(good);
    for (qsizetype i = 0; i < good.size(); ++i) {
        QByteArray bad = good;
        bad[i] = static_cast<char>(bad[i] ^ 1);
        QVERIFY(!verifyManifest(text(envelope(bad, {signature})), {known.base64()}).ok());
    }
}

void TestManifest::faultyPayloads_data()
{
    QTest::addColumn<QByteArray>("payload");
    const auto row = [](const char *name, const char *from, const QByteArray &to) {
        const QByteArray payload = QByteArray(kGood).replace(from, to);
        QVERIFY2(payload != kGood, name);
        QTest::newRow(name) << payload;
    };
    row("newer version", "\"version\":1", "\"version\":2");
    row("another field", "\"version\":1", "\"version\":1,\"more\":1");
    row("missing field", "\"issued\":\"2026-11-20T10:00:00Z\",", "");
    row("publisher that is a number", "\"Acme\"", "5");
    row("terminal code", "Acme", "\\u001b[31m");
    row("long text", "Acme", QByteArray(401, 'x'));
    row("hash in capitals", "aaaa", "AAAA");
    row("short hash", "aaaa", "");
    row("negative size", "\"bytes\":5", "\"bytes\":-5");
    row("fraction of a size", "\"bytes\":5", "\"bytes\":5.5");
    row("size beyond counting", "\"bytes\":5", "\"bytes\":18446744073709551615");
    row("models that are none", "\"models\":[", "\"models\":[1,");
    row("model with another field", "\"note\":\"\"", "\"note\":\"\",\"url\":\"\"");
    const QByteArray good = kGood;
    const QByteArray model = good.mid(good.indexOf("[{") + 1, good.indexOf("}]") - good.indexOf("[{"));
    row("file twice", "}]}", "}," + model + "]}");
}

void TestManifest::faultyPayloads()
{
    QFETCH(QByteArray, payload);
    Signer known(1);
    const auto manifest = verifyManifest(text(envelope(payload, {known.sign(payload)})), {known.base64()});
    QVERIFY(!manifest.ok());
    QCOMPARE(manifest.error().code, ErrorCode::ManifestInvalid);
    QVERIFY(manifest.error().detail.find("payload") == 0 || manifest.error().detail.find("model") == 0);
}

void TestManifest::aFaultyKeyIsAnError()
{
    Signer known(1);
    for (const char *key : {"", "AAAA", "not base64"}) {
        QCOMPARE(verifyManifest(text(envelope(kGood, {known.sign(kGood)})), {key}).error().code,
                 ErrorCode::InvalidArgument);
    }
}

QTEST_APPLESS_MAIN(TestManifest)
#include "tst_manifest.moc"
