// SPDX-License-Identifier: Apache-2.0
// QtKeychain against a real Secret Service of its own: what is kept, what is never kept, and how each refusal is told.
#include "app/platform/keychain/keychain.h"

#include "tests/support/fakes/await.h"
#include "tests/support/keyring/private_keyring.h"

#include <QDirIterator>

using namespace tramontane;
using namespace tramontane::test;

namespace {

std::shared_ptr<SecretBytes> secret(const std::string &bytes)
{
    return std::make_shared<SecretBytes>(SecretBytes::copyOf(bytes));
}

std::string text(const std::shared_ptr<SecretBytes> &bytes)
{
    return {reinterpret_cast<const char *>(bytes->data()), bytes->size()};
}

} // namespace

class KeychainTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void writesAndReads_data();
    void writesAndReads();
    void overwrites();
    void missingEntry();
    void removeTwice();
    void emptySecretIsRefused();
    void neverAnswersBeforeTheCallReturns();
    void survivesItsOwnEnd();
    void nothingIsKeptUnencrypted();
    void lockedIsNotMissing();
    void noService();

private:
    std::unique_ptr<PrivateKeyring> m_keyring;
};

void KeychainTest::initTestCase()
{
    QVERIFY(initCrypto().ok());
    m_keyring = std::make_unique<PrivateKeyring>();
    QCOMPARE(m_keyring->problem(), QString());
}

void KeychainTest::writesAndReads_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QByteArray all;
    for (int i = 0; i < 256; ++i)
        all.append(char(i));
    QTest::newRow("32 random bytes") << QByteArray::fromHex(
        "00ff10e29a0102030405060708090a0b0c0d0e0f101112131415161718191a1b");
    QTest::newRow("all byte values") << all;
    QTest::newRow("zero bytes only") << QByteArray(32, '\0');
    QTest::newRow("one byte") << QByteArray("x");
}

void KeychainTest::writesAndReads()
{
    QFETCH(QByteArray, bytes);
    Keychain keychain("tramontane-test");
    QVERIFY(await(keychain.write("vault/a", secret(bytes.toStdString()))).ok());
    const auto back = await(keychain.read("vault/a"));
    QVERIFY(back.ok());
    QCOMPARE(text(*back), bytes.toStdString());
}

void KeychainTest::overwrites()
{
    Keychain keychain("tramontane-test");
    QVERIFY(await(keychain.write("vault/b", secret("first"))).ok());
    QVERIFY(await(keychain.write("vault/b", secret("second"))).ok());
    QCOMPARE(text(*await(keychain.read("vault/b"))), std::string("second"));
}

void KeychainTest::missingEntry()
{
    Keychain keychain("tramontane-test");
    const auto found = await(keychain.read("vault/never-written"));
    QCOMPARE(found.error().code, ErrorCode::KeychainEntryMissing);
    QVERIFY(!found.error().message.empty());
}

void KeychainTest::removeTwice()
{
    Keychain keychain("tramontane-test");
    QVERIFY(await(keychain.write("vault/c", secret("x"))).ok());
    QVERIFY(await(keychain.remove("vault/c")).ok());
    QVERIFY(await(keychain.remove("vault/c")).ok());
    QCOMPARE(await(keychain.read("vault/c")).error().code, ErrorCode::KeychainEntryMissing);
}

void KeychainTest::emptySecretIsRefused()
{
    Keychain keychain("tramontane-test");
    QCOMPARE(await(keychain.write("vault/d", secret(""))).error().code, ErrorCode::InvalidArgument);
    QCOMPARE(await(keychain.write("vault/d", nullptr)).error().code, ErrorCode::InvalidArgument);
}

void KeychainTest::neverAnswersBeforeTheCallReturns()
{
    Keychain keychain("tramontane-test");
    const auto answer = keychain.read("vault/a");
    QVERIFY(!answer.isFinished());
    QVERIFY(await(answer).ok());
}

void KeychainTest::survivesItsOwnEnd()
{
    auto keychain = std::make_unique<Keychain>("tramontane-test");
    const auto answer = keychain->read("vault/a");
    keychain.reset();
    QVERIFY(!await(answer).ok());
}

void KeychainTest::nothingIsKeptUnencrypted()
{
    Keychain keychain("tramontane-test");
    const std::string marker = "marker-7f3a90c2e1";
    QVERIFY(await(keychain.write("vault/f", secret(marker))).ok());
    const QByteArray base64 = QByteArray::fromStdString(marker).toBase64();
    int files = 0;
    QDirIterator it(m_keyring->folder(), QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
    while (it.hasNext()) {
        QFile file(it.next());
        if (!file.open(QFile::ReadOnly))
            continue; // sockets
        const QByteArray content = file.readAll();
        QVERIFY2(!content.contains(marker.c_str()) && !content.contains(base64), qPrintable(file.fileName()));
        files += file.fileName().endsWith(".keyring");
    }
    QVERIFY2(files > 0, "the keyring wrote nothing: the test sees the wrong folder");
}

void KeychainTest::lockedIsNotMissing()
{
    Keychain keychain("tramontane-test");
    QVERIFY(await(keychain.write("vault/e", secret("x"))).ok());
    QVERIFY(m_keyring->lock());
    QCOMPARE(await(keychain.read("vault/e")).error().code, ErrorCode::KeychainLocked);
    // Also for an entry that was never there: as long as the keychain is locked, nobody can know.
    QCOMPARE(await(keychain.read("vault/never-written")).error().code, ErrorCode::KeychainLocked);
    const Status written = await(keychain.write("vault/e", secret("y")));
    QVERIFY(!written);
    QCOMPARE(written.error().code, ErrorCode::KeychainLocked);
}

void KeychainTest::noService()
{
    m_keyring->stopKeyring();
    Keychain keychain("tramontane-test");
    QCOMPARE(await(keychain.read("vault/a")).error().code, ErrorCode::KeychainUnavailable);
    QCOMPARE(await(keychain.write("vault/a", secret("x"))).error().code, ErrorCode::KeychainUnavailable);
    QCOMPARE(await(keychain.remove("vault/a")).error().code, ErrorCode::KeychainUnavailable);
}

QTEST_GUILESS_MAIN(KeychainTest)
#include "tst_keychain.moc"
