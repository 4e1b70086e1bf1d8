// SPDX-License-Identifier: Apache-2.0
#include "app/audit/commitment.h"
#include "app/audit/epoch.h"
#include "app/core/digest.h"
#include "app/core/secret.h"

#include <QTest>

using namespace tramontane;
using namespace tramontane::audit;

class TestCommitment : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { QVERIFY(initCrypto().ok()); }
    void isHmacSha256_data();
    void isHmacSha256();
    void dependsOnSaltAndContent();
    void subkeysDifferByPurpose();
    void pseudonymSaysNothingWithoutTheKey();
    void epochKeysGoOneWay();
};

void TestCommitment::isHmacSha256_data()
{
    // RFC 4231, test cases 1, 2 and 6.
    QTest::addColumn<QByteArray>("key");
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("expected");
    QTest::newRow("1") << QByteArray(20, '\x0b') << QByteArray("Hi There")
                       << "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7";
    QTest::newRow("2") << QByteArray("Jefe") << QByteArray("what do ya want for nothing?")
                       << "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
    QTest::newRow("6") << QByteArray(131, '\xaa')
                       << QByteArray("Test Using Larger Than Block-Size Key - Hash Key First")
                       << "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54";
}

void TestCommitment::isHmacSha256()
{
    QFETCH(QByteArray, key);
    QFETCH(QByteArray, text);
    QFETCH(QString, expected);
    const std::string salt = key.toStdString();
    QCOMPARE(QString::fromStdString(contentCommit(bytesOf(salt), text.toStdString())), "hmac-sha256:" + expected);
}

void TestCommitment::dependsOnSaltAndContent()
{
    const std::string salt(32, 's');
    const std::string other(32, 't');
    QVERIFY(contentCommit(bytesOf(salt), "yes") != contentCommit(bytesOf(other), "yes"));
    QVERIFY(contentCommit(bytesOf(salt), "yes") != contentCommit(bytesOf(salt), "no"));
    QCOMPARE(contentCommit(bytesOf(salt), "yes"), contentCommit(bytesOf(salt), "yes"));
}

void TestCommitment::subkeysDifferByPurpose()
{
    const Key32 key = Key32::random();
    QVERIFY(!subkey(key, "a").equals(subkey(key, "b")));
    QVERIFY(!subkey(key, "a").equals(key));
    QVERIFY(subkey(key, "a").equals(subkey(key, "a")));
}

void TestCommitment::pseudonymSaysNothingWithoutTheKey()
{
    const Key32 key = Key32::random();
    const std::string person = pseudonym(key, "marie.curie");
    QCOMPARE(person.size(), std::size_t(34));
    QVERIFY(person.starts_with("p_"));
    QVERIFY(person.find("marie") == std::string::npos);
    QCOMPARE(person, pseudonym(key, "marie.curie"));
    QVERIFY(person != pseudonym(key, "pierre.curie"));
    QVERIFY(person != pseudonym(Key32::random(), "marie.curie"));
}

void TestCommitment::epochKeysGoOneWay()
{
    const Key32 first = Key32::random();
    const Key32 second = nextEpochKey(first);
    QVERIFY(!second.equals(first));
    QVERIFY(nextEpochKey(first).equals(second));
    QVERIFY(epochCommitment(first) != epochCommitment(second));
    QCOMPARE(epochCommitment(first).size(), std::size_t(32));
    QVERIFY(epochMac(first, "note") != epochMac(second, "note"));
}

QTEST_GUILESS_MAIN(TestCommitment)
#include "tst_commitment.moc"
