// SPDX-License-Identifier: Apache-2.0
#include "app/audit/base64.h"
#include "app/audit/checkpoint.h"
#include "app/audit/merkle_tree.h"
#include "app/core/secret.h"

#include <QFile>
#include <QTest>

using namespace tramontane;
using namespace tramontane::audit;

namespace {

Key32 seedOf(std::uint8_t first)
{
    std::array<std::uint8_t, 32> bytes{};
    for (std::size_t i = 0; i < bytes.size(); ++i)
        bytes[i] = std::uint8_t(first + i);
    return std::move(Key32::fromBytes(bytes).value());
}

Key32 keyFromHex(const char *hex)
{
    const Hash32 bytes = hash32FromHex(hex).value();
    return std::move(Key32::fromBytes(bytes).value());
}

PublicKey publicFromHex(const char *hex)
{
    return hash32FromHex(hex).value();
}

const std::string kOrigin = "tramontane/000102030405060708090a0b0c0d0e0f/audit";

Checkpoint sample()
{
    return {kOrigin, 20852163, leafHash("root")};
}

std::string sampleNote()
{
    return signCheckpoint(sample(), SigningKey::fromSeed(seedOf(1))).value();
}

} // namespace

class TestCheckpoint : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { QVERIFY(initCrypto().ok()); }
    void signsAsRfc8032();
    void keyIdIsThatOfSignedNote();
    void opensTheExampleOfTheSpecification();
    void signsAndOpens();
    void opensTheStoredExample();
    void ignoresSignaturesOfOtherKeys();
    void refusesEveryChangedByte();
    void refusesMalformedNotes_data();
    void refusesMalformedNotes();
    void refusesOtherKeyAndOtherLog();
    void refusesBadOrigins();
    void base64IsStrict_data();
    void base64IsStrict();
};

void TestCheckpoint::signsAsRfc8032()
{
    // RFC 8032, section 7.1, tests 1 and 2.
    const SigningKey first =
        SigningKey::fromSeed(keyFromHex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"));
    QCOMPARE(toHex(first.publicKey()), std::string("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"));
    QCOMPARE(toHex(first.sign("")), std::string("e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb882"
                                                "1590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"));
    const SigningKey second =
        SigningKey::fromSeed(keyFromHex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb"));
    QCOMPARE(toHex(second.sign("\x72")),
             std::string("92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11"
                         "d8c387b2eaeb4302aeeb00d291612bb0c00"));
}

/// The key of the reference implementation's own tests (golang.org/x/mod/sumdb/note).
void TestCheckpoint::keyIdIsThatOfSignedNote()
{
    const std::string encoded = decodeBase64("ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW").value();
    QCOMPARE(encoded.size(), std::size_t(33));
    PublicKey key;
    std::copy(encoded.begin() + 1, encoded.end(), key.begin());
    QCOMPARE(noteKeyId("PeterNeumann", key), 0xc74f20a3u);
    QCOMPARE(verifierKeyText("PeterNeumann", key),
             std::string("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"));
    const std::string text = "If you think cryptography is the answer to your problem,\n"
                             "then you don't know what your problem is.\n";
    const std::string line =
        decodeBase64("x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=")
            .value();
    Signature signature;
    std::copy(line.begin() + 4, line.end(), signature.begin());
    QVERIFY(verifySignature(key, text, signature));
}

/// The note of C2SP tlog-checkpoint.md carries no public key, so only its shape can be checked: the signature of an
/// unknown key is ignored, which leaves none.
void TestCheckpoint::opensTheExampleOfTheSpecification()
{
    const std::string note =
        "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n"
        "\xE2\x80\x94 example.com/behind-the-sofa "
        "Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n";
    const auto opened =
        openCheckpoint(note, "example.com/behind-the-sofa", SigningKey::fromSeed(seedOf(1)).publicKey());
    QVERIFY(!opened.ok());
    QCOMPARE(opened.error().detail, std::string("there is no signature of this log's key"));
    Checkpoint checkpoint{"example.com/behind-the-sofa", 20852163, {}};
    const std::string root = decodeBase64("CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=").value();
    std::copy(root.begin(), root.end(), checkpoint.root.begin());
    QCOMPARE(checkpointText(checkpoint), note.substr(0, note.find("\n\n") + 1));
}

void TestCheckpoint::signsAndOpens()
{
    const auto opened = openCheckpoint(sampleNote(), kOrigin, SigningKey::fromSeed(seedOf(1)).publicKey());
    QVERIFY(opened.ok());
    QCOMPARE(*opened, sample());
}

void TestCheckpoint::opensTheStoredExample()
{
    QFile file(TRAMONTANE_SOURCE_DIR "/tests/data/formats/audit-checkpoint-v1.txt");
    QVERIFY(file.open(QIODevice::ReadOnly));
    const std::string note = file.readAll().toStdString();
    QCOMPARE(note, sampleNote());
    QVERIFY(
        openCheckpoint(note, kOrigin, publicFromHex("79b5562e8fe654f94078b112e8a98ba7901f853ae695bed7e0e3910bad049664"))
            .ok());
}

void TestCheckpoint::ignoresSignaturesOfOtherKeys()
{
    const std::string other = signCheckpoint(sample(), SigningKey::fromSeed(seedOf(9))).value();
    const std::string line = other.substr(other.find("\xE2\x80\x94"));
    const PublicKey key = SigningKey::fromSeed(seedOf(1)).publicKey();
    QVERIFY(openCheckpoint(sampleNote() + line, kOrigin, key).ok());
    QVERIFY(!openCheckpoint(other, kOrigin, key).ok());
}

void TestCheckpoint::refusesEveryChangedByte()
{
    const std::string note = sampleNote();
    const PublicKey key = SigningKey::fromSeed(seedOf(1)).publicKey();
    for (std::size_t i = 0; i < note.size(); ++i) {
        for (const int bit : {0x01, 0x20, 0x80}) {
            std::string bent = note;
            bent[i] = char(bent[i] ^ bit);
            QVERIFY2(!openCheckpoint(bent, kOrigin, key).ok(), qPrintable(QString::number(i)));
        }
        QVERIFY(!openCheckpoint(note.substr(0, i), kOrigin, key).ok());
    }
}

void TestCheckpoint::refusesMalformedNotes_data()
{
    QTest::addColumn<QByteArray>("text");
    const QByteArray root = QByteArray::fromStdString(encodeBase64(leafHash("root")));
    const QByteArray origin = QByteArray::fromStdString(kOrigin);
    QTest::newRow("leading zero") << origin + "\n012\n" + root + "\n";
    QTest::newRow("negative") << origin + "\n-1\n" + root + "\n";
    QTest::newRow("plus") << origin + "\n+1\n" + root + "\n";
    QTest::newRow("no number") << origin + "\nx\n" + root + "\n";
    QTest::newRow("too large") << origin + "\n18446744073709551616\n" + root + "\n";
    QTest::newRow("two lines") << origin + "\n12\n";
    QTest::newRow("empty line") << origin + "\n12\n\n" + root + "\n";
    QTest::newRow("short root") << origin + "\n12\nAAAA\n";
    QTest::newRow("root not base64") << origin + "\n12\n" + QByteArray(root).replace(3, 1, "!") + "\n";
    QTest::newRow("other origin") << "tramontane/ff/audit\n12\n" + root + "\n";
}

/// Correctly signed, so that only the text can be the reason.
void TestCheckpoint::refusesMalformedNotes()
{
    QFETCH(QByteArray, text);
    const SigningKey key = SigningKey::fromSeed(seedOf(1));
    std::string value =
        QByteArray::fromHex(QByteArray::number(noteKeyId(kOrigin, key.publicKey()), 16).rightJustified(8, '0'))
            .toStdString();
    const Signature signature = key.sign(text.toStdString());
    value.append(signature.begin(), signature.end());
    const std::string note =
        text.toStdString() + "\n\xE2\x80\x94 " + kOrigin + " " + encodeBase64(bytesOf(value)) + "\n";
    const auto opened = openCheckpoint(note, kOrigin, key.publicKey());
    QVERIFY(!opened.ok());
    QCOMPARE(opened.error().code, ErrorCode::AuditBroken);
}

void TestCheckpoint::refusesOtherKeyAndOtherLog()
{
    QVERIFY(!openCheckpoint(sampleNote(), kOrigin, SigningKey::fromSeed(seedOf(2)).publicKey()).ok());
    QVERIFY(!openCheckpoint(sampleNote(), "tramontane/ff/audit", SigningKey::fromSeed(seedOf(1)).publicKey()).ok());
}

void TestCheckpoint::refusesBadOrigins()
{
    const SigningKey key = SigningKey::fromSeed(seedOf(1));
    for (const std::string origin : {"", "a b", "a+b", "a\nb", "\xFF"})
        QCOMPARE(signCheckpoint({origin, 1, {}}, key).error().code, ErrorCode::InvalidArgument);
}

void TestCheckpoint::base64IsStrict_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<bool>("fine");
    QTest::newRow("plain") << QByteArray("Zm9vYmFy") << true;
    QTest::newRow("padded once") << QByteArray("Zm9vYmE=") << true;
    QTest::newRow("padded twice") << QByteArray("Zm9vYg==") << true;
    QTest::newRow("no padding") << QByteArray("Zm9vYg") << false;
    QTest::newRow("stray bits") << QByteArray("Zm9vYh==") << false;
    QTest::newRow("line break") << QByteArray("Zm9v\nYmFy") << false;
    QTest::newRow("URL alphabet") << QByteArray("-_-_") << false;
    QTest::newRow("more after the padding") << QByteArray("Zg==Zg==") << false;
    QTest::newRow("nothing") << QByteArray("") << false;
}

void TestCheckpoint::base64IsStrict()
{
    QFETCH(QByteArray, text);
    QFETCH(bool, fine);
    const auto bytes = decodeBase64(text.toStdString());
    QCOMPARE(bytes.has_value(), fine);
    if (bytes)
        QCOMPARE(encodeBase64(bytesOf(*bytes)), text.toStdString());
}

QTEST_GUILESS_MAIN(TestCheckpoint)
#include "tst_checkpoint.moc"
