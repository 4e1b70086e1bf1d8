// SPDX-License-Identifier: Apache-2.0
// A machine without a session bus (a server, a login by ssh): the answer comes, and it says why.
#include "app/platform/keychain/keychain.h"

#include "tests/support/fakes/await.h"

using namespace tramontane;
using namespace tramontane::test;

class KeychainWithoutBusTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QVERIFY(initCrypto().ok()); }
    void everythingSaysSo();
};

void KeychainWithoutBusTest::everythingSaysSo()
{
    QVERIFY(qEnvironmentVariable("DBUS_SESSION_BUS_ADDRESS").contains("nonexistent"));
    Keychain keychain("tramontane-test");
    const auto found = await(keychain.read("vault/a"));
    QCOMPARE(found.error().code, ErrorCode::KeychainUnavailable);
    QVERIFY(found.error().message.find("passphrase") != std::string::npos);
    const auto secret = std::make_shared<SecretBytes>(SecretBytes::copyOf(std::string_view("x")));
    QCOMPARE(await(keychain.write("vault/a", secret)).error().code, ErrorCode::KeychainUnavailable);
    QCOMPARE(await(keychain.remove("vault/a")).error().code, ErrorCode::KeychainUnavailable);
}

QTEST_GUILESS_MAIN(KeychainWithoutBusTest)
#include "tst_keychain_without_bus.moc"
