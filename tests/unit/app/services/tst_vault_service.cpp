// SPDX-License-Identifier: Apache-2.0
#include "app/services/vault_service.h"

#include "app/core/recovery_code.h"
#include "app/services/organisation_key_file.h"
#include "tests/support/fakes/await.h"
#include "tests/support/fakes/fake_policy_source.h"
#include "tests/support/fakes/fake_secret_store.h"
#include "tests/support/fakes/fake_vault.h"

using namespace tramontane;
using namespace tramontane::test;

using Names = std::vector<std::string>;

namespace {

std::shared_ptr<SecretBytes> secret(const std::string &text)
{
    return std::make_shared<SecretBytes>(SecretBytes::copyOf(text));
}

struct VaultBench {
    Script script;
    FakePolicySource policy;
    FakeVaultStore store{script};
    FakeSecretStore secrets{script};
    VaultService vault{store, secrets, policy};
    std::string entry = keychainEntryName("/home/somebody/vault");
};

} // namespace

class VaultServiceTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QVERIFY(initCrypto().ok()); }
    void passphrase();
    void shortPassphrase_data();
    void shortPassphrase();
    void keychain();
    void keychainKeyOfAMovedVaultIsUsedAgain();
    void keychainEntryIsRemovedWhenNoVaultWasMade();
    void keychainKeyOfAVaultThatStayedIsKept();
    void keychainKeyOfSomebodyElseIsKept();
    void vaultWhoseKeyIsGoneIsTakenBack_data();
    void vaultWhoseKeyIsGoneIsTakenBack();
    void twoFirstRunsAtOnce();
    void keychainThatCannotBeUsed_data();
    void keychainThatCannotBeUsed();
    void existingVaultIsNeverTouched();
    void somethingElseInTheKeychain();
    void unlockWithoutAnEntryNeverMakesAKey();
    void unlockWithoutAVault();
    void policyRefuses();
    void onlyTheKeychainIsAllowedAndThereIsNone();
    void recoveryCode();
    void organisationKey();
    void slowKeychainIsGivenUp();
    void whatTheKeychainSaysTooLateOpensNothing();
    void vaultThatOpensTooLateIsClosed();
    void anotherWayEndsTheWaiting();
    void secondAttemptEndsTheFirst();
    void entryName();
};

void VaultServiceTest::passphrase()
{
    VaultBench b;
    QVERIFY(await(b.vault.createWithPassphrase(secret("correct horse"))).ok());
    QCOMPARE(b.script.calls(), (Names{"vault.create"}));
    QVERIFY(await(b.vault.unlockWithPassphrase(secret("correct horse"))).ok());
    QCOMPARE(await(b.vault.unlockWithPassphrase(secret("wrong horse!!"))).error().code, ErrorCode::WrongPassphrase);
    QVERIFY(await(b.vault.status())->exists);
}

void VaultServiceTest::shortPassphrase_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<bool>("allowed");
    QTest::newRow("empty") << "" << false;
    QTest::newRow("seven") << "1234567" << false;
    QTest::newRow("eight") << "12345678" << true;
    QTest::newRow("seven umlauts, fourteen bytes") << QString::fromUtf8("äöüäöüä") << false;
    QTest::newRow("eight umlauts") << QString::fromUtf8("äöüäöüäö") << true;
}

void VaultServiceTest::shortPassphrase()
{
    QFETCH(QString, text);
    QFETCH(bool, allowed);
    VaultBench b;
    const auto made = await(b.vault.createWithPassphrase(secret(text.toStdString())));
    QCOMPARE(made.ok(), allowed);
    if (!allowed) {
        QCOMPARE(made.error().code, ErrorCode::InvalidArgument);
        QVERIFY(!b.store.state.exists);
    }
}

void VaultServiceTest::keychain()
{
    VaultBench b;
    QVERIFY(await(b.vault.createWithKeychain()).ok());
    QCOMPARE(b.script.calls(), (Names{"vault.status", "secret.read", "secret.write", "vault.create", "secret.read"}));
    QCOMPARE(b.secrets.entries.at(b.entry)->size(), Key32::kSize);
    QVERIFY(await(b.vault.unlockWithKeychain()).ok());
}

void VaultServiceTest::keychainKeyOfAMovedVaultIsUsedAgain()
{
    VaultBench b;
    const std::string old(32, 'k');
    b.secrets.entries[b.entry] = secret(old);
    QVERIFY(await(b.vault.createWithKeychain()).ok());
    QCOMPARE(b.script.count("secret.write"), 0);
    QCOMPARE(std::string(b.secrets.entries[b.entry]->bytes().begin(), b.secrets.entries[b.entry]->bytes().end()), old);
}

void VaultServiceTest::keychainEntryIsRemovedWhenNoVaultWasMade()
{
    VaultBench b;
    b.script.fail("vault.create", {ErrorCode::NoSpace, "full", {}});
    QCOMPARE(await(b.vault.createWithKeychain()).error().code, ErrorCode::NoSpace);
    QVERIFY(b.secrets.entries.empty());

    b.secrets.entries[b.entry] = secret(std::string(32, 'k'));
    b.script.fail("vault.create", {ErrorCode::NoSpace, "full", {}});
    QCOMPARE(await(b.vault.createWithKeychain()).error().code, ErrorCode::NoSpace);
    QCOMPARE(b.secrets.entries.size(), std::size_t(1)); // it was not ours to remove
}

// Making it failed at the last step, or another program was faster: there is a vault, and this is its only key.
void VaultServiceTest::keychainKeyOfAVaultThatStayedIsKept()
{
    VaultBench b;
    b.script.hold("vault.create");
    const auto made = b.vault.createWithKeychain();
    QTRY_COMPARE(b.script.count("vault.create"), 1);
    b.store.state.exists = true;
    b.script.release("vault.create");
    QCOMPARE(await(made).error().code, ErrorCode::VaultExists);
    QCOMPARE(b.secrets.entries.size(), std::size_t(1));
    QCOMPARE(b.script.count("secret.remove"), 0);
}

void VaultServiceTest::keychainKeyOfSomebodyElseIsKept()
{
    VaultBench b;
    b.script.hold("secret.write");
    const auto made = b.vault.createWithKeychain();
    QTRY_COMPARE(b.script.count("secret.write"), 1);
    b.script.fail("vault.create", {ErrorCode::NoSpace, "full", {}});
    b.script.hold("vault.status");
    b.script.release("secret.write");
    QTRY_COMPARE(b.script.count("vault.status"), 2);
    b.secrets.entries[b.entry] = secret(std::string(32, 'o'));
    b.script.release("vault.status");
    QCOMPARE(await(made).error().code, ErrorCode::NoSpace);
    QCOMPARE(b.secrets.entries.size(), std::size_t(1));
    QCOMPARE(b.script.count("secret.remove"), 0);
}

void VaultServiceTest::vaultWhoseKeyIsGoneIsTakenBack_data()
{
    QTest::addColumn<QString>("by");
    QTest::newRow("another key in its place") << std::string(32, 'o').c_str();
    QTest::newRow("no key") << "";
}

void VaultServiceTest::vaultWhoseKeyIsGoneIsTakenBack()
{
    QFETCH(QString, by);
    VaultBench b;
    b.script.hold("vault.create");
    const auto made = b.vault.createWithKeychain();
    QTRY_COMPARE(b.script.count("vault.create"), 1);
    b.secrets.entries.clear();
    if (!by.isEmpty())
        b.secrets.entries[b.entry] = secret(by.toStdString());
    b.script.release("vault.create");
    QCOMPARE(await(made).error().code, ErrorCode::KeychainUnavailable);
    QVERIFY(!b.store.state.exists);
    QCOMPARE(b.script.count("vault.discard"), 1);
    QCOMPARE(b.secrets.entries.size(), std::size_t(by.isEmpty() ? 0 : 1)); // not ours to change
}

void VaultServiceTest::twoFirstRunsAtOnce()
{
    VaultBench b;
    VaultService other(b.store, b.secrets, b.policy);
    b.script.hold("secret.write");
    const auto first = b.vault.createWithKeychain();
    const auto second = other.createWithKeychain();
    QTRY_COMPARE(b.script.count("secret.write"), 2); // both have found no key
    b.script.release("secret.write");
    const bool made = await(first).ok();
    const bool madeByTheOther = await(second).ok();
    QVERIFY(!made || !madeByTheOther);
    QCOMPARE(b.store.state.exists, made || madeByTheOther);
    // Whatever came of it: what is there opens, and otherwise a vault can be made.
    if (b.store.state.exists)
        QVERIFY(await(b.vault.unlockWithKeychain()).ok());
    else
        QVERIFY(await(b.vault.createWithKeychain()).ok());
    QVERIFY(await(b.vault.unlockWithKeychain()).ok());
}

void VaultServiceTest::keychainThatCannotBeUsed_data()
{
    QTest::addColumn<QString>("call");
    QTest::addColumn<int>("code");
    QTest::newRow("no service") << "secret.read" << int(ErrorCode::KeychainUnavailable);
    QTest::newRow("locked") << "secret.read" << int(ErrorCode::KeychainLocked);
    QTest::newRow("not writable") << "secret.write" << int(ErrorCode::KeychainLocked);
}

void VaultServiceTest::keychainThatCannotBeUsed()
{
    QFETCH(QString, call);
    QFETCH(int, code);
    VaultBench b;
    b.script.fail(call.toStdString(), {ErrorCode(code), "no", {}});
    QCOMPARE(int(await(b.vault.createWithKeychain()).error().code), code);
    QVERIFY(!b.store.state.exists);
    QCOMPARE(b.script.count("vault.create"), 0);
}

void VaultServiceTest::existingVaultIsNeverTouched()
{
    VaultBench b;
    b.store.state.exists = true;
    QCOMPARE(await(b.vault.createWithKeychain()).error().code, ErrorCode::VaultExists);
    QCOMPARE(b.script.calls(), (Names{"vault.status"}));
}

void VaultServiceTest::somethingElseInTheKeychain()
{
    VaultBench b;
    b.secrets.entries[b.entry] = secret("short");
    QVERIFY(!await(b.vault.createWithKeychain()).ok());
    QCOMPARE(b.script.count("secret.write"), 0);
    QVERIFY(!b.store.state.exists);
}

void VaultServiceTest::unlockWithoutAnEntryNeverMakesAKey()
{
    VaultBench b;
    QVERIFY(await(b.vault.createWithKeychain()).ok());
    b.secrets.entries.clear();
    b.script.forgetCalls();
    QCOMPARE(await(b.vault.unlockWithKeychain()).error().code, ErrorCode::KeychainEntryMissing);
    QCOMPARE(b.script.calls(), (Names{"vault.status", "secret.read"}));
    QVERIFY(b.secrets.entries.empty());
}

void VaultServiceTest::unlockWithoutAVault()
{
    VaultBench b;
    QCOMPARE(await(b.vault.unlockWithKeychain()).error().code, ErrorCode::VaultMissing);
    QCOMPARE(await(b.vault.unlockWithPassphrase(secret("correct horse"))).error().code, ErrorCode::VaultMissing);
}

void VaultServiceTest::policyRefuses()
{
    VaultBench b;
    b.policy.setManaged(R"({"id": "test", "version": 1, "values": {"vault.slots": ["keychain"]}})");
    const auto refused = await(b.vault.createWithPassphrase(secret("correct horse")));
    QCOMPARE(refused.error().code, ErrorCode::PolicyDenied);
    QVERIFY2(refused.error().message.find("vault.slots") != std::string::npos, refused.error().message.c_str());
    QVERIFY(b.script.calls().empty());
    QVERIFY(await(b.vault.createWithKeychain()).ok());
}

// K5, and policy "RequireKeychain": a named error, and nobody is sent to a way that is refused.
void VaultServiceTest::onlyTheKeychainIsAllowedAndThereIsNone()
{
    VaultBench b;
    b.policy.setManaged(R"({"id": "test", "version": 1, "values": {"vault.slots": ["keychain"]}})");
    for (const ErrorCode code : {ErrorCode::KeychainUnavailable, ErrorCode::KeychainLocked}) {
        b.script.fail("secret.read", {code, "Use a passphrase.", "detail"});
        const auto made = await(b.vault.createWithKeychain());
        QCOMPARE(made.error().code, code);
        QVERIFY(made.error().message.find("vault.slots") != std::string::npos);
        QVERIFY(made.error().message.find("passphrase") == std::string::npos);
    }
    QVERIFY(!b.store.state.exists);
    QVERIFY(b.secrets.entries.empty());
    VaultBench free;
    free.script.fail("secret.read", {ErrorCode::KeychainUnavailable, "Use a passphrase.", {}});
    QCOMPARE(await(free.vault.createWithKeychain()).error().message, std::string("Use a passphrase."));
}

void VaultServiceTest::recoveryCode()
{
    VaultBench b;
    const RecoveryCode code = RecoveryCode::random();
    b.store.state.exists = true;
    b.store.kind = SlotKind::Recovery;
    b.store.secret = code.bytes();
    const auto text = std::make_shared<SecretBytes>(code.text());
    QVERIFY(await(b.vault.unlockWithRecoveryCode(text)).ok());
    b.script.forgetCalls();
    text->data()[3] = text->data()[3] == '7' ? '8' : '7';
    for (const auto &typed : {text, secret(""), secret("correct horse"), std::shared_ptr<SecretBytes>()})
        QCOMPARE(await(b.vault.unlockWithRecoveryCode(typed)).error().code, ErrorCode::InvalidArgument);
    QVERIFY(b.script.calls().empty()); // before anything is derived, or the vault looked at
    const auto other = std::make_shared<SecretBytes>(RecoveryCode::random().text());
    QCOMPARE(await(b.vault.unlockWithRecoveryCode(other)).error().code, ErrorCode::WrongPassphrase);
}

void VaultServiceTest::organisationKey()
{
    VaultBench b;
    const OrganisationKeyPair pair = makeOrganisationKeyPair();
    b.store.state.exists = true;
    b.store.kind = SlotKind::Organisation;
    b.store.secret = pair.privateKey;
    const auto whole = std::make_shared<SecretBytes>(organisationKeyFile(pair));
    QVERIFY(await(b.vault.unlockWithOrganisationKey({whole})).ok());
    auto halves = organisationKeyHalves(pair);
    const auto first = std::make_shared<SecretBytes>(std::move(halves.first));
    const auto second = std::make_shared<SecretBytes>(std::move(halves.second));
    QVERIFY(await(b.vault.unlockWithOrganisationKey({second, first})).ok());
    b.script.forgetCalls();
    QCOMPARE(await(b.vault.unlockWithOrganisationKey({first})).error().code, ErrorCode::InvalidArgument);
    QCOMPARE(await(b.vault.unlockWithOrganisationKey({})).error().code, ErrorCode::InvalidArgument);
    QVERIFY(b.script.calls().empty());
}

void VaultServiceTest::slowKeychainIsGivenUp()
{
    VaultBench b;
    QVERIFY(await(b.vault.createWithKeychain()).ok());
    b.script.hold("secret.read");
    const auto waiting = b.vault.unlockWithKeychain();
    QTRY_COMPARE(b.script.count("secret.read"), 3);
    QVERIFY(!waiting.isFinished());
    b.vault.giveUpKeychain();
    QCOMPARE(await(waiting).error().code, ErrorCode::Cancelled);
    b.vault.giveUpKeychain();
    b.script.release("secret.read");
    QVERIFY(await(b.vault.unlockWithKeychain()).ok());
}

void VaultServiceTest::whatTheKeychainSaysTooLateOpensNothing()
{
    VaultBench b;
    QVERIFY(await(b.vault.createWithKeychain()).ok());
    b.script.hold("secret.read");
    const auto waiting = b.vault.unlockWithKeychain();
    QTRY_COMPARE(b.script.count("secret.read"), 3);
    b.vault.giveUpKeychain();
    b.script.release("secret.read");
    QVERIFY(!await(waiting).ok());
    QTest::qWait(0);
    QCOMPARE(b.script.count("vault.open"), 0);
}

// Opening had begun already when it was given up: nobody holds that vault, so it must not stay open.
void VaultServiceTest::vaultThatOpensTooLateIsClosed()
{
    VaultBench b;
    QVERIFY(await(b.vault.createWithKeychain()).ok());
    b.script.hold("vault.open");
    const auto waiting = b.vault.unlockWithKeychain();
    QTRY_COMPARE(b.script.count("vault.open"), 1);
    b.vault.giveUpKeychain();
    QCOMPARE(await(waiting).error().code, ErrorCode::Cancelled);
    b.script.release("vault.open");
    QTRY_COMPARE(b.script.count("vault.close"), 1);
}

void VaultServiceTest::anotherWayEndsTheWaiting()
{
    VaultBench b;
    QVERIFY(await(b.vault.createWithPassphrase(secret("correct horse"))).ok());
    b.script.hold("secret.read");
    const auto waiting = b.vault.unlockWithKeychain();
    QTRY_COMPARE(b.script.count("secret.read"), 1);
    QCOMPARE(await(b.vault.unlockWithPassphrase(secret("wrong horse!!"))).error().code, ErrorCode::WrongPassphrase);
    QVERIFY(!waiting.isFinished()); // what does not open ends nothing
    QVERIFY(await(b.vault.unlockWithPassphrase(secret("correct horse"))).ok());
    QCOMPARE(await(waiting).error().code, ErrorCode::Cancelled);
    const int opened = b.script.count("vault.open");
    b.script.release("secret.read");
    QTest::qWait(0);
    QCOMPARE(b.script.count("vault.open"), opened);
}

void VaultServiceTest::secondAttemptEndsTheFirst()
{
    VaultBench b;
    QVERIFY(await(b.vault.createWithKeychain()).ok());
    b.script.hold("secret.read");
    const auto first = b.vault.unlockWithKeychain();
    QTRY_COMPARE(b.script.count("secret.read"), 3);
    const auto second = b.vault.unlockWithKeychain();
    QCOMPARE(await(first).error().code, ErrorCode::Cancelled);
    QTRY_COMPARE(b.script.count("secret.read"), 4);
    b.script.release("secret.read");
    QVERIFY(await(second).ok());
    QCOMPARE(b.script.count("vault.open"), 1);
}

void VaultServiceTest::entryName()
{
    QCOMPARE(keychainEntryName("/a/b"), keychainEntryName("/a/x/../b/"));
    QVERIFY(keychainEntryName("/a/b") != keychainEntryName("/a/c"));
    QVERIFY(keychainEntryName("/a/b").starts_with("vault/"));
}

QTEST_GUILESS_MAIN(VaultServiceTest)
#include "tst_vault_service.moc"
